"""Subtracting keeps left and right apart, also where an expression is worked out in Python."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.language import parse
from reformflow.language.meaning import View, evaluate
from reformflow.model import Value


@pytest.mark.parametrize(
    ("written", "value"),
    [("a - b", 5), ("b - a", -5), ("a - b - 1", 4), ("a - (b - 1)", 6), ("a - none", None)],
)
def test_what_stands_on_the_left_is_what_is_subtracted_from(written: str, value: Value) -> None:
    values: dict[str, Value] = {"a": 7, "b": 2, "none": None}
    assert evaluate(parse(written), View(values, date(2021, 3, 1))) == value
