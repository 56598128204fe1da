"""Column types that mean the same in every supported database.

Text compares code point by code point, as Python does; instants are UTC to the microsecond;
JSON keeps Chinese readable. Lengths are characters. Only the dialect that is used is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from json.encoder import encode_basestring
from types import NoneType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from reformflow.binding import Column
from reformflow.errors import EmbeddingError, StoreError
from reformflow.model import FactType

ID_LENGTH: Final = 200
"""The longest id of a case, an actor, a unit or a request's key."""

CHOICE_LENGTH: Final = 64
_MOST_SEEN: Final = 4096
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    allow_nan=False,
    default=date.isoformat,
)
_FINE: Final = "microseconds"
_NAIVE: Final = len("2021-02-10 00:00:00.000000")
MARIADB: Final = ("mysql", "mariadb")
"""What the dialects of MariaDB are called."""
_POSTGRES: Final = ("postgresql", "opengauss")
_BYTEWISE: Final = "utf8mb4_nopad_bin"


def text(length: int) -> TypeEngine[str]:
    """Return the type of a text column that is short enough for an index."""
    return _compared(partial(sa.String, length))


def long_text() -> TypeEngine[str]:
    """Return the type of a text column of any length."""
    return _compared(sa.Text, mariadb=_LongText)


def said_text() -> TypeEngine[str]:
    """Return the type of a text that a statement brings along, to compare as stored text does.

    MariaDB compares two such texts by the rules of the connection, for which "A" equals "a".
    """
    return sa.Unicode().with_variant(_Said(), *MARIADB)


class _LongText(sa.Text):
    """MariaDB's text of any length; its TEXT ends at 64 KiB."""

    __visit_name__ = "LONGTEXT"


class _Said(sa.String):
    """A bound text of MariaDB, compared code point by code point."""

    def bind_expression(self, bindvalue: sa.BindParameter[str]) -> sa.ColumnElement[str]:
        return sa.collate(bindvalue, _BYTEWISE)


class Utc(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep microseconds everywhere, and the zone where the database can."""
        if dialect.name in MARIADB:
            from sqlalchemy.dialects.mysql import DATETIME

            return dialect.type_descriptor(DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name in _POSTGRES))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write an instant; SQLite's text is written here, in a fourth of the driver's time."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        return lambda value: None if value is None else _utc(value).isoformat(" ", _FINE)[:_NAIVE]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC."""
        if value is None:
            return None
        instant = _utc(value)
        return instant if dialect.name in _POSTGRES else instant.replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read an instant; StoreError if it was damaged."""
        return _whole(super().result_processor(dialect, coltype))

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's interface
    ) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """JSON as text, with Chinese left as it is, so that every database's JSON paths find it."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use the dialect's longest text."""
        return dialect.type_descriptor(long_text().dialect_impl(dialect))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write compact JSON; None is SQL's NULL. SQLite's driver takes it as it is."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        return lambda value: None if value is None else dumps(value)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Write compact JSON; None is SQL's NULL."""
        return None if value is None else dumps(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read JSON; StoreError if it was damaged."""
        return _whole(super().result_processor(dialect, coltype))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Read JSON."""
        return None if value is None else json.loads(value)


def damaged(error: Exception) -> StoreError:
    """Return the error that says that something stored is no longer what was stored."""
    message = f"what is stored is damaged: {error}"
    return StoreError(message, "restore the last backup; nothing was changed")


def dumps(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Write one spelling of a JSON value: sorted keys, no spaces, no escapes for Chinese.

    Days become text.
    """
    if type(value) is dict:
        try:
            items = sorted(value.items())
            pairs = [f"{_NAMES[name]}:{_PLAIN[type(item)](item)}" for name, item in items]
        except (KeyError, TypeError):
            pass  # something else than names of plain values
        else:  # in a fourth of the encoder's time: every entry comes by here
            return f"{{{','.join(pairs)}}}"
    return _ENCODER.encode(value)


class Key(TypeDecorator[Any]):
    """What finds a row of a table soonest: its id, on SQLite the number that each row has."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use a number on SQLite."""
        number = dialect.name == "sqlite"
        return dialect.type_descriptor(
            sa.Integer() if number else text(ID_LENGTH).dialect_impl(dialect)
        )


def storable(id: object) -> bool:  # noqa: A002
    """Say whether an id comes back from every database as it was stored."""
    if not isinstance(id, str):
        return False
    whole = not any("\ud800" <= char <= "\udfff" for char in id)
    return whole and "\0" not in id and len(id) <= ID_LENGTH


def type_of(column: Column) -> TypeEngine[Any]:
    """Return the type of a case's column."""
    return _TYPES[column.type]


# ---------------------------------------------------------------------------------------------


def _utc(instant: datetime) -> datetime:
    """Return an aware instant in UTC."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        message = f"{instant.isoformat()} has no offset from UTC"
        raise EmbeddingError(message, "give an aware datetime, for example with tzinfo=UTC")
    return instant.astimezone(UTC)


def _compared(
    make: Callable[..., TypeEngine[str]], *, mariadb: Callable[..., TypeEngine[str]] | None = None
) -> TypeEngine[str]:
    """Return a text type that says for each database how it compares.

    One that we do not know decides that for a whole database, when it is made.
    """
    return (
        make()
        .with_variant(make(collation="BINARY"), "sqlite")
        .with_variant(make(collation="C"), *_POSTGRES)
        .with_variant((mariadb or make)(collation=_BYTEWISE), *MARIADB)
    )


def _whole(read: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    """Let a reader of stored values name what is none."""
    if read is None:
        return None

    def whole(value: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        try:
            return read(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise damaged(error) from error

    return whole


class _Day(TypeDecorator[date]):
    """A day in SQLite, which keeps whatever is written as text."""

    impl = sa.Date
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """Write a day as the driver's own type does, in a fraction of the time."""
        return _Seen(_day_text).__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read a day; StoreError if it was damaged."""
        read = _whole(super().result_processor(dialect, coltype))
        return None if read is None else _Seen(read).__getitem__


def _day_text(day: date | None) -> str | None:
    return None if day is None else date.isoformat(day)


class _Seen(dict[Any, Any]):
    """What was made of values, which are often the same: each is made once."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        if len(self) >= _MOST_SEEN:
            self.clear()
        found = self[value] = self._make(value)
        return found


_NAMES: Final = _Seen(encode_basestring)
_PLAIN: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    int: int.__repr__,
    bool: {False: "false", True: "true"}.__getitem__,
    date: _Seen(lambda day: f'"{day.isoformat()}"').__getitem__,
    NoneType: {None: "null"}.__getitem__,
}
"""What writes a value of each type as JSON."""


DAY: Final = sa.Date().with_variant(_Day(), "sqlite")
"""The type of a day."""

_TYPES: Final[Mapping[FactType, TypeEngine[Any]]] = {
    FactType.BOOL: sa.Boolean(create_constraint=False),
    FactType.INT: sa.BigInteger(),
    FactType.DATE: DAY,
    FactType.CHOICE: text(CHOICE_LENGTH),
    # Whatever its greatest length: a MariaDB row has 65,535 bytes for all its VARCHAR columns
    # together, and a fact may be given more room later.
    FactType.TEXT: long_text(),
}
