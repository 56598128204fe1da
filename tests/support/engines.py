"""Engines of many reforms that differ in little: workflows that are the same are compiled once."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.binding.bind import bind
from reformflow.engine import Engine
from reformflow.engine.program import Plan, Program
from reformflow.model import Reform, Workflow


@attrs.frozen
class Known:
    """A workflow as written, as bound, and compiled, under some policies."""

    values: tuple[object, ...]
    written: Workflow
    bound: BoundWorkflow
    plan: Plan


class Workshop:
    """Makes engines, and remembers the compiled workflows of one reform under each choice."""

    def __init__(self, base: Reform) -> None:
        self._base = base
        self._known: dict[tuple[str, ...], dict[str, Known]] = {}

    def engine(self, reform: Reform) -> Engine:
        """Return the engine of a reform; DefinitionError if it does not hold up."""
        bound = bind(reform)
        known = self._of_base(tuple(policy.choice for policy in reform.policies))
        same = {name: item for name, item in known.items() if _same(item, reform, bound, name)}
        return _with(bound, same)

    def _of_base(self, choices: tuple[str, ...]) -> dict[str, Known]:
        if choices not in self._known:
            names = [policy.id for policy in self._base.policies]
            reform = self._base.choosing(**dict(zip(names, choices, strict=True)))
            bound = bind(reform)
            self._known[choices] = _remembered(reform, bound, Engine(bound).program.plans)
        return self._known[choices]


# ---------------------------------------------------------------------------------------------


def _remembered(reform: Reform, bound: BoundReform, plans: Mapping[str, Plan]) -> dict[str, Known]:
    values = tuple(policy.value for policy in reform.policies)
    return {
        flow.id: Known(values, flow, bound.workflows[flow.id], plans[flow.id])
        for flow in reform.workflows
    }


def _same(item: Known, reform: Reform, bound: BoundReform, name: str) -> bool:
    """Say whether a workflow is the remembered one, also in the columns that others read of it."""
    return (
        reform.workflow(name) == item.written
        and [policy.value for policy in reform.policies] == list(item.values)
        and bound.workflows[name].columns == item.bound.columns
        and bound.workflows[name].initial == item.bound.initial
    )


def _with(bound: BoundReform, same: Mapping[str, Known]) -> Engine:
    """Compile only the workflows that are not remembered."""
    others = {name: flow for name, flow in bound.workflows.items() if name not in same}
    compiled = Program.of(attrs.evolve(bound, workflows=others))
    plans = {**compiled.plans, **{name: item.plan for name, item in same.items()}}
    return Engine.driving(Program(bound, compiled.calendar, plans, ""))
