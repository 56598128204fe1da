"""What would have to happen before a transition may fire, and the earliest day it could."""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from reformflow.engine.authority import firing_roles
from reformflow.engine.computing import complete
from reformflow.engine.course import judge
from reformflow.engine.program import Program, Step
from reformflow.engine.work import Work
from reformflow.errors import CalendarError
from reformflow.language.reading import walk
from reformflow.model import Case, Cases, Code, Fire, Literal, Refusal, Request

_DAY = timedelta(days=1)
_HORIZON = timedelta(days=3_660)


@attrs.frozen
class Unlock:
    """What stands between a case and a transition.

    `refusals` are the reasons on the day that was asked about; `missing` the facts still to be
    recorded, each with the roles that may record it; `signatures` the offices that have not
    signed; `by` who may fire it; `earliest` the first day from then on at which it would be
    granted if nothing else changes, None if there is no such day within ten years.
    """

    case: str
    transition: str
    refusals: tuple[Refusal, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    signatures: tuple[str, ...]
    by: tuple[str, ...]
    earliest: date | None


def unlock(program: Program, cases: Cases, request: Request) -> Unlock:
    """Say what a request to fire a transition lacks; the request is not carried out."""
    if not isinstance(request.act, Fire):
        message = "only a transition can be unlocked"
        raise TypeError(message)
    case = cases.case(request.case)
    step = program.plan(case.workflow).step(request.act.transition)
    now = judge(program, cases, request)
    missing = dict.fromkeys(column for refusal in now.refusals for column in refusal.missing)
    return Unlock(
        case=case.id,
        transition=step.id,
        refusals=now.refusals,
        missing=tuple((column, _recorders(program, case, step, column)) for column in missing),
        signatures=tuple(
            role
            for refusal in now.refusals
            if refusal.code is Code.NOT_SIGNED
            for role in refusal.must_act
        ),
        by=firing_roles(step.bound),
        earliest=_earliest(program, Work(cases), case, step, request),
    )


# ---------------------------------------------------------------------------------------------


def _recorders(program: Program, case: Case, step: Step, column: str) -> tuple[str, ...]:
    fact = program.plan(case.workflow).flow.facts.get(column)
    if fact is None:
        return ()
    if column in {*step.bound.transition.records, *step.bound.transition.may_record}:
        return firing_roles(step.bound)
    return fact.by


def _earliest(
    program: Program, cases: Cases, case: Case, step: Step, request: Request
) -> date | None:
    """Try the only days on which the answer can change, in order.

    The answer depends on the day through comparisons with constants and date columns and
    through the bounds of deadline and window, so it can change only on those days or the day
    after each.
    """
    turning = _turning_days(program, cases, case, step, request)
    end = min(date.max - _HORIZON, request.on) + _HORIZON
    for day in sorted({request.on, *(day for day in turning if request.on < day <= end)}):
        if _granted(program, cases, attrs.evolve(request, on=day, recorded_at=None)):
            return day
    return None


def _granted(program: Program, cases: Cases, request: Request) -> bool:
    try:
        return judge(program, cases, request).granted
    except CalendarError:
        return False  # what would follow on that day cannot be counted, so it cannot be promised


def _turning_days(
    program: Program, cases: Cases, case: Case, step: Step, request: Request
) -> set[date]:
    plan = program.plan(case.workflow)
    facts = request.act.facts if isinstance(request.act, Fire) else {}
    given = complete(program, plan, case.values, facts, request.on)
    kin = [cases.case(case.parent)] if case.parent is not None else []
    for relation in plan.flow.relations.values():
        kin += cases.children(case.id, relation.workflow)
    seen = [case.values, facts, given, *(other.values for other in kin)]
    days = {value for values in seen for value in values.values() if isinstance(value, date)}
    expressions = [guard.rule.expression for guard in step.guards]
    expressions += [when for _, when in step.bound.to if when is not None]
    for expression in expressions:
        days |= {
            node.value
            for node in walk(expression)
            if isinstance(node, Literal) and isinstance(node.value, date)
        }
    return days | {day + _DAY for day in days if day < date.max}
