"""Every binding clause is enforced by something that a case can come to, or says why not."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.checks.structure.ways import ways_of
from reformflow.checks.subject import Subject
from reformflow.model import Clause, Finding, Severity, Standing, Text, Witness
from reformflow.words.citations import Cited, citations, uncovered, uncovered_wrongly

NOT_ENFORCED = "clause_not_enforced"
NOT_CITED = "clause_not_cited"
OUT_OF_REACH = "clause_out_of_reach"

_STANDINGS = {
    Standing.ENFORCED: Text("enforced", "落实"),
    Standing.MONITORED: Text("monitored", "监测"),
}


def clauses_not_enforced(subject: Subject) -> Iterator[Finding]:
    """Yield each clause that nothing enforces, or even cites, although it is not narrative."""
    cited = citations(subject.bound)
    for clause in uncovered_wrongly(subject.bound):
        if cited[clause.id]:
            yield _finding(NOT_ENFORCED, clause, "nothing enforces it", "没有任何内容落实", ())
        else:
            yield _finding(NOT_CITED, clause, "nothing cites it", "没有任何内容引用它", ())


def clauses_out_of_reach(subject: Subject) -> Iterator[Finding]:
    """Yield each clause that is enforced only by parts that no case can come to.

    MissingExtra without the extra `checks`.
    """
    within = attrs.evolve(subject.bound, workflows=dict(_within_reach(subject)))
    cited = citations(subject.bound)
    known = {clause.id for clause in uncovered(subject.bound)}
    for clause in uncovered_wrongly(within):
        if clause.id not in known:
            yield _finding(
                OUT_OF_REACH,
                clause,
                "what enforces it is out of reach: no case can come to it",
                "落实它的内容任何个案都无法到达",
                cited[clause.id],
            )


# ---------------------------------------------------------------------------------------------


def _within_reach(subject: Subject) -> Iterator[tuple[str, BoundWorkflow]]:
    """Yield each workflow with only those transitions that ever fire."""
    ways = {one.flow.id: one for one in ways_of(subject)}
    for flow in subject.flows:
        firing = {
            id: item
            for id, item in flow.transitions.items()  # noqa: A001
            if flow.id in ways and ways[flow.id].fires(id)
        }
        yield flow.id, attrs.evolve(flow, transitions=firing)


def _finding(code: str, clause: Clause, en: str, zh: str, places: tuple[Cited, ...]) -> Finding:
    standing = _STANDINGS[clause.standing]
    says = Text(
        f"clause {clause.id} is {standing.en}, but {en}",
        f"条款{clause.id}定为{standing.zh}，但{zh}",
    )
    parts = tuple(str(place) for place in places if place.enforces)
    return Finding(
        code,
        Severity.WARNING,
        f"clauses.{clause.id}",
        says,
        (clause.id,),
        Witness(parts=parts),
    )
