"""Acts as they happened, also those that the rules forbid: for looking back at what was done.

A decision says whether an act may be done. Whoever audits what others did needs more: what the
rules say of it, and the cases as the act has left them nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reformflow.binding.ways import shortest_way
from reformflow.engine.computing import complete
from reformflow.engine.course import up_to
from reformflow.engine.decide import decide, entry_of, first_changes, new_case
from reformflow.engine.firing import Outcome, assignments, moves
from reformflow.engine.lateness import timing
from reformflow.engine.program import Plan, Program, Step
from reformflow.engine.scene import Scene
from reformflow.engine.settle import settled
from reformflow.engine.work import Work
from reformflow.model import (
    Case,
    Cases,
    Code,
    Decision,
    Fire,
    Lateness,
    Open,
    Record,
    Refusal,
    Request,
    Value,
)


@attrs.frozen
class Happened:
    """What an act has come to: the refusals it deserved, and what it left behind.

    `decision` holds the entries and cases that it left, without refusals, as `Docket.take` wants
    them; it is empty where an act that was refused cannot have had any effect. `late` are the
    dates it was outside of, whatever the definition makes of that; `skipped` the transitions that
    had to come before it and are not told of.
    """

    refusals: tuple[Refusal, ...]
    decision: Decision
    late: tuple[Lateness, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the rules allowed it."""
        return not self.refusals


def happened(program: Program, cases: Cases, request: Request) -> Happened:
    """Return what an act that was done has come to.

    An opening, a firing or facts recorded are taken to have happened although they are refused:
    the case opens, the facts hold, the track moves to the transition's first state that is not
    ruled out. Other acts that are refused have no effect. Raises as a decision does.
    """
    work = up_to(program, cases, request)
    decision = decide(program, work, request)
    late = _late(program, work, request)
    if decision.granted:
        return Happened((), settled(program, work, decision), late)
    case, outcome = _forced(program, work, request, decision)
    if outcome is None:
        left = Decision(decision.case, tuple(work.done), tuple(work.opened))
        return Happened(decision.refusals, left, late)
    skipped = _skipped(program, work, request)
    entry = entry_of(program, case, request, outcome.changes, late)
    opened = (case,) if isinstance(request.act, Open) else ()
    made = Decision(case.id, (entry,), opened, workflow=case.workflow)
    return Happened(decision.refusals, settled(program, work, made), late, skipped)


# ---------------------------------------------------------------------------------------------


def _forced(
    program: Program, work: Work, request: Request, decision: Decision
) -> tuple[Case, Outcome | None]:
    """Return the case, and what it comes to; None if the act cannot have had any effect."""
    match request.act:
        case Open() as act:
            if any(refusal.code is Code.ALREADY_OPEN for refusal in decision.refusals):
                return work.case(request.case), None
            plan = program.plan(act.workflow)
            case = new_case(program, plan, work, request, act)
            return case, Outcome((), first_changes(program, plan, case, act.facts, request.on))
        case Record(facts=facts):
            case = work.case(request.case)
            plan = program.plan(case.workflow)
            return case, Outcome((), complete(program, plan, case.values, facts, request.on))
        case Fire() as act:
            case = work.case(request.case)
            return case, Outcome((), _fired(program, work, case, request, act))
        case _:
            return work.case(request.case), None


def _fired(
    program: Program, work: Work, case: Case, request: Request, act: Fire
) -> Mapping[str, Value]:
    plan = program.plan(case.workflow)
    step = plan.step(act.transition)
    scene = _scene(program, work, case, plan, request, act)
    sets, _ = assignments(scene, step)
    target = _target(scene, step)
    changes = moves(plan, step, case, target, request.on, request.actor.id)
    return complete(program, plan, case.values, {**act.facts, **sets, **changes}, request.on)


def _scene(
    program: Program, work: Work, case: Case, plan: Plan, request: Request, act: Fire
) -> Scene:
    values = case.values
    if act.facts:
        computed = complete(program, plan, values, act.facts, request.on)
        values = {**values, **act.facts, **computed}
    return Scene(program, work, case, values, request.on)


def _target(scene: Scene, step: Step) -> str | None:
    """Return the first state whose condition holds, else the first not ruled out, else the last."""
    for state, test in step.branches:
        if test is None or scene.true(test):
            return state
    open_ = [state for state, test in step.branches if test is not None and not scene.false(test)]
    return next(iter([*open_, *(state for state, _ in reversed(step.branches))]), None)


def _late(program: Program, work: Work, request: Request) -> tuple[Lateness, ...]:
    if not isinstance(request.act, Fire):
        return ()
    case = work.case(request.case)
    plan = program.plan(case.workflow)
    scene = _scene(program, work, case, plan, request, request.act)
    return timing(program, scene, plan.step(request.act.transition), request.reason).late


def _skipped(program: Program, work: Work, request: Request) -> tuple[str, ...]:
    if not isinstance(request.act, Fire):
        return ()
    case = work.case(request.case)
    flow = program.plan(case.workflow).flow
    bound = flow.transitions[request.act.transition]
    if any(entry.name == bound.id for entry in work.entries(case.id)):
        return ()  # it was fired before: it is told twice, and nothing is missing
    state = str(case.values[f"{bound.track}.state"])
    return shortest_way(flow, bound.track, state, bound.source) or ()
