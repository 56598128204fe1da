"""Every binding clause is enforced by something that can make a difference, or says why not."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Standing, Text
from reformflow.words.citations import uncovered_wrongly

CODE = "clause_not_enforced"
_STANDINGS = {
    Standing.ENFORCED: Text("enforced", "落实"),
    Standing.MONITORED: Text("monitored", "监测"),
}


def clauses_not_enforced(subject: Subject) -> Iterator[Finding]:
    """Yield each clause that nothing enforces although it is not declared narrative."""
    for clause in uncovered_wrongly(subject.bound):
        standing = _STANDINGS[clause.standing]
        says = Text(
            f"clause {clause.id} is {standing.en}, but nothing enforces it",
            f"条款{clause.id}定为{standing.zh}，但没有任何内容落实",
        )
        yield Finding(CODE, Severity.WARNING, f"clauses.{clause.id}", says, (clause.id,))
