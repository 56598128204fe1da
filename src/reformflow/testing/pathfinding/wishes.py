"""Wishes: what an expression about a case should come to, and what a transition wishes for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from reformflow.binding import BoundTransition
from reformflow.language.reading import columns_read, walk
from reformflow.model import (
    PARENT,
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
    Recorded,
    Value,
)

NOWHERE: Final = Name("", SELF)
"""A name that belongs to no case: what it stands for is out of sight, and so stays unknown."""


@attrs.frozen(cache_hash=True)
class Wish:
    """That an expression about a case is true, false, or (None) unknown.

    A hope is a wish for later, unless it is for the same time as the wishes it goes with.
    """

    expression: Expression
    want: bool | None = True
    together: bool = False


def recorded(column: str, owner: str = SELF) -> Wish:
    """Wish that a column holds something."""
    return Wish(Recorded(Name(column, owner)))


def holding(column: str, value: Value) -> Wish:
    """Wish that a column holds a value; None wishes that it holds nothing."""
    if value is None:
        return Wish(Recorded(Name(column), negated=True))
    return Wish(Compare(Comparison.EQ, Name(column), Literal(value)))


def standing(track: str, states: frozenset[str]) -> Wish:
    """Wish that a track stands in one of some states."""
    return Wish(Member(Name(f"{track}.state"), tuple(map(Literal, sorted(states)))))


def wishes_of(bound: BoundTransition, target: str | None = None) -> tuple[Wish, ...]:
    """Return what a transition needs of its case, besides its from-state and its facts.

    With a `target`, the branches before it do not apply, and its own does.
    """
    return (
        *(Wish(rule.expression) for rule in bound.needs),
        *_branching(bound, target),
        *(
            recorded(name.column, name.owner)
            for _, expression in bound.sets
            for name in columns_read(expression)
            if name.owner in {SELF, PARENT}
        ),
    )


def split(wish: Wish) -> Iterator[Wish]:
    """Yield the parts of a wish that can be fulfilled one by one."""
    match wish.expression, wish.want:
        case Not(operand=operand), want:
            turned = None if want is None else not want
            yield from split(attrs.evolve(wish, expression=operand, want=turned))
        case And(operands=operands), True:
            for operand in operands:
                yield from split(attrs.evolve(wish, expression=operand))
        case Or(operands=operands), False:
            for operand in operands:
                yield from split(attrs.evolve(wish, expression=operand))
        case _:
            yield wish


def of_child(aggregate: Aggregate, expression: Expression) -> Expression:
    """Return an expression inside an aggregate as one about the child itself."""
    return _renamed(expression, {aggregate.variable: SELF, SELF: PARENT})


def counted(aggregate: Aggregate) -> tuple[Expression, Expression]:
    """Return condition and element of an aggregate, both about the child itself."""
    return of_child(aggregate, aggregate.condition), of_child(aggregate, aggregate.element)


def looks_beyond(expression: Expression) -> bool:
    """Say whether an expression reads what is out of the case's sight."""
    return NOWHERE in set(walk(expression))


# ---------------------------------------------------------------------------------------------


def _branching(bound: BoundTransition, target: str | None) -> Iterator[Wish]:
    if target is None:
        if bound.to and all(when is not None for _, when in bound.to):
            yield Wish(Or(tuple(when for _, when in bound.to if when is not None)))
        return
    for state, when in bound.to:
        if state == target:
            if when is not None:
                yield Wish(when)
            return
        if when is not None:
            yield Wish(when, want=False)


def _renamed(node: Expression, owners: dict[str, str]) -> Expression:
    match node:
        case Name(column=column, owner=owner):
            return Name(column, owners[owner]) if owner in owners else NOWHERE
        case Compare(op=op, left=left, right=right):
            return Compare(op, _renamed(left, owners), _renamed(right, owners))
        case Arithmetic(op=op, left=left, right=right):
            return Arithmetic(op, _renamed(left, owners), _renamed(right, owners))
        case Member(item=item, options=options, negated=negated):
            return Member(_renamed(item, owners), options, negated)
        case Recorded(item=item, negated=negated):
            name = _renamed(item, owners)
            return Recorded(name, negated) if isinstance(name, Name) else node
        case Not(operand=operand):
            return Not(_renamed(operand, owners))
        case And(operands=operands):
            return And(tuple(_renamed(one, owners) for one in operands))
        case Or(operands=operands):
            return Or(tuple(_renamed(one, owners) for one in operands))
        case Aggregate():
            return NOWHERE
        case _:
            return node
