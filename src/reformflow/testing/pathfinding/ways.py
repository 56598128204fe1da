"""The ways along one track: which transitions lead from a state to others, the shortest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count

import attrs

from reformflow.binding import BoundWorkflow


@attrs.frozen
class Edge:
    """A transition that leads from one state of its track to another."""

    transition: str
    source: str
    target: str
    cost: int


class Map:
    """The states of a track and the transitions between them."""

    def __init__(self, flow: BoundWorkflow, track: str) -> None:
        """Draw the map of a track."""
        self._edges: dict[str, list[Edge]] = {state.id: [] for state in flow.tracks[track].states}
        for bound in flow.transitions.values():
            if bound.track == track:
                cost = 3 if bound.at or bound.transition.after_due else 1
                for target in dict.fromkeys(state for state, _ in bound.to):
                    for source in sorted(bound.source - {target}):
                        self._edges[source].append(Edge(bound.id, source, target, cost))
        self._distances: dict[frozenset[str], dict[str, int]] = {}

    def distances(self, targets: frozenset[str]) -> dict[str, int]:
        """Return how far each state is from the nearest of some; none for those with no way."""
        found = self._distances.get(targets)
        if found is None:
            found = self._distances[targets] = self._measured(targets)
        return found

    def after(self, state: str) -> frozenset[str]:
        """Return the states to which any way leads from one, itself among them."""
        return frozenset(
            source for source in self._edges if state in self.distances(frozenset({source}))
        ) | {state}

    def ways(
        self, state: str, targets: frozenset[str], avoid: frozenset[str]
    ) -> Iterator[tuple[Edge, ...]]:
        """Yield the ways to one of the targets that visit no state twice, cheap ones first."""
        distances = self.distances(targets)
        order = count()
        queue: list[tuple[int, int, int, tuple[Edge, ...]]] = [(0, next(order), 0, ())]
        while queue:
            _, _, spent, way = heapq.heappop(queue)
            here = way[-1].target if way else state
            if way and here in targets:
                yield way
                continue
            seen = {state, *(edge.target for edge in way)}
            for edge in self._edges[here]:
                ahead = distances.get(edge.target)
                if ahead is not None and edge.target not in seen and edge.target not in avoid:
                    total = spent + edge.cost
                    heapq.heappush(queue, (total + ahead, next(order), total, (*way, edge)))

    def _measured(self, targets: frozenset[str]) -> dict[str, int]:
        found = dict.fromkeys(targets, 0)
        queue = [(0, state) for state in sorted(targets)]
        while queue:
            spent, state = heapq.heappop(queue)
            for edges in self._edges.values():
                for edge in edges:
                    total = spent + edge.cost
                    if edge.target == state and total < found.get(edge.source, total + 1):
                        found[edge.source] = total
                        heapq.heappush(queue, (total, edge.source))
        return found
