"""The picture of one case's history: the states it came to, and the steps that led there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from reformflow.binding import BoundReform
from reformflow.model import Entry, Kind
from reformflow.pictures.graph import Edge, Graph, Lane, graph_of


def history_of(
    bound: BoundReform, workflow: str, entries: Iterable[Entry], *, lang: str = "en"
) -> Graph:
    """Return the picture of what fired on a case of a workflow, each step with its number and day.

    Only states are in it at which the case has been; tracks on which nothing fired are left out.
    """
    fired = [entry for entry in entries if entry.kind is Kind.FIRED]
    whole = graph_of(bound, workflow, lang=lang)
    lanes = tuple(_lived(lane, fired) for lane in whole.lanes)
    return attrs.evolve(whole, lanes=tuple(lane for lane in lanes if lane.edges) or lanes)


# ---------------------------------------------------------------------------------------------


def _lived(lane: Lane, fired: Sequence[Entry]) -> Lane:
    drawn = {edge.transition: edge for edge in lane.edges}
    state = next(node.id for node in lane.nodes if node.initial)
    been, edges = {state}, []
    for entry in fired:
        if entry.name in drawn:
            target = str(entry.changes.get(f"{lane.id}.state", state))
            edges.append(_step(drawn[entry.name], entry, state, target))
            been.add(target)
            state = target
    nodes = tuple(node for node in lane.nodes if node.id in been)
    return attrs.evolve(lane, nodes=nodes, edges=tuple(edges))


def _step(edge: Edge, entry: Entry, source: str, target: str) -> Edge:
    return attrs.evolve(
        edge,
        source=source,
        target=target,
        label=f"{entry.seq}. {edge.label} {entry.on:%Y/%m/%d}",
        actors=entry.actor,
        condition="",
    )
