"""The order in which computed columns are computed."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from reformflow.binding.bound import Computed


def in_order(computed: Sequence[Computed]) -> tuple[frozenset[str], list[Computed]]:
    """Return the columns of a cycle (empty if there is none), and the order of computing."""
    by_column = {item.column: item for item in computed}
    graph = {item.column: item.sources & by_column.keys() for item in computed}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return frozenset(error.args[1]), list(computed)
    return frozenset(), [by_column[name] for name in order]
