"""Conditions on a finite state: which values some variables hold, joined by and and or.

Negation is not needed: what an expression of the rule language needs to be true and what it needs
to be false are two formulas, because a fact that is not recorded makes it neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

import attrs


@attrs.frozen
class Is:
    """A variable holds one of the values with these numbers."""

    variable: str
    values: frozenset[int]


@attrs.frozen
class All:
    """Every part holds; without parts it is true."""

    parts: tuple[Formula, ...] = ()


@attrs.frozen
class Some:
    """At least one part holds; without parts it is false."""

    parts: tuple[Formula, ...] = ()


@attrs.frozen
class Kin:
    """Some case of a workflow can be in a state in which the formula holds.

    With `since` only cases count that have come through a state in which that formula held.
    """

    workflow: str
    holds: Formula
    since: Formula | None = None


Formula = Is | All | Some | Kin

TRUE = All()
FALSE = Some()


def both(*parts: Formula) -> Formula:
    """Return the formula that holds where every part does."""
    left = list(dict.fromkeys(_spread(parts, All)))
    if FALSE in left:
        return FALSE
    return left[0] if len(left) == 1 else All(tuple(left))


def either(*parts: Formula) -> Formula:
    """Return the formula that holds where at least one part does."""
    left = list(dict.fromkeys(_spread(parts, Some)))
    if TRUE in left:
        return TRUE
    return left[0] if len(left) == 1 else Some(tuple(left))


def walk(formula: Formula) -> Iterator[Formula]:
    """Yield the formula and everything inside it, but nothing about kin."""
    yield formula
    if isinstance(formula, All | Some):
        for part in formula.parts:
            yield from walk(part)


def settled(formula: Formula, asked: Callable[[Kin], bool]) -> Formula:
    """Return the formula with what it asks about kin answered."""
    match formula:
        case Is():
            return formula
        case Kin():
            return TRUE if asked(formula) else FALSE
        case All(parts=parts):
            return both(*(settled(part, asked) for part in parts))
        case Some(parts=parts):
            return either(*(settled(part, asked) for part in parts))
        case _:
            assert_never(formula)


def kin_of(formula: Formula) -> frozenset[Kin]:
    """Return what a formula asks about the cases of other workflows."""
    return frozenset(part for part in walk(formula) if isinstance(part, Kin))


def variables_of(formula: Formula) -> frozenset[str]:
    """Return the variables that a formula reads."""
    return frozenset(part.variable for part in walk(formula) if isinstance(part, Is))


# ---------------------------------------------------------------------------------------------


def _spread(parts: Iterable[Formula], kind: type[All | Some]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part
