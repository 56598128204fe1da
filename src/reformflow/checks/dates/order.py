"""Deadlines in the wrong order: a step is due before one that always comes ahead of it."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundDeadline, BoundWorkflow
from reformflow.checks.dates.counts import Count
from reformflow.checks.dates.written import Written, dates_written, known_days
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

CODE = "deadlines_out_of_order"


def deadlines_out_of_order(subject: Subject) -> Iterator[Finding]:
    """Yield each deadline that is always later than that of a step which comes after its own.

    Compared are fixed days, and days counted from the same anchor.
    """
    for flow in subject.flows:
        routes = subject.routes[flow.id]
        for move in routes.moves.values():
            then = flow.deadlines.get(move.id)
            if then is None:
                continue
            for before in routes.unavoidable(move.track, move.sources):
                first = flow.deadlines.get(before)
                if first is not None:
                    yield from _compared(subject, flow, first, then)


# ---------------------------------------------------------------------------------------------


def _compared(
    subject: Subject, flow: BoundWorkflow, first: BoundDeadline, then: BoundDeadline
) -> Iterator[Finding]:
    early, late = _only_date(flow, first), _only_date(flow, then)
    if early is None or late is None:
        return
    days = [list(known_days(flow, subject.calendar, item.due)) for item in (first, then)]
    if all(len(known) == 1 for known in days):
        (((_, sooner),), ((_, later),)) = days
        if sooner > later:
            yield _finding(
                early,
                late,
                Text(
                    f"{early.column} is {sooner}, later than {late.column} on {later}, although "
                    f"{then.transition} always comes after {first.transition}",
                    f"{early.column}是{sooner}，晚于{late.column}的{later}，"
                    f"而{then.transition}总在{first.transition}之后",
                ),
                Witness(on=later, schedule=((late.column, later), (early.column, sooner))),
            )
        return
    if early.when.anchor is None or early.when.anchor != late.when.anchor:
        return
    counts = [
        Count.of(item.when, subject.calendar, subject.bound.effective_on) for item in (early, late)
    ]
    if counts[0] is not None and counts[1] is not None and counts[0].least > counts[1].most:
        yield _finding(
            early,
            late,
            Text(
                f"{early.column} is always later than {late.column}, although {then.transition} "
                f"always comes after {first.transition}",
                f"{early.column}总是晚于{late.column}，而{then.transition}总在{first.transition}之后",
            ),
            Witness(parts=(early.path, late.path)),
        )


def _only_date(flow: BoundWorkflow, deadline: BoundDeadline) -> Written | None:
    """Return the one way in which a deadline comes to its date, None if there are several."""
    written = dates_written(flow, deadline.due)
    return written[0] if len(written) == 1 else None


def _finding(early: Written, late: Written, says: Text, witness: Witness) -> Finding:
    clauses = tuple(dict.fromkeys([*early.clauses, *late.clauses]))
    return Finding(CODE, Severity.WARNING, early.path, says, clauses, witness)
