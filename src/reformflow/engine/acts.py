"""Deciding the acts other than firing: recording, signing, extending, pausing, correcting."""

from __future__ import annotations

from datetime import date

from reformflow.binding.bound import BoundDeadline
from reformflow.engine.authority import not_authorised, unsigned_roles
from reformflow.engine.computing import complete, moved, paused
from reformflow.engine.doors import check_facts
from reformflow.engine.firing import Outcome, before_last, unknown_columns
from reformflow.engine.program import Plan, Program, Step
from reformflow.engine.scene import Scene
from reformflow.errors import RequestError, UnknownName
from reformflow.model import (
    Actor,
    Case,
    Cases,
    Code,
    Correct,
    Entry,
    Extend,
    Kind,
    Permit,
    Record,
    Refusal,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
)


def record(program: Program, cases: Cases, case: Case, request: Request, act: Record) -> Outcome:
    """Decide a request to record facts."""
    plan = program.plan(case.workflow)
    if not act.facts:
        raise RequestError(message="there is nothing to record", hint="name at least one fact")
    check_facts(plan.flow, act.facts)
    scene = Scene(program, cases, case, case.values, request.on)
    refusals = before_last(case, "opened.on", "opened", request.on)
    for name in act.facts:
        refusals += _may_not_record(scene, name, request.actor)
    if refusals:
        return Outcome(tuple(refusals))
    return Outcome((), complete(program, plan, case.values, act.facts, request.on))


def sign(program: Program, cases: Cases, case: Case, request: Request, act: Sign) -> Outcome:
    """Decide a request to sign a transition for one of the actor's offices."""
    plan = program.plan(case.workflow)
    step = plan.step(act.transition)
    transition = step.bound.transition
    if not transition.signed_by:
        raise RequestError(message=f"{step.id!r} takes no signatures", hint="fire it instead")
    scene = Scene(program, cases, case, case.values, request.on)
    refusals = before_last(case, f"{step.bound.track}.last", step.id, request.on)
    state = case.values[f"{step.bound.track}.state"]
    if state not in step.bound.source:
        values = ((f"{step.bound.track}.state", state),)
        refusals.append(Refusal(Code.NOT_FROM_HERE, step.id, transition.clauses, values=values))
    held = [role for role in transition.signed_by if request.actor.holds(role, case.unit)]
    open_roles = unsigned_roles(scene, step.bound)
    mine = next((role for role in held if role in open_roles), None)
    if not held:
        refusals.append(not_authorised(step.id, transition.signed_by, transition.clauses))
    elif mine is None:
        refusals.append(
            Refusal(Code.ALREADY_SIGNED, step.id, transition.clauses, must_act=open_roles)
        )
    if refusals or mine is None:
        return Outcome(tuple(refusals))
    changes = {f"{step.id}.signed.{mine}": request.actor.id}
    return Outcome((), complete(program, plan, case.values, changes, request.on))


def extend(program: Program, cases: Cases, case: Case, request: Request, act: Extend) -> Outcome:
    """Decide a request to move a deadline to a later day."""
    plan, step, deadline = _deadline(program, case, act.transition)
    refusals = _may_not(deadline.extension, step, case, request.actor)
    refusals += before_last(case, "opened.on", step.id, request.on)
    due = case.values[deadline.due]
    if not isinstance(due, date):
        refusals.append(_no_date(step, deadline))
    elif act.until <= due:
        values = ((deadline.due, due),)
        refusals.append(Refusal(Code.NOT_LATER, step.id, deadline.clauses, values=values))
    else:
        refusals += _beyond_permit(program, cases, case, deadline, due, act.until)
    if refusals:
        return Outcome(tuple(refusals))
    changes: dict[str, Value] = {deadline.due: act.until, deadline.extended: act.until}
    return Outcome((), complete(program, plan, case.values, changes, request.on))


def suspend(program: Program, case: Case, request: Request, act: Suspend) -> Outcome:
    """Decide a request to stop the clock of a deadline."""
    plan, step, deadline = _deadline(program, case, act.transition)
    refusals = _may_not(deadline.suspension, step, case, request.actor)
    refusals += before_last(case, f"{step.bound.track}.last", step.id, request.on)
    if case.values[deadline.due] is None:
        refusals.append(_no_date(step, deadline))
    if paused(deadline, case.values):
        refusals.append(_not_running(step, deadline, case))
    if refusals:
        return Outcome(tuple(refusals))
    changes = {deadline.paused: request.on}
    return Outcome((), complete(program, plan, case.values, changes, request.on))


def resume(program: Program, case: Case, request: Request, act: Resume) -> Outcome:
    """Decide a request to let the clock of a deadline run again."""
    plan, step, deadline = _deadline(program, case, act.transition)
    refusals = _may_not(deadline.suspension, step, case, request.actor)
    since = case.values[deadline.paused] if deadline.can_pause else None
    if not isinstance(since, date):
        refusals.append(Refusal(Code.NOT_RUNNING, step.id, deadline.clauses))
    elif request.on < since:
        values = ((deadline.paused, since),)
        refusals.append(Refusal(Code.BEFORE_LAST_ENTRY, step.id, values=values))
    if refusals or not isinstance(since, date):
        return Outcome(tuple(refusals))
    due = moved(program.calendar, deadline, case.values[deadline.due], since, request.on)
    changes: dict[str, Value] = {deadline.paused: None, deadline.due: due}
    return Outcome((), complete(program, plan, case.values, changes, request.on))


def correct(program: Program, cases: Cases, case: Case, request: Request, act: Correct) -> Outcome:
    """Decide a request to correct an earlier entry by a new one."""
    plan = program.plan(case.workflow)
    entries = list(cases.entries(case.id))
    if not 1 <= act.entry <= len(entries):
        known = [str(entry.seq) for entry in entries]
        raise UnknownName.of("entry", str(act.entry), known)
    entry = entries[act.entry - 1]
    if act.void == bool(act.facts):
        message = "a correction either takes an entry back or records other facts for it"
        raise RequestError(message=message, hint="give facts, or void, not both")
    refusals = []
    if not request.reason:
        refusals.append(Refusal(Code.REASON_MISSING, f"entry {act.entry}"))
    roles = plan.flow.workflow.corrected_by
    if not request.actor.holds_any(roles, case.unit):
        refusals.append(not_authorised(f"entry {act.entry}", roles))
    if act.void:
        changes, more = _without(plan, case, entries, entry)
        refusals += more
    else:
        facts = plan.flow.facts
        recorded = [n for n in entry.changes if n in facts and facts[n].derived is None]
        check_facts(plan.flow, act.facts, recorded)
        refusals += _recorded_again(case, entries, entry, act)
        changes = dict(act.facts)
    if refusals:
        return Outcome(tuple(refusals))
    return Outcome((), complete(program, plan, case.values, changes, request.on))


# ---------------------------------------------------------------------------------------------


def _may_not_record(scene: Scene, name: str, actor: Actor) -> list[Refusal]:
    fact = scene.plan.flow.facts[name]
    values = ((name, scene.values[name]),)
    if fact.derived is not None or not fact.by:
        return [Refusal(Code.NOT_BY_HAND, name, fact.clauses, values=values)]
    refusals = []
    if not actor.holds_any(fact.by, scene.case.unit):
        refusals.append(not_authorised(name, fact.by, fact.clauses))
    if fact.once and scene.values[name] is not None:
        refusals.append(Refusal(Code.ALREADY_RECORDED, name, fact.clauses, values=values))
    test = scene.plan.during.get(name)
    if test is not None and not scene.true(test):
        missing = () if scene.false(test) else _unknown(scene, name)
        refusals.append(Refusal(Code.NOT_NOW, name, fact.clauses, values=values, missing=missing))
    return refusals


def _unknown(scene: Scene, name: str) -> tuple[str, ...]:
    return unknown_columns(scene.values, scene.plan.flow.during[name])


def _deadline(program: Program, case: Case, transition: str) -> tuple[Plan, Step, BoundDeadline]:
    plan = program.plan(case.workflow)
    step = plan.step(transition)
    if step.bound.deadline is None:
        raise UnknownName.of("deadline", transition, plan.flow.deadlines)
    return plan, step, step.bound.deadline


def _may_not(permit: Permit | None, step: Step, case: Case, actor: Actor) -> list[Refusal]:
    by = permit.by if permit else ()
    if actor.holds_any(by, case.unit):
        return []
    return [not_authorised(step.id, by, permit.clauses if permit else ())]


def _beyond_permit(
    program: Program, cases: Cases, case: Case, deadline: BoundDeadline, due: date, until: date
) -> list[Refusal]:
    """Return the refusals of an extension too many, or too long."""
    permit, step, refusals = deadline.extension, deadline.longest, []
    clauses = (permit.clauses if permit else ()) or deadline.clauses
    if permit is not None and permit.times is not None:
        entries = cases.entries(case.id)
        voided = {entry.voids for entry in entries}
        extended = [
            entry
            for entry in entries
            if entry.kind is Kind.EXTENDED
            and entry.name == deadline.transition
            and entry.seq not in voided
        ]
        if len(extended) >= permit.times:
            values = ((deadline.due, due),)
            refusals.append(
                Refusal(Code.EXTENDED_ALREADY, deadline.transition, clauses, values=values)
            )
    if step is not None:
        last = step.counted(program.calendar, due)
        if until > last:
            values = ((deadline.due, last),)
            refusals.append(Refusal(Code.TOO_LONG, deadline.transition, clauses, values=values))
    return refusals


def _no_date(step: Step, deadline: BoundDeadline) -> Refusal:
    return Refusal(Code.NO_DATE, step.id, deadline.clauses, missing=(deadline.due,))


def _not_running(step: Step, deadline: BoundDeadline, case: Case) -> Refusal:
    values = ((deadline.paused, case.values[deadline.paused]),)
    return Refusal(Code.NOT_RUNNING, step.id, deadline.clauses, values=values)


def _recorded_again(case: Case, entries: list[Entry], wrong: Entry, act: Correct) -> list[Refusal]:
    """Return the refusal of mending a fact that a later entry has recorded anew.

    Corrections of the same entry do not count: the last one stands.
    """
    later = {
        column
        for entry in entries[wrong.seq :]
        if entry.voids != wrong.seq
        for column in entry.changes
    }
    values = tuple((name, case.values[name]) for name in act.facts if name in later)
    if not values:
        return []
    return [Refusal(Code.DEPENDED_ON, f"entry {wrong.seq}", values=values)]


def _without(
    plan: Plan, case: Case, entries: list[Entry], wrong: Entry
) -> tuple[dict[str, Value], list[Refusal]]:
    """Return the values that columns had before the wrong entry, if nothing rests on it.

    The opening of a case cannot be taken back, nor its migration, nor the entry by which a duty
    opened a child.
    """
    subject = f"entry {wrong.seq}"
    voided = {entry.voids for entry in entries if entry.kind is Kind.CORRECTED and not entry.name}
    lasting = wrong.kind in {Kind.OPENED, Kind.MIGRATED} or wrong.name in plan.flow.duties
    gone = wrong.changes.keys() - plan.flow.columns.keys()  # of an earlier definition
    if lasting or gone or wrong.seq in voided:
        return {}, [Refusal(Code.DEPENDED_ON, subject)]
    later = {column for entry in entries[wrong.seq :] for column in entry.changes}
    shared = sorted(later & wrong.changes.keys())
    if shared:
        values = tuple((column, case.values[column]) for column in shared)
        return {}, [Refusal(Code.DEPENDED_ON, subject, values=values)]
    before: dict[str, Value] = dict.fromkeys(case.values)
    for entry in entries[: wrong.seq - 1]:
        before.update(entry.changes)
    return {column: before[column] for column in wrong.changes}, []
