"""Nodes of an expression are replaced wherever they stand, and nothing else changes."""

from __future__ import annotations

import pytest

from reformflow.language import parse, unparse
from reformflow.language.replacing import replaced
from reformflow.model import Expression, Name


def renamed(node: Expression) -> Expression | None:
    return Name("b", node.owner) if isinstance(node, Name) and node.column == "a" else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a", "b"),
        ("c > a + 2 * a", "c > b + 2 * b"),
        ("a in {1, 2} and not parent.a", "b in {1, 2} and not parent.b"),
        ("a is None or a is not None", "b is None or b is not None"),
        ("all(x.a for x in xs if a == x.c)", "all(x.b for x in xs if b == x.c)"),
        ("today > policy.a", "today > policy.a"),
        ("sum(x.a for x in xs) <= 3", "sum(x.b for x in xs) <= 3"),
    ],
)
def test_a_name_is_replaced_wherever_it_stands(before: str, after: str) -> None:
    assert unparse(replaced(parse(before), renamed)) == after


def test_what_is_asked_whether_it_is_recorded_stays_a_name() -> None:
    expression = parse("a is None and a")
    assert unparse(replaced(expression, lambda node: parse("True") if renamed(node) else None)) == (
        "a is None and True"
    )
