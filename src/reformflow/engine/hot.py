"""Generated Python for the plain transitions of live cases.

For each of them one function checks everything, and moves the case or names what failed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from reformflow.engine.plain import (
    ACTOR,
    CaseWriter,
    actor_id,
    columns_asked,
    conditions,
    effects,
    load,
    plain_steps,
    put,
)
from reformflow.engine.program import Plan, Step
from reformflow.language.compile import DAY, OWN, function

_ARGUMENTS = (OWN, ACTOR, DAY)


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
    writer = _SlotWriter(slots)
    answers = writer.constant(granted), writer.constant(refused)
    built = {step.id: _Parts(writer, plan, step, answers) for step in plain_steps(plan)}
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


class _SlotWriter(CaseWriter):
    """Writes columns of the case as attributes of a slots object."""

    def __init__(self, slots: Mapping[str, str]) -> None:
        super().__init__()
        self._slots = slots

    def own_column(self, column: str) -> ast.expr:
        return ast.Attribute(ast.Name(OWN, ast.Load()), self._slots[column], ast.Load())

    def own_unit(self) -> ast.expr:
        return ast.Attribute(ast.Name(OWN, ast.Load()), "unit", ast.Load())

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
        self.columns = columns_asked(step)

    def definitions(self, index: int) -> list[ast.stmt]:
        asked = conditions(self._writer, self._step)
        known = [f"holds_{position}" for position in range(len(asked))]
        tests: list[ast.stmt] = [
            put(name, condition) for name, (_, condition) in zip(known, asked, strict=True)
        ]
        all_hold = ast.BoolOp(ast.And(), [load(name) for name in known])
        moved: list[ast.stmt] = [
            put(self._writer.stored(column), value)
            for column, value in effects(self._writer, self._plan, self._step)
        ]
        done = [*moved, *self._keep(), ast.Return(self._granted)]
        fire = [*tests, ast.If(all_hold, done, []), *self._refusal(known, asked)]
        again = conditions(self._writer, self._step)
        check = ast.BoolOp(ast.And(), [condition for _, condition in again])
        return [
            function(f"fire_{index}", _ARGUMENTS, fire),
            function(f"check_{index}", _ARGUMENTS, [ast.Return(check)]),
        ]

    def _keep(self) -> list[ast.stmt]:
        """Keep a short entry; the list of entries is made when there is a first one."""
        entries = ast.Attribute(load(OWN), "entries", ast.Load())
        kept = ast.Attribute(load(OWN), "entries", ast.Store())
        name = self._writer.constant(self._step.id)
        entry = ast.Tuple([name, actor_id(), load(DAY)], ast.Load())
        append = ast.Call(ast.Attribute(load("entries"), "append", ast.Load()), [entry], [])
        none = ast.Compare(load("entries"), [ast.Is()], [ast.Constant(None)])
        first = put(kept, ast.List([entry], ast.Load()))
        return [put("entries", entries), ast.If(none, [first], [ast.Expr(append)])]

    def _refusal(
        self, known: Sequence[str], asked: Sequence[tuple[str, ast.expr]]
    ) -> list[ast.stmt]:
        """Gather a bit for each condition that failed, and answer with their names."""
        gathered: list[ast.stmt] = [put("bits", ast.Constant(0))]
        for position, name in enumerate(known):
            bit = ast.AugAssign(
                ast.Name("bits", ast.Store()), ast.BitOr(), ast.Constant(1 << position)
            )
            gathered.append(ast.If(ast.UnaryOp(ast.Not(), load(name)), [bit], []))
        failures = Failures([name for name, _ in asked])
        known_names = self._writer.constant(failures.known)
        learn = ast.Call(self._writer.constant(failures.learn), [load("bits")], [])
        look_up = ast.Try(
            body=[put("failed", ast.Subscript(known_names, load("bits"), ast.Load()))],
            handlers=[ast.ExceptHandler(load("KeyError"), None, [put("failed", learn)])],
            orelse=[],
            finalbody=[],
        )
        read = [self._writer.own_column(name) for name in self.columns]
        parts = [load("failed"), self._writer.constant(self._step.id), load(OWN), load(ACTOR)]
        answer = ast.Call(self._refused, [ast.Tuple([*parts, load(DAY), *read], ast.Load())], [])
        return [*gathered, look_up, ast.Return(answer)]
