"""What transitions that never fire wait for: other such transitions, or themselves.

One waits for another if that would bring what keeps it: the state it starts from, a state of
another track or of kin, a fact that its rules ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from reformflow.binding import BoundTransition
from reformflow.checks.reach import RECORD, Formula, States, both
from reformflow.checks.reach.formulas import kin_of, variables_of
from reformflow.checks.reach.system import Command, Values
from reformflow.checks.structure.ways import Ways, some_option_fires, ways_of
from reformflow.checks.subject import Subject

Node = tuple[str, str]
"""A transition: the ids of its workflow and of itself."""


@attrs.frozen
class Waiting:
    """The transitions of a reform that never fire under any options, and what they wait for."""

    ways: Mapping[str, Ways]
    stuck: Mapping[Node, BoundTransition]

    @classmethod
    def of(cls, subject: Subject) -> Waiting:
        """Find them."""
        ways = {flow.id: Ways(subject.explored, flow) for flow in subject.flows}
        stuck = {
            (one.flow.id, item.id): item
            for one in ways_of(subject)
            for item in one.flow.transitions.values()
            if not one.fires(item.id) and not some_option_fires(subject, one.flow, item.id)
        }
        return cls(ways, stuck)

    @cached_property
    def circles(self) -> tuple[tuple[Node, ...], ...]:
        """Those that wait for each other, in the order in which they do; of one, for itself."""
        found: list[tuple[Node, ...]] = []
        for node in self.stuck:
            # One that no case comes to is told of by its state.
            if self.begins(node) and not any(node in circle for circle in found):
                circle = self._circle(node)
                if circle:
                    found.append(circle)
        return tuple(found)

    def begins(self, node: Node) -> bool:
        """Say whether a state that a transition starts from is ever reached."""
        return self.ways[node[0]].begins(self.stuck[node])

    # -----------------------------------------------------------------------------------------

    def _circle(self, start: Node) -> tuple[Node, ...]:
        """Return a shortest way from a transition along what is waited for, back to it."""
        paths: dict[Node, tuple[Node, ...]] = {}
        waiting: list[tuple[Node, ...]] = [(start,)]
        while waiting:
            path = waiting.pop(0)
            for node in self._graph[path[-1]]:
                if node == start:
                    return path
                if node not in paths:
                    paths[node] = (*path, node)
                    waiting.append(paths[node])
        return ()

    @cached_property
    def _graph(self) -> Mapping[Node, tuple[Node, ...]]:
        return {node: tuple(dict.fromkeys(self._awaited(node))) for node in self.stuck}

    def _awaited(self, node: Node) -> Iterator[Node]:
        flow, item = node[0], self.stuck[node]
        ways = self.ways[flow]
        if not ways.begins(item):
            for other, candidate in self.stuck.items():
                targets = {state for state, _ in candidate.to}
                same = other[0] == flow and candidate.track == item.track
                if same and targets & item.source:
                    yield other
            return
        before = ways.before(item)
        begun = ways.space.recorded(item.id, before)
        core = [need.holds for need in ways.core(item, before)]
        needed = both(ways.being(item.track, *item.source), *core)
        yield from self._bringing(flow, begun if ways.space.sets.any(begun) else before, needed)
        for kin in frozenset().union(*map(kin_of, core)):
            space = self.ways[kin.workflow].space
            yield from self._bringing(kin.workflow, space.reached, kin.holds)

    def _bringing(self, flow: str, found: States, needed: Formula) -> Iterator[Node]:
        """Yield what would bring a workflow's cases from some states to what is needed."""
        ways = self.ways[flow]
        sets, read = ways.space.sets, variables_of(needed)
        writing = [
            (node, name, sets.among(name, values))
            for node in self.stuck
            if node[0] == flow
            for name, values in _writes(ways.commands[node[1]])
            if name in read
        ]
        wanted = ways.space.states(needed)
        anyhow = sets.without({name for _, name, _ in writing}, found, sets.everything) & wanted
        if sets.any(anyhow) and not sets.any(found & wanted):
            # One of them alone may do; else it takes several.
            alone = [
                node
                for node, name, values in writing
                if sets.any(sets.without([name], found, sets.everything) & values & wanted)
            ]
            yield from alone or (node for node, _, values in writing if sets.any(anyhow & values))
        yield from self._letting_record(flow, read)

    def _letting_record(self, flow: str, read: Iterable[str]) -> Iterator[Node]:
        """Yield what would let facts be recorded by hand."""
        commands = self.ways[flow].commands
        frees = commands[RECORD].frees if RECORD in commands else ()
        states = frozenset().union(*(variables_of(f.when) for f in frees if f.variable in read))
        for node in self.stuck:
            written = {name for name, _ in _writes(commands[node[1]])} if node[0] == flow else set()
            if written & states:
                yield node


# ---------------------------------------------------------------------------------------------


def _writes(command: Command) -> Iterator[tuple[str, Values]]:
    for free in command.frees:
        yield free.variable, free.values
    for outcome in command.outcomes:
        yield from outcome.writes
