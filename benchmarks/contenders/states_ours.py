"""reformflow's search of the states of one workflow, from the bound definition on."""

from attrs import frozen

from reformflow.binding import BoundReform
from reformflow.checks.reach import Space
from reformflow.checks.reach.building import Builder, grounds_of
from reformflow.checks.reach.slices import slice_of
from reformflow.checks.reach.system import System


@frozen
class Found:
    """How many states were found, and how large their diagram is (0 for bit sets)."""

    states: int
    nodes: int


def system_of(bound: BoundReform, workflow: str) -> System:
    """Return what is left of a workflow to be searched."""
    grounds = grounds_of(bound, slice_of(bound))
    return Builder(bound, grounds, bound.workflows[workflow]).system()


def search(bound: BoundReform, workflow: str) -> Found:
    """Search a workflow that asks nothing about kin."""
    space = Space(system_of(bound, workflow))
    space.grow(lambda _: False)
    nodes = getattr(space.sets, "nodes", lambda _: 0)
    return Found(space.sets.count(space.reached), nodes(space.reached))
