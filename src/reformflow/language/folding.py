"""Constant parts of a lowered expression, worked out once.

Only what is the same for every case is folded, so the meaning stays: unknown never becomes
known by it except where Kleene's logic says so (`False and x` is false whatever x is).
"""

from __future__ import annotations

from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any, assert_never

import attrs

from reformflow.model import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Comparison,
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
    Today,
)

COMPARE: dict[Comparison, Any] = {
    Comparison.EQ: eq,
    Comparison.NE: ne,
    Comparison.LT: lt,
    Comparison.LE: le,
    Comparison.GT: gt,
    Comparison.GE: ge,
}
COMPUTE: dict[Operator, Any] = {Operator.ADD: add, Operator.SUB: sub, Operator.MUL: mul}

TRUE = Literal(True)  # noqa: FBT003
FALSE = Literal(False)  # noqa: FBT003


def fold(node: Expression) -> Expression:
    """Return the expression with its constant parts replaced by their values."""
    match node:
        case Literal() | Name() | PolicyName() | Today() | Recorded():
            return node
        case Compare(op=op, left=left, right=right):
            left, right = fold(left), fold(right)
            if isinstance(left, Literal) and isinstance(right, Literal):
                return Literal(COMPARE[op](left.value, right.value))
            return Compare(op, left, right)
        case Member(item=item, options=options, negated=negated):
            item = fold(item)
            if isinstance(item, Literal):
                return Literal((item in options) != negated)
            return Member(item, options, negated)
        case Not(operand=operand):
            operand = fold(operand)
            return Literal(not operand.value) if isinstance(operand, Literal) else Not(operand)
        case And(operands=operands):
            return _join(And, [fold(operand) for operand in operands], neutral=TRUE, fixed=FALSE)
        case Or(operands=operands):
            return _join(Or, [fold(operand) for operand in operands], neutral=FALSE, fixed=TRUE)
        case Arithmetic(op=op, left=left, right=right):
            left, right = fold(left), fold(right)
            if isinstance(left, Literal) and isinstance(right, Literal):
                return Literal(COMPUTE[op](left.value, right.value))
            return Arithmetic(op, left, right)
        case Aggregate(quantifier=quantifier, element=element, condition=condition):
            element, condition = fold(element), fold(condition)
            if quantifier is Quantifier.ALL and element == TRUE:
                return TRUE
            return attrs.evolve(node, element=element, condition=condition)
        case _:
            assert_never(node)


# ---------------------------------------------------------------------------------------------


def _join(
    kind: type[And | Or], operands: list[Expression], *, neutral: Literal, fixed: Literal
) -> Expression:
    if fixed in operands:
        return fixed
    rest = tuple(operand for operand in operands if operand != neutral)
    if not rest:
        return neutral
    return rest[0] if len(rest) == 1 else kind(rest)
