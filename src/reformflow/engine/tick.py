"""What the passing of time does: transitions on a day, by silence, and recurring duties.

A timed transition fires at most once for its date and never before it, however often and late
the clock is read: it is entered with the day on which it was due to fire.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs

from reformflow.binding import BoundDuty
from reformflow.calendars import recurrence
from reformflow.engine.computing import complete, paused
from reformflow.engine.decide import first_changes
from reformflow.engine.firing import fire_by_itself
from reformflow.engine.program import Plan, Program, Step, blank
from reformflow.engine.scene import Scene
from reformflow.engine.settle import add_fired, not_before, passing, settle
from reformflow.engine.work import Work
from reformflow.model import Case, Cases, Decision, Entry, Kind, Value

_DAY = timedelta(days=1)


@attrs.frozen
class _Event:
    """Something that time brings: on which day, and which transition or duty it is."""

    on: date
    order: int
    step: Step | None = None
    duty: BoundDuty | None = None


def tick(
    program: Program, cases: Cases, case: str, on: date, recorded_at: datetime | None = None
) -> Decision:
    """Return everything that time has brought to one case up to and including `on`."""
    work = Work(cases)
    pass_time(program, work, case, on, recorded_at)
    return Decision(
        case,
        entries=tuple(work.done),
        opened=tuple(work.opened),
        workflow=work.case(case).workflow,
    )


def pass_time(
    program: Program, work: Work, case: str, on: date, recorded_at: datetime | None
) -> None:
    """Let time pass for one case up to and including `on`."""
    seen: set[tuple[str, date]] = set()
    while (event := _next(program, work, work.case(case), on, seen)) is not None:
        _happen(program, work, work.case(case), event, recorded_at)
        seen.add((_name(event), event.on))
    plan = program.plan(work.case(case).workflow)
    if plan.flow.watches_today:
        settle(program, work, case, passing(program, work.case(case), on, recorded_at))


def next_date(program: Program, cases: Cases, case: Case) -> date | None:
    """Return the earliest day on which time will bring something to a case, if nothing changes."""
    events = [*_timed(program, cases, case, date.max), *_duties(program, case, date.max)]
    return min((event.on for event in events), default=None)


def next_period(
    program: Program, duty: BoundDuty, first: date, known: date, count: int
) -> tuple[date, int, date, date] | None:
    """Return opening day, number, first day and due date of the next period of a duty.

    `first` is the due date of period 1, `known` the day on which it became known, `count` how
    many periods there have been.
    """
    periods = recurrence(
        program.calendar,
        first=first,
        unit=duty.every.unit,
        amount=duty.every.amount,
        yearly=duty.every.days_of_year,
        roll=duty.every.roll,
        opens=min(known, first),
        until=date.max,
    )
    for number, start, due in periods:
        if number == count + 1:
            lead = duty.duty.lead_days
            opens = start if lead is None else due - timedelta(days=lead)
            return max(opens, known), number, start, due
    return None


# ---------------------------------------------------------------------------------------------


def _name(event: _Event) -> str:
    return event.step.id if event.step else event.duty.duty.id if event.duty else ""


def _next(
    program: Program, work: Work, case: Case, on: date, seen: set[tuple[str, date]]
) -> _Event | None:
    events = [*_timed(program, work, case, on), *_duties(program, case, on)]
    fresh = [
        event for event in events if event.step is None or (event.step.id, event.on) not in seen
    ]
    return min(fresh, key=lambda event: (event.on, event.order), default=None)


def _timed(program: Program, cases: Cases, case: Case, on: date) -> Iterator[_Event]:
    for order, step in enumerate(program.plan(case.workflow).timed):
        day = _day_of(program.plan(case.workflow), case, step)
        if day is None or day > on:
            continue
        fired = case.values[f"{step.id}.on"]
        if isinstance(fired, date) and fired >= day:
            continue  # it has had its turn for this date
        when = not_before(case, step, day)
        if when <= on and fire_by_itself(program, cases, case, step, when) is not None:
            yield _Event(day, order, step=step)


def _day_of(plan: Plan, case: Case, step: Step) -> date | None:
    if step.bound.at is not None:
        day = case.values[step.bound.at]
        return day if isinstance(day, date) else None
    deadline = plan.flow.deadlines.get(step.bound.transition.after_due or "")
    if deadline is None:
        return None  # the transition it waits for is switched off
    due = case.values[deadline.due]
    if not isinstance(due, date) or paused(deadline, case.values):
        return None
    return due + _DAY


def _duties(program: Program, case: Case, on: date) -> Iterator[_Event]:
    duties = program.plan(case.workflow).flow.duties.values()
    for order, duty in enumerate(duties, start=len(program.plan(case.workflow).timed)):
        period = _period(program, duty, case)
        if period is not None and period[0] <= on:
            yield _Event(period[0], order, duty=duty)


def _period(program: Program, duty: BoundDuty, case: Case) -> tuple[date, int, date, date] | None:
    first, count = case.values[duty.first], case.values[duty.count]
    known = case.values[duty.known]
    if not (isinstance(first, date) and isinstance(count, int) and isinstance(known, date)):
        return None
    return next_period(program, duty, first, known, count)


def _happen(
    program: Program, work: Work, case: Case, event: _Event, recorded_at: datetime | None
) -> None:
    cause = passing(program, case, event.on, recorded_at)
    if event.step is not None:
        on = not_before(case, event.step, event.on)
        outcome = fire_by_itself(program, work, case, event.step, on)
        if outcome is not None:
            cause = attrs.evolve(cause, on=on)
            entry = add_fired(program, work, case, event.step, outcome, cause)
            settle(program, work, case.id, entry)
    elif event.duty is not None:
        _open_period(program, work, case, event.duty, cause)


def _open_period(program: Program, work: Work, case: Case, duty: BoundDuty, cause: Entry) -> None:
    period = _period(program, duty, case)
    if period is None:
        return
    _, number, start, due = period
    plan = program.plan(case.workflow)
    scene = Scene(program, work, case, case.values, cause.on)
    test = plan.conditions.get(duty.duty.id)
    wanted = test is None or scene.true(test)
    sets = {name: scene.value(expression) for name, expression in duty.sets}
    changes = complete(program, plan, case.values, {duty.count: number}, cause.on)
    name = duty.duty.id
    entry = attrs.evolve(cause, kind=Kind.RECORDED, name=name, changes=changes)
    work.add(entry)
    if wanted and not work.exists(f"{case.id}/{name}/{number}"):
        facts: dict[str, Value] = {**sets}
        given: dict[str, Value] = {"due": due, "start": start, "number": number}
        facts |= {fact: given[part] for part, fact in duty.duty.gives}
        child = Case(
            id=f"{case.id}/{name}/{number}",
            workflow=duty.child,
            values=blank(program.plan(duty.child)),
            unit=case.unit,
            subject=case.subject,
            parent=case.id,
            definition=program.definition,
        )
        _open_child(program, work, child, facts, cause)
    settle(program, work, case.id, cause)


def _open_child(
    program: Program, work: Work, case: Case, facts: dict[str, Value], cause: Entry
) -> None:
    plan = program.plan(case.workflow)
    changes = first_changes(program, plan, case, facts, cause.on)
    work.open(case)
    entry = work.add(
        attrs.evolve(cause, case=case.id, kind=Kind.OPENED, name=case.workflow, changes=changes)
    )
    settle(program, work, case.id, entry)
