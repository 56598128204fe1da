"""Constant parts of a lowered expression, worked out once.

Only what is the same for every case is folded, so the meaning stays: unknown never becomes
known by it except where Kleene's logic says so (`False and x` is false whatever x is).
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from types import MappingProxyType
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
    Scalar,
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


Known = Mapping[Name, Scalar]
"""Columns whose value is known to be this one."""


def fold(node: Expression, known: Known = MappingProxyType({})) -> Expression:
    """Return the expression with constant parts and known columns replaced by their values."""
    match node:
        case Name():
            return Literal(known[node]) if node in known else node
        case Literal() | PolicyName() | Today():
            return node
        case Recorded(item=item, negated=negated):
            return Literal(not negated) if item in known else node
        case Compare(op=op, left=left, right=right):
            left, right = fold(left, known), fold(right, known)
            if isinstance(left, Literal) and isinstance(right, Literal):
                return Literal(COMPARE[op](left.value, right.value))
            return Compare(op, left, right)
        case Member(item=item, options=options, negated=negated):
            item = fold(item, known)
            if isinstance(item, Literal):
                return Literal((item in options) != negated)
            return Member(item, options, negated)
        case Not(operand=operand):
            operand = fold(operand, known)
            return Literal(not operand.value) if isinstance(operand, Literal) else Not(operand)
        case And(operands=operands):
            return _join(And, [fold(item, known) for item in operands], neutral=TRUE, fixed=FALSE)
        case Or(operands=operands):
            return _join(Or, [fold(item, known) for item in operands], neutral=FALSE, fixed=TRUE)
        case Arithmetic(op=op, left=left, right=right):
            left, right = fold(left, known), fold(right, known)
            if isinstance(left, Literal) and isinstance(right, Literal):
                return Literal(COMPUTE[op](left.value, right.value))
            return Arithmetic(op, left, right)
        case Aggregate(quantifier=quantifier, element=element, condition=condition):
            element, condition = fold(element, known), fold(condition, known)
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
