"""The world of a workflow's cases, from a bound reform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundWorkflow, Column
from reformflow.binding.spans import CHILDREN
from reformflow.checks.solver.world import Domain, Law, Table, World
from reformflow.model import (
    PARENT,
    SELF,
    Expression,
    Fact,
    FactType,
    Literal,
    Scalar,
)

_EVER: Final = ("state", "since", "last")
"""The columns of a track that every case has from its opening on."""


def world_of(bound: BoundReform, flow: BoundWorkflow, *, declared: bool = False) -> World:
    """Return which cases of a workflow there can be, with their parents and children.

    A column holds only what somebody or something can put there: a choice that nobody can make,
    a fact that nobody can record, a state that no transition leads to are left out. Columns are
    otherwise independent of each other, except for those that are computed. In a `declared`
    world facts hold whatever their declaration allows, whoever may put it there.
    """
    frames = {SELF: table_of(bound, flow, declared=declared)}
    if flow.parent is not None:
        frames[PARENT] = _kin(bound, flow.parent, declared=declared, optional=True)
    relations = {
        relation.id: _kin(bound, relation.workflow, declared=declared)
        for relation in flow.relations.values()
    }
    near = bound.effective_on or date(2021, 1, 1)
    return World(frames, relations, bound.calendar(), near)


def table_of(
    bound: BoundReform, flow: BoundWorkflow, *, optional: bool = False, declared: bool = False
) -> Table:
    """Return what the columns of a workflow may hold, and what is computed."""
    writers = Writers.of(bound, flow)
    columns = {
        name: declared_domain(column, column.fact)
        if declared and column.fact is not None
        else _domain(flow, column, writers)
        for name, column in flow.columns.items()
    }
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


@attrs.frozen
class Writers:
    """Who and what can put values into the facts of a workflow.

    `by_hand` are the facts that somebody may record, `by_act` those of them that an act or the
    opening records; `put` is what transitions and duties set a fact to, None for what a period
    is given, and `by_duty` the facts that a duty gives or sets.
    `states` are those of each track to which enabled transitions lead, whatever they need.
    """

    states: Mapping[str, tuple[str, ...]]
    by_hand: frozenset[str]
    by_act: frozenset[str]
    put: Mapping[str, tuple[Expression | None, ...]]
    by_duty: frozenset[str]

    @classmethod
    def of(cls, bound: BoundReform, flow: BoundWorkflow) -> Writers:
        """Find the writers of a workflow's facts."""
        states = {track: _reached(flow, track) for track in flow.tracks}
        possible = [
            item for item in flow.transitions.values() if item.source & {*states[item.track]}
        ]
        opening = flow.workflow.opening
        by_act = {*opening.records, *opening.may_record}
        put: dict[str, tuple[Expression | None, ...]] = {}
        for item in possible:
            by_act.update(item.transition.records, item.transition.may_record)
            for name, expression in item.sets:
                put[name] = (*put.get(name, ()), expression)
        duties = list(_by_duties(bound, flow))
        for name, given in duties:
            put[name] = (*put.get(name, ()), given)
        facts = [fact for fact in flow.facts.values() if fact.derived is None]
        by_hand = frozenset(fact.id for fact in facts if fact.by or fact.id in by_act)
        by_duty = frozenset(name for name, _ in duties)
        return cls(states, by_hand, frozenset(by_act), put, by_duty)


def declared_domain(column: Column, fact: Fact) -> Domain:
    """Return what a fact may hold by its declaration alone."""
    every = column.choices if fact.type is FactType.CHOICE else None
    longest = fact.max_length if fact.type is FactType.TEXT else None
    return Domain(fact.type, every, fact.minimum, fact.maximum, longest)


# ---------------------------------------------------------------------------------------------


def _kin(bound: BoundReform, workflow: str, *, declared: bool, optional: bool = False) -> Table:
    return table_of(bound, bound.workflows[workflow], optional=optional, declared=declared)


def _reached(flow: BoundWorkflow, track: str) -> tuple[str, ...]:
    found = {flow.tracks[track].initial}
    steps = [item for item in flow.transitions.values() if item.track == track]
    while more := {state for item in steps if item.source & found for state, _ in item.to} - found:
        found |= more
    return tuple(state.id for state in flow.tracks[track].states if state.id in found)


def _by_duties(bound: BoundReform, flow: BoundWorkflow) -> Iterator[tuple[str, Expression | None]]:
    for other in bound.workflows.values():
        for duty in other.duties.values():
            if duty.child == flow.id:
                yield from duty.sets
                yield from ((fact, None) for _, fact in duty.duty.gives)


def _domain(flow: BoundWorkflow, column: Column, writers: Writers) -> Domain:
    if column.fact is not None:
        return _fact_domain(column, column.fact, writers)
    thing, _, part = column.name.partition(".")
    if column.name == "opened.on":
        return Domain(FactType.DATE, missing=False)
    if thing in flow.tracks and part in _EVER:
        values = writers.states[thing] if part == "state" else None
        return Domain(column.type, values, missing=False)
    if column.type is FactType.INT:  # how many periods of a duty there were
        return Domain(column.type, least=0, most=CHILDREN, missing=False)
    of_transition = any(thing == transition.id for transition in flow.workflow.transitions)
    return Domain(column.type, recorded=not of_transition or thing in flow.transitions)


def _fact_domain(column: Column, fact: Fact, writers: Writers) -> Domain:
    plain = declared_domain(column, fact)
    if fact.derived is not None or fact.id in writers.by_hand:
        return plain
    values = _listed(writers.put.get(fact.id, ()), fact)
    missing = fact.initial is None
    if values is None:
        return attrs.evolve(plain, missing=missing)
    return Domain(fact.type, values, missing=missing, recorded=bool(values))


def _listed(put: tuple[Expression | None, ...], fact: Fact) -> tuple[Scalar, ...] | None:
    """Return all that a fact that nobody records can be, None if that cannot be listed."""
    found: list[Scalar] = [] if fact.initial is None else [fact.initial]
    for expression in put:
        if not isinstance(expression, Literal):
            return None
        found.append(expression.value)
    return tuple(dict.fromkeys(found))
