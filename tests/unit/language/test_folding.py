"""What is constant in an expression is worked out once; what depends on a case is left as it is."""

from __future__ import annotations

import pytest

from reformflow.language import parse
from reformflow.language.folding import fold
from reformflow.language.unparse import unparse


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("1 + 2 * 3 == 7", "True"),
        ("2 - 5 < -3", "False"),
        ("3 >= 3 and 3 <= 3 and 3 != 4", "True"),
        ("3 > 3 or 4 != 4", "False"),
        ("True and True", "True"),
        ("False or False", "False"),
        ("x and True", "x"),
        ("x and False", "False"),
        ("x or False", "x"),
        ("x or True", "True"),
        ("x and True and y", "x and y"),
        ("not (1 > 2)", "True"),
        ("not x", "not x"),
        ("1 in {1, 2}", "True"),
        ("3 in {1, 2}", "False"),
        ("3 not in {1, 2}", "True"),
        ("n in {1, 2}", "n in {1, 2}"),
        ("n + (1 + 1) > 2 * 2", "n + 2 > 4"),
        ("all(1 == 1 for p in parts)", "True"),
        ("all(p.x for p in parts if 1 == 1)", "all(p.x for p in parts)"),
        ("any(1 == 1 for p in parts)", "any(True for p in parts)"),
        ("all(1 == 2 for p in parts)", "all(False for p in parts)"),
    ],
)
def test_constants_are_worked_out_and_nothing_else(written: str, left: str) -> None:
    assert unparse(fold(parse(written))) == left


@pytest.mark.parametrize(
    "written",
    [
        "x or (y or z)",
        "(x or y) or z",
        "x and (y and z)",
        "(x or y) and z",
        "x or y and z",
        "not (x and y)",
        "n - (m - 1) > 2",
        "n - m - 1 > 2",
        "(n + 1) * 2 > 3",
        "all(x or y for p in parts if x or y)",
    ],
)
def test_parentheses_stay_where_they_mean_something(written: str) -> None:
    """What a person wrote comes back as written, also where the grouping changes nothing."""
    assert unparse(parse(written)) == written
