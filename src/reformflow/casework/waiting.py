"""What time has brought: which cases wait for it, and in which order they are taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reformflow.casework.practice import Practice
from reformflow.model import Case
from reformflow.store import Connection, StoredCases


def waiting(
    practice: Practice, connection: Connection, on: date, cases: Iterable[str] | None = None
) -> list[str]:
    """Return the cases to which time has brought something up to `on`, the earliest first.

    `cases` limits the search to these. A case whose automatic transitions watch the day itself
    is always among them.
    """
    reader = StoredCases(connection, practice.schema)
    found: list[tuple[date, int, str]] = []
    for case in _candidates(practice, reader, cases):
        day = practice.engine.next_date(reader, case.id)
        if day is not None and day <= on:
            found.append((day, len(found), case.id))
        elif practice.engine.program.plan(case.workflow).watches_today:
            found.append((on, len(found), case.id))
    return [id_ for _, _, id_ in sorted(found)]


# ---------------------------------------------------------------------------------------------


def _candidates(
    practice: Practice, reader: StoredCases, cases: Iterable[str] | None
) -> Iterable[Case]:
    if cases is not None:
        yield from (reader.case(id_) for id_ in cases)
        return
    for workflow in practice.schema.workflows:
        if practice.engine.timed(workflow):
            for some in reader.scan(workflow):
                reader.gather(some)
                yield from some
