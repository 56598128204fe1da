"""Statements run straight on the driver: those that every single act needs, each compiled once.

SQLAlchemy writes the SQL, and its types say how values go in and come out; the work it does
anew for every execution costs several times what the database does. What it would notice is
kept: the transaction begins, errors come wrapped, a broken connection is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import attrs
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from reformflow.store.commands import Command
from reformflow.store.converting import Reader, writer

Values = Mapping[str, Any]
Given = tuple[Any, ...] | dict[str, Any]
Held = sa.Connection | sa.PoolProxiedConnection
"""What holds the driver's connection."""
_MOST: Final = 2000


@attrs.frozen
class Compiled:
    """One statement as a driver takes it.

    `arguments` turns what the command takes into what the driver does, `read` a row of the
    driver's into what the command reads.
    """

    sql: str
    arguments: Callable[..., Given]
    read: Reader

    @classmethod
    def of(cls, command: Command, dialect: Dialect, translate: Values | None) -> Compiled:
        """Compile a command for the databases of `dialect`; `translate` renames schemas."""
        statement = command.statement
        built = statement.compile(
            dialect=dialect,
            schema_translate_map=translate,
            render_schema_translate=translate is not None,
        )
        names = list(map(str, (built.positiontup if built.positional else None) or built.binds))
        columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
        kinds = [built.binds[name].type.dialect_impl(dialect) for name in names]
        read = [column.type.dialect_impl(dialect) for column in columns]
        into = [kind.bind_processor(dialect) for kind in kinds]
        out = [kind.result_processor(dialect, None) for kind in read]
        sources = [(name, command.sources[name]) for name in names]
        return cls(
            sql=str(built),
            arguments=writer(command.takes, sources, into, named=not built.positional),
            read=command.reads(out),
        )


Known = WeakKeyDictionary[Dialect, dict[tuple[tuple[str, str], ...], dict[Command, Compiled]]]
"""Compiled commands by the dialect and the renamed schemas that they were compiled for."""


class Direct:
    """Runs statements on the driver's connection, inside its transaction.

    Where somebody listens to a connection's statements, or logs them, they go SQLAlchemy's whole
    way instead, with the same text and the same parameters.
    """

    __slots__ = ("_compiled", "_cursor", "_held", "_translate", "engine")

    def __init__(
        self, engine: sa.Engine, held: Held, known: Known, translate: Values | None = None
    ) -> None:
        """Run on what is held; `known` keeps what was compiled before. See `of`."""
        self.engine = engine
        self._held = held
        self._translate = translate
        self._cursor: Any = None
        renamed = tuple(translate.items()) if translate else ()
        by_schema = known.get(engine.dialect)
        if by_schema is None:
            by_schema = known.setdefault(engine.dialect, {})
        found = by_schema.get(renamed)
        self._compiled = by_schema.setdefault(renamed, {}) if found is None else found

    @classmethod
    def of(cls, connection: sa.Connection, known: Known) -> Direct:
        """Run on SQLAlchemy's connection, where a transaction begins if none has."""
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy would: else nobody would commit what we write
        translate = connection.get_execution_options().get("schema_translate_map")
        direct = cls(connection.engine, connection, known, translate)
        if not (_interrupted(connection) or _heard(connection)):
            direct._cursor = connection.connection.cursor()
        return direct

    def read(self, command: Command, *given: object) -> list[Any]:
        """Return what a command that reads makes of each row."""
        compiled = self._known(command)
        found = self._execute(compiled.sql, compiled.arguments(*given), fetch=True)[1]
        return [compiled.read(row) for row in found]

    def run(self, command: Command, *given: object) -> int:
        """Run a command that writes; returns how many rows it has found or made."""
        compiled = self._known(command)
        return self._execute(compiled.sql, compiled.arguments(*given))[0]

    def run_for_each(self, command: Command, items: Iterable[Sequence[object]]) -> None:
        """Run a command that writes for each of the items it can take."""
        compiled = self._known(command)
        given = [compiled.arguments(*item) for item in items]
        if len(given) == 1 or self.engine.dialect.is_async:
            for one in given:  # psycopg cancelled amid several leaves answers on the connection
                self._execute(compiled.sql, one)
        elif given:
            self._execute(compiled.sql, given)

    def _known(self, command: Command) -> Compiled:
        known = self._compiled.get(command)
        if known is None:
            if len(self._compiled) >= _MOST:
                self._compiled.clear()
            known = Compiled.of(command, self.engine.dialect, self._translate)
            self._compiled[command] = known
        return known

    def _execute(
        self, sql: str, given: Given | list[Given], *, fetch: bool = False
    ) -> tuple[int, Sequence[Sequence[Any]]]:
        """Return the row count, and the rows as the driver has them if they are to be fetched."""
        cursor = self._cursor
        if cursor is None:
            held: Any = self._held
            result = held.exec_driver_sql(sql, given)
            return result.rowcount, result.all() if fetch else ()
        try:
            if isinstance(given, list):
                cursor.executemany(sql, given)
            else:
                cursor.execute(sql, given)
            return cursor.rowcount, cursor.fetchall() if fetch else ()
        except BaseException as error:
            cursor.close()  # SQLite keeps its lock while a result may still be read
            give_up(self.engine, self._held, error, sql, given)
            raise


def tell(connection: sa.Connection, sql: str) -> None:
    """Run a statement without parameters or rows, also between transactions."""
    if _heard(connection):
        connection.exec_driver_sql(sql)
        return
    try:
        connection.connection.cursor().execute(sql)
    except BaseException as error:
        give_up(connection.engine, connection, error, sql)
        raise


def give_up(
    engine: sa.Engine,
    held: Held,
    error: BaseException,
    sql: str | None = None,
    given: Given | list[Given] | None = None,
) -> None:
    """Raise an error of the driver as SQLAlchemy does; return if it is none.

    A connection that broke, or whose answer was not awaited, is given up.
    """
    dialect = engine.dialect
    if not isinstance(error, dialect.loaded_dbapi.Error):
        if not isinstance(error, Exception):
            held.invalidate(error)
        return
    driver = _driver_of(held)
    broken = driver is not None and dialect.is_disconnect(error, driver, None)
    if broken:
        held.invalidate(error)
    raise wrapped(engine, error, sql, given, broken=broken) from error


def wrapped(
    engine: sa.Engine,
    error: BaseException,
    sql: str | None = None,
    given: Given | list[Given] | None = None,
    *,
    broken: bool = False,
) -> BaseException:
    """Return a driver's error as SQLAlchemy raises it."""
    return sa.exc.DBAPIError.instance(
        sql,
        given,
        error,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters,
        connection_invalidated=broken,
        dialect=engine.dialect,
    )


def watched(engine: sa.Engine) -> bool:
    """Say whether anybody listens to the statements of an engine, or logs them."""
    heard, asked = engine.dispatch, engine.dialect.dispatch
    return bool(
        heard.before_cursor_execute
        or heard.after_cursor_execute
        or heard.commit
        or asked.do_execute
        or asked.handle_error
        or engine.echo
    )


# ---------------------------------------------------------------------------------------------


def _driver_of(held: Held) -> Any:  # noqa: ANN401 - any DBAPI connection
    if isinstance(held, sa.Connection):
        return None if held.invalidated or held.closed else held.connection.dbapi_connection
    return held.dbapi_connection


def _interrupted(connection: sa.Connection) -> bool:
    """Say whether SQLAlchemy would not run a statement now, because a transaction has failed."""
    transaction = connection.get_nested_transaction() or connection.get_transaction()
    return transaction is None or not transaction.is_active


def _heard(connection: sa.Connection) -> bool:
    """Say whether anybody listens to the statements of a connection, or logs them."""
    heard = connection.dispatch
    return bool(
        heard.before_cursor_execute or heard.after_cursor_execute or watched(connection.engine)
    )
