"""People: holders of every role, for two units, and some who hold all roles or none.

A person holds the same roles in every request, so that a course of requests can be written down
with one table of actors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reformflow.binding import BoundReform
from reformflow.model import Actor, Grant, Role, Scope
from reformflow.testing.pathfinding.worlds import UNIT, holder

UNITS: Final = (UNIT, "东")

_PERSONS: Final = (1, 2)


def people(bound: BoundReform) -> tuple[Actor, ...]:
    """Return everybody who may be drawn to act: holders of one role first, nobody last."""
    return (*_holders(bound.roles.values()), *_others(bound))


# ---------------------------------------------------------------------------------------------


def _holders(roles: Iterable[Role]) -> Iterator[Actor]:
    for role in roles:
        for unit in UNITS if role.scope is Scope.UNIT else (UNIT,):
            yield from (holder(role, unit, person=person) for person in _PERSONS)


def _others(bound: BoundReform) -> Iterator[Actor]:
    every = frozenset(map(Grant, bound.roles))
    yield from (Actor(name, every) for name in ("ann", "bob"))
    yield Actor("nobody", frozenset())
