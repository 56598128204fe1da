"""Checked by mypy, never run: a reader of rules that forgets a node does not type-check."""

from typing import assert_never, assert_type

from reformflow.model import rules


def kind(node: rules.Expression) -> str:
    """Name the kind of `node`, for every node there is."""
    match node:
        case rules.Literal() | rules.Name() | rules.PolicyName() | rules.Today():
            return "operand"
        case rules.Compare() | rules.Member() | rules.Recorded():
            return "condition"
        case rules.Not() | rules.And() | rules.Or():
            return "logic"
        case rules.Arithmetic():
            return "number"
        case rules.Aggregate():
            return "children"
        case _:
            assert_never(node)


def forgetful(node: rules.Expression) -> str:
    """Handle one node only, which the checker must notice."""
    match node:
        case rules.Literal():
            return "operand"
        case _:
            assert_never(node)  # type: ignore[arg-type]


def change(rule: rules.Rule) -> None:
    """Try to change a rule in place, which the checker must refuse."""
    assert_type(rule.requires, rules.Expression)
    rule.id = "another"  # type: ignore[misc]
