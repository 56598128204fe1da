"""Facts that rules and dates read, but that nobody and nothing can record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reformflow.binding import BoundWorkflow
from reformflow.checks.readers import readers_of
from reformflow.checks.solver import Demand
from reformflow.checks.solver.tables import Writers
from reformflow.checks.subject import Subject
from reformflow.model import Fact, Finding, Severity, Text, Witness

CODE = "fact_never_recorded"


def facts_never_recorded(subject: Subject) -> Iterator[Finding]:
    """Yield each fact that something asks about although it can never have a value."""
    bound = subject.bound
    read = readers_of(bound)
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


def _finding(flow: BoundWorkflow, fact: Fact, readers: Iterable[str]) -> Finding:
    named = tuple(readers)
    says = Text(
        f"nobody can record the fact {fact.id}, but {', '.join(named)} "
        f"{'asks' if len(named) == 1 else 'ask'} about it",
        f"无人能够登记事实{fact.id}，而{'、'.join(named)}要用到它",
    )
    path = f"{flow.id}.facts.{fact.id}"
    return Finding(CODE, Severity.ERROR, path, says, fact.clauses, Witness(parts=named))
