"""All workflows of a reform searched together: what one may do can rest on what another can be.

A case sees its children as any that can be reached at all, at any time, and its parent as any that
can follow a state in which the case may be opened. So more is found than can happen, never less:
what is not found is impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

import attrs

from reformflow.binding import BoundReform
from reformflow.checks.reach.building import Builder, grounds_of
from reformflow.checks.reach.formulas import Formula, Is, Kin
from reformflow.checks.reach.reader import Ground
from reformflow.checks.reach.slices import Spot, slice_of
from reformflow.checks.reach.space import Space
from reformflow.checks.reach.system import System
from reformflow.model import Value


@attrs.frozen
class Explored:
    """The reachable states of every workflow of a reform."""

    bound: BoundReform
    grounds: Mapping[str, Ground]
    spaces: Mapping[str, Space]

    def holding(self, workflow: str, column: str, *values: Value) -> Formula:
        """Return the formula that a kept column of a workflow holds one of some values."""
        domain = self.grounds[workflow].domains[column]
        return Is(column, frozenset().union(*map(domain.holding, values)))


def explored(
    bound: BoundReform, *, also: Iterable[Spot] = (), apart: Iterable[Spot] = ()
) -> Explored:
    """Search a reform: keep `also` further columns, and leave those `apart` out.

    What rests on a column that is left out counts as possible. MissingExtra without the extra
    `checks`, unless the workflows are small.
    """
    grounds = grounds_of(bound, slice_of(bound, also=also, apart=apart))
    systems = (Builder(bound, grounds, flow).system() for flow in bound.workflows.values())
    return Explored(bound, grounds, _searched(tuple(systems)))


def surely(search: Explored, workflow: str) -> Explored:
    """Return the search with only those states of a workflow that are sure to be possible.

    What cannot be told counts as impossible, so "may" is proven here, and "never" is not.
    """
    flow = search.bound.workflows[workflow]
    space = Space(Builder(search.bound, search.grounds, flow, sure=True).system())
    space.grow(partial(_can_be, search.spaces))
    return attrs.evolve(search, spaces={**search.spaces, workflow: space})


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _searched(systems: tuple[System, ...]) -> Mapping[str, Space]:
    """Search systems to the end; many options of policies come to the same ones."""
    spaces = {system.workflow: Space(system) for system in systems}

    grown = True
    while grown:
        grown = False
        for space in spaces.values():
            grown |= space.grow(partial(_can_be, spaces))
    return spaces


def _can_be(spaces: Mapping[str, Space], kin: Kin) -> bool:
    """Say whether some case of another workflow can be so."""
    space = spaces[kin.workflow]
    if kin.since is None:
        return space.holds(kin.holds)
    return space.sets.any(space.following(kin.since) & space.states(kin.holds))
