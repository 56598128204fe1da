"""Writing an expression and reading it again gives the same expression."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.language import ExpressionError, parse, unparse
from reformflow.language.parse import MAX_DEPTH, MAX_LENGTH, MAX_NODES
from reformflow.language.unparse import literal
from reformflow.model import Expression, Literal, Name, PolicyName
from support.expressions import truths

_TOO_LARGE = {"too_deep", "too_large", "too_long"}


@given(truths())
def test_what_is_written_reads_back_as_the_same_expression(expression: Expression) -> None:
    text = unparse(expression)
    read = _read(text)
    assert read is None or read == expression, text


@given(truths())
def test_writing_is_stable(expression: Expression) -> None:
    """Written, read and written again: the same text, so that files do not churn."""
    text = unparse(expression)
    read = _read(text)
    assert read is None or unparse(read) == text


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=40))
def test_every_text_without_control_characters_can_stand_in_a_rule(value: Any) -> None:
    assert parse(literal(value)) == Literal(value)


@pytest.mark.parametrize("text", ["tab\t", "line\nline", "back\\slash", "\"'", "\r", "´`", "𠮷⼈"])
def test_texts_with_breaks_quotes_and_backslashes_come_back(text: str) -> None:
    assert parse(literal(text)) == Literal(text)


@given(st.integers(-(2**63 - 1), 2**63 - 1))
def test_every_number_of_64_bits_comes_back(value: Any) -> None:
    assert parse(literal(value)) == Literal(value)


@given(st.dates())
def test_every_day_comes_back(value: Any) -> None:
    assert parse(literal(value)) == Literal(value)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a == 1 and b == 2 or c == 3", "(a == 1 and b == 2) or c == 3"),
        ("not a == 1", "not (a == 1)"),
        ("a < b < c", "a < b and b < c"),
        ("a - 1 - 2 == 0", "((a - 1) - 2) == 0"),
        ("a + 2 * b > 0", "a + (2 * b) > 0"),
        ("a\n  == 1", "a == 1"),
        ("  a == 1  ", "a == 1"),
        ("all(m.x for m in y if m.a if m.b)", "all(m.x for m in y if m.a and m.b)"),
    ],
)
def test_python_precedence_and_chains_mean_what_they_mean_in_python(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_brackets_that_matter_are_kept() -> None:
    for text in ["(a or b) and c", "a - (b - c) == 0", "(a == b) == c", "not (a and b)"]:
        assert unparse(parse(text)) == text


def test_names_may_be_chinese() -> None:
    assert parse("进度.状态") == Name("进度.状态")
    assert parse("policy.期限") == PolicyName("期限")


def test_the_deepest_and_the_longest_allowed_parse_and_one_more_does_not() -> None:
    """The limits are limits: exactly at them a rule is read, one past them it is refused."""
    assert parse("not " * (MAX_DEPTH - 1) + "a")
    assert _code("not " * MAX_DEPTH + "a") == "too_deep"
    word = "a" * (MAX_LENGTH - 5)
    assert parse(f"{word} == 1")
    assert _code(f"{word} == 10") == "too_long"
    options = ",".join(["0"] * (MAX_NODES - 2))
    assert parse(f"a in {{{options}}}")
    assert _code(f"a in {{{options},0}}") == "too_large"


def _read(text: str) -> Expression | None:
    """Read a text; None if it is longer or deeper than a rule may be, which random ones are."""
    try:
        return parse(text)
    except ExpressionError as error:
        if error.code not in _TOO_LARGE:
            raise
        return None


def _code(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value.code
