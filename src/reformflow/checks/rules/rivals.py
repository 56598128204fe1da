"""Automatic transitions that are true at once: their order in the file decides which one fires."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from reformflow.checks.acts import Act
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

CODE = "automatic_at_once"


def automatic_at_once(subject: Subject) -> Iterator[Finding]:
    """Yield each two automatic transitions that one case can come to at once, with that case."""
    for flow in subject.flows:
        automatic = [
            act
            for act in subject.acts[flow.id]
            if act.transition is not None and act.transition.transition.automatic
        ]
        for one, other in combinations(automatic, 2):
            found = _both(subject, one, other)
            if found is not None:
                yield found


# ---------------------------------------------------------------------------------------------


def _both(subject: Subject, one: Act, other: Act) -> Finding | None:
    first, second = one.transition, other.transition
    if first is None or second is None or first.track != second.track:
        return None
    if not first.source & second.source or (first.to, first.sets) == (second.to, second.sets):
        return None
    demands = [*one.given, *other.given]
    demands += (ground.demand for ground in (*one.grounds, *other.grounds))
    answer = subject.solvers[one.flow.id].ask(demands)
    if answer.situation is None:
        return None
    says = Text(
        f"{one.id} and {other.id} can both fire by themselves in one case: "
        f"{one.id} goes first because it is written first",
        f"{one.id}和{other.id}可能在同一案件中同时自动触发：{one.id}写在前面，因此先触发",
    )
    clauses = tuple(dict.fromkeys((*one.clauses, *other.clauses)))
    situation = answer.situation
    witness = Witness(situation.listed, situation.today, parts=(one.id, other.id))
    return Finding(CODE, Severity.WARNING, other.path, says, clauses, witness)
