"""Nothing but the language parses: every attempt to reach Python is refused by its code."""

from __future__ import annotations

import pytest

from reformflow.language import ExpressionError, parse
from support.escapes import ESCAPES


@pytest.mark.parametrize(("text", "code"), ESCAPES)
def test_an_escape_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == code
    assert str(caught.value)


def test_there_are_more_than_150_different_escapes() -> None:
    assert len({text for text, _ in ESCAPES}) == len(ESCAPES) >= 150


@pytest.mark.parametrize(
    "text",
    ["a", "a == 1", "a is None", "not a", "a in {1}", "all(m.x for m in b)", "today < policy.x"],
)
def test_what_belongs_to_the_language_is_not_refused_with_it(text: str) -> None:
    """The list above proves nothing if everything is refused."""
    assert parse(text)


def test_a_refusal_points_at_the_column() -> None:
    """Columns count characters, also after Chinese ones."""
    for text, column in [("a and b[0]", 7), ("人员 and b[0]", 8), ("a == 1 and f(x)", 12)]:
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        assert caught.value.column == column
