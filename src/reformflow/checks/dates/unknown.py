"""Dates that never come to be known: counted only from what can come no earlier than the act."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundWorkflow
from reformflow.checks.dates.written import date_columns, dates_written
from reformflow.checks.routes import Routes
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

CODE = "date_never_known"

_BOUNDS = frozenset({"due", "opens", "closes", "at"})


def dates_never_known(subject: Subject) -> Iterator[Finding]:
    """Yield each bound of a transition that is counted only from acts which come after it.

    Such a date is not known yet when the transition fires, so it binds nobody.
    """
    for flow in subject.flows:
        routes = subject.routes[flow.id]
        for column in date_columns(flow):
            id, _, part = column.partition(".")  # noqa: A001
            if part not in _BOUNDS or id not in routes.moves:
                continue
            written = dates_written(flow, column)
            anchors = [item.when.anchor or "" for item in written]
            acts = tuple(dict.fromkeys(anchor.removesuffix(".on") for anchor in anchors))
            if anchors and all(_never_before(flow, routes, id, anchor) for anchor in anchors):
                listed = ", ".join(acts)
                says = Text(
                    f"{column} is counted from {listed}, which cannot have happened when {id} "
                    "fires, so it binds nobody",
                    f"{column}从{listed}起算，而{id}办理时{listed}不可能已经发生，因此不起作用",
                )
                clauses = tuple(dict.fromkeys(c for item in written for c in item.clauses))
                path = written[0].path.partition("[")[0]
                yield Finding(CODE, Severity.WARNING, path, says, clauses, Witness(parts=acts))


# ---------------------------------------------------------------------------------------------


def _never_before(flow: BoundWorkflow, routes: Routes, act: str, anchor: str) -> bool:
    """Say whether the act that a date is counted from cannot come before another one."""
    other = anchor.removesuffix(".on")
    if anchor == other or other not in flow.transitions:
        return False
    if other not in routes.moves:
        return True
    if routes.moves[other].track != routes.moves[act].track or not routes.once(act):
        return False
    after = routes.unavoidable(routes.moves[other].track, routes.moves[other].sources)
    return other == act or act in after
