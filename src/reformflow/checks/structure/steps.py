"""How cases come to a state, as a witness shows it."""

from __future__ import annotations

from collections.abc import Mapping

from reformflow.checks.reach import States
from reformflow.checks.structure.ways import Ways
from reformflow.model import Value

Shown = tuple[tuple[str, Value], ...]


def steps_to(ways: Ways, states: States) -> tuple[tuple[str, ...], Shown]:
    """Return the transitions of a way to some states, and the values at its end.

    Shown are the states of the tracks and the facts that have been recorded with one of several
    values that make a difference.
    """
    path = ways.space.path_to(states)
    fired = tuple(step.command for step in path if step.command)
    return fired, _shown(ways, path[-1].values) if path else ()


# ---------------------------------------------------------------------------------------------


def _shown(ways: Ways, values: Mapping[str, Value]) -> Shown:
    domains = ways.search.grounds[ways.flow.id].domains
    return tuple(
        (name, value)
        for name, value in values.items()
        if value is not None and len(domains[name].recorded) > 1
    )
