"""SQL functions that the databases spell differently: the one place that knows their names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from reformflow.model import FactType

Operand = sa.ColumnElement[Any]
"""A value in SQL."""


class DayText(GenericFunction[str]):
    """A day as text, `2021-03-01`."""

    type = sa.Text()
    inherit_cache = True
    name = "reformflow_day_text"


class Quoted(GenericFunction[str]):
    """A text as a JSON string, in its quotes."""

    type = sa.Text()
    inherit_cache = True
    name = "reformflow_quoted"


class Characters(GenericFunction[int]):
    """How many characters a text has."""

    type = sa.Integer()
    inherit_cache = True
    name = "reformflow_characters"


class Earliest(GenericFunction[Any]):
    """The least of two or more values, none of them NULL."""

    type = sa.Date()
    inherit_cache = True
    name = "reformflow_earliest"


class DaysBetween(GenericFunction[int]):
    """How many days the first day lies after the second."""

    type = sa.Integer()
    inherit_cache = True
    name = "reformflow_days_between"


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
    """Return a text of our own as a bound parameter."""
    return sa.literal(text, sa.Text())


@contextmanager
def simultaneous(connection: sa.Connection) -> Iterator[None]:
    """Let MariaDB work out every value of an UPDATE from the row as it was, as others do."""
    if connection.dialect.name not in {"mysql", "mariadb"}:
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


@compiles(DayText)
def _day_text(element: DayText, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    inside = compiler.process(element.clauses, **options)
    return f"to_char({inside}, 'YYYY-MM-DD')"


@compiles(DayText, "sqlite")
def _day_text_sqlite(element: DayText, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return compiler.process(element.clauses, **options)  # days are stored as text


@compiles(DayText, "mysql", "mariadb")
def _day_text_mariadb(element: DayText, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"CAST({compiler.process(element.clauses, **options)} AS CHAR)"


@compiles(Quoted)
def _quoted(element: Quoted, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"CAST(to_json(CAST({compiler.process(element.clauses, **options)} AS TEXT)) AS TEXT)"


@compiles(Quoted, "sqlite", "mysql", "mariadb")
def _quoted_by_name(element: Quoted, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"json_quote({compiler.process(element.clauses, **options)})"


@compiles(Characters)
def _characters(element: Characters, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"char_length({compiler.process(element.clauses, **options)})"


@compiles(Characters, "sqlite")
def _characters_sqlite(element: Characters, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"length({compiler.process(element.clauses, **options)})"


@compiles(Earliest)
def _earliest(element: Earliest, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"least({compiler.process(element.clauses, **options)})"


@compiles(Earliest, "sqlite")
def _earliest_sqlite(element: Earliest, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(DaysBetween)
def _days_between(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    later, earlier = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"


@compiles(DaysBetween, "sqlite")
def _days_between_sqlite(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    later, earlier = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(DaysBetween, "mysql", "mariadb")
def _days_between_mariadb(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    later, earlier = (compiler.process(part, **options) for part in element.clauses)
    return f"datediff({later}, {earlier})"
