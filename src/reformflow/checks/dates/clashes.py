"""Dates that exclude each other: windows, deadlines and waits that no order of days satisfies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.checks.dates.graph import CALENDAR, Circle, Edge, clauses_of, contradiction
from reformflow.checks.dates.network import Network, has_limit
from reformflow.checks.dates.prelude import Prelude
from reformflow.checks.dates.scenario import ANY_CASE, Conditions, Scenario, scenarios
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

EMPTY = "window_empty"
TOO_EARLY = "window_too_early"
INFEASIBLE = "dates_infeasible"
NEVER_IN_TIME = "never_in_time"

_SOME_DAY: Final = date(2024, 1, 1)


def clashing_dates(subject: Subject) -> Iterator[Finding]:
    """Yield each circle of dates that cannot all be kept, at the date that comes too soon.

    An error if the transition can then never fire, a warning if it can only be late. What clashes
    among kin is told where it is their own, if it is found there.
    """
    found = {flow.id: dict(_clashing(subject, flow)) for flow in subject.flows}
    for flow in subject.flows:
        for path, finding in found[flow.id].items():
            owner = path.partition(".")[0]
            if owner == flow.id or path not in found[owner]:
                yield finding


# ---------------------------------------------------------------------------------------------


def _clashing(subject: Subject, flow: BoundWorkflow) -> Iterator[tuple[str, Finding]]:
    """Yield what clashes around a workflow's transitions by its path, each path once."""
    clashes = _Clashes(subject, flow)
    told: set[str] = set()
    for id in subject.routes[flow.id].moves:  # noqa: A001
        for finding in clashes.of(id):
            if finding.path not in told:
                told.add(finding.path)
                yield finding.path, finding


class _Clashes:
    """The clashes around each transition of a workflow, looked for once."""

    def __init__(self, subject: Subject, flow: BoundWorkflow) -> None:
        self._subject = subject
        self._flow = flow
        self._found: dict[str, tuple[Finding, ...]] = {}

    def of(self, id: str) -> tuple[Finding, ...]:  # noqa: A002
        """Return what clashes before a transition can fire, nothing if nothing limits it."""
        if id not in self._found:
            self._found[id] = ()  # while it is looked for
            if has_limit(self._flow, self._flow.transitions[id]):
                self._found[id] = tuple(self._around(id))
        return self._found[id]

    def _around(self, id: str) -> Iterator[Finding]:  # noqa: A002
        prelude = Prelude(self._subject, self._flow, id)
        found, open_ones = self._in(prelude, ANY_CASE)
        if found is not None:
            yield found
            return
        for scenario in scenarios(self._flow, open_ones):
            found, _ = self._in(prelude, scenario)
            if found is not None:
                yield found

    def _in(
        self, prelude: Prelude, scenario: Scenario
    ) -> tuple[Finding | None, tuple[Conditions, ...]]:
        every = Network(self._subject, prelude, binding=False, scenario=scenario)
        if not every.possible or not any(edge.source == prelude.end for edge in every.edges):
            return None, ()
        binding = Network(self._subject, prelude, binding=True, scenario=scenario)
        circle = contradiction(binding.edges)
        if circle is not None:
            return self._finding(prelude, circle, scenario, binds=True), ()
        circle = contradiction(every.edges)
        if circle is not None:
            return self._finding(prelude, circle, scenario, binds=False), ()
        return None, every.open

    def _finding(
        self, prelude: Prelude, circle: Circle, scenario: Scenario, *, binds: bool
    ) -> Finding | None:
        if all(edge.why.kind == "rule" for edge in circle):
            return None  # rules that contradict each other are found where rules are
        chain = _chain(circle, self._subject.bound.effective_on or _SOME_DAY)
        if chain is None:
            return None
        late = self._too_late(prelude, chain)
        path, code = chain.limit.why.path, _code(chain, circle, binds=binds)
        if late != chain.event[0]:
            code = INFEASIBLE if binds else NEVER_IN_TIME
            if chain.limit.why.kind != "rule":
                path = prelude.case.path(late)
        sure = all(edge.why.sure for edge in circle)
        facts = (edge.why.path for edge in circle if edge.why.kind == "fact")
        anew = ", ".join(dict.fromkeys(path.rpartition(".")[2] for path in facts))
        return Finding(
            code,
            Severity.ERROR if binds and sure else Severity.WARNING,
            path,
            _says(code, late, chain, scenario, anew),
            clauses_of(circle),
            Witness(
                values=scenario.values,
                schedule=chain.schedule,
                parts=tuple(dict.fromkeys(e.why.path for e in circle if e.why.kind != "order")),
            ),
        )

    def _too_late(self, prelude: Prelude, chain: _Chain) -> str:
        """Return what cannot come: the last of the chain or, if that can by itself, the goal."""
        last, goal = chain.event[0], prelude.goal.item.id
        by_itself = last in self._subject.routes[self._flow.id].moves and not self.of(last)
        return goal if by_itself else last


@attrs.frozen
class _Chain:
    """A circle told as a chain: from its first day along the edges, up to the limit it breaks."""

    start: str
    first: int
    steps: tuple[tuple[str, int], ...]
    limit: Edge
    last: tuple[str, int]

    @property
    def event(self) -> tuple[str, int]:
        """What comes too late, and the first day on which it can come."""
        return self.steps[-1]

    @property
    def schedule(self) -> tuple[tuple[str, date], ...]:
        """The steps with their days, and the limit with its day."""
        begin = () if self.start == CALENDAR else ((_label(self.start), self.first),)
        days = (*begin, *self.steps, self.last)
        return tuple((name, _day(day)) for name, day in dict.fromkeys(days))


def _code(chain: _Chain, circle: Circle, *, binds: bool) -> str:
    if chain.limit.why.kind == "closes":
        opening = chain.limit.why.path.removesuffix("closes") + "opens"
        opens = any(
            edge.why.path == opening and edge.target == chain.limit.source for edge in circle
        )
        return EMPTY if opens else TOO_EARLY
    return INFEASIBLE if binds else NEVER_IN_TIME


def _chain(circle: Circle, some_day: date) -> _Chain | None:
    """Turn a circle so that it ends with a limit: that of the last step, or one on the calendar."""
    limits = [place for place, edge in enumerate(circle) if edge.why.limits]
    if not limits:
        return None
    fixed = [place for place, edge in enumerate(circle) if edge.target == CALENDAR]
    end = fixed[0] if fixed else _behind(circle, limits[-1])
    turned = (*circle[end + 1 :], *circle[: end + 1])
    place = max(place for place, edge in enumerate(turned) if edge.why.limits)
    first = 0 if fixed else some_day.toordinal()
    day, steps = first, []
    for edge in turned[:place]:
        day = edge.earliest(day)
        steps.append((_label(edge.target), day))
    limit, tail = turned[place], turned[place + 1 :]
    last = first
    for edge in reversed(tail):
        last = edge.latest(last)
    if not tail:
        last = limit.latest(last)
    name = _label(limit.target) if tail else limit.why.path.rpartition(".")[2]
    if not steps:
        steps.append((_label(limit.source), day))
    return _Chain(turned[0].source, first, tuple(steps), limit, (name, last))


def _behind(circle: Circle, place: int) -> int:
    """Return the place of the last edge that only says what a limit is counted from."""
    while circle[place].why.limits or circle[place].why.kind == "count":
        following = circle[(place + 1) % len(circle)]
        if following.why.kind != "count" or not following.inverse:
            break
        place = (place + 1) % len(circle)
    return place


def _day(ordinal: int) -> date:
    """Return the day, or the last one there is: waits may lead out of the calendar."""
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def _label(node: str) -> str:
    return node.partition(" at ")[0].removesuffix(" again")


def _says(code: str, late: str, chain: _Chain, scenario: Scenario, anew: str) -> Text:
    (event, day), (limit, last) = chain.event, chain.last
    first, end = _day(day), _day(last)
    en, zh = f"{event} can come on {first} at the earliest", f"{event}最早只能在{first}"
    match code:
        case "window_empty":
            en = f"the window of {event} closes on {end}, before it opens on {first}"
            zh = f"{event}的办理期间{end}截止，早于其开始日{first}"
        case "window_too_early":
            en = f"the window of {event} closes on {end}, but {en}"
            zh = f"{event}的办理期间{end}截止，而{zh}"
        case "never_in_time":
            en = f"{late} can never be in time: {limit} is {end}, but {en}"
            zh = f"{late}无法按期：{limit}是{end}，而{zh}"
        case _:
            en = f"{late} can never come: {limit} is {end}, but {en}"
            zh = f"{late}永远无法办理：{limit}是{end}，而{zh}"
    if chain.start != CALENDAR:
        base = _day(chain.first)
        en = f"if {_label(chain.start)} is on {base}, {en}"
        zh = f"设{_label(chain.start)}为{base}，则{zh}"
    if str(scenario):
        en, zh = f"where {scenario}, {en}", f"当{scenario}时，{zh}"
    if anew:
        en, zh = f"{en}; unless {anew} is recorded anew", f"{zh}；除非重新登记{anew}"
    return Text(en, zh)
