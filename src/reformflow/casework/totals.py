"""The sums of the board: how many cases stand how, and how many of their acts were late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import get_args

import attrs

from reformflow.casework import board
from reformflow.casework.ahead import ahead
from reformflow.casework.board import SOON, Line, Mark, lines_of
from reformflow.casework.practice import Practice
from reformflow.store import Connection, StoredCases, late_acts, standings


@attrs.frozen
class Total:
    """One track of a workflow's cases; `cases` is the sum of the `standings`."""

    workflow: str
    track: str
    standings: Mapping[Mark, int]
    late_acts: int

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(self.standings.values())


def totals(
    practice: Practice, connection: Connection, on: date, *, unit: str | None = None
) -> Iterator[Total]:
    """Yield the sums of the board of one day, of one unit or of all; no track without cases.

    The database counts the cases as they are stored; those to which time has brought something
    since are then counted as they stand when the day has come. NotMigrated if a case follows
    another definition.
    """
    schema = practice.schema
    sums = _Sums()
    for workflow in schema.workflows:
        found = standings(
            connection, schema, workflow, on, practice.definition, soon=SOON, unit=unit
        )
        if found is None:
            yield from summed(board.lines(practice, connection, on, unit=unit))
            return
        for track, counted in found.items():
            sums.cases[workflow, track] = counted
    sums.late.update(late_acts(connection, schema, unit=unit))
    if practice.engine.bound.timed:
        _pass_time(practice, connection, on, unit, sums)
    yield from sums.totals()


def summed(lines: Iterable[Line]) -> Iterator[Total]:
    """Yield the sums of lines of the board."""
    sums = _Sums()
    sums.add(lines)
    yield from sums.totals()


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Sums:
    """Cases by workflow, track and mark, and marks of lateness by workflow and track."""

    cases: dict[tuple[str, str], Counter[str]] = attrs.field(factory=dict)
    late: Counter[tuple[str, str]] = attrs.field(factory=Counter)

    def add(self, lines: Iterable[Line], times: int = 1) -> None:
        for line in lines:
            key = (line.workflow, line.track)
            self.cases.setdefault(key, Counter())[line.standing] += times
            self.late[key] += times * len(line.late)

    def totals(self) -> Iterator[Total]:
        for (workflow, track), counted in self.cases.items():
            standings = {mark: counted[mark] for mark in get_args(Mark)}
            if any(standings.values()):
                yield Total(workflow, track, standings, self.late[workflow, track])


def _pass_time(
    practice: Practice, connection: Connection, on: date, unit: str | None, sums: _Sums
) -> None:
    """Take what the cases were that time has changed, and add what they are then."""
    reader = StoredCases(connection, practice.schema, pinned=practice.definition)
    then = ahead(practice, connection, reader, on)
    for case in then.changed(unit):
        sums.add(lines_of(practice, reader, case.id, on, ()), times=-1)
        sums.add(lines_of(practice, then, case.id, on, then.late(case.id)))
    for workflow in practice.schema.workflows:
        for case in then.opened(workflow, unit):
            sums.add(lines_of(practice, then, case.id, on, then.late(case.id)))
