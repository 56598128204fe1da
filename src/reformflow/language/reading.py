"""What an expression reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from reformflow.model import (
    PARENT,
    SELF,
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


def parts(node: Expression) -> tuple[Expression, ...]:
    """Return the expressions directly inside a node."""
    match node:
        case Literal() | Name() | PolicyName() | Today():
            return ()
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Member(item=item) | Recorded(item=item):
            return (item,)
        case Not(operand=operand):
            return (operand,)
        case And(operands=operands) | Or(operands=operands):
            return operands
        case Aggregate(element=element, condition=condition):
            return (element, condition)
        case _:
            assert_never(node)


def walk(node: Expression) -> Iterator[Expression]:
    """Yield the node and everything inside it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def columns_read(node: Expression) -> tuple[Name, ...]:
    """Return the names in an expression, each once, in order of appearance."""
    return tuple(dict.fromkeys(item for item in walk(node) if isinstance(item, Name)))


def relations_read(node: Expression) -> frozenset[str]:
    """Return the relations whose children an expression asks about."""
    return frozenset(item.relation for item in walk(node) if isinstance(item, Aggregate))


def reads_parent(node: Expression) -> bool:
    """Say whether an expression asks about the case's parent."""
    return any(isinstance(item, Name) and item.owner == PARENT for item in walk(node))


def reads_only_itself(node: Expression) -> bool:
    """Say whether an expression depends on nothing but the case's own columns."""
    return all(
        not isinstance(item, Aggregate | Today)
        and not (isinstance(item, Name) and item.owner != SELF)
        for item in walk(node)
    )


def reads_today(node: Expression) -> bool:
    """Say whether an expression depends on the day."""
    return any(isinstance(item, Today) for item in walk(node))
