"""Every way to change one thing in a rule's expression."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, assert_never

import attrs

from reformflow.language import unparse
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

TRUE = Literal(True)  # noqa: FBT003 - the value of a constant
NEAR = {
    Comparison.EQ: (Comparison.NE, Comparison.LE, Comparison.GE),
    Comparison.NE: (Comparison.EQ,),
    Comparison.LT: (Comparison.LE, Comparison.GT),
    Comparison.LE: (Comparison.LT, Comparison.GE, Comparison.EQ),
    Comparison.GT: (Comparison.GE, Comparison.LT),
    Comparison.GE: (Comparison.GT, Comparison.LE, Comparison.EQ),
}
"""The comparisons that a slip of the pen makes of another."""


def altered(owner: Any, **changes: Any) -> Any:  # noqa: ANN401 - any part of a definition
    """Return a part of a definition with some of its attributes changed."""
    return attrs.evolve(owner, **changes)


def others(expression: Expression) -> Iterator[Expression]:
    """Yield every expression that differs in one place, the value True among them."""
    seen = {unparse(expression)}
    for changed in (TRUE, *_changed(expression)):
        text = unparse(changed)
        if text not in seen:
            seen.add(text)
            yield changed


def near_values(value: object) -> Iterator[bool | int | str | date]:
    """Yield the values next to a constant."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case date():
            yield from (value + timedelta(days=1), value - timedelta(days=1))
        case _:
            return


# ---------------------------------------------------------------------------------------------


def _changed(node: Expression) -> Iterator[Expression]:
    match node:
        case And(operands=operands) | Or(operands=operands):
            yield from _joined(node, operands)
        case Not(operand=operand):
            yield operand
            for inner in _changed(operand):
                yield Not(inner)
        case Compare(op=op, left=left, right=right):
            yield from (Compare(other, left, right) for other in NEAR[op])
            yield from (Compare(op, inner, right) for inner in _changed(left))
            yield from (Compare(op, left, inner) for inner in _changed(right))
        case Member(options=options, negated=negated):
            yield attrs.evolve(node, negated=not negated)
            for index in range(len(options)):
                fewer = (*options[:index], *options[index + 1 :])
                if fewer:
                    yield attrs.evolve(node, options=fewer)
        case Recorded(negated=negated):
            yield attrs.evolve(node, negated=not negated)
        case Arithmetic(op=op, left=left, right=right):
            if op is not Operator.MUL:
                swapped = Operator.SUB if op is Operator.ADD else Operator.ADD
                yield Arithmetic(swapped, left, right)
            yield from (Arithmetic(op, inner, right) for inner in _changed(left))
            yield from (Arithmetic(op, left, inner) for inner in _changed(right))
        case Aggregate():
            yield from _counted(node)
        case Literal(value=value):
            yield from map(Literal, near_values(value))
        case Name() | PolicyName() | Today():
            return
        case _:
            assert_never(node)


def _joined(node: And | Or, operands: tuple[Expression, ...]) -> Iterator[Expression]:
    kind = type(node)
    yield (Or if isinstance(node, And) else And)(operands)
    for index, operand in enumerate(operands):
        rest = (*operands[:index], *operands[index + 1 :])
        yield kind(rest) if len(rest) > 1 else rest[0]
        for inner in _changed(operand):
            yield kind((*operands[:index], inner, *operands[index + 1 :]))


def _counted(node: Aggregate) -> Iterator[Expression]:
    match node.quantifier:
        case Quantifier.ALL:
            yield attrs.evolve(node, quantifier=Quantifier.ANY)
        case Quantifier.ANY:
            yield attrs.evolve(node, quantifier=Quantifier.ALL)
        case Quantifier.COUNT | Quantifier.SUM:
            pass
    if node.condition != TRUE:
        yield attrs.evolve(node, condition=TRUE)
        for inner in _changed(node.condition):
            yield attrs.evolve(node, condition=inner)
    if node.element != TRUE:
        for inner in _changed(node.element):
            yield attrs.evolve(node, element=inner)
