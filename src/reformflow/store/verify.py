"""Checking that what is stored hangs together: every case is the fold of its history."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import attrs
import sqlalchemy as sa

from reformflow.model import Case, Entry, Kind, Value
from reformflow.store import history
from reformflow.store.cases import case_of
from reformflow.store.schema import Schema


@attrs.frozen
class Flaw:
    """One thing that does not hang together in a database."""

    case: str
    about: str
    message: str

    def __str__(self) -> str:
        """Write the flaw on one line."""
        return f"{self.case}: {self.about}: {self.message}"


def flaws(connection: sa.Connection, schema: Schema) -> Iterator[Flaw]:
    """Yield every flaw of the stored cases: state, numbers, catalog, definitions."""
    catalog = _catalog(connection, schema)
    definitions = set(connection.scalars(sa.select(schema.shared.definitions.c.hash)))
    folded: set[str] = set()
    stored = _all_cases(connection, schema)
    for id_, entries in groupby(history.all_entries(connection, schema), key=lambda e: e.case):
        folded.add(id_)
        listed = list(entries)
        case = stored.get(id_)
        if case is None:
            yield Flaw(id_, "case", "has a history, but is not there")
            continue
        yield from _against_history(case, listed)
        unknown = {entry.definition for entry in listed} - definitions
        yield from (Flaw(id_, "definition", f"{name!r} is not stored") for name in sorted(unknown))
    for case in stored.values():
        if catalog.pop(case.id, None) != case.workflow:
            yield Flaw(case.id, "catalog", f"does not lead to {case.workflow!r}")
        if case.id not in folded:
            yield Flaw(case.id, "history", "is empty")
        if case.parent is not None and case.parent not in stored:
            yield Flaw(case.id, "parent", f"{case.parent!r} is not there")
    for id_, workflow in catalog.items():
        if workflow in schema.workflows:
            yield Flaw(id_, "catalog", "leads to a case that is not there")


# ---------------------------------------------------------------------------------------------


def _catalog(connection: sa.Connection, schema: Schema) -> dict[str, str]:
    """Return the workflow of each id in the catalog."""
    here = schema.shared.catalog.c
    return {row.id: row.workflow for row in connection.execute(sa.select(here.id, here.workflow))}


def _all_cases(connection: sa.Connection, schema: Schema) -> dict[str, Case]:
    """Read the tables themselves, whatever the catalog says."""
    return {
        case.id: case
        for table in schema.workflows.values()
        for case in (case_of(table, row) for row in connection.execute(table.every))
    }


def _against_history(case: Case, entries: list[Entry]) -> Iterator[Flaw]:
    numbers = [entry.seq for entry in entries]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Flaw(case.id, "history", f"its numbers have gaps: {numbers}")
        return
    if case.revision != len(numbers):
        message = f"is {case.revision}, but its history counts {len(numbers)}"
        yield Flaw(case.id, "revision", message)
    if entries[0].kind is not Kind.OPENED:
        yield Flaw(case.id, "history", f"begins with {entries[0].kind}")
    after: dict[str, Value] = dict.fromkeys(case.values)
    for entry in entries:
        after.update(entry.changes)
    for column, value in case.values.items():
        if after[column] != value or type(after[column]) is not type(value):
            message = f"holds {value!r}, but its history says {after[column]!r}"
            yield Flaw(case.id, column, message)
    if case.definition != entries[-1].definition:
        yield Flaw(case.id, "definition", "is not that of its last entry")
