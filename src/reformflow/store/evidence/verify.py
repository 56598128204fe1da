"""Checking that what is stored hangs together: every case is the fold of its history.

Cases are taken some at a time, in the order of their ids, so that a verification needs little
memory and holds up nobody for long. Values are compared as they lie in the database, whatever
somebody has put there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.binding import Column
from reformflow.evidence import strict
from reformflow.model import FactType, Kind
from reformflow.store.evidence.packing import rows_of
from reformflow.store.schema import Schema, WorkflowTable

_PAGE: Final = 1_000
_ASKED: Final = 500
_ENTRY: Final = ("case_id", "seq", "kind", "changes", "definition")
_CASE: Final = ("id", "parent", "revision", "definition")

Chosen = Callable[[sa.ColumnElement[str]], sa.ColumnElement[bool]]
"""Says of a column of ids which cases are meant."""


@attrs.frozen
class Flaw:
    """One thing that does not hang together in a database; `case` is "" if it is about all."""

    case: str
    about: str
    message: str

    def __str__(self) -> str:
        """Write the flaw on one line."""
        return ": ".join(filter(None, (self.case, self.about, self.message)))


def flaws(connection: sa.Connection, schema: Schema) -> Iterator[Flaw]:
    """Yield every flaw of the stored cases: state, numbers, catalog, definitions."""
    after: str | None = ""
    first = True
    while after is not None:
        found, after = flaws_after(connection, schema, None if first else after)
        yield from found
        first = False


def flaws_after(
    connection: sa.Connection, schema: Schema, after: str | None
) -> tuple[tuple[Flaw, ...], str | None]:
    """Return the flaws of the next cases, and the id to go on `after`; begin and end with None."""
    here = schema.shared.history.c.case_id
    query = sa.select(here).distinct().order_by(here).limit(_PAGE)
    ids = connection.scalars(query if after is None else query.where(here > after)).all()
    upto = ids[-1] if len(ids) == _PAGE else None

    def chosen(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        above = sa.true() if after is None else column > after
        return above if upto is None else sa.and_(above, column <= upto)

    return tuple(_flaws(connection, schema, chosen)), upto


def flaws_of(connection: sa.Connection, schema: Schema, cases: Sequence[str]) -> Iterator[Flaw]:
    """Yield the flaws of some cases."""
    for start in range(0, len(cases), _ASKED):
        yield from _flaws(connection, schema, _among(cases[start : start + _ASKED]))


# ---------------------------------------------------------------------------------------------


def _among(cases: Sequence[str]) -> Chosen:
    return lambda column: column.in_(cases)


@attrs.define
class _Sum:
    """What the history of one case adds up to."""

    entries: int = 0
    first: object = None
    values: dict[str, Any] = attrs.field(factory=dict)
    definition: object = None
    definitions: set[object] = attrs.field(factory=set)
    fault: str = ""

    def add(self, seq: object, kind: object, changes: Any, definition: object) -> None:  # noqa: ANN401
        self.entries += 1
        if seq != self.entries:
            self.fault = self.fault or f"its numbers have gaps: {seq} where {self.entries} would be"
        self.first = kind if self.entries == 1 else self.first
        self.definition = definition
        self.definitions.add(definition)
        try:
            self.values |= strict(changes)
        except (ValueError, TypeError) as error:
            self.fault = self.fault or f"entry {seq} cannot be read: {error}"


def _flaws(connection: sa.Connection, schema: Schema, chosen: Chosen) -> Iterator[Flaw]:
    shared = schema.shared
    sums = _sums(connection, schema, chosen)
    catalog: dict[str, str] = {
        row.id: row.workflow
        for row in connection.execute(
            sa.select(shared.catalog.c.id, shared.catalog.c.workflow).where(
                chosen(shared.catalog.c.id)
            )
        )
    }
    there: set[str] = set()
    parents: dict[str, str] = {}
    for table in schema.workflows.values():
        for case in _cases(connection, table, chosen):
            there.add(case["id"])
            if case["parent"] is not None:
                parents[case["id"]] = case["parent"]
            yield from _against_history(table, case, sums.get(case["id"]))
            if catalog.get(case["id"]) != table.flow.id:
                yield Flaw(case["id"], "catalog", f"does not lead to {table.flow.id!r}")
    for id_ in sums.keys() - there:
        if catalog.get(id_) in {None, *schema.workflows}:
            yield Flaw(id_, "case", "has a history, but is not there")
    for id_ in catalog.keys() - there:
        if catalog[id_] in schema.workflows:
            yield Flaw(id_, "catalog", "leads to a case that is not there")
    yield from _without_parents(connection, schema, parents)
    yield from _without_definitions(connection, schema, sums)


def _sums(connection: sa.Connection, schema: Schema, chosen: Chosen) -> dict[str, _Sum]:
    table = schema.shared.history
    query = sa.select(*(table.c[name] for name in _ENTRY)).where(chosen(table.c.case_id))
    entries = rows_of(connection, query, ordered=2)
    sums: dict[str, _Sum] = {}
    for id_, rows in groupby(entries, key=itemgetter(0)):
        sums[id_] = _Sum()
        for row in rows:
            sums[id_].add(*row[1:])
    return sums


def _cases(
    connection: sa.Connection, table: WorkflowTable, chosen: Chosen
) -> Iterator[Mapping[str, Any]]:
    """Read the tables themselves, whatever the catalog says: columns by their names."""
    names = [*_CASE, *(column.sql_name for column in table.columns)]
    query = sa.select(*(table.table.c[name] for name in names)).where(chosen(table.table.c.id))
    keys = [*_CASE, *(column.name for column in table.columns)]
    for row in rows_of(connection, query):
        yield dict(zip(keys, row, strict=True))


def _against_history(
    table: WorkflowTable, case: Mapping[str, Any], found: _Sum | None
) -> Iterator[Flaw]:
    id_: str = case["id"]
    if found is None:
        yield Flaw(id_, "history", "is empty")
        return
    if found.fault:
        yield Flaw(id_, "history", found.fault)
        return
    if case["revision"] != found.entries:
        message = f"is {case['revision']}, but its history counts {found.entries}"
        yield Flaw(id_, "revision", message)
    if found.first != Kind.OPENED.value:
        yield Flaw(id_, "history", f"begins with {found.first}")
    for column in table.columns:
        held, told = case[column.name], found.values.get(column.name)
        if held is told:
            continue
        held = _plain(column, held)
        if held != told or type(held) is not type(told):
            message = f"holds {held!r}, but its history says {told!r}"
            yield Flaw(id_, column.name, message)
    if case["definition"] != found.definition:
        yield Flaw(id_, "definition", "is not that of its last entry")


def _plain(column: Column, value: Any) -> Any:  # noqa: ANN401 - whatever the driver gives
    """Return a value as a history has it: days are text, and not all databases know truth."""
    if isinstance(value, date):
        return value.isoformat()
    if column.type is FactType.BOOL and type(value) is int and value in {0, 1}:
        return bool(value)
    return value


def _without_parents(
    connection: sa.Connection, schema: Schema, parents: Mapping[str, str]
) -> Iterator[Flaw]:
    here = schema.shared.catalog.c.id
    wanted = sorted(set(parents.values()))
    known: set[str] = set()
    for start in range(0, len(wanted), _ASKED):
        some = wanted[start : start + _ASKED]
        known |= set(connection.scalars(sa.select(here).where(here.in_(some))))
    for id_, parent in parents.items():
        if parent not in known:
            yield Flaw(id_, "parent", f"{parent!r} is not there")


def _without_definitions(
    connection: sa.Connection, schema: Schema, sums: Mapping[str, _Sum]
) -> Iterator[Flaw]:
    stored = set(connection.scalars(sa.select(schema.shared.definitions.c.hash)))
    for id_, found in sums.items():
        for name in sorted(map(str, found.definitions - stored)):
            yield Flaw(id_, "definition", f"{name!r} is not stored")
