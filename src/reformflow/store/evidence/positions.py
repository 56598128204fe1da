"""Which entries have no position yet, and in which order they get theirs.

To look at every case costs as much as there are cases. So it is done last: SQLite and PostgreSQL
know where in the table the newest rows lie, and whether these are all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import UserDefinedType

from reformflow.store.evidence.documents import case_table
from reformflow.store.schema import Schema

_NEAR: Final = 256
"""New rows of PostgreSQL are looked for from the first of so many that got a position last.

Several who write at once each fill a page of their own.
"""

_Instant = Callable[[sa.Table], sa.ColumnElement[Any]]


def place_fresh(connection: sa.Connection, schema: Schema, last: int) -> None:
    """Give the positions after the `last` one so far to the entries that have none.

    They are ordered by the instant of their entering, but within a case by their numbers,
    whatever the clock did. That it was put back is rare, and found afterwards: to ask for the
    latest instant of a case up to each of its entries takes as long again as to order them.
    """
    places, history = schema.shared.seal_positions, schema.shared.history.c
    if connection.dialect.name == "sqlite" and _in_rows_order(connection, schema, last):
        new = sa.select(history.case_id, history.seq).where(_rowid() > last, _unplaced(schema))
        _give(connection, places, last, new, [_rowid()])
        return
    _give(connection, places, last, *_fresh(connection, schema, last, _own_instant))
    if _has_turned(connection, schema, last):
        connection.execute(sa.delete(places).where(places.c.position > last))
        _give(connection, places, last, *_fresh(connection, schema, last, _latest_instant))


# ---------------------------------------------------------------------------------------------


def _own_instant(history: sa.Table) -> sa.ColumnElement[Any]:
    return history.c.recorded_at


def _latest_instant(history: sa.Table) -> sa.ColumnElement[Any]:
    """Return the latest instant of a case up to each of its entries."""
    here = history.c
    return sa.func.max(here.recorded_at).over(partition_by=here.case_id, order_by=here.seq)


def _give(
    connection: sa.Connection,
    places: sa.Table,
    last: int,
    new: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
) -> None:
    number = sa.func.row_number().over(order_by=order)
    rows = new.with_only_columns(last + number, *new.selected_columns)
    connection.execute(sa.insert(places).from_select(["position", "case_id", "seq"], rows))


def _fresh(
    connection: sa.Connection, schema: Schema, last: int, instant: _Instant
) -> tuple[sa.Select[Any], Sequence[sa.ColumnElement[Any]]]:
    """Select case and number of the entries without a position, and say what to order them by."""
    here = _unordered(connection, schema, last, instant).subquery("fresh").c
    return sa.select(here.case_id, here.seq), (here.entered, here.case_id, here.seq)


def _unordered(
    connection: sa.Connection, schema: Schema, last: int, instant: _Instant
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    history = schema.shared.history
    if not last:
        return _entered(history, history, instant)
    tables = _tables(connection, schema)
    near = _near(connection, schema, last) if connection.dialect.name == "postgresql" else None
    if near is not None and _are_all(connection, schema, tables, last, near):
        return _entered(history, history, instant).where(near, _unplaced(schema))
    return sa.union_all(*(_behind(schema, table, instant) for table in tables))


def _has_turned(connection: sa.Connection, schema: Schema, last: int) -> bool:
    """Say whether an entry after the `last` position stands before an earlier one of its case.

    The earlier one is asked for one by one, as in `_unplaced`.
    """
    here = schema.shared.seal_positions
    before = here.alias()
    one = (before.c.case_id == here.c.case_id, before.c.seq == here.c.seq - 1)
    earlier = sa.select(before.c.position).where(*one).scalar_subquery()
    query = sa.select(here.c.position).where(
        here.c.position > last, here.c.seq > 1, earlier > here.c.position
    )
    return connection.scalar(query.limit(1)) is not None


def _unplaced(schema: Schema) -> sa.ColumnElement[bool]:
    """Return the condition that an entry has no position.

    It is asked of few entries, one by one: of EXISTS, PostgreSQL without statistics might make
    a join that reads all positions.
    """
    places, history = schema.shared.seal_positions.c, schema.shared.history.c
    here = (places.case_id == history.case_id, places.seq == history.seq)
    return sa.select(places.position).where(*here).scalar_subquery().is_(None)


def _rowid() -> sa.ColumnElement[int]:
    return sa.literal_column("rowid", sa.Integer())


def _in_rows_order(connection: sa.Connection, schema: Schema, last: int) -> bool:
    """Say whether the numbers of SQLite's rows count the entries as their positions do.

    They do while rows are only ever added, as SQLite lets only one write at a time.
    """
    if not last:
        return True
    history, places = schema.shared.history.c, schema.shared.seal_positions.c
    row = connection.execute(sa.select(history.case_id, history.seq).where(_rowid() == last))
    place = connection.execute(sa.select(places.case_id, places.seq).where(places.position == last))
    return row.one_or_none() == place.one_or_none()


class _Place(UserDefinedType[str]):
    """Where a row of PostgreSQL lies: its page, and its number there."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401 - as SQLAlchemy has it
        return "tid"


def _place() -> sa.ColumnElement[str]:
    return sa.literal_column("ctid", _Place())


def _near(connection: sa.Connection, schema: Schema, last: int) -> sa.ColumnElement[bool] | None:
    """Return the condition that a row of PostgreSQL lies where the newest do; None if unknown."""
    history, places = schema.shared.history.c, schema.shared.seal_positions.c
    newest = sa.select(places.case_id, places.seq).where(
        places.position.between(last - _NEAR, last)
    )
    known = sa.tuple_(history.case_id, history.seq).in_(newest)
    first = sa.select(_place()).where(known).order_by(_place()).limit(1)
    found = connection.scalar(first.select_from(schema.shared.history))
    return None if found is None else _place() >= sa.cast(found, _Place())


def _are_all(
    connection: sa.Connection,
    schema: Schema,
    tables: Sequence[sa.FromClause],
    last: int,
    near: sa.ColumnElement[bool],
) -> bool:
    """Say whether all entries have positions but for those `near`: in one view of the database.

    The revision of a case counts its entries. What is committed later may be taken, too, or be
    left for the next time.
    """
    sums = [
        sa.select(sa.func.coalesce(sa.func.sum(table.c.revision), 0)).scalar_subquery()
        for table in tables
    ]
    new = sa.select(sa.func.count()).select_from(schema.shared.history)
    found = new.where(near, _unplaced(schema)).scalar_subquery()
    *every, some = connection.execute(sa.select(*sums, found)).one()
    return bool(sum(every) == last + some)


def _tables(connection: sa.Connection, schema: Schema) -> list[sa.FromClause]:
    """Return the tables of all cases, also of workflows that the definition no longer has."""
    catalog = schema.shared.catalog
    older = connection.scalars(
        sa.select(catalog.c.workflow).where(catalog.c.workflow.not_in(list(schema.workflows)))
        .distinct()
    )  # fmt: skip
    found = [case_table(connection, schema, name) for name in (*schema.workflows, *older)]
    return [table for table in found if table is not None]


def _behind(schema: Schema, table: sa.FromClause, instant: _Instant) -> sa.Select[Any]:
    """Select the entries of every case of one workflow whose last one has no position.

    Not by EXISTS, for which MariaDB takes longer, and PostgreSQL without statistics as well.
    """
    history, last = schema.shared.history, schema.shared.seal_positions.alias()
    ends = (last.c.case_id == table.c.id) & (last.c.seq == table.c.revision)
    behind = table.outerjoin(last, ends).join(history, history.c.case_id == table.c.id)
    found = _entered(history, behind, instant).where(last.c.position.is_(None), _unplaced(schema))
    # In this order, as there are more entries than cases.
    return found.prefix_with("STRAIGHT_JOIN", dialect="mysql").prefix_with(
        "STRAIGHT_JOIN", dialect="mariadb"
    )


def _entered(history: sa.Table, rows: sa.FromClause, instant: _Instant) -> sa.Select[Any]:
    """Select entries of `rows`, each with the instant by which it is ordered."""
    columns = (history.c.case_id, history.c.seq, instant(history).label("entered"))
    return sa.select(*columns).select_from(rows)
