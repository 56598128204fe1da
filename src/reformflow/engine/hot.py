"""Generated Python for the plain transitions of live cases.

A transition is plain if firing it only moves its track: nothing is recorded, set, signed or
computed with it, it asks nothing of other cases, and nothing fires by itself or in time. For
those, one function checks everything, and moves the case or names what failed.
What is not plain goes through `decide`, so there is one meaning and two speeds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from reformflow.engine.authority import firing_roles
from reformflow.engine.program import Plan, Step
from reformflow.language.compile import DAY, OWN, Writer
from reformflow.language.reading import columns_read, reads_parent, relations_read
from reformflow.model import SELF, BeforeEffect, Late

ACTOR = "actor"


@attrs.frozen
class Hot:
    """The functions of one plain transition, all called as (case, actor, on).

    `fire` moves the case, keeps a short entry and returns what `granted` was given as, or makes
    the answer that names every failed condition; `check` only says whether it may fire.
    `columns` are those that an answer holds, in its order.
    """

    check: Callable[..., bool]
    fire: Callable[..., Any]
    columns: tuple[str, ...]


class Failures:
    """The names of the failed conditions for each combination of bits that has come up."""

    def __init__(self, names: Sequence[str]) -> None:
        """Start empty; `names` are the conditions in the order of their bits."""
        self.known: dict[int, tuple[str, ...]] = {}
        self._names = tuple(names)

    def learn(self, bits: int) -> tuple[str, ...]:
        """Work out the names for a combination that is new."""
        failed = tuple(name for index, name in enumerate(self._names) if bits >> index & 1)
        self.known[bits] = failed
        return failed


def heat(
    plan: Plan, slots: Mapping[str, str], *, granted: object, refused: Callable[..., object]
) -> dict[str, Hot]:
    """Generate the functions of every plain transition.

    `slots` names the slot of each column; `granted` is the answer of a granted act; `refused`
    makes the other one from (failed names, transition, case, actor, on, *columns).
    """
    if plan.automatic or plan.waits_for_time:
        return {}
    writer = _SlotWriter(slots)
    answers = writer.constant(granted), writer.constant(refused)
    built = {
        step.id: _Parts(writer, plan, step, answers)
        for step in plan.steps.values()
        if _plain(plan, step)
    }
    definitions = [
        definition
        for index, parts in enumerate(built.values())
        for definition in parts.definitions(index)
    ]
    space = writer.run(definitions)
    return {
        id: Hot(
            check=space[f"check_{index}"],
            fire=space[f"fire_{index}"],
            columns=parts.columns,
        )
        for index, (id, parts) in enumerate(built.items())  # noqa: A001
    }


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


class _SlotWriter(Writer):
    """Writes columns of the case as attributes of a slots object."""

    def __init__(self, slots: Mapping[str, str]) -> None:
        super().__init__()
        self._slots = slots

    def own_column(self, column: str) -> ast.expr:
        return ast.Attribute(ast.Name(OWN, ast.Load()), self._slots[column], ast.Load())

    def stored(self, column: str) -> ast.expr:
        return ast.Attribute(ast.Name(OWN, ast.Load()), self._slots[column], ast.Store())


class _Parts:
    """The conditions and effects of one plain transition, as syntax trees."""

    def __init__(
        self, writer: _SlotWriter, plan: Plan, step: Step, answers: tuple[ast.expr, ast.expr]
    ) -> None:
        self._writer = writer
        self._plan = plan
        self._step = step
        self._granted, self._refused = answers
        self.columns = self._columns()

    def definitions(self, index: int) -> list[ast.stmt]:
        conditions = self._conditions()
        known = [f"holds_{position}" for position in range(len(conditions))]
        tests: list[ast.stmt] = [
            _set(_store(name), condition)
            for name, (_, condition) in zip(known, conditions, strict=True)
        ]
        all_hold = ast.BoolOp(ast.And(), [_load(name) for name in known])
        done = [*self._effects(), *self._keep(), ast.Return(self._granted)]
        fire = [*tests, ast.If(all_hold, done, []), *self._refusal(known, conditions)]
        check = ast.BoolOp(ast.And(), [condition for _, condition in self._conditions()])
        return [
            _define(f"fire_{index}", fire),
            _define(f"check_{index}", [ast.Return(check)]),
        ]

    def _keep(self) -> list[ast.stmt]:
        """Keep a short entry; the list of entries is made when there is a first one."""
        entries = ast.Attribute(_load(OWN), "entries", ast.Load())
        kept = ast.Attribute(_load(OWN), "entries", ast.Store())
        actor = ast.Attribute(_load(ACTOR), "id", ast.Load())
        name = self._writer.constant(self._step.id)
        entry = ast.Tuple([name, actor, _load(DAY)], ast.Load())
        append = ast.Call(ast.Attribute(_load("entries"), "append", ast.Load()), [entry], [])
        none = ast.Compare(_load("entries"), [ast.Is()], [ast.Constant(None)])
        first = _set(kept, ast.List([entry], ast.Load()))
        return [_set(_store("entries"), entries), ast.If(none, [first], [ast.Expr(append)])]

    def _refusal(
        self, known: Sequence[str], conditions: Sequence[tuple[str, ast.expr]]
    ) -> list[ast.stmt]:
        """Gather a bit for each condition that failed, and answer with their names."""
        gathered: list[ast.stmt] = [_set(_store("bits"), ast.Constant(0))]
        for position, name in enumerate(known):
            bit = ast.AugAssign(_store("bits"), ast.BitOr(), ast.Constant(1 << position))
            gathered.append(ast.If(ast.UnaryOp(ast.Not(), _load(name)), [bit], []))
        failures = Failures([name for name, _ in conditions])
        known_names = self._writer.constant(failures.known)
        learn = ast.Call(self._writer.constant(failures.learn), [_load("bits")], [])
        look_up = ast.Try(
            body=[_set(_store("failed"), ast.Subscript(known_names, _load("bits"), ast.Load()))],
            handlers=[ast.ExceptHandler(_load("KeyError"), None, [_set(_store("failed"), learn)])],
            orelse=[],
            finalbody=[],
        )
        read = [self._writer.own_column(name) for name in self.columns]
        parts = [_load("failed"), self._writer.constant(self._step.id), _load(OWN), _load(ACTOR)]
        answer = ast.Call(self._refused, [ast.Tuple([*parts, _load(DAY), *read], ast.Load())], [])
        return [*gathered, look_up, ast.Return(answer)]

    def _columns(self) -> tuple[str, ...]:
        bound = self._step.bound
        names = [f"{bound.track}.state", f"{bound.track}.last", *bound.transition.records]
        names += [f"{other}.by" for other in bound.transition.not_by]
        if bound.deadline is not None:
            names.append(bound.deadline.due)
        if bound.window is not None:
            names += [name for name in (bound.window.opens, bound.window.closes) if name]
        for guard in self._step.guards:
            read = columns_read(guard.rule.expression)
            names += [name.column for name in read if name.owner == SELF]
        return tuple(dict.fromkeys(names))

    def _conditions(self) -> list[tuple[str, ast.expr]]:
        writer, bound = self._writer, self._step.bound
        state = writer.own_column(f"{bound.track}.state")
        conditions = [("source", _one_of(writer, state, bound.source))]
        conditions.append(("authority", _holds(writer, firing_roles(bound))))
        for other in bound.transition.not_by:
            actor = ast.Attribute(_load(ACTOR), "id", ast.Load())
            by = writer.own_column(f"{other}.by")
            conditions.append(("not_by", ast.Compare(by, [ast.NotEq()], [actor])))
        last = writer.own_column(f"{bound.track}.last")
        conditions.append(("order", ast.Compare(_load(DAY), [ast.GtE()], [last])))
        for fact in bound.transition.records:
            present = ast.Compare(writer.own_column(fact), [ast.IsNot()], [ast.Constant(None)])
            conditions.append(("records", present))
        conditions += [
            (guard.rule.id, writer.true(guard.rule.expression)) for guard in self._step.guards
        ]
        if bound.deadline is not None:
            conditions.append(("due", self._within(bound.deadline.due, ast.LtE())))
        if bound.window is not None:
            for name, column, op in (
                ("opens", bound.window.opens, ast.GtE()),
                ("closes", bound.window.closes, ast.LtE()),
            ):
                if column is not None:
                    conditions.append((name, self._within(column, op)))
        return conditions

    def _within(self, column: str, op: ast.cmpop) -> ast.expr:
        """Hold the day against a date that may not be known."""
        writer = self._writer
        unknown = ast.Compare(writer.own_column(column), [ast.Is()], [ast.Constant(None)])
        within = ast.Compare(_load(DAY), [op], [writer.own_column(column)])
        return ast.BoolOp(ast.Or(), [unknown, within])

    def _effects(self) -> list[ast.stmt]:
        writer, bound, track = self._writer, self._step.bound, self._step.bound.track
        effects: list[ast.stmt] = [_set(writer.stored(f"{track}.last"), _load(DAY))]
        columns = self._plan.flow.columns
        if f"{self._step.id}.on" in columns:
            effects.append(_set(writer.stored(f"{self._step.id}.on"), _load(DAY)))
        if f"{self._step.id}.by" in columns:
            actor = ast.Attribute(_load(ACTOR), "id", ast.Load())
            effects.append(_set(writer.stored(f"{self._step.id}.by"), actor))
        if bound.to:
            target = bound.to[0][0]
            effects.append(_set(writer.stored(f"{track}.state"), writer.constant(target)))
            effects.append(_set(writer.stored(f"{track}.since"), _load(DAY)))
            if any(item.track == track for item in self._plan.flow.deadlines.values()):
                effects.append(_set(writer.stored(f"{track}.due"), self._due_in(target)))
        return effects

    def _due_in(self, state: str) -> ast.expr:
        """Write the earliest due date that stands in a state."""
        dues = [
            deadline.due
            for deadline in self._plan.flow.deadlines.values()
            if deadline.track == self._step.bound.track and state in deadline.during
        ]
        if not dues:
            return ast.Constant(None)
        if len(dues) == 1:
            return self._writer.own_column(dues[0])
        earliest = self._writer.constant(_earliest)
        return ast.Call(earliest, [self._writer.own_column(due) for due in dues], [])


def _earliest(*dues: date | None) -> date | None:
    return min((due for due in dues if due is not None), default=None)


def _one_of(writer: Writer, value: ast.expr, states: frozenset[str]) -> ast.expr:
    if len(states) == 1:
        return ast.Compare(value, [ast.Eq()], [writer.constant(next(iter(states)))])
    return ast.Compare(value, [ast.In()], [writer.constant(states)])


def _holds(writer: Writer, roles: tuple[str, ...]) -> ast.expr:
    tests: list[ast.expr] = []
    for role in roles:
        everywhere = ast.Attribute(_load(ACTOR), "everywhere", ast.Load())
        tests.append(ast.Compare(writer.constant(role), [ast.In()], [everywhere]))
    for role in roles:
        unit = ast.Attribute(_load(OWN), "unit", ast.Load())
        pair = ast.Tuple([writer.constant(role), unit], ast.Load())
        local = ast.Attribute(_load(ACTOR), "local", ast.Load())
        tests.append(ast.Compare(pair, [ast.In()], [local]))
    return ast.BoolOp(ast.Or(), tests)


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _set(target: ast.expr, value: ast.expr) -> ast.stmt:
    return ast.Assign([target], value)


def _define(name: str, body: list[ast.stmt]) -> ast.stmt:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(item) for item in (OWN, ACTOR, DAY)],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return ast.FunctionDef(name, arguments, body, [], lineno=1)
