"""Sealed entries as they lie in the database, for those who must not trust it.

Values are taken as the driver gives them. What somebody has put there from outside may be of any
type: then the entry has no spelling, and it is told why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.evidence import (
    Document,
    Sealed,
    respelled,
    spelled_of,
    spelled_opened,
    strict,
)
from reformflow.model import Entry, Kind
from reformflow.store.evidence.packing import rows_between
from reformflow.store.history import late_of, typed
from reformflow.store.schema import Schema

_IDENTITY: Final = ("parent", "subject", "unit")
_COLUMNS: Final = (
    "workflow", "kind", "name", "actor", "happened_on", "recorded_at", "changes", "reason",
    "late", "voids", "definition", "request_key",
)  # fmt: skip


@attrs.define
class Raw:
    """One sealed entry as it lies there: its place, and its spelling or what is wrong with it."""

    position: int
    case: str
    seq: int
    spelling: bytes
    fault: str = ""


def sealed_entries(
    connection: sa.Connection, schema: Schema, *, after: int, upto: int
) -> Iterator[Raw]:
    """Yield the entries at positions above `after` up to `upto`, in order."""
    places, history = schema.shared.seal_positions, schema.shared.history
    here = (history.c.case_id == places.c.case_id) & (history.c.seq == places.c.seq)
    told = (history.c[name] for name in _COLUMNS)
    columns = (places.c.position, places.c.case_id, places.c.seq, *told)
    query = sa.select(*columns).select_from(places.outerjoin(history, here))
    found = rows_between(connection, query, places.c.position, after=after, upto=upto)
    # Sorted here: the rows come nearly in order, and a server would sort them whole, on its disk.
    rows = sorted(found, key=itemgetter(0))
    workflows = {row[3] for row in rows if row[2] == 1}
    opened = _opened(connection, schema, workflows, after=after, upto=upto)
    for row in rows:
        yield _read(row, opened.get(row[1]) if row[2] == 1 else None)


def sealed_of(schema: Schema, found: Raw) -> Sealed:
    """Return a sealed entry as a value; any error of values for one that cannot be read."""
    if found.fault:
        raise ValueError(found.fault)
    text = found.spelling.decode()
    document: Document = strict(text)
    workflow = document["workflow"]
    known = schema.workflows.get(workflow)
    flow = None if known is None else known.flow
    recorded = document["recorded_at"]
    entry = Entry(
        case=document["case"],
        seq=document["seq"],
        kind=Kind(document["kind"]),
        name=document["name"],
        actor=document["actor"],
        on=date.fromisoformat(document["on"]),
        changes={
            name: typed(flow, name, int(value["int"]) if isinstance(value, dict) else value)
            for name, value in document["changes"].items()
        },
        recorded_at=None if recorded is None else datetime.fromisoformat(recorded),
        reason=document["reason"],
        late=late_of(document["late"]),
        voids=document["voids"],
        definition=document["definition"],
        key=document["key"],
    )
    return Sealed(found.position, workflow, entry, document, text)


def case_table(
    connection: sa.Connection, schema: Schema, workflow: str
) -> sa.Table | sa.TableClause | None:
    """Return the table of a workflow, also of one that the definition no longer has."""
    known = schema.workflows.get(workflow)
    if known is not None:
        return known.table
    name = f"{schema.prefix}{workflow}"
    # Not asked for by its name, which may be one that no table can have.
    if name not in sa.inspect(connection).get_table_names(schema=schema.name):
        return None
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(column) for column in ("id", "revision", *_IDENTITY)
    ]
    return sa.table(name, *columns, schema=schema.name)


# ---------------------------------------------------------------------------------------------


def _read(row: Sequence[Any], opened: Sequence[Any] | None) -> Raw:
    position, case, seq, workflow, kind, name, actor, on, recorded, *rest = row
    changes, reason, late, voids, definition, key = rest
    if workflow is None:
        return Raw(position, case, seq, b"", "is gone")
    try:
        spelling = spelled_of(
            actor=actor,
            case=case,
            changes=respelled(changes),
            definition=definition,
            key=key,
            kind=kind,
            late=None if late is None else respelled(late),
            name=name,
            on=on if isinstance(on, str) else _day(on),
            opened=None if opened is None else spelled_opened(*opened),
            reason=reason,
            recorded_at=None if recorded is None else _instant(recorded),
            seq=seq,
            voids=voids,
            workflow=workflow,
        )
    except (ValueError, TypeError, AttributeError) as error:
        return Raw(position, case, seq, b"", f"cannot be read: {error}")
    return Raw(position, case, seq, spelling)


@lru_cache(maxsize=1_000)
def _day(value: date) -> str:
    return value.isoformat()


@lru_cache(maxsize=1_000)
def _instant(value: str | datetime) -> str:
    """PostgreSQL gives an aware instant, the others text in UTC."""
    if isinstance(value, str):
        return f"{value.replace(' ', 'T')}Z"
    naive = value.astimezone(UTC).replace(tzinfo=None)
    return f"{naive.isoformat(timespec='microseconds')}Z"


def _opened(
    connection: sa.Connection, schema: Schema, workflows: set[str | None], *, after: int, upto: int
) -> dict[str, Sequence[Any]]:
    """Return what each case was opened as: its identity, from the tables of these workflows."""
    places = schema.shared.seal_positions
    found: dict[str, Sequence[Any]] = {}
    for workflow in workflows:
        table = case_table(connection, schema, workflow) if isinstance(workflow, str) else None
        if table is not None:
            query = (
                sa.select(table.c.id, *(table.c[name] for name in _IDENTITY))
                .select_from(places.join(table, table.c.id == places.c.case_id))
                .where(places.c.seq == 1)
            )
            rows = rows_between(connection, query, places.c.position, after=after, upto=upto)
            found.update((row[0], row[1:]) for row in rows)
    return found
