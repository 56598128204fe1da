"""Plain transitions: what firing one asks and what it changes, as code to be generated.

A transition is plain if firing it only moves its track: nothing is recorded, set, signed or
computed with it, it asks nothing of other cases, and nothing fires by itself or in time. What is
not plain goes through `decide`, so there is one meaning and two speeds.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from datetime import date

from reformflow.engine.authority import firing_roles
from reformflow.engine.program import Plan, Step
from reformflow.language.compile import DAY, Writer
from reformflow.language.reading import columns_read, reads_parent, relations_read
from reformflow.model import SELF, BeforeEffect, Late

ACTOR = "actor"


class CaseWriter(Writer, ABC):
    """Writes code about a case, wherever it keeps its columns and its unit."""

    @abstractmethod
    def own_unit(self) -> ast.expr:
        """Return code that reads the unit."""


def plain_steps(plan: Plan) -> list[Step]:
    """Return the plain transitions of a workflow."""
    if plan.automatic or plan.waits_for_time:
        return []
    return [step for step in plan.steps.values() if _plain(plan, step)]


def columns_asked(step: Step) -> tuple[str, ...]:
    """Return the columns that a plain transition is decided on."""
    bound = step.bound
    names = [f"{bound.track}.state", f"{bound.track}.last", *bound.transition.records]
    names += [f"{other}.by" for other in bound.transition.not_by]
    if bound.deadline is not None:
        names.append(bound.deadline.due)
    if bound.window is not None:
        names += [name for name in (bound.window.opens, bound.window.closes) if name]
    for guard in step.guards:
        read = columns_read(guard.rule.expression)
        names += [name.column for name in read if name.owner == SELF]
    return tuple(dict.fromkeys(names))


def conditions(writer: CaseWriter, step: Step) -> list[tuple[str, ast.expr]]:
    """Return all that has to hold for a plain transition, each with its name."""
    bound = step.bound
    state = writer.own_column(f"{bound.track}.state")
    found = [("source", _one_of(writer, state, bound.source))]
    found.append(("authority", _holds(writer, firing_roles(bound))))
    for other in bound.transition.not_by:
        by = writer.own_column(f"{other}.by")
        found.append(("not_by", ast.Compare(by, [ast.NotEq()], [actor_id()])))
    last = writer.own_column(f"{bound.track}.last")
    found.append(("order", ast.Compare(load(DAY), [ast.GtE()], [last])))
    records = bound.transition.records
    found += [("records", is_known(writer.own_column(fact))) for fact in records]
    found += [(guard.rule.id, writer.true(guard.rule.expression)) for guard in step.guards]
    if bound.deadline is not None:
        found.append(("due", _within(writer, bound.deadline.due, ast.LtE())))
    if bound.window is not None:
        for name, column, op in (
            ("opens", bound.window.opens, ast.GtE()),
            ("closes", bound.window.closes, ast.LtE()),
        ):
            if column is not None:
                found.append((name, _within(writer, column, op)))
    return found


def effects(writer: CaseWriter, plan: Plan, step: Step) -> list[tuple[str, ast.expr]]:
    """Return the columns that a plain transition sets, each with its value."""
    bound, track = step.bound, step.bound.track
    found: list[tuple[str, ast.expr]] = [(f"{track}.last", load(DAY))]
    if f"{step.id}.on" in plan.flow.columns:
        found.append((f"{step.id}.on", load(DAY)))
    if f"{step.id}.by" in plan.flow.columns:
        found.append((f"{step.id}.by", actor_id()))
    if bound.to:
        target = bound.to[0][0]
        found.append((f"{track}.state", writer.constant(target)))
        found.append((f"{track}.since", load(DAY)))
        if any(item.track == track for item in plan.flow.deadlines.values()):
            found.append((f"{track}.due", _due_in(writer, plan, track, target)))
    return found


def actor_id() -> ast.expr:
    """Return code that reads who acts."""
    return ast.Attribute(load(ACTOR), "id", ast.Load())


def is_known(value: ast.expr) -> ast.expr:
    """Return code that says whether a value is not None."""
    return ast.Compare(value, [ast.IsNot()], [ast.Constant(None)])


def load(name: str) -> ast.expr:
    """Return code that reads a variable."""
    return ast.Name(name, ast.Load())


def put(target: ast.expr | str, value: ast.expr) -> ast.stmt:
    """Return code that assigns a value."""
    if isinstance(target, str):
        target = ast.Name(target, ast.Store())
    return ast.Assign([target], value)


# ---------------------------------------------------------------------------------------------


def _plain(plan: Plan, step: Step) -> bool:
    bound = step.bound
    transition = bound.transition
    if step.callback is not None:
        return False
    if transition.by_itself or transition.sets or transition.signed_by or transition.reason:
        return False
    if any(when is not None for _, when in bound.to) or len(bound.to) > 1:
        return False
    expressions = [guard.rule.expression for guard in step.guards]
    if any(reads_parent(item) or relations_read(item) for item in expressions):
        return False
    if any(deadline.can_pause for deadline in plan.flow.deadlines.values()):
        return False
    if bound.to and any(
        other.bound.track == bound.track and other.bound.transition.signed_by
        for other in plan.steps.values()
    ):
        return False
    deadline = bound.deadline
    if deadline is not None and (
        deadline.late is not Late.REFUSE or deadline.before_effect is not BeforeEffect.ENFORCE
    ):
        return False
    if bound.window is not None and bound.window.outside is not Late.REFUSE:
        return False
    changed = _changed(plan, step)
    return not any(recipe.computed.sources & changed for recipe in plan.recipes)


def _changed(plan: Plan, step: Step) -> frozenset[str]:
    track = step.bound.track
    columns = {f"{track}.last", f"{step.id}.on", f"{step.id}.by"}
    if step.bound.to:
        columns |= {f"{track}.state", f"{track}.since"}
    return frozenset(columns & plan.flow.columns.keys())


def _within(writer: CaseWriter, column: str, op: ast.cmpop) -> ast.expr:
    """Hold the day against a date that may not be known."""
    unknown = ast.Compare(writer.own_column(column), [ast.Is()], [ast.Constant(None)])
    within = ast.Compare(load(DAY), [op], [writer.own_column(column)])
    return ast.BoolOp(ast.Or(), [unknown, within])


def _due_in(writer: CaseWriter, plan: Plan, track: str, state: str) -> ast.expr:
    """Write the earliest due date that stands in a state."""
    dues = [
        deadline.due
        for deadline in plan.flow.deadlines.values()
        if deadline.track == track and state in deadline.during
    ]
    if not dues:
        return ast.Constant(None)
    if len(dues) == 1:
        return writer.own_column(dues[0])
    earliest = writer.constant(_earliest)
    return ast.Call(earliest, [writer.own_column(due) for due in dues], [])


def _earliest(*dues: date | None) -> date | None:
    return min((due for due in dues if due is not None), default=None)


def _one_of(writer: CaseWriter, value: ast.expr, states: frozenset[str]) -> ast.expr:
    if len(states) == 1:
        return ast.Compare(value, [ast.Eq()], [writer.constant(next(iter(states)))])
    return ast.Compare(value, [ast.In()], [writer.constant(states)])


def _holds(writer: CaseWriter, roles: tuple[str, ...]) -> ast.expr:
    tests: list[ast.expr] = []
    for role in roles:
        everywhere = ast.Attribute(load(ACTOR), "everywhere", ast.Load())
        tests.append(ast.Compare(writer.constant(role), [ast.In()], [everywhere]))
    for role in roles:
        pair = ast.Tuple([writer.constant(role), writer.own_unit()], ast.Load())
        local = ast.Attribute(load(ACTOR), "local", ast.Load())
        tests.append(ast.Compare(pair, [ast.In()], [local]))
    return ast.BoolOp(ast.Or(), tests)
