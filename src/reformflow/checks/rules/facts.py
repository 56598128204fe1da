"""Facts that rules and dates read, but that nobody and nothing can record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.checks.solver import Demand
from reformflow.checks.solver.tables import Writers
from reformflow.checks.subject import Subject
from reformflow.language.reading import walk
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    Expression,
    Fact,
    Finding,
    Name,
    Severity,
    Text,
    Witness,
)

CODE = "fact_never_recorded"

Reader = tuple[str, Expression]
"""What reads columns: its id (of a rule, transition, fact or duty), and how."""


def facts_never_recorded(subject: Subject) -> Iterator[Finding]:
    """Yield each fact that something asks about although it can never have a value."""
    bound = subject.bound
    read = _read(bound)
    for flow in subject.flows:
        writers = Writers.of(bound, flow)
        for fact in flow.facts.values():
            readers = read.get((flow.id, fact.id), ())
            if readers and not _can_have_a_value(subject, flow, fact, writers):
                yield _finding(flow, fact, readers)


# ---------------------------------------------------------------------------------------------


def _can_have_a_value(subject: Subject, flow: BoundWorkflow, fact: Fact, writers: Writers) -> bool:
    if fact.derived is not None or fact.initial is not None or fact.id in writers.put:
        return True
    during = flow.during.get(fact.id)
    if fact.by and during is None:
        return True
    if fact.id in writers.by_act:
        return True
    return during is not None and not subject.solvers[flow.id].excludes([Demand("", during)])


def _read(bound: BoundReform) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who reads each column, by workflow and name."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for flow in bound.workflows.values():
        for reader, expression in _readers(flow):
            for key in _columns(flow, expression):
                found.setdefault(key, {})[reader] = None
        for computed in flow.computed:
            for source in computed.sources:
                found.setdefault((flow.id, source), {})[computed.column] = None
    return {key: tuple(readers) for key, readers in found.items()}


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


def _finding(flow: BoundWorkflow, fact: Fact, readers: Iterable[str]) -> Finding:
    named = tuple(readers)
    says = Text(
        f"nobody can record the fact {fact.id}, but {', '.join(named)} "
        f"{'asks' if len(named) == 1 else 'ask'} about it",
        f"无人能够登记事实{fact.id}，而{'、'.join(named)}要用到它",
    )
    path = f"{flow.id}.facts.{fact.id}"
    return Finding(CODE, Severity.ERROR, path, says, fact.clauses, Witness(parts=named))
