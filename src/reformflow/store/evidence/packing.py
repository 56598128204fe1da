"""Rows as they lie in the database; many as one text where the driver is slow to unpack them.

The driver of MariaDB is written in Python, and takes longer over a row than the server to find it.
So the server joins the values of a row, and then the rows, with a mark after each. Where this
does not come out even the rows are read in the driver's way: a text may hold a mark, a value that
has to be there may be missing, the server may cut off what is long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import sqlalchemy as sa
from sqlalchemy.types import NullType

from reformflow.store.dialects import joined_bytes
from reformflow.store.types import Utc, said_text

_VALUE: Final = "\x1f"
_ROW: Final = "\x1e"
_THERE: Final = "="
"""Stands before a value that need not be there; one that is not is the empty text."""
_ROOM: Final = 4096
"""Bytes of a text for each row: several times as many as most take."""

Row = Sequence[Any]


def rows_of(connection: sa.Connection, query: sa.Select[Any], *, ordered: int = 0) -> list[Row]:
    """Return the rows of a SELECT of columns, in the order of so many of the first ones.

    Their values are as the driver gives them, but days and instants may be text.
    """
    if joined_bytes(connection):
        found = _Packed.of(query).rows(connection, {})
        return sorted(found, key=lambda row: tuple(row[:ordered])) if ordered else found
    return _plainly(connection, query.order_by(*query.selected_columns[:ordered]), {})


def rows_between(
    connection: sa.Connection,
    query: sa.Select[Any],
    number: sa.ColumnElement[int],
    *,
    after: int,
    upto: int,
) -> list[Row]:
    """Return what `rows_of` does, of rows whose `number` is above `after`, up to `upto`."""
    span = (number > sa.bindparam("b_after"), number <= sa.bindparam("b_upto"))
    together = joined_bytes(connection) // _ROOM
    if not together:
        return _plainly(connection, query.where(*span), {"b_after": after, "b_upto": upto})
    packed = _Packed.of(query.where(*span))
    found: list[Row] = []
    for start in range(after, upto, together):
        values = {"b_after": start, "b_upto": min(start + together, upto)}
        found += packed.rows(connection, values)
    return found


# ---------------------------------------------------------------------------------------------


def _plainly(
    connection: sa.Connection, query: sa.Select[Any], values: Mapping[str, Any]
) -> list[Row]:
    columns = [sa.type_coerce(column, NullType()) for column in query.selected_columns]
    return [tuple(row) for row in connection.execute(_with(query, columns), values)]


def _with(query: sa.Select[Any], columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    return query.with_only_columns(*columns)


@attrs.frozen
class _Packed:
    """A SELECT whose rows come as one text."""

    query: sa.Select[Any]
    packed: sa.Select[Any]
    optional: tuple[int, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, query: sa.Select[Any]) -> _Packed:
        """Build it for a SELECT of columns."""
        columns = [
            sa.cast(column, sa.String()) if isinstance(column.type, sa.Date | Utc) else column
            for column in query.selected_columns
        ]
        optional = [getattr(column, "nullable", True) for column in columns]
        mark = sa.bindparam("b_mark", _VALUE, said_text())
        parts: list[sa.ColumnElement[Any]] = []
        for column, may_miss in zip(columns, optional, strict=True):
            there = sa.func.coalesce(sa.func.concat(_THERE, column), "")
            parts += [there if may_miss else column, mark]
        row = sa.func.coalesce(sa.func.concat(*parts), "")
        rows = sa.func.group_concat(row.op("SEPARATOR")(sa.literal_column(f"'{_ROW}'")))
        return cls(
            query=_with(query, columns),
            packed=_with(query, [sa.func.count(), rows]),
            optional=tuple(at for at, may_miss in enumerate(optional) if may_miss),
            numbers=tuple(
                at
                for at, column in enumerate(columns)
                if isinstance(column.type, sa.Integer | sa.Boolean)
            ),
        )

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[Row]:
        """Return the rows for some values of its parameters."""
        count, text = connection.execute(self.packed, values).one()
        found = self._split(count, text)
        return _plainly(connection, self.query, values) if found is None else found

    def _split(self, count: int, text: str | None) -> list[Row] | None:
        """Return the rows of a text; None if it is not that of so many whole rows.

        There are as many pieces as rows only if no value holds the mark of rows, and as many
        parts of each as columns only if none holds the mark of values.
        """
        pieces = [] if text is None else text.split(_ROW)
        if len(pieces) != count:
            return None
        width = len(self.query.selected_columns)
        found: list[Row] = []
        for piece in pieces:
            row: list[Any] = piece.split(_VALUE)
            if len(row) != width + 1 or row.pop():
                return None
            for at in self.optional:
                row[at] = row[at][1:] if row[at] else None
            for at in self.numbers:
                row[at] = None if row[at] is None else int(row[at])
            found.append(tuple(row))
        return found
