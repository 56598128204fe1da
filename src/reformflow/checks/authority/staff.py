"""Who of a list of staff may do what, for which unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.model import Actor, Workflow

EVERYWHERE = ""
"""The unit of cases of which nothing is known: only who holds a role for all units may act."""


@attrs.frozen
class Staff:
    """A list of actors, with the roles that each holds for a unit or for all."""

    actors: tuple[Actor, ...]

    def __bool__(self) -> bool:
        """Say whether there is anybody."""
        return bool(self.actors)

    def holding(self, roles: Iterable[str], unit: str) -> frozenset[str]:
        """Return who holds one of some roles for a unit."""
        wanted = tuple(roles)
        return frozenset(actor.id for actor in self.actors if actor.holds_any(wanted, unit))

    def units(self, flow: BoundWorkflow) -> tuple[str, ...]:
        """Return the units whose own staff deal with a workflow; one for all if there are none.

        A unit counts if somebody holds a role for it alone that the workflow asks for.
        """
        asked = frozenset(roles_of(flow.workflow))
        own = {unit for role, unit in self._local if role in asked}
        return tuple(sorted(own)) or (EVERYWHERE,)

    @cached_property
    def _local(self) -> frozenset[tuple[str, str]]:
        return frozenset().union(*(actor.local for actor in self.actors))


def roles_of(flow: Workflow) -> Iterator[str]:
    """Yield the roles that may do something with cases of a workflow, switched on or not."""
    yield from flow.opening.by
    yield from flow.corrected_by
    for fact in flow.facts:
        yield from fact.by
    for item in flow.transitions:
        yield from item.by
        yield from item.signed_by
        for permit in (item.due.extension, item.due.suspension) if item.due else ():
            yield from permit.by if permit is not None else ()


def firing(item: BoundTransition) -> tuple[str, ...]:
    """Return the roles that may fire a transition: those under `by`, else the signatories."""
    return item.transition.by or item.transition.signed_by
