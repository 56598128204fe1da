"""What fires by itself: joins and other automatic transitions, to a fixed point."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime

import attrs

from reformflow.engine.firing import Outcome, fire_by_itself
from reformflow.engine.program import Program, Step
from reformflow.engine.work import Work
from reformflow.model import Case, Decision, Entry, Kind


def settle(program: Program, work: Work, case: str, cause: Entry) -> None:
    """Fire every automatic transition of the case and its kin until nothing more fires.

    It ends: along its automatic transitions no track has a cycle (checked when the definition
    is bound), so each case fires at most as often as its tracks have states.
    """
    waiting = deque([case])
    while waiting:
        changed = work.case(waiting.popleft())
        for near in _affected(program, work, changed):
            if _advance(program, work, near, cause):
                waiting.append(near)


def settled(program: Program, work: Work, decision: Decision) -> Decision:
    """Return a granted decision with all that fires by itself because of it."""
    for case in decision.opened:
        work.open(case)
    for entry in decision.entries:
        work.add(entry)
        settle(program, work, entry.case, entry)
    return Decision(
        decision.case,
        entries=tuple(work.done),
        opened=tuple(work.opened),
        workflow=decision.workflow,
    )


def add_fired(
    program: Program, work: Work, case: Case, step: Step, outcome: Outcome, cause: Entry
) -> Entry:
    """Enter the firing of a transition without an actor; `cause` tells when it was recorded."""
    entry = Entry(
        case=case.id,
        seq=case.revision + 1,
        kind=Kind.FIRED,
        name=step.id,
        actor="",
        on=cause.on,
        changes=outcome.changes,
        recorded_at=cause.recorded_at,
        late=outcome.late,
        definition=program.definition,
    )
    return work.add(entry)


def passing(program: Program, case: Case, on: date, recorded_at: datetime | None) -> Entry:
    """Return an entry that stands for a day on which something happened; it is never stored."""
    return Entry(
        case=case.id,
        seq=0,
        kind=Kind.FIRED,
        name="",
        actor="",
        on=on,
        changes={},
        recorded_at=recorded_at,
        definition=program.definition,
    )


def not_before(case: Case, step: Step, on: date) -> date:
    """Return the day on which a transition fires by itself: never before its track's last entry."""
    last = case.values[f"{step.bound.track}.last"]
    return max(on, last) if isinstance(last, date) else on


# ---------------------------------------------------------------------------------------------


def _affected(program: Program, work: Work, case: Case) -> Iterator[str]:
    """Yield the cases whose automatic transitions may read what changed in `case`."""
    plan = program.plan(case.workflow)
    if plan.automatic:
        yield case.id
    for relation in plan.flow.relations.values():
        if program.plan(relation.workflow).watches_parent:
            for child in work.children(case.id, relation.workflow):
                yield child.id
    if case.parent is not None and plan.flow.parent is not None:
        above = program.plan(plan.flow.parent)
        watched = {above.flow.relations[relation].workflow for relation in above.watches}
        if case.workflow in watched:
            yield case.parent


def _advance(program: Program, work: Work, id: str, cause: Entry) -> bool:  # noqa: A002
    """Fire the automatic transitions of one case as long as one may; say whether any did."""
    fired = False
    steps = program.plan(work.case(id).workflow).automatic
    while any(_fire(program, work, id, step, cause) for step in steps):
        fired = True
    return fired


def _fire(program: Program, work: Work, id: str, step: Step, cause: Entry) -> bool:  # noqa: A002
    case = work.case(id)
    on = not_before(case, step, cause.on)
    outcome = fire_by_itself(program, work, case, step, on)
    if outcome is None:
        return False
    add_fired(program, work, case, step, outcome, attrs.evolve(cause, on=on))
    return True
