"""The sums of the board: how many cases stand how, and how many of their acts were late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import get_args

import attrs

from reformflow.casework import board
from reformflow.casework.board import SOON, Line, Mark
from reformflow.casework.practice import Practice
from reformflow.store import Connection, follow_others, late_acts, standings


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

    The database counts, unless time alone can change cases: then each is looked at.
    """
    schema = practice.schema
    if practice.engine.program.timed or follow_others(connection, schema, practice.definition):
        yield from summed(board.lines(practice, connection, on, unit=unit))
        return
    late = late_acts(connection, schema, unit=unit)
    for workflow in schema.workflows:
        found = standings(connection, schema, workflow, on, soon=SOON, unit=unit)
        for track, counted in found.items():
            if counted:
                yield _total(workflow, track, counted, late[workflow, track])


def summed(lines: Iterable[Line]) -> Iterator[Total]:
    """Yield the sums of lines of the board."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    late: Counter[tuple[str, str]] = Counter()
    for line in lines:
        key = (line.workflow, line.track)
        counted.setdefault(key, Counter())[line.standing] += 1
        late[key] += len(line.late)
    for key, found in counted.items():
        yield _total(*key, found, late[key])


# ---------------------------------------------------------------------------------------------


def _total(workflow: str, track: str, counted: Counter[str], late: int) -> Total:
    return Total(workflow, track, {mark: counted[mark] for mark in get_args(Mark)}, late)
