"""Acts that are to fire by themselves on a day that is over when their state can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reformflow.binding import BoundWorkflow
from reformflow.checks.dates.written import known_days
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Late, Severity, Text, Witness

CODE = "fires_at_once"


def firing_at_once(subject: Subject) -> Iterator[Finding]:
    """Yield each act whose fixed day lies before that of a step which always comes ahead of it."""
    for flow in subject.flows:
        routes = subject.routes[flow.id]
        for move in routes.moves.values():
            item = flow.transitions[move.id]
            if item.at is None:
                continue
            for written, day in known_days(flow, subject.calendar, item.at):
                steps = routes.unavoidable(move.track, move.sources)
                later = [found for step in steps if (found := _first(subject, flow, step))]
                column, first = max(later, key=lambda found: found[1], default=("", day))
                if first > day:
                    says = Text(
                        f"{move.id} is to fire on {day}, but {column} is {first}, "
                        f"so it fires as soon as it can",
                        f"{move.id}应在{day}自动发生，而{column}是{first}，因此一到即发生",
                    )
                    witness = Witness(schedule=((item.at, day), (column, first)))
                    yield Finding(
                        CODE, Severity.WARNING, written.path, says, written.clauses, witness
                    )


# ---------------------------------------------------------------------------------------------


def _first(subject: Subject, flow: BoundWorkflow, step: str) -> tuple[str, date] | None:
    """Return the fixed day before which a step cannot come, None if there is none."""
    item = flow.transitions[step]
    column = item.at
    if column is None and item.window is not None and item.window.outside is Late.REFUSE:
        column = item.window.opens
    if column is None:
        return None
    days = [day for _, day in known_days(flow, subject.calendar, column)]
    return (column, days[0]) if len(days) == 1 else None
