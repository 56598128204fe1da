"""From nodes back to the text of a rule; `parse(unparse(e)) == e`."""

from __future__ import annotations

import json
from datetime import date
from typing import assert_never

from reformflow.model import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Expression,
    Literal,
    Member,
    Name,
    Not,
    Operator,
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Scalar,
    Today,
)

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _ATOM = range(1, 8)


def unparse(expression: Expression) -> str:
    """Write the expression in the rule language."""
    return _write(expression, 0)


def literal(value: Scalar) -> str:
    """Write a constant in the rule language."""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    return json.dumps(value, ensure_ascii=False)


# ---------------------------------------------------------------------------------------------


def _write(node: Expression, outer: int) -> str:
    text, level = _form(node)
    return f"({text})" if level < outer else text


def _form(node: Expression) -> tuple[str, int]:
    match node:
        case Literal(value=value):
            return literal(value), _ATOM
        case Name(column=column, owner=owner):
            return (f"{owner}.{column}" if owner else column), _ATOM
        case PolicyName(policy=policy):
            return f"policy.{policy}", _ATOM
        case Today():
            return "today", _ATOM
        case Compare(op=op, left=left, right=right):
            return f"{_write(left, _SUM)} {op} {_write(right, _SUM)}", _COMPARE
        case Member(item=item, options=options, negated=negated):
            listed = ", ".join(literal(option.value) for option in options)
            word = "not in" if negated else "in"
            return f"{_write(item, _SUM)} {word} {{{listed}}}", _COMPARE
        case Recorded(item=item, negated=negated):
            return f"{_write(item, _ATOM)} {'is None' if negated else 'is not None'}", _COMPARE
        case Not(operand=operand):
            return f"not {_write(operand, _NOT)}", _NOT
        case And(operands=operands):
            return " and ".join(_write(operand, _AND + 1) for operand in operands), _AND
        case Or(operands=operands):
            return " or ".join(_write(operand, _OR + 1) for operand in operands), _OR
        case Arithmetic(op=op, left=left, right=right):
            level = _PRODUCT if op is Operator.MUL else _SUM
            return f"{_write(left, level)} {op} {_write(right, level + 1)}", level
        case Aggregate():
            return _aggregate(node), _ATOM
        case _:
            assert_never(node)


def _aggregate(node: Aggregate) -> str:
    whole = node.element == Literal(True) and node.quantifier is Quantifier.COUNT  # noqa: FBT003
    element = node.variable if whole else _write(node.element, 0)
    always = node.condition == Literal(True)  # noqa: FBT003 - no condition
    condition = "" if always else f" if {_write(node.condition, _OR)}"
    return f"{node.quantifier}({element} for {node.variable} in {node.relation}{condition})"
