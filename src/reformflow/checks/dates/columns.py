"""Columns as they stand on the day of an event, tied to what they are counted from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from reformflow.binding import BoundWhen, BoundWorkflow
from reformflow.checks.dates.counts import Count
from reformflow.checks.dates.graph import CALENDAR, Edge, Why
from reformflow.checks.dates.prelude import Event, Party, Prelude
from reformflow.checks.dates.scenario import ANY_CASE, Conditions, Scenario
from reformflow.checks.dates.written import Written, dates_written
from reformflow.checks.subject import Subject
from reformflow.errors import CalendarError
from reformflow.model import Today


@attrs.frozen
class Seen:
    """The node of a column as it stands at an event; `sure` if every case has a date there."""

    node: str
    sure: bool = True


class Columns:
    """The columns of the cases that take part in a prelude, each as it stands at some node."""

    def __init__(
        self, subject: Subject, prelude: Prelude, scenario: Scenario, *, binding: bool
    ) -> None:
        """Look at columns where a scenario holds, dates being `binding` that nobody can move."""
        self.edges: list[Edge] = []
        self.open: list[Conditions] = []
        self._subject = subject
        self._prelude = prelude
        self._scenario = scenario
        self._binding = binding
        self._seen: dict[tuple[str, str], Seen] = {}

    def seen(self, party: Party, column: str, node: str) -> Seen:
        """Return the node of a column as it stands at another node."""
        name = f"{party.prefix}{column}"
        key = (name, node)
        if key not in self._seen:
            self._seen[key] = Seen(name)  # for columns that are computed from each other
            self._seen[key] = self._look(party, column, node)
        return self._seen[key]

    # -----------------------------------------------------------------------------------------

    def _look(self, party: Party, column: str, node: str) -> Seen:
        owner, _, part = column.partition(".")
        flow = party.flow
        if column == "opened.on":
            return Seen(party.opened)
        if part == "on" and owner in flow.transitions:
            return self._fired(party, owner, node)
        if part == "since" and owner in flow.tracks:
            return self._since(party, owner, node)
        written = dates_written(flow, column)
        if written:
            return self._counted(party, column, node, written)
        if column in flow.facts:
            return self._recorded(party, column, node)
        return self._copy(party, column, node, sure=False)

    def _copy(self, party: Party, column: str, node: str, *, sure: bool) -> Seen:
        return Seen(f"{party.prefix}{column} at {node}", sure)

    def _after(self, source: str, target: str, why: Why) -> None:
        self.edges.append(Edge(source, target, 0, why))

    def _fired(self, party: Party, id: str, node: str) -> Seen:  # noqa: A002
        """Return the last day before a node on which a transition fired."""
        event = self._prelude.event(party, id)
        before = event is not None and self._prelude.precedes(event.first, node)
        if event is not None and before and event.first == event.last:
            return Seen(event.first)
        why = Why(party.path(id))
        if event is not None and before and self._never_again(event, node):
            self._after(event.last, node, why)
            return Seen(event.last)
        copy = self._copy(party, f"{id}.on", node, sure=before)
        self._after(copy.node, node, why)
        self._after(party.opened, copy.node, why)
        if event is not None and before:
            self._after(event.first, copy.node, why)
            self._after(copy.node, event.last, why)
        return copy

    def _never_again(self, event: Event, node: str) -> bool:
        """Say whether an event cannot come again once that of a node has been."""
        after = self._event_at(event.party, node)
        if after is None or after.item.track != event.item.track:
            return False
        routes = self._subject.routes[event.party.flow.id]
        move = routes.moves[after.item.id]
        onward = {target for state in move.sources for target in move.leads(state)}
        sources = routes.moves[event.item.id].sources
        return not sources & routes.beyond(move.track, onward)

    def _since(self, party: Party, track: str, node: str) -> Seen:
        """Return the day since which a track has been in its state at a node."""
        routes = self._subject.routes[party.flow.id]
        event = self._event_at(party, node)
        if event is not None and event.item.track == track and event.item.id in routes.moves:
            states = routes.moves[event.item.id].sources
            ways = [
                way for way in routes.ways_into(track, states) if party.flow.transitions[way].to
            ]
            if not ways:
                return Seen(party.opened)
            if len(ways) == 1 and routes.initial[track] not in states:
                return self._fired(party, ways[0], node)
        copy = self._copy(party, f"{track}.since", node, sure=True)
        why = Why(party.flow.id)
        self._after(party.opened, copy.node, why)
        self._after(copy.node, node, why)
        if event is not None and event.item.id in routes.moves:
            move = routes.moves[event.item.id]
            for id in routes.unavoidable(track, move.sources):  # noqa: A001
                before = self._prelude.event(party, id)
                if before is not None and before.item.to and before.item.track == track:
                    self._after(before.first, copy.node, why)
        return copy

    def _event_at(self, party: Party, node: str) -> Event | None:
        for event in self._prelude.events.values():
            if event.party == party and node in event.nodes:
                return event
        return None

    def _recorded(self, party: Party, fact: str, node: str) -> Seen:
        """Return a fact: one node where it cannot change, else one for each event.

        Those of a fact that is written once but may be recorded anew are tied as if it were not:
        what rests on that is not sure.
        """
        flow = party.flow
        once = self._subject.routes[flow.id].once
        live = self._subject.routes[flow.id].moves
        writers = [id for id in _writers(flow, fact) if id in live]  # noqa: A001
        by_hand = bool(flow.facts[fact].by)
        if len(writers) == 1 and not by_hand and fact not in _at_opening(flow):
            sets = dict(flow.transitions[writers[0]].sets)
            if sets.get(fact) == Today():
                return self._fired(party, writers[0], node)
        sure = self._surely(party, fact)
        written_once = len(writers) <= 1 and all(map(once, writers))
        shared = f"{party.prefix}{fact}"
        if flow.facts[fact].once or (written_once and not by_hand):
            return Seen(shared, sure)
        copy = self._copy(party, fact, node, sure=sure)
        if written_once:
            why = Why(f"{flow.id}.facts.{fact}", kind="fact", sure=False)
            self._after(shared, copy.node, why)
            self._after(copy.node, shared, why)
        return copy

    def _surely(self, party: Party, fact: str) -> bool:
        """Say whether a fact has a value in every case by then."""
        flow = party.flow
        if fact in flow.workflow.opening.records or flow.facts[fact].initial is not None:
            return True
        mine = [event for event in self._prelude.events.values() if event.party == party]
        return any(
            fact in event.item.transition.records or fact in dict(event.item.sets) for event in mine
        )

    def _counted(self, party: Party, column: str, node: str, written: tuple[Written, ...]) -> Seen:
        """Return a date that is computed, tied to what it is counted from."""
        applying, decided = self._applying(party, written)
        if len(applying) != 1 or not decided:
            return self._one_of(party, column, node, applying if decided else ())
        (item,) = applying
        why = Why(item.path, item.clauses, "count")
        if item.when.anchor is None:
            copy = self._copy(party, column, node, sure=True)
            day = _fixed(self._subject, item.when)
            if day is not None:
                self._tie(party, column, Edge(CALENDAR, copy.node, day.toordinal(), why))
            return copy
        anchor = self.seen(party, item.when.anchor, node)
        copy = self._copy(party, column, node, sure=anchor.sure)
        count = Count.of(item.when, self._subject.calendar, self._subject.bound.effective_on)
        if count is not None:
            tie = Edge(anchor.node, copy.node, count.least, why, count)
            self._tie(party, column, tie)
        return copy

    def _one_of(self, party: Party, column: str, node: str, applying: tuple[Written, ...]) -> Seen:
        """Return a date that is one of several: bounded where these are all fixed days."""
        copy = self._copy(party, column, node, sure=False)
        days = [_fixed(self._subject, item.when) for item in applying]
        known = [day.toordinal() for day in days if day is not None]
        if known and len(known) == len(days):
            clauses = tuple(dict.fromkeys(c for item in applying for c in item.clauses))
            why = Why(applying[0].path.partition("[")[0], clauses, "count")
            self.edges.append(Edge(CALENDAR, copy.node, min(known), why))
            if not self._drifts(party, column):
                self.edges.append(Edge(copy.node, CALENDAR, -max(known), why))
        return copy

    def _tie(self, party: Party, column: str, edge: Edge) -> None:
        """Tie a date to its anchor: from both sides, unless something may still move it on."""
        self.edges.append(edge)
        if not self._drifts(party, column):
            most = edge.count.most if edge.count is not None else edge.least
            inverse = edge.count is not None
            self.edges.append(
                Edge(edge.target, edge.source, -most, edge.why, edge.count, inverse=inverse)
            )

    def _drifts(self, party: Party, column: str) -> bool:
        deadline = party.flow.deadlines.get(column.removesuffix(".due"))
        if not column.endswith(".due") or deadline is None:
            return False
        return deadline.can_pause or (self._binding and deadline.extension is not None)

    def _applying(
        self, party: Party, written: tuple[Written, ...]
    ) -> tuple[tuple[Written, ...], bool]:
        """Return the dates that can apply in the scenario, and whether one of them does.

        Notes the conditions that the scenario leaves open.
        """
        mine = party == self._prelude.case
        scenario = self._scenario if mine else ANY_CASE
        found: list[Written] = []
        decided = False
        for item in written:
            truth = scenario.decide(item.when.when)
            if truth is not False:
                found.append(item)
            if truth:
                decided = True
                break
        if mine and (len(found) > 1 or (found and not decided)):
            self.open.append(tuple(c for item in written if (c := item.when.when) is not None))
        return tuple(found), decided


# ---------------------------------------------------------------------------------------------


def _writers(flow: BoundWorkflow, fact: str) -> Iterator[str]:
    for id, item in flow.transitions.items():  # noqa: A001
        recorded = (*item.transition.records, *item.transition.may_record)
        if fact in recorded or fact in dict(item.sets):
            yield id


def _at_opening(flow: BoundWorkflow) -> tuple[str, ...]:
    opening = flow.workflow.opening
    return (*opening.records, *opening.may_record)


def _fixed(subject: Subject, when: BoundWhen) -> date | None:
    if when.anchor is not None or when.day is None:
        return None
    try:
        return when.counted(subject.calendar, when.day)
    except CalendarError:
        return None
