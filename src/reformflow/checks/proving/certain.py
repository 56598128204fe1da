"""Expressions that are never unknown: what is certainly true of a case, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from reformflow.language.folding import FALSE, TRUE, fold
from reformflow.language.reading import columns_read, walk
from reformflow.model import (
    SELF,
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
    Or,
    PolicyName,
    Recorded,
    Today,
)

TODAY = "the day"
"""The column that holds the day of a frame; no fact can be called so."""

Owner = Callable[[str], str]
"""Tells which frame a column of the case is read from."""


def certain(node: Expression) -> Expression:
    """Return what is true where a lowered expression is true, and false where it is not."""
    return fold(_certain(node, positive=True))


def both(expressions: Iterable[Expression]) -> Expression:
    """Return the conjunction, true if there is nothing."""
    operands = tuple(expressions)
    return fold(And(operands)) if len(operands) > 1 else next(iter(operands), TRUE)


def either(expressions: Iterable[Expression]) -> Expression:
    """Return the disjunction, false if there is nothing."""
    operands = tuple(expressions)
    return fold(Or(operands)) if len(operands) > 1 else next(iter(operands), FALSE)


def same(column: str, one: str, other: str) -> Expression:
    """Return whether a column is the same in two frames, also if it is recorded in neither."""
    here, there = Name(column, one), Name(column, other)
    alike = both((Recorded(here, negated=True), Recorded(there, negated=True)))
    equal = both(
        (Recorded(here, negated=False), Recorded(there, negated=False), _equal(here, there))
    )
    return either((alike, equal))


def holds(column: str, owner: str, value: Expression) -> Expression:
    """Return whether a column is recorded and has a value."""
    name = Name(column, owner)
    return both((Recorded(name, negated=False), _equal(name, value)))


def framed(node: Expression, owner: Owner, today: str) -> Expression:
    """Return an expression over one case that reads its columns from frames, today from one."""
    match node:
        case Name(column=column, owner=written):
            return Name(column, owner(column)) if written == SELF else node
        case Today():
            return Name(TODAY, today)
        case Literal() | PolicyName():
            return node
        case Compare(op=op, left=left, right=right):
            return Compare(op, framed(left, owner, today), framed(right, owner, today))
        case Arithmetic(op=op, left=left, right=right):
            return Arithmetic(op, framed(left, owner, today), framed(right, owner, today))
        case Member(item=item):
            return attrs.evolve(node, item=framed(item, owner, today))
        case Recorded(item=item):
            return Recorded(Name(item.column, owner(item.column)), node.negated)
        case Not(operand=operand):
            return Not(framed(operand, owner, today))
        case And(operands=operands):
            return And(tuple(framed(operand, owner, today) for operand in operands))
        case Or(operands=operands):
            return Or(tuple(framed(operand, owner, today) for operand in operands))
        case Aggregate():
            message = "kin are replaced before frames are named"
            raise TypeError(message)


def reads_kin(node: Expression) -> bool:
    """Say whether an expression asks about other cases."""
    return any(
        isinstance(part, Aggregate) or (isinstance(part, Name) and part.owner != SELF)
        for part in walk(node)
    )


def without_kin(node: Expression, free: Callable[[Expression], Name]) -> Expression:
    """Return an expression in which all that asks about other cases is a column of its own.

    `free` names that column: it may be true, false or unknown at any time.
    """
    if not reads_kin(node):
        return node
    match node:
        case Not(operand=operand):
            return Not(without_kin(operand, free))
        case And(operands=operands):
            return And(tuple(without_kin(operand, free) for operand in operands))
        case Or(operands=operands):
            return Or(tuple(without_kin(operand, free) for operand in operands))
        case _:
            return free(node)


# ---------------------------------------------------------------------------------------------


def _equal(left: Expression, right: Expression) -> Expression:
    return Compare(Comparison.EQ, left, right)


def _certain(node: Expression, *, positive: bool) -> Expression:
    """Return what is true where the node is true (or false, if not `positive`), else false."""
    match node:
        case Not(operand=operand):
            return _certain(operand, positive=not positive)
        case And(operands=operands) | Or(operands=operands):
            inner = (_certain(operand, positive=positive) for operand in operands)
            return both(inner) if isinstance(node, And) is positive else either(inner)
        case Literal(value=value):
            return TRUE if bool(value) is positive else FALSE
        case Recorded():
            return node if positive else attrs.evolve(node, negated=not node.negated)
        case _:
            known = (Recorded(name, negated=False) for name in _known(node))
            return both((*known, node if positive else Not(node)))


def _known(node: Expression) -> tuple[Name, ...]:
    return columns_read(node)
