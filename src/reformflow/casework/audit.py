"""Looking back at what others did: line by line, what the rules say of it. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from reformflow.binding.ways import shortest_way
from reformflow.engine import Docket, Engine, Happened
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Lateness, Refusal, Request
from reformflow.sheets import Line, Tick
from reformflow.sheets.logs import Claim


@attrs.frozen
class Unmet:
    """A state that a line claims and that its case has not come to.

    `way` are the transitions that are missing in between, None if no way leads there.
    """

    claim: Claim
    reached: str
    way: tuple[str, ...] | None


@attrs.frozen
class Judged:
    """What the rules say of one line; `error` says why it is none that could be judged."""

    line: Line
    refusals: tuple[Refusal, ...] = ()
    late: tuple[Lateness, ...] = ()
    skipped: tuple[str, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    error: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the rules allowed it."""
        return not (self.refusals or self.error)

    @property
    def days_late(self) -> int:
        """By how many days it came after the latest-passed of its dates; 0 if it was in time."""
        return max((mark.days for mark in self.late), default=0)


@attrs.frozen
class Overdue:
    """A deadline that has passed without its act: the case, its workflow, and how late it is."""

    case: str
    workflow: str
    mark: Lateness


@attrs.frozen
class Audit:
    """What an audit found: every line, and what was still to be done on the day `on`."""

    on: date
    lines: tuple[Judged, ...]
    overdue: tuple[Overdue, ...]
    cases: int

    @property
    def allowed(self) -> int:
        """How many lines the rules allowed."""
        return sum(judged.allowed for judged in self.lines)

    @property
    def invalid(self) -> int:
        """How many lines could not be judged."""
        return sum(bool(judged.error) for judged in self.lines)

    @property
    def late(self) -> tuple[Judged, ...]:
        """The lines that came too late."""
        return tuple(judged for judged in self.lines if judged.days_late > 0)

    @property
    def late_cases(self) -> frozenset[str]:
        """The cases of which a line came too late."""
        return frozenset(str(judged.line.step.case) for judged in self.late)

    @property
    def overdue_cases(self) -> frozenset[str]:
        """The cases over which a deadline has passed without its act."""
        return frozenset(item.case for item in self.overdue)

    def reasons(self) -> Mapping[tuple[str, str], int]:
        """Return how many lines each reason stands against, by code and subject, most first."""
        counted = Counter(
            (refusal.code.value, refusal.subject)
            for judged in self.lines
            for refusal in judged.refusals
        )
        return dict(counted.most_common())


def audit(
    engine: Engine,
    lines: Iterable[Line],
    *,
    claims: Mapping[str, tuple[Claim, ...]] | None = None,
    on: date | None = None,
) -> Audit:
    """Judge lines in their order; `claims` are the states that they claim, by key.

    What was refused is taken to have happened all the same (`Engine.happened`), so that one
    missing line does not condemn all that follow. `on` is the day up to which deadlines are
    looked at, by default the last day of the lines.
    """
    docket = Docket()
    judged: list[Judged] = []
    last = date.min
    for line in lines:
        last = max(last, line.step.on)
        found = _judge(engine, docket, line)
        asked = (claims or {}).get(line.key, ())
        judged.append(attrs.evolve(found, unmet=tuple(_unmet(engine, docket, asked))))
    day = on or last
    return Audit(day, tuple(judged), tuple(_overdue(engine, docket, day)), len(docket.ids()))


# ---------------------------------------------------------------------------------------------


def _judge(engine: Engine, docket: Docket, line: Line) -> Judged:
    step = line.step
    try:
        if isinstance(step, Tick):
            for case in [step.case] if step.case else docket.ids():
                docket.take(engine.tick(docket, case, step.on))
            return Judged(line)
        happened = _happened(engine, docket, step)
    except (RequestError, CalendarError) as error:
        return Judged(line, error=str(error))
    return Judged(line, happened.refusals, happened.late, happened.skipped)


def _happened(engine: Engine, docket: Docket, request: Request) -> Happened:
    happened = engine.happened(docket, request)
    docket.take(happened.decision)
    return happened


def _unmet(engine: Engine, docket: Docket, claims: Iterable[Claim]) -> Iterable[Unmet]:
    for claim in claims:
        if not docket.exists(claim.case):
            continue
        case = docket.case(claim.case)
        reached = str(case.values[f"{claim.track}.state"])
        if reached != claim.state:
            flow = engine.program.plan(case.workflow).flow
            way = shortest_way(flow, claim.track, reached, {claim.state})
            yield Unmet(claim, reached, way)


def _overdue(engine: Engine, docket: Docket, on: date) -> Iterable[Overdue]:
    for id in docket.ids():  # noqa: A001
        if docket.case(id).workflow in engine.program.timed:
            docket.take(engine.tick(docket, id, on))
    for id in docket.ids():  # noqa: A001
        for item in engine.standing(docket, id, on):
            if item.due is not None and item.due < on and not item.paused:
                mark = Lateness(item.transition, item.due, (on - item.due).days, item.answerable)
                yield Overdue(id, docket.case(id).workflow, mark)
