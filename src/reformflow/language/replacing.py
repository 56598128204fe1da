"""An expression with some of its nodes replaced by others."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

import attrs

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
    Or,
    PolicyName,
    Recorded,
    Today,
)

Replacement = Callable[[Expression], Expression | None]
"""Returns what a node is replaced by, None to keep it and go on inside."""


def replaced(node: Expression, replacement: Replacement) -> Expression:
    """Return the expression with nodes replaced; the name in `is None` only by another name."""
    new = replacement(node)
    if new is not None:
        return new
    match node:
        case Literal() | Name() | PolicyName() | Today():
            return node
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            left, right = replaced(left, replacement), replaced(right, replacement)
            return attrs.evolve(node, left=left, right=right)
        case Member(item=item):
            return attrs.evolve(node, item=replaced(item, replacement))
        case Recorded(item=item):
            name = replaced(item, replacement)
            return attrs.evolve(node, item=name) if isinstance(name, Name) else node
        case Not(operand=operand):
            return Not(replaced(operand, replacement))
        case And(operands=operands):
            return And(tuple(replaced(operand, replacement) for operand in operands))
        case Or(operands=operands):
            return Or(tuple(replaced(operand, replacement) for operand in operands))
        case Aggregate(element=element, condition=condition):
            element, condition = replaced(element, replacement), replaced(condition, replacement)
            return attrs.evolve(node, element=element, condition=condition)
        case _:
            assert_never(node)
