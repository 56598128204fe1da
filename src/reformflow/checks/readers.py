"""What reads the columns of cases: rules, transitions, computed facts and duties."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.language.reading import walk
from reformflow.model import PARENT, SELF, Aggregate, Expression, Name

Reader = tuple[str, Expression]
"""What reads columns: its id, and how."""


def readers_of(bound: BoundReform) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the ids of the rules, transitions, facts and duties that read each column.

    By the workflow of the column and its name.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for flow in bound.workflows.values():
        for reader, expression in _readers(flow):
            for key in _columns(flow, expression):
                found.setdefault(key, {})[reader] = None
        for computed in flow.computed:
            for source in computed.sources:
                found.setdefault((flow.id, source), {})[computed.column] = None
    return {key: tuple(readers) for key, readers in found.items()}


# ---------------------------------------------------------------------------------------------


def _readers(flow: BoundWorkflow) -> Iterator[Reader]:
    for rule in flow.opening_needs:
        yield rule.id, rule.expression
    for bound in flow.transitions.values():
        yield from ((rule.id, rule.expression) for rule in bound.needs)
        yield from ((bound.id, when) for _, when in bound.to if when is not None)
        yield from ((bound.id, expression) for _, expression in bound.sets)
        if bound.deadline is not None:
            yield from ((bound.id, when) for _, when in bound.deadline.answerable if when)
    yield from flow.during.items()
    for duty in flow.duties.values():
        if duty.condition is not None:
            yield duty.duty.id, duty.condition
        yield from ((duty.duty.id, expression) for _, expression in duty.sets)


def _columns(flow: BoundWorkflow, expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield the columns that an expression reads, with the workflow they belong to."""
    owners = {SELF: flow.id, PARENT: flow.parent or ""}
    for node in walk(expression):
        if isinstance(node, Aggregate):
            owners[node.variable] = flow.relations[node.relation].workflow
        if isinstance(node, Name):
            yield owners[node.owner], node.column
