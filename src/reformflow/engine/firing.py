"""Deciding whether a transition may fire, and what changes when it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from reformflow.engine.authority import may_not
from reformflow.engine.computing import complete
from reformflow.engine.doors import check_facts, check_value
from reformflow.engine.lateness import Timing, timing
from reformflow.engine.program import Callback, Guard, Plan, Program, Step
from reformflow.engine.scene import Scene
from reformflow.errors import RequestError
from reformflow.language.reading import columns_read
from reformflow.model import (
    SELF,
    Case,
    Cases,
    Code,
    Expression,
    Fire,
    Lateness,
    Refusal,
    Request,
    Value,
)


@attrs.frozen
class Outcome:
    """What an act comes to: refusals, or the changes it makes to the case's columns."""

    refusals: tuple[Refusal, ...] = ()
    changes: Mapping[str, Value] = attrs.field(factory=dict)
    late: tuple[Lateness, ...] = ()


def fire(program: Program, cases: Cases, case: Case, request: Request, act: Fire) -> Outcome:
    """Decide a request to fire a transition; UnknownName if the workflow has none such."""
    plan = program.plan(case.workflow)
    step = plan.step(act.transition)
    transition = step.bound.transition
    check_facts(plan.flow, act.facts, (*transition.records, *transition.may_record))
    given: Mapping[str, Value] = case.values
    if act.facts:
        computed = complete(program, plan, given, act.facts, request.on)
        given = {**given, **act.facts, **computed}
    scene = Scene(program, cases, case, given, request.on)
    dates = timing(program, scene, step, request.reason)
    target, undecided = choose(scene, step)
    refusals = [
        *_not_from_here(case, step),
        *_before_last(case, step, request.on),
        *(
            [Refusal(Code.NOT_BY_HAND, step.id, transition.clauses)]
            if transition.by_itself
            else may_not(scene, step.bound, request.actor)
        ),
        *missing_facts(plan, scene.values, transition.records, step.id, transition.clauses),
        *_already_recorded(plan, case, act.facts),
        *broken(scene, step.guards),
        *_called_back(case, step),
        *undecided,
        *dates.refusals,
    ]
    if transition.reason and not request.reason:
        refusals.append(Refusal(Code.REASON_MISSING, step.id, transition.clauses))
    sets, unset = assignments(scene, step)
    refusals += unset
    if refusals:
        return Outcome(tuple(dict.fromkeys(refusals)))
    changes = moves(plan, step, case, target, request.on, request.actor.id)
    changes = {**act.facts, **sets, **changes}
    return Outcome((), complete(program, plan, case.values, changes, request.on), dates.late)


def fire_by_itself(
    program: Program, cases: Cases, case: Case, step: Step, on: date
) -> Outcome | None:
    """Return what happens when a transition without an actor fires; None if it may not."""
    plan = program.plan(case.workflow)
    if case.values[f"{step.bound.track}.state"] not in step.bound.source:
        return None
    scene = Scene(program, cases, case, case.values, on)
    if not all(scene.true(guard.test) for guard in step.guards):
        return None
    target, undecided = choose(scene, step)
    try:
        sets, unset = assignments(scene, step)
    except RequestError:
        return None  # a value out of its fact's bounds: nobody's request is at fault here
    if undecided or unset:
        return None
    late: Timing = timing(program, scene, step, reason=None)
    changes = {**sets, **moves(plan, step, case, target, on, "")}
    return Outcome((), complete(program, plan, case.values, changes, on), late.late)


def callback_name(callback: Callback) -> str:
    """Return what a host's condition is called in refusals."""
    return getattr(callback, "__name__", type(callback).__name__)


def choose(scene: Scene, step: Step) -> tuple[str | None, list[Refusal]]:
    """Return the state of the first branch that applies; refusals if that cannot be told.

    None without refusals stands for a transition that stays where it is.
    """
    clauses = step.bound.transition.clauses
    for (state, test), (_, when) in zip(step.branches, step.bound.to, strict=True):
        if test is None or scene.true(test):
            return state, []
        if when is not None and not scene.false(test):
            missing = unknown_columns(scene.values, when)
            return None, [Refusal(Code.NOT_RECORDED, step.id, clauses, missing=missing)]
    if step.branches:
        shown = tuple(
            (name.column, scene.values[name.column])
            for _, when in step.bound.to
            if when is not None
            for name in columns_read(when)
            if name.owner == SELF
        )
        return None, [Refusal(Code.RULE_BROKEN, step.id, clauses, values=shown)]
    return None, []


def broken(scene: Scene, guards: Iterable[Guard]) -> list[Refusal]:
    """Return a refusal for every rule that is not true."""
    refusals: list[Refusal] = []
    for guard in guards:
        if scene.true(guard.test):
            continue
        rule = guard.rule
        read = columns_read(rule.expression)
        values = tuple(
            (name.column, scene.values[name.column]) for name in read if name.owner == SELF
        )
        if scene.false(guard.test):
            refusals.append(Refusal(Code.RULE_BROKEN, rule.id, rule.clauses, rule.says, values))
        else:
            missing = unknown_columns(scene.values, rule.expression)
            refusals.append(
                Refusal(Code.NOT_RECORDED, rule.id, rule.clauses, rule.says, values, missing)
            )
    return refusals


def unknown_columns(values: Mapping[str, Value], expression: Expression) -> tuple[str, ...]:
    """Return the columns of an expression that have no value, those of kin with their owner."""
    missing: list[str] = []
    for name in columns_read(expression):
        if name.owner != SELF:
            missing.append(f"{name.owner}.{name.column}")
        elif values[name.column] is None:
            missing.append(name.column)
    return tuple(missing)


def missing_facts(
    plan: Plan,
    values: Mapping[str, Value],
    facts: Iterable[str],
    subject: str,
    clauses: tuple[str, ...],
) -> list[Refusal]:
    """Return one refusal that names the facts which have to be recorded and are not."""
    missing = tuple(fact for fact in facts if values[fact] is None)
    if not missing:
        return []
    cited = tuple(
        dict.fromkeys([*clauses, *(c for fact in missing for c in plan.flow.facts[fact].clauses)])
    )
    return [Refusal(Code.NOT_RECORDED, subject, cited, missing=missing)]


def assignments(scene: Scene, step: Step) -> tuple[dict[str, Value], list[Refusal]]:
    """Return the facts that a transition sets; refusals for those that cannot be worked out."""
    values: dict[str, Value] = {}
    refusals: list[Refusal] = []
    for fact, expression in step.bound.sets:
        value = scene.value(expression)
        if value is None:
            missing = unknown_columns(scene.values, expression)
            clauses = step.bound.transition.clauses
            refusals.append(Refusal(Code.NOT_RECORDED, step.id, clauses, missing=missing))
        else:
            check_value(scene.plan.flow.facts[fact], value)
            values[fact] = value
    return values, refusals


def moves(
    plan: Plan, step: Step, case: Case, target: str | None, on: date, actor: str
) -> dict[str, Value]:
    """Return the changes to the track, the marks and the signatures when a transition fires."""
    track = step.bound.track
    changes: dict[str, Value] = {f"{track}.last": on}
    marks: dict[str, Value] = {f"{step.id}.on": on, f"{step.id}.by": actor}
    changes |= {mark: value for mark, value in marks.items() if mark in plan.flow.columns}
    moved = target is not None and target != case.values[f"{track}.state"]
    if target is not None:
        changes |= {f"{track}.state": target, f"{track}.since": on}
    for other in plan.signed:
        if other.id == step.id or (moved and other.bound.track == track):
            changes |= dict.fromkeys(
                f"{other.id}.signed.{role}" for role in other.bound.transition.signed_by
            )
    return changes


# ---------------------------------------------------------------------------------------------


def _already_recorded(plan: Plan, case: Case, facts: Mapping[str, Value]) -> list[Refusal]:
    """Return a refusal for each fact that changes only by correction and has a value already."""
    return [
        Refusal(
            Code.ALREADY_RECORDED,
            name,
            plan.flow.facts[name].clauses,
            values=((name, case.values[name]),),
        )
        for name, value in facts.items()
        if plan.flow.facts[name].once and case.values[name] not in (None, value)
    ]


def _called_back(case: Case, step: Step) -> list[Refusal]:
    """Return the refusal of the host's own condition."""
    if step.callback is None or step.callback(case):
        return []
    return [Refusal(Code.RULE_BROKEN, callback_name(step.callback), step.bound.transition.clauses)]


def _not_from_here(case: Case, step: Step) -> list[Refusal]:
    column = f"{step.bound.track}.state"
    state = case.values[column]
    if state in step.bound.source:
        return []
    clauses = step.bound.transition.clauses
    return [Refusal(Code.NOT_FROM_HERE, step.id, clauses, values=((column, state),))]


def _before_last(case: Case, step: Step, on: date) -> list[Refusal]:
    return before_last(case, f"{step.bound.track}.last", step.id, on)


def before_last(case: Case, column: str, subject: str, on: date) -> list[Refusal]:
    """Return the refusal of an act that is older than what it follows."""
    last = case.values[column]
    if isinstance(last, date) and on < last:
        return [Refusal(Code.BEFORE_LAST_ENTRY, subject, values=((column, last),))]
    return []
