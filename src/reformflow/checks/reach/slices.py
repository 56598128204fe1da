"""What has to be kept of each workflow: the columns that guards read, and what these rest on.

Everything else cannot make a difference to what is reachable, so it is left out (the cone of
influence: E. M. Clarke et al., Model Checking, section on reductions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from reformflow.binding import BoundReform, BoundTransition, BoundWorkflow
from reformflow.language.reading import parts
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    Compare,
    Expression,
    Literal,
    Member,
    Name,
    Scalar,
)

Spot = tuple[str, str]
"""A column of a workflow: the ids of both."""


@attrs.frozen
class Slice:
    """The columns of all workflows that are kept, with the constants they are compared with."""

    columns: frozenset[Spot]
    constants: Mapping[Spot, frozenset[Scalar]]


def slice_of(bound: BoundReform, *, also: Iterable[Spot] = (), apart: Iterable[Spot] = ()) -> Slice:
    """Return what the guards of a reform read, and `also` some columns, but not those `apart`."""
    columns: set[Spot] = set()
    constants: dict[Spot, set[Scalar]] = {}
    waiting = [*also]
    for flow in bound.workflows.values():
        waiting += [(flow.id, f"{track}.state") for track in flow.tracks]
        for expression in _guards(flow):
            waiting += _noted(flow, expression, constants)
        for item in flow.transitions.values():
            waiting += [(flow.id, column) for column in _clocks(flow, item)]
    while waiting:
        spot = waiting.pop()
        if spot in columns:
            continue
        columns.add(spot)
        flow = bound.workflows[spot[0]]
        for expression in _rests_on(flow, spot[1]):
            waiting += _noted(flow, expression, constants)
        waiting += [(flow.id, anchor) for anchor in _anchors(flow, spot[1])]
    return Slice(
        frozenset(columns).difference(apart),
        {spot: frozenset(some) for spot, some in constants.items()},
    )


def clock_of(flow: BoundWorkflow, item: BoundTransition) -> str | None:
    """Return the column of the day on which a transition fires by itself, None without one."""
    if item.at is not None:
        return item.at
    deadline = flow.deadlines.get(item.transition.after_due or "")
    return None if deadline is None else deadline.due


# ---------------------------------------------------------------------------------------------


def _guards(flow: BoundWorkflow) -> Iterator[Expression]:
    yield from (rule.expression for rule in flow.opening_needs)
    for item in flow.transitions.values():
        yield from (rule.expression for rule in item.needs)
        yield from (when for _, when in item.to if when is not None)
        # What a transition sets has to have a value, so it is a guard too.
        yield from (expression for _, expression in item.sets)
    # What keeps a duty from beginning keeps its cases from being opened.
    for duty in flow.duties.values():
        if duty.condition is not None:
            yield duty.condition


def _clocks(flow: BoundWorkflow, item: BoundTransition) -> Iterator[str]:
    clock = clock_of(flow, item)
    if clock is not None:
        yield clock


def _rests_on(flow: BoundWorkflow, column: str) -> Iterator[Expression]:
    """Yield the expressions that decide when a column may get a value, and which."""
    if column in flow.during:
        yield flow.during[column]
    for computed in flow.computed:
        if computed.column == column:
            if computed.expression is not None:
                yield computed.expression
            yield from (date.when for date in computed.dates if date.when is not None)


def _anchors(flow: BoundWorkflow, column: str) -> Iterator[str]:
    for computed in flow.computed:
        if computed.column == column:
            yield from (date.anchor for date in computed.dates if date.anchor is not None)


def _noted(
    flow: BoundWorkflow, expression: Expression, constants: dict[Spot, set[Scalar]]
) -> Iterator[Spot]:
    """Yield the columns that an expression reads, and note what it compares them with."""
    owners = {SELF: flow.id, PARENT: flow.parent or ""}
    for node, known in _scoped(flow, expression, owners):
        match node:
            case Name(column=column, owner=owner):
                yield known[owner], column
            case (
                Compare(left=Name() as name, right=Literal(value=value))
                | Compare(left=Literal(value=value), right=Name() as name)
            ):
                constants.setdefault((known[name.owner], name.column), set()).add(value)
            case Member(item=Name() as name, options=options):
                spot = (known[name.owner], name.column)
                constants.setdefault(spot, set()).update(option.value for option in options)
            case _:
                pass


def _scoped(
    flow: BoundWorkflow, node: Expression, owners: Mapping[str, str]
) -> Iterator[tuple[Expression, Mapping[str, str]]]:
    """Yield a node and all inside it, each with the workflows that its owners belong to."""
    yield node, owners
    if isinstance(node, Aggregate):
        owners = {**owners, node.variable: flow.relations[node.relation].workflow}
    for part in parts(node):
        yield from _scoped(flow, part, owners)
