"""The decision: a pure function of the definition, the cases and the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from reformflow.calendars import check_day, local_date
from reformflow.engine import acts
from reformflow.engine.authority import not_authorised
from reformflow.engine.computing import complete
from reformflow.engine.doors import check_facts
from reformflow.engine.firing import Outcome, broken, fire, missing_facts
from reformflow.engine.program import Plan, Program, blank
from reformflow.engine.scene import Scene
from reformflow.errors import RequestError
from reformflow.model import (
    Case,
    Cases,
    Code,
    Correct,
    Decision,
    Entry,
    Extend,
    Fire,
    Kind,
    Lateness,
    Open,
    Record,
    Refusal,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
    storage_problem,
)


def decide(program: Program, cases: Cases, request: Request) -> Decision:
    """Answer a request: granted with its entry, or refused with every reason.

    Reads no clock and changes nothing. What fires by itself because of the act is not in the
    answer; `settle` adds it. Raises RequestError for a request that names what does not exist
    or holds values that no case could have, and CalendarError where a date cannot be counted.
    """
    check_request(request)
    future = in_the_future(program, request)
    if isinstance(request.act, Open):
        return _open(program, cases, request, request.act, future)
    case = cases.case(request.case)
    outcome = _outcome(program, cases, case, request)
    if future or outcome.refusals:
        return Decision(case.id, refusals=(*future, *outcome.refusals), workflow=case.workflow)
    entry = entry_of(program, case, request, outcome.changes, outcome.late)
    return Decision(case.id, entries=(entry,), workflow=case.workflow)


def check_request(request: Request) -> None:
    """Raise RequestError for a request that nobody could decide, whatever the cases are."""
    actor = request.actor.id
    if not (actor and request.case) or storage_problem(
        f"{request.case}{request.reason or ''}{request.key or ''}{actor}"
    ):
        _check_texts(request)
    check_day(request.on)
    if isinstance(request.act, Extend):
        check_day(request.act.until)
    if request.recorded_at is not None and request.recorded_at.utcoffset() is None:
        hint = "give an aware datetime, for example with tzinfo=UTC"
        raise RequestError(message="recorded_at has no offset from UTC", hint=hint)


def entry_of(
    program: Program,
    case: Case,
    request: Request,
    changes: Mapping[str, Value],
    late: tuple[Lateness, ...] = (),
) -> Entry:
    """Return the entry that a request makes, with what it comes to."""
    kind, name = _named(request)
    return Entry(  # by position: by name takes twice as long, and every act comes by here
        case.id,
        case.revision + 1,
        kind,
        name,
        request.actor.id,
        request.on,
        changes,
        request.recorded_at,
        request.reason,
        late,
        request.act.entry if isinstance(request.act, Correct) else None,
        program.definition,
        request.key,
    )


def in_the_future(program: Program, request: Request) -> tuple[Refusal, ...]:
    """Return the refusal of an act whose day has not come yet in the reform's zone."""
    if request.recorded_at is None:
        return ()
    today = local_date(request.recorded_at, program.zone)
    if request.on <= today:
        return ()
    return (Refusal(Code.IN_THE_FUTURE, "on", values=(("on", request.on), ("today", today))),)


# ---------------------------------------------------------------------------------------------


def _outcome(program: Program, cases: Cases, case: Case, request: Request) -> Outcome:
    match request.act:
        case Fire() as act:
            return fire(program, cases, case, request, act)
        case Record() as act:
            return acts.record(program, cases, case, request, act)
        case Sign() as act:
            return acts.sign(program, cases, case, request, act)
        case Extend() as act:
            return acts.extend(program, cases, case, request, act)
        case Suspend() as act:
            return acts.suspend(program, case, request, act)
        case Resume() as act:
            return acts.resume(program, case, request, act)
        case Correct() as act:
            return acts.correct(program, cases, case, request, act)
        case Open():
            raise AssertionError(request.act)
        case _:
            assert_never(request.act)


def _named(request: Request) -> tuple[Kind, str]:
    """Return the kind and the name of the entry that the request makes if it is granted."""
    match request.act:
        case Fire(transition=name):
            return Kind.FIRED, name
        case Open(workflow=workflow):
            return Kind.OPENED, workflow
        case Record():
            return Kind.RECORDED, ""
        case Sign(transition=name):
            return Kind.SIGNED, name
        case Extend(transition=name):
            return Kind.EXTENDED, name
        case Suspend(transition=name):
            return Kind.SUSPENDED, name
        case Resume(transition=name):
            return Kind.RESUMED, name
        case Correct(void=void):
            return Kind.CORRECTED, "" if void else "facts"
        case _:
            assert_never(request.act)


def _check_texts(request: Request) -> None:
    actor = request.actor.id
    for value, field in (
        (request.case, "case"),
        (request.reason, "reason"),
        (request.key, "key"),
        (actor, "actor"),
    ):
        if value and (problem := storage_problem(value)):
            raise RequestError(message=f"the {field} cannot be stored: {problem}")
    if not actor:
        # An entry without an actor tells that something fired by itself.
        raise RequestError(message="the actor has no id", hint="say who acts")
    if not request.case:
        raise RequestError(message="the case has no id", hint="name the case")


def _open(
    program: Program, cases: Cases, request: Request, act: Open, future: tuple[Refusal, ...]
) -> Decision:
    plan = program.plan(act.workflow)
    opening = plan.flow.workflow.opening
    check_facts(plan.flow, act.facts, (*opening.records, *opening.may_record))
    if cases.exists(request.case):
        refusal = Refusal(Code.ALREADY_OPEN, request.case, opening.clauses)
        return Decision(request.case, refusals=(*future, refusal), workflow=act.workflow)
    case = new_case(program, plan, cases, request, act)
    outcome = _opening(program, plan, cases, case, request, act)
    if future or outcome.refusals:
        return Decision(case.id, refusals=(*future, *outcome.refusals), workflow=case.workflow)
    entry = entry_of(program, case, request, outcome.changes, outcome.late)
    return Decision(case.id, entries=(entry,), opened=(case,), workflow=case.workflow)


def new_case(program: Program, plan: Plan, cases: Cases, request: Request, act: Open) -> Case:
    """Return the case that a request opens, before its first entry."""
    unit = act.unit
    if act.parent is not None:
        parent = cases.case(act.parent)
        relations = program.plan(parent.workflow).flow.relations.values()
        if act.workflow not in {relation.workflow for relation in relations}:
            message = f"a case of {parent.workflow!r} has no children of {act.workflow!r}"
            raise RequestError(message=message, hint="open it under another parent")
        unit = unit or parent.unit
    for text in (request.case, unit, act.subject):
        if problem := storage_problem(text):
            raise RequestError(message=f"{text!r} cannot be stored: {problem}")
    return Case(
        id=request.case,
        workflow=act.workflow,
        values=blank(plan),
        unit=unit,
        subject=act.subject,
        parent=act.parent,
        definition=program.definition,
    )


def _opening(
    program: Program, plan: Plan, cases: Cases, case: Case, request: Request, act: Open
) -> Outcome:
    opening = plan.flow.workflow.opening
    changes = first_changes(program, plan, case, act.facts, request.on)
    scene = Scene(program, cases, case, {**case.values, **changes}, request.on)
    refusals = [
        *missing_facts(plan, scene.values, opening.records, case.id, opening.clauses),
        *broken(scene, plan.opening),
    ]
    units = {case.unit} if act.parent is None else {case.unit, cases.case(act.parent).unit} - {""}
    if not all(request.actor.holds_any(opening.by, unit) for unit in units or {""}):
        refusals.insert(0, not_authorised(case.workflow, opening.by, opening.clauses))
    return Outcome(tuple(refusals), changes)


def first_changes(
    program: Program, plan: Plan, case: Case, facts: Mapping[str, Value], on: date
) -> dict[str, Value]:
    """Return what the opening of a case writes: its whole record, on which history builds."""
    given: dict[str, Value] = {**facts, "opened.on": on}
    for track in plan.flow.tracks:
        given |= {f"{track}.since": on, f"{track}.last": on}
    changes = complete(program, plan, case.values, given, on)
    record = {**case.values, **changes}
    return {column: value for column, value in record.items() if value is not None}
