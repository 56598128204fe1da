"""The world of a workflow's cases, from a bound reform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from reformflow.binding import BoundReform, BoundTransition, BoundWorkflow, Column
from reformflow.binding.spans import CHILDREN
from reformflow.checks.solver.world import Domain, Law, Table, World
from reformflow.model import (
    PARENT,
    SELF,
    Expression,
    Fact,
    FactType,
    Literal,
    Opening,
    Scalar,
    Transition,
)

_EVER: Final = ("state", "since", "last")
"""The columns of a track that every case has from its opening on."""


def world_of(bound: BoundReform, flow: BoundWorkflow) -> World:
    """Return which cases of a workflow there can be, with their parents and children.

    A column holds only what somebody or something can put there: a choice that nobody can make,
    a fact that nobody can record, a state that no transition leads to are left out. Columns are
    otherwise independent of each other, except for those that are computed.
    """
    frames = {SELF: table_of(bound, flow)}
    if flow.parent is not None:
        frames[PARENT] = table_of(bound, bound.workflows[flow.parent], optional=True)
    relations = {
        relation.id: table_of(bound, bound.workflows[relation.workflow])
        for relation in flow.relations.values()
    }
    near = bound.effective_on or date(2021, 1, 1)
    return World(frames, relations, bound.calendar(), near)


def table_of(bound: BoundReform, flow: BoundWorkflow, *, optional: bool = False) -> Table:
    """Return what the columns of a workflow may hold, and what is computed."""
    columns = {name: _domain(bound, flow, column) for name, column in flow.columns.items()}
    moved = {
        deadline.due
        for deadline in flow.deadlines.values()
        if deadline.extension is not None or deadline.can_pause
    }
    laws = {
        computed.column: Law(computed, at_least=computed.column in moved)
        for computed in flow.computed
        if computed.column in flow.columns
    }
    return Table(columns, laws, optional=optional)


def reached(flow: BoundWorkflow, track: str) -> tuple[str, ...]:
    """Return the states of a track to which enabled transitions lead, whatever they need."""
    found = {flow.tracks[track].initial}
    steps = [bound for bound in flow.transitions.values() if bound.track == track]
    while (
        more := {state for bound in steps if bound.source & found for state, _ in bound.to} - found
    ):
        found |= more
    return tuple(state.id for state in flow.tracks[track].states if state.id in found)


def possible(flow: BoundWorkflow) -> Iterator[BoundTransition]:
    """Yield the enabled transitions that start from a state to which others lead."""
    states = {track: frozenset(reached(flow, track)) for track in flow.tracks}
    for bound in flow.transitions.values():
        if bound.source & states[bound.track]:
            yield bound


def recorded_by_hand(flow: BoundWorkflow, fact: Fact) -> bool:
    """Say whether somebody may record a fact: by itself, by an act or when a case is opened."""
    if fact.derived is not None:
        return False
    opening = flow.workflow.opening
    acts: list[Opening | Transition] = [opening]
    acts += (bound.transition for bound in possible(flow))
    return bool(fact.by) or any(fact.id in (*act.records, *act.may_record) for act in acts)


def put_there(bound: BoundReform, flow: BoundWorkflow, fact: str) -> tuple[Expression | None, ...]:
    """Return what transitions and duties set a fact to; None for what a period is given."""
    found: list[Expression | None] = []
    for transition in possible(flow):
        found += [expression for name, expression in transition.sets if name == fact]
    for other in bound.workflows.values():
        for duty in other.duties.values():
            if duty.child == flow.id:
                found += [expression for name, expression in duty.sets if name == fact]
                found += [None for _, name in duty.duty.gives if name == fact]
    return tuple(found)


# ---------------------------------------------------------------------------------------------


def _domain(bound: BoundReform, flow: BoundWorkflow, column: Column) -> Domain:
    if column.fact is not None:
        return _fact_domain(bound, flow, column, column.fact)
    thing, _, part = column.name.partition(".")
    if column.name == "opened.on":
        return Domain(FactType.DATE, missing=False)
    if thing in flow.tracks and part in _EVER:
        values = reached(flow, thing) if part == "state" else None
        return Domain(column.type, values, missing=False)
    if column.type is FactType.INT:  # how many periods of a duty there were
        return Domain(column.type, least=0, most=CHILDREN, missing=False)
    of_transition = any(thing == transition.id for transition in flow.workflow.transitions)
    return Domain(column.type, recorded=not of_transition or thing in flow.transitions)


def _fact_domain(bound: BoundReform, flow: BoundWorkflow, column: Column, fact: Fact) -> Domain:
    every: tuple[Scalar, ...] | None = column.choices if fact.type is FactType.CHOICE else None
    longest = fact.max_length if fact.type is FactType.TEXT else None
    plain = Domain(fact.type, every, fact.minimum, fact.maximum, longest)
    if fact.derived is not None or recorded_by_hand(flow, fact):
        return plain
    values = _set_values(put_there(bound, flow, fact.id), fact)
    missing = fact.initial is None
    if values is None:
        return Domain(fact.type, every, fact.minimum, fact.maximum, longest, missing=missing)
    return Domain(fact.type, values, missing=missing, recorded=bool(values))


def _set_values(put: tuple[Expression | None, ...], fact: Fact) -> tuple[Scalar, ...] | None:
    """Return all that a fact that nobody records can be, None if that cannot be listed."""
    found: list[Scalar] = [] if fact.initial is None else [fact.initial]
    for expression in put:
        if not isinstance(expression, Literal):
            return None
        found.append(expression.value)
    return tuple(dict.fromkeys(found))
