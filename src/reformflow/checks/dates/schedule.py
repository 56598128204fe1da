"""The schedule: from when, and until when at the latest, the stages of a case can safely begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.checks.dates.graph import CALENDAR, Edge, Why, earliest, latest
from reformflow.checks.dates.network import Network, has_limit
from reformflow.checks.dates.prelude import Prelude
from reformflow.checks.dates.written import dates_written, known_days
from reformflow.checks.subject import Subject
from reformflow.errors import CalendarError


@attrs.frozen
class Start:
    """A stage, or a state of a track without stages, and the days on which it can begin.

    `earliest` is the first day on which a case can come to it, `latest` the last from which every
    date after it can still be kept, `due` the first date that falls in it; None where nothing
    bounds it without a look at a case.
    """

    workflow: str
    track: str
    id: str
    earliest: date | None
    latest: date | None
    due: date | None


def latest_starts(bound: BoundReform, *, opened: date | None = None) -> tuple[Start, ...]:
    """Return the stages whose days are known, for cases opened on a day if one is given.

    CalendarError if the reform's calendar does not exist.
    """
    subject = Subject.of(bound)
    found = (start for flow in subject.flows for start in _starts(subject, flow, opened))
    return tuple(
        start
        for start in found
        if start.latest or start.due or start.earliest not in {None, opened}
    )


# ---------------------------------------------------------------------------------------------


def _starts(subject: Subject, flow: BoundWorkflow, opened: date | None) -> Iterator[Start]:
    around = {
        id: _Days.around(subject, flow, id, opened)
        for id in subject.routes[flow.id].moves  # noqa: A001
    }
    for track in flow.tracks.values():
        for name, states in _groups(flow, track.id):
            yield Start(
                flow.id,
                track.id,
                name,
                _first(_earliest(subject, flow, track.id, states, around, opened)),
                _first(_latest(subject, flow, track.id, states, around)),
                min(_due(subject, flow, track.id, states, opened), default=None),
            )


@attrs.frozen
class _Days:
    """The days around one transition: when all before it can come, and must come to keep it."""

    prelude: Prelude
    first: Mapping[str, int]
    last: Mapping[str, int]

    @classmethod
    def around(
        cls,
        subject: Subject,
        flow: BoundWorkflow,
        target: str,
        opened: date | None,
    ) -> _Days:
        prelude = Prelude(subject, flow, target)
        edges = Network(subject, prelude, binding=False, passed=True).edges
        if opened is not None:
            edges = (*edges, *_on(prelude.case.opened, opened))
        limited = has_limit(flow, flow.transitions[target])
        last = latest(edges, {CALENDAR: 0}) if limited else {}
        return cls(prelude, earliest(edges, {CALENDAR: 0}), last)


def _on(node: str, day: date) -> tuple[Edge, Edge]:
    why = Why("")
    ordinal = day.toordinal()
    return Edge(CALENDAR, node, ordinal, why), Edge(node, CALENDAR, -ordinal, why)


def _groups(flow: BoundWorkflow, track: str) -> Iterator[tuple[str, frozenset[str]]]:
    stages = flow.stages[track]
    if flow.tracks[track].stages:
        for stage in flow.tracks[track].stages:
            yield stage.id, frozenset(state for state, of in stages.items() if of == stage.id)
    else:
        yield from ((state, frozenset({state})) for state in stages)


def _ways_in(
    subject: Subject, flow: BoundWorkflow, track: str, states: frozenset[str]
) -> tuple[str, ...]:
    """Return the transitions that lead into some states from outside."""
    return tuple(
        move.id
        for move in subject.routes[flow.id].moves.values()
        if move.track == track
        and any(states & move.leads(state) for state in move.sources - states)
    )


def _earliest(
    subject: Subject,
    flow: BoundWorkflow,
    track: str,
    states: frozenset[str],
    around: Mapping[str, _Days],
    opened: date | None,
) -> Iterator[int]:
    if flow.tracks[track].initial in states:
        if opened is not None:
            yield opened.toordinal()
        return
    firsts = [
        around[id].first.get(around[id].prelude.end)
        for id in _ways_in(subject, flow, track, states)  # noqa: A001
    ]
    if firsts and None not in firsts:
        yield from (first for first in firsts if first is not None)


def _latest(
    subject: Subject,
    flow: BoundWorkflow,
    track: str,
    states: frozenset[str],
    around: Mapping[str, _Days],
) -> Iterator[int]:
    """Yield the last days of what cannot come before the states have been entered."""
    routes = subject.routes[flow.id]
    start = flow.tracks[track].initial
    outside = routes.beyond(track, [start], around=states)
    ways = _ways_in(subject, flow, track, states)
    for days in around.values():
        for event in days.prelude.events.values():
            if event.party != days.prelude.case or event.item.track != track:
                continue
            after = not routes.moves[event.item.id].sources & outside
            enters = ways == (event.item.id,) and start not in states
            if (after or enters) and event.first in days.last:
                yield days.last[event.first]


def _due(
    subject: Subject,
    flow: BoundWorkflow,
    track: str,
    states: frozenset[str],
    opened: date | None,
) -> Iterator[date]:
    for item in flow.transitions.values():
        if item.track == track and item.deadline is not None and item.source & states:
            column = item.deadline.due
            yield from (day for _, day in known_days(flow, subject.calendar, column))
            for written in dates_written(flow, column):
                if opened is not None and written.when.anchor == "opened.on":
                    try:
                        yield written.when.counted(subject.calendar, opened)
                    except CalendarError:
                        continue


def _first(days: Iterable[int]) -> date | None:
    day = min(days, default=None)
    if day is None or not date.min.toordinal() <= day <= date.max.toordinal():
        return None
    return date.fromordinal(day)
