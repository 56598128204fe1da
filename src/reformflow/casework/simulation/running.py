"""One run of a simulation: a calendar of events, offices with queues, and the engine's dates.

Every case does what its states allow, one act after the other on each track. An act takes the
time that is drawn for it, once its office has a hand free (first come, first served). What its
day means (deadlines, lateness, who answers, what fires by itself) is the engine's word; rules
about facts are taken to be met, since nothing is assumed about them.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.calendars import Calendar, add_working_days
from reformflow.casework.simulation.model import Durations
from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Fire, Request

_DAY = timedelta(days=1)


@attrs.frozen
class Done:
    """An act of a run: the day its case could begin it, began it, and did it; days late.

    `dated` says whether a deadline stood over it at all.
    """

    case: str
    transition: str
    ready: date
    begun: date
    on: date
    late: int
    answerable: str
    dated: bool


@attrs.frozen
class Left:
    """An act that is not done on the last day of a run, with its days in wait and in work."""

    case: str
    transition: str
    waited: int
    worked: int


@attrs.frozen
class Course:
    """What came of one run: its acts, the deadlines that passed without theirs, and what is left.

    `open` holds for each of these the case, the transition and the days since its date, up to
    the last day, or to the day on which the act was overtaken by what time brought.
    """

    acts: tuple[Done, ...]
    open: tuple[tuple[str, str, int], ...]
    left: tuple[Left, ...]


@attrs.define
class Run:
    """One run; `docket` lies over the opened cases, which stay as they are."""

    engine: Engine
    durations: Durations
    docket: Docket
    chance: Random
    acts: list[Done] = attrs.field(factory=list)
    lapsed: list[tuple[str, str, int]] = attrs.field(factory=list)
    _queue: list[tuple[date, int, _Act]] = attrs.field(factory=list)
    _free: dict[str, int] = attrs.field(factory=dict)
    _waiting: dict[str, deque[_Act]] = attrs.field(factory=dict)
    _count: int = 0

    def course(self, cases: tuple[str, ...]) -> Course:
        """Let all cases run until the last day, and return what came of it."""
        self._free = dict(self.durations.capacity)
        self._waiting = {role: deque() for role in self._free}
        for case in cases:
            opened = self.docket.case(case).values["opened.on"]
            for track in self._flow.tracks:
                self._next(case, track, opened if isinstance(opened, date) else date.min)
        while self._queue and self._queue[0][0] <= self.durations.until:
            on, _, act = heapq.heappop(self._queue)
            self._finish(act, on)
        lapsed = (*self.lapsed, *self._open(cases))
        return Course(tuple(self.acts), lapsed, tuple(self._left()))

    @property
    def _flow(self) -> BoundWorkflow:
        return self.engine.program.bound.workflows[self.durations.workflow]

    @property
    def _calendar(self) -> Calendar:
        return self.engine.program.calendar

    def _next(self, case: str, track: str, on: date) -> None:
        """Choose the next act of a case on a track, and begin it or let it wait."""
        state = self.docket.case(case).values[f"{track}.state"]
        possible = [
            item
            for item in self._flow.transitions.values()
            if item.track == track and state in item.source and item.id in self.durations.spreads
        ]
        if not possible:
            return
        chosen = self.chance.choices(possible, self._weights(possible))[0]
        act = _Act(case, chosen, self._office(chosen), on)
        if act.office and not self._free[act.office]:
            self._waiting[act.office].append(act)
        else:
            self._begin(act, on)

    def _weights(self, possible: list[BoundTransition]) -> list[float]:
        chances = self.durations.chances
        given = sum(chances.get(item.id, 0.0) for item in possible)
        others = sum(item.id not in chances for item in possible)
        left = max(0.0, 1.0 - given) / others if others else 0.0
        weights = [chances.get(item.id, left) for item in possible]
        return weights if any(weights) else [1.0] * len(possible)

    def _office(self, item: BoundTransition) -> str:
        roles = (*item.transition.by, *item.transition.signed_by)
        return next((role for role in roles if role in self.durations.capacity), "")

    def _begin(self, act: _Act, on: date) -> None:
        if act.office:
            self._free[act.office] -= 1
        days = self.durations.spreads[act.bound.id].draw(self.chance)
        if self.durations.working_days:
            done = add_working_days(self._calendar, on, days) if days else on
        else:
            done = on + days * _DAY
        self._push(attrs.evolve(act, begun=on), done)

    def _push(self, act: _Act, on: date) -> None:
        self._count += 1
        heapq.heappush(self._queue, (on, self._count, act))

    def _not_before(self, act: _Act, on: date) -> date:
        """Return the day on which what was worked out may be done: when its window opens."""
        window = act.bound.window
        opens = self.docket.case(act.case).values[window.opens] if window and window.opens else None
        return max(on, opens) if isinstance(opens, date) else on

    def _finish(self, act: _Act, on: date) -> None:
        if act.office:
            self._free[act.office] += 1
            if self._waiting[act.office]:
                self._begin(self._waiting[act.office].popleft(), on)
        opens = self._not_before(act, on)
        if opens > on:
            self._push(attrs.evolve(act, office=""), opens)
            return
        if self._flow.id in self.engine.program.timed:
            self.docket.take(self.engine.tick(self.docket, act.case, on))
        case = self.docket.case(act.case)
        track = act.bound.track
        due = case.values[act.bound.deadline.due] if act.bound.deadline else None
        if case.values[f"{track}.state"] in act.bound.source:
            request = Request(act.case, Fire(act.bound.id), self._everybody, on, reason="-")
            happened = self.engine.happened(self.docket, request)
            self.docket.take(happened.decision)
            late = max((mark.days for mark in happened.late), default=0)
            roles = [mark.answerable for mark in happened.late if mark.answerable]
            role = next(iter(roles), "")
            days = (act.ready, act.begun, on)
            self.acts.append(Done(act.case, act.bound.id, *days, late, role, due is not None))
        elif isinstance(due, date) and due < on:
            self.lapsed.append((act.case, act.bound.id, (on - due).days))
        self._next(act.case, track, on)

    @property
    def _everybody(self) -> Actor:
        return Actor.holding("simulation", *self.engine.program.bound.roles)

    def _left(self) -> Iterator[Left]:
        until = self.durations.until
        waiting = (act for queue in self._waiting.values() for act in queue)
        for act in (*(act for _, _, act in self._queue), *waiting):
            state = self.docket.case(act.case).values[f"{act.bound.track}.state"]
            if state in act.bound.source:  # not overtaken by what time brought
                begun = until if act.begun == date.min else act.begun
                waited, worked = (begun - act.ready).days, (until - begun).days
                yield Left(act.case, act.bound.id, max(0, waited), max(0, worked))

    def _open(self, cases: tuple[str, ...]) -> Iterator[tuple[str, str, int]]:
        until = self.durations.until
        for case in cases:
            for item in self.engine.standing(self.docket, case, until):
                happens = item.transition in self.durations.spreads
                late = item.due is not None and item.due < until and not item.paused
                if happens and late and item.due is not None:
                    yield case, item.transition, (until - item.due).days


@attrs.frozen
class _Act:
    """An act that a case has before it: which, in whose hands, since when it could be done."""

    case: str
    bound: BoundTransition
    office: str
    ready: date
    begun: date = date.min
