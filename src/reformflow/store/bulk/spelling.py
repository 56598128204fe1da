"""SQL functions that the databases spell differently: the one place that knows their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from reformflow.model import FactType
from reformflow.store.types import MARIADB, Key

Operand = sa.ColumnElement[Any]
"""A value in SQL."""

# One value of each type serves all: SQLAlchemy works out how to send it once for each of them.
_TEXT: Final = sa.Text()
_WORD: Final = sa.Unicode()
_DAY: Final = sa.Date()
_WHOLE: Final = sa.BigInteger()

_HARMLESS: Final = re.compile(r'[A-Za-z0-9 _.,:{}"\[\]-]*').fullmatch
"""No quote, no backslash, no percent sign: what every database reads the same in a literal."""

NO_DAY: Final[Operand] = sa.literal(None, _DAY)
"""No day. PostgreSQL takes a NULL without a type for text, where a whole CASE knows no other."""


class Day(GenericFunction[Any]):
    """A stored day, as it is stored: SQLite would try first to read it as a number, each time."""

    type = _DAY
    inherit_cache = True
    name = "reformflow_day"


class DayText(GenericFunction[str]):
    """A day as text, `2021-03-01`."""

    type = _TEXT
    inherit_cache = True
    name = "reformflow_day_text"


class Quoted(GenericFunction[str]):
    """A text as a JSON string, in its quotes."""

    type = _TEXT
    inherit_cache = True
    name = "reformflow_quoted"


class Characters(GenericFunction[int]):
    """How many characters a text has."""

    type = sa.Integer()
    inherit_cache = True
    name = "reformflow_characters"


class Earliest(GenericFunction[Any]):
    """The least of two or more values, none of them NULL."""

    type = _DAY
    inherit_cache = True
    name = "reformflow_earliest"


class DaysBetween(GenericFunction[int]):
    """How many days the first day lies after the second."""

    type = sa.Integer()
    inherit_cache = True
    name = "reformflow_days_between"


class RowKey(GenericFunction[Any]):
    """The key of a row, as `Key` has it, given its id."""

    type = Key()
    inherit_cache = True
    name = "reformflow_row_key"


class NotRefused(GenericFunction[bool]):
    """Whether the row of a key is not among those that were noted as refused."""

    type = sa.Boolean()
    inherit_cache = True
    name = "reformflow_not_refused"


def numbers_rows(connection: sa.Connection) -> bool:
    """Say whether rows have numbers, so that to note them costs less than to judge them again."""
    return connection.dialect.name == "sqlite"


def json_text(value: Operand, kind: FactType) -> Operand:
    """Return a value as JSON text, `null` where it is NULL."""
    match kind:
        case FactType.BOOL:
            true, false = sa.literal(True, sa.Boolean()), sa.literal(False, sa.Boolean())  # noqa: FBT003
            known = ((value == true, plain("true")), (value == false, plain("false")))
            return sa.case(*known, else_=plain("null"))
        case FactType.INT:
            written: Operand = sa.cast(value, sa.String(20))
        case FactType.DATE:
            written = plain('"').concat(DayText(value)).concat(plain('"'))
        case FactType.CHOICE | FactType.TEXT:
            written = Quoted(value)
    return sa.func.coalesce(written, plain("null"))


def plain(text: str) -> sa.ColumnElement[str]:
    """Return a text of our own: as it is, which is quicker to prepare, or bound."""
    if _HARMLESS(text):
        return sa.literal_column(f"'{text}'", _TEXT)
    return sa.literal(text, _TEXT)


def number(value: int) -> sa.ColumnElement[int]:
    """Return a whole number of our own as it is."""
    return sa.literal_column(str(int(value)), _WHOLE)


def word(text: str) -> sa.ColumnElement[str]:
    """Return an id, a name or a hash as a bound parameter."""
    return sa.literal(text, _WORD)


def on_day(day: date | None) -> sa.ColumnElement[Any]:
    """Return a day, or none, as a bound parameter."""
    return NO_DAY if day is None else sa.literal(day, _DAY)


@contextmanager
def simultaneous(connection: sa.Connection) -> Iterator[None]:
    """Let MariaDB work out every value of an UPDATE from the row as it was, as others do."""
    if connection.dialect.name not in MARIADB:
        yield
        return
    mode: str = connection.scalar(sa.select(sa.literal_column("@@sql_mode"))) or ""
    wanted = ",".join(filter(None, [mode, "SIMULTANEOUS_ASSIGNMENT"]))
    connection.execute(sa.text("SET SESSION sql_mode = :mode"), {"mode": wanted})
    try:
        yield
    finally:
        with suppress(sa.exc.SQLAlchemyError):  # a connection that broke takes its mode along
            connection.execute(sa.text("SET SESSION sql_mode = :mode"), {"mode": mode})


# ---------------------------------------------------------------------------------------------

# How each is written: {0} and {1} are its operands, {all} is the list of them. PostgreSQL and every
# dialect without a word of its own take the first, SQLite the second (it stores days as text),
# MariaDB the last.
_WORDS: Final = {
    Day: ("{0}", "+{0}", "{0}"),
    DayText: ("to_char({0}, 'YYYY-MM-DD')", "{0}", "CAST({0} AS CHAR)"),
    Quoted: ("CAST(to_json(CAST({0} AS TEXT)) AS TEXT)", "json_quote({0})", "json_quote({0})"),
    Characters: ("char_length({0})", "length({0})", "char_length({0})"),
    Earliest: ("least({all})", "min({all})", "least({all})"),
    NotRefused: (
        "NOT EXISTS (SELECT 1 FROM reformflow_refused AS those WHERE those.row_key = {0})",
        "{0} NOT IN (SELECT row_key FROM reformflow_refused)",
        "NOT EXISTS (SELECT 1 FROM reformflow_refused AS those WHERE those.row_key = {0})",
    ),
    DaysBetween: (
        "(CAST({0} AS DATE) - CAST({1} AS DATE))",
        "CAST(julianday({0}) - julianday({1}) AS INTEGER)",
        "datediff({0}, {1})",
    ),
}


def _writes(words: str) -> Callable[..., str]:
    def write(element: GenericFunction[Any], compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
        parts = [compiler.process(part, **options) for part in element.clauses]
        return words.format(*parts, all=", ".join(parts))

    return write


for _function, (_others, _sqlite, _mariadb) in _WORDS.items():
    compiles(_function)(_writes(_others))
    compiles(_function, "sqlite")(_writes(_sqlite))
    compiles(_function, *MARIADB)(_writes(_mariadb))


@compiles(RowKey)
def _row_id(element: RowKey, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    (id_,) = element.clauses
    return compiler.process(id_, **options)


@compiles(RowKey, "sqlite")
def _row_number(element: RowKey, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    """Write the name that no column of ours can have."""
    (id_,) = element.clauses
    return compiler.process(sa.column("_rowid_", _selectable=id_.table), **options)
