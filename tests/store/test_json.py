"""JSON is stored in one spelling, whichever way it was written.

Digests, seals and the SQL of bulk rely on it: the same values are the same text.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.store import dumps

TEXTS = st.text() | st.sampled_from(['"', "\\", "\u2028", "\x7f", "编制", "\ud800", "a\nb"])
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS
NESTED = st.recursive(
    PLAIN | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=10,
)


def spelled(value: object) -> str:
    """Spell a value by the standard library alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(st.dictionaries(TEXTS, PLAIN) | NESTED)
def test_values_have_the_spelling_of_the_standard_library(value: Any) -> None:
    assert dumps(value) == spelled(value)


@given(st.dictionaries(TEXTS, PLAIN | st.dates()))
def test_days_are_spelled_as_their_text(values: dict[str, Any]) -> None:
    texts = {
        name: str(value) if isinstance(value, date) else value for name, value in values.items()
    }
    assert dumps(values) == spelled(texts)
    assert dumps([values]) == spelled([texts])


@pytest.mark.parametrize("value", [Decimal(1), {1, 2}, float("nan"), object()])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    for one in (value, {"a": value}, {"a": [value]}):
        with pytest.raises((TypeError, ValueError)):
            dumps(one)
