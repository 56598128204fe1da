"""The board: where every case stands, what is due when, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.casework.ahead import ahead
from reformflow.casework.practice import Practice
from reformflow.engine import Standing
from reformflow.model import Cases, Lateness
from reformflow.store import Connection, StoredCases, late_marks

SOON: Final = 7
"""So many days before its date a line is `due_soon`."""

Mark = Literal["on_time", "due_soon", "late", "done", "paused", "no_date"]


@attrs.frozen
class Line:
    """One track of one case on one day.

    `due` is the last day of the deadline of `transition` that ends first; `days_left` counts
    calendar days up to it, negative when it has passed. `late` are the marks of past acts.
    """

    case: str
    subject: str
    unit: str
    workflow: str
    track: str
    state: str
    stage: str | None
    due: date | None
    days_left: int | None
    standing: Mark
    answerable: str
    late: tuple[Lateness, ...]
    transition: str = ""


def lines(
    practice: Practice, connection: Connection, on: date, *, unit: str | None = None
) -> Iterator[Line]:
    """Yield a line for each track of each case: workflow by workflow, in order of opening.

    Cases stand as they do when `on` has come, with all that time has brought until then.
    NotMigrated if one follows another definition.
    """
    reader = StoredCases(connection, practice.schema, pinned=practice.definition)
    then = ahead(practice, connection, reader, on)
    for workflow in practice.schema.workflows:
        for cases in reader.scan(workflow, unit):
            reader.gather(cases)
            marks = late_marks(connection, practice.schema, [case.id for case in cases])
            for case in cases:
                late = (*marks.get(case.id, ()), *then.late(case.id))
                yield from lines_of(practice, then, case.id, on, late)
        for case in then.opened(workflow, unit):
            yield from lines_of(practice, then, case.id, on, then.late(case.id))


def lines_of(
    practice: Practice,
    cases: Cases,
    id: str,  # noqa: A002
    on: date,
    late: tuple[Lateness, ...],
) -> Iterator[Line]:
    """Yield a line for each track of one of the cases, as it is there; `late` are all its marks."""
    case = cases.case(id)
    flow = practice.schema.workflow(case.workflow).flow
    standing = practice.engine.standing(cases, case.id, on)
    for track in flow.tracks:
        state = str(case.values[f"{track}.state"])
        deadlines = [item for item in standing if item.track == track]
        first = next((item for item in deadlines if item.due and not item.paused), None)
        due = first.due if first else None
        yield Line(
            case=case.id,
            subject=case.subject,
            unit=case.unit,
            workflow=case.workflow,
            track=track,
            state=state,
            stage=flow.stage_of(track, state),
            due=due,
            days_left=(due - on).days if due else None,
            standing=_mark(state in flow.finals[track], due, on, deadlines),
            answerable=first.answerable if first else "",
            late=tuple(mark for mark in late if _track(flow, mark) == track),
            transition=first.transition if first else "",
        )


# ---------------------------------------------------------------------------------------------


def _track(flow: BoundWorkflow, mark: Lateness) -> str:
    """Return the track of a mark; that of a transition that is no more is not shown."""
    bound = flow.transitions.get(mark.transition)
    return bound.track if bound is not None else ""


def _mark(final: bool, due: date | None, on: date, deadlines: list[Standing]) -> Mark:  # noqa: FBT001
    if final:
        return "done"
    if due is None:
        return "paused" if any(item.paused for item in deadlines) else "no_date"
    if due < on:
        return "late"
    return "due_soon" if (due - on).days <= SOON else "on_time"
