"""Plain transitions of frozen cases granted at once, by generated Python.

What is refused, and what may touch kin or wait for time, is left to the whole course of a request.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from reformflow.engine.decide import check_request, entry_of, in_the_future
from reformflow.engine.plain import (
    ACTOR,
    CaseWriter,
    conditions,
    effects,
    is_known,
    load,
    plain_steps,
    put,
)
from reformflow.engine.program import Plan, Program, Step
from reformflow.language.compile import DAY, OWN, function
from reformflow.model import Actor, Case, Cases, Decision, Fire, Request, Value

_CASE: Final = "case"
_CHANGES: Final = "changes"
_VALUE: Final = "value"
Grant = Callable[[Case, Actor, date], dict[str, Value] | None]
"""Takes a case, who acts, and the day; gives what changes, None if that cannot be told at once."""


class Prompt:
    """Grants the plain transitions of cases whose kin cannot have a part in it."""

    def __init__(self, program: Program) -> None:
        """Generate what grants each transition: by its name, then by workflow."""
        self._program = program
        self.grants: dict[str, dict[str, Grant]] = {}
        for plan in program.plans.values():
            for name, grant in _grants(plan).items() if _apart(program, plan) else ():
                self.grants.setdefault(name, {})[plan.flow.id] = grant

    def granted(self, cases: Cases, request: Request) -> Decision | None:
        """Return what `carry_out` would, if that is a grant which can be told at once."""
        act, program = request.act, self._program
        if not isinstance(act, Fire) or act.facts:
            return None
        grants = self.grants.get(act.transition)
        if grants is None:
            return None
        check_request(request)
        if in_the_future(program, request):
            return None
        case = cases.case(request.case)
        grant = grants.get(case.workflow)
        changes = grant(case, request.actor, request.on) if grant is not None else None
        if changes is None:
            return None
        entry = entry_of(program, case, request, changes)
        return Decision(case.id, (entry,), workflow=case.workflow)


# ---------------------------------------------------------------------------------------------


def _apart(program: Program, plan: Plan) -> bool:
    """Say whether nothing that happens to a case comes from its kin, or goes to them."""
    below = [program.plan(relation.workflow) for relation in plan.flow.relations.values()]
    if any(child.watches_parent or child.waits_for_time for child in below):
        return False
    if plan.flow.parent is None:
        return True
    above = program.plan(plan.flow.parent)
    watched = {above.flow.relations[relation].workflow for relation in above.watches}
    return not above.waits_for_time and plan.flow.id not in watched


def _grants(plan: Plan) -> Mapping[str, Grant]:
    writer, steps = _ValueWriter(), plain_steps(plan)
    space = writer.run(
        [_granting(writer, plan, step, f"grant_{index}") for index, step in enumerate(steps)]
    )
    return {step.id: space[f"grant_{index}"] for index, step in enumerate(steps)}


class _ValueWriter(CaseWriter):
    """Writes columns of the case as values by name."""

    def own_unit(self) -> ast.expr:
        return ast.Attribute(load(_CASE), "unit", ast.Load())


def _granting(writer: CaseWriter, plan: Plan, step: Step, name: str) -> ast.stmt:
    """Return code that gives the changes which a transition makes, None if it may not fire."""
    known = is_known(writer.own_column(f"{step.bound.track}.last"))  # as in every opened case
    asked = [known, *(condition for _, condition in conditions(writer, step))]
    done: list[ast.stmt] = [put(_CHANGES, ast.Dict([], []))]
    for column, value in effects(writer, plan, step):
        change = ast.Subscript(load(_CHANGES), ast.Constant(column), ast.Store())
        other = ast.Compare(writer.own_column(column), [ast.NotEq()], [load(_VALUE)])
        done += [put(_VALUE, value), ast.If(other, [put(change, load(_VALUE))], [])]
    body = [
        put(OWN, ast.Attribute(load(_CASE), "values", ast.Load())),
        ast.If(ast.BoolOp(ast.And(), asked), [*done, ast.Return(load(_CHANGES))], []),
        ast.Return(ast.Constant(None)),
    ]
    return function(name, (_CASE, ACTOR, DAY), body)
