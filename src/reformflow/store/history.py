"""History rows: entries of a case's history as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reformflow.binding import BoundWorkflow
from reformflow.model import Entry, FactType, Kind, Lateness, Value
from reformflow.store.schema import Schema
from reformflow.store.transactions import is_open
from reformflow.store.types import damaged


def entry_of(row: sa.Row[Any], flow: BoundWorkflow | None) -> Entry:
    """Return the entry of a row; `flow` tells which of its changes are dates."""
    return Entry(
        case=row.case_id,
        seq=row.seq,
        kind=Kind(row.kind),
        name=row.name,
        actor=row.actor,
        on=row.happened_on,
        changes={name: typed(flow, name, value) for name, value in row.changes.items()},
        recorded_at=row.recorded_at,
        reason=row.reason,
        late=late_of(row.late),
        voids=row.voids,
        definition=row.definition,
        key=row.request_key,
    )


def plain(value: Value) -> str | int | bool | None:
    """Return a value as JSON holds it: days become text."""
    return value.isoformat() if isinstance(value, date) else value


def typed(flow: BoundWorkflow | None, column: str, value: str | int | bool | None) -> Value:  # noqa: FBT001
    """Return a value read from JSON as its column has it; the text of a column that is no more."""
    known = flow.columns.get(column) if flow is not None else None
    if isinstance(value, str) and known is not None and known.type is FactType.DATE:
        return date.fromisoformat(value)
    return value


def late_of(stored: Sequence[Mapping[str, Any]] | None) -> tuple[Lateness, ...]:
    """Return the marks of lateness of a row."""
    return tuple(
        Lateness(mark["transition"], date.fromisoformat(mark["bound"]), mark["days"], mark["role"])
        for mark in stored or ()
    )


def entries_of(connection: sa.Connection, schema: Schema, case: str) -> tuple[Entry, ...]:
    """Return the history of one case, in order."""
    table = schema.shared.history
    rows = connection.execute(
        sa.select(table).where(table.c.case_id == case).order_by(table.c.seq)
    ).all()
    return tuple(_read(schema, row) for row in rows)


def entries_together(
    connection: sa.Connection, schema: Schema, cases: Sequence[str]
) -> dict[str, tuple[Entry, ...]]:
    """Return the histories of some cases, each in order."""
    table = schema.shared.history
    query = sa.select(table).where(table.c.case_id.in_(cases))
    found: dict[str, list[Entry]] = {case: [] for case in cases}
    for row in connection.execute(query.order_by(table.c.case_id, table.c.seq)):
        found[row.case_id].append(_read(schema, row))
    return {case: tuple(entries) for case, entries in found.items()}


def all_entries(connection: sa.Connection, schema: Schema) -> Iterator[Entry]:
    """Yield the history of every case: case after case, each in order."""
    table = schema.shared.history
    query = sa.select(table).order_by(table.c.case_id, table.c.seq)
    few = {"yield_per": 1000} if is_open(connection) else {}  # a cursor lives in a transaction
    with connection.execute(query, execution_options=few) as rows:
        for row in rows:
            yield _read(schema, row)


def late_marks(
    connection: sa.Connection, schema: Schema, cases: Sequence[str]
) -> dict[str, tuple[Lateness, ...]]:
    """Return the marks of lateness of some cases, without those of entries taken back."""
    table = schema.shared.history.c
    query = sa.select(table.case_id, table.seq, table.late, table.voids, table.name).where(
        table.case_id.in_(cases), table.late.is_not(None) | table.voids.is_not(None)
    )
    rows = connection.execute(query.order_by(table.case_id, table.seq)).all()
    void = {(row.case_id, row.voids) for row in rows if row.voids is not None and not row.name}
    found: dict[str, tuple[Lateness, ...]] = {}
    for row in rows:
        if row.late is not None and (row.case_id, row.seq) not in void:
            found[row.case_id] = (*found.get(row.case_id, ()), *late_of(row.late))
    return found


# ---------------------------------------------------------------------------------------------


def _read(schema: Schema, row: sa.Row[Any]) -> Entry:
    known = schema.workflows.get(row.workflow)
    try:
        return entry_of(row, known.flow if known is not None else None)
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # no value of ours
        raise damaged(error) from error
