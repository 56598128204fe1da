"""The recording of facts by hand, as one command: an act may record several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.checks.reach.domains import Domain
from reformflow.checks.reach.formulas import TRUE, Formula, either, variables_of
from reformflow.checks.reach.reader import Reader
from reformflow.checks.reach.system import Command, Free

RECORD = ""
"""The name of the command."""


def recording(
    flow: BoundWorkflow, domains: Mapping[str, Domain], reader: Reader
) -> Iterator[Command]:
    """Yield the command, if any fact that is kept is recorded by hand.

    Whether a fact may be recorded is decided on the case as it was before the act. The command
    records one after the other, so a fact comes after those whose recording depends on it.
    """
    frees = {
        name: Free(name, domain.everything, _during(flow, reader, name), fact.once)
        for name, domain in domains.items()
        if (fact := flow.facts.get(name)) is not None and fact.by
    }
    if frees:
        yield Command(RECORD, TRUE, tuple(_in_order(frees, sure=reader.sure)))


# ---------------------------------------------------------------------------------------------


def _during(flow: BoundWorkflow, reader: Reader, name: str) -> Formula:
    return reader.truth(flow.during[name]) if name in flow.during else TRUE


def _in_order(frees: Mapping[str, Free], *, sure: bool) -> Iterator[Free]:
    """Yield the readers before what they read.

    Where each waits for another, any may be recorded if one may: that can only be too much. Of
    what is `sure` they are left out.
    """
    left = dict(frees)
    while True:
        graph: dict[str, set[str]] = {name: set() for name in left}
        for name, free in left.items():
            for read in variables_of(free.when) & left.keys() - {name}:
                graph[read].add(name)
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            cycle = error.args[1][:-1]
            if sure:
                left = {name: free for name, free in left.items() if name not in cycle}
                continue
            when = either(*(left[name].when for name in cycle))
            if all(left[name].when == when for name in cycle):
                order = list(left)
            else:
                left |= {name: attrs.evolve(left[name], when=when) for name in cycle}
                continue
        yield from (left[name] for name in order)
        return
