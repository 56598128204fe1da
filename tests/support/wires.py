"""Wires to a database on which tests listen, change what is sent, and break what they please.

Everything that a program sends passes here, below SQLAlchemy: each statement and each commit, as
the driver gets it. So a test stays true however the library comes to send it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pymysql
import sqlalchemy as sa

from reformflow.casework import Book

COMMIT = "COMMIT"


class Wire:
    """A driver's connection that lets a tap hear what it sends."""

    tap: Tap

    def send(self, sql: str, onward: Callable[[str], Any]) -> Any:
        """Send a statement, or what the tap puts in its place."""
        tap = getattr(self, "tap", None)  # none yet while the driver itself connects
        if tap is None:
            return onward(sql)
        answer = onward(tap.before(self, sql))
        tap.after(self, sql)
        return answer

    def number(self) -> int:
        """Return the number by which the server knows the connection."""
        raise NotImplementedError

    def unlocked(self, sql: str) -> str:
        """Return what a program sends in place of this that does not keep its units apart."""
        raise NotImplementedError

    def store_so_far(self) -> None:
        """Commit in the middle of a unit of work, as a program would that forgets what one is."""
        raise NotImplementedError

    def error(self) -> Exception:
        """Return an error as the driver raises it, of a connection that goes on."""
        raise NotImplementedError

    def cut(self) -> Exception:
        """Break the connection, and return the error with which the driver would tell it."""
        raise NotImplementedError


class Tap:
    """What hears everything that is sent, and by default lets it pass as it is."""

    def before(self, wire: Wire, sql: str) -> str:
        """Hear what is about to be sent; return what is sent in its place."""
        return sql

    def after(self, wire: Wire, sql: str) -> None:
        """Hear what has been sent and carried out, before the program hears of it."""


@contextmanager
def tapped(book: Book, tap: Tap) -> Iterator[None]:
    """Let `tap` hear all that the book sends, on connections made anew."""
    with wired(book._units.engine, tap):
        yield


@contextmanager
def wired(engine: sa.Engine, tap: Tap) -> Iterator[None]:
    """Let `tap` hear all that is sent through an engine, on connections made anew."""

    def connect(_dialect: Any, _record: Any, args: Any, options: dict[str, Any]) -> Wire:
        wire: Wire = _WIRES[engine.dialect.driver](*args, **options)
        wire.tap = tap
        return wire

    engine.dispose()
    sa.event.listen(engine, "do_connect", connect)
    try:
        yield
    finally:
        sa.event.remove(engine, "do_connect", connect)
        engine.dispose()


def commits(sql: str) -> bool:
    """Say whether this is a commit, sent by the driver or as a statement."""
    return sql.strip().upper().startswith(COMMIT)


# ---------------------------------------------------------------------------------------------


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, sql: str, *values: Any) -> Any:
        return self.connection.send(sql, lambda text: sqlite3.Cursor.execute(self, text, *values))

    def executemany(self, sql: str, rows: Any) -> Any:
        onward = sqlite3.Cursor.executemany
        return self.connection.send(sql, lambda text: onward(self, text, rows))


class _Sqlite(Wire, sqlite3.Connection):
    """An embedded database has no connection to be cut: its disk fails instead."""

    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        if self.in_transaction:
            self.send(COMMIT, lambda _: sqlite3.Connection.commit(self))

    def unlocked(self, sql: str) -> str:
        if sql.startswith("BEGIN"):
            return "SELECT 1"
        if sql.startswith(("INSERT", "UPDATE")) and not self.in_transaction:
            sqlite3.Cursor(self).execute("BEGIN")  # only what is written is one unit
        return sql

    def store_so_far(self) -> None:
        cursor = sqlite3.Cursor(self)
        cursor.execute(COMMIT)
        cursor.execute("BEGIN")

    def error(self) -> Exception:
        error = sqlite3.OperationalError("disk I/O error, planted")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        return error

    cut = error


class _PostgresCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, *values: Any, **options: Any) -> Any:
        onward = psycopg.Cursor.execute
        wire: Any = self.connection
        return wire.send(query, lambda text: onward(self, text, *values, **options))

    def executemany(self, query: Any, *values: Any, **options: Any) -> Any:
        onward = psycopg.Cursor.executemany
        wire: Any = self.connection
        return wire.send(query, lambda text: onward(self, text, *values, **options))


class _Postgres(Wire, psycopg.Connection[Any]):
    def commit(self) -> None:
        self.send(COMMIT, lambda _: psycopg.Connection.commit(self))

    def number(self) -> int:
        return self.info.backend_pid

    def unlocked(self, sql: str) -> str:
        if self.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            psycopg.Cursor(self).execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return sql

    def store_so_far(self) -> None:
        psycopg.Connection.commit(self)

    def error(self) -> Exception:
        return psycopg.errors.SystemError("planted")

    def cut(self) -> Exception:
        self.pgconn.finish()
        return psycopg.OperationalError("the connection is lost, planted")


class _MariaDb(Wire, pymysql.connections.Connection):
    def query(self, sql: Any, unbuffered: bool = False) -> Any:
        text = sql if isinstance(sql, str) else sql.decode()
        onward = pymysql.connections.Connection.query
        return self.send(text, lambda sent: onward(self, sent, unbuffered))

    def commit(self) -> None:
        self.send(COMMIT, lambda _: pymysql.connections.Connection.commit(self))

    def number(self) -> int:
        return int(self.thread_id())

    def unlocked(self, sql: str) -> str:
        return sql.replace("ISOLATION LEVEL SERIALIZABLE", "ISOLATION LEVEL READ COMMITTED")

    def store_so_far(self) -> None:
        pymysql.connections.Connection.commit(self)
        pymysql.connections.Connection.begin(self)

    def error(self) -> Exception:
        return pymysql.err.InternalError(1105, "planted")

    def cut(self) -> Exception:
        self._force_close()
        return pymysql.err.OperationalError(2013, "Lost connection to server, planted")


_WIRES: dict[str, Callable[..., Any]] = {
    "pysqlite": lambda *args, **options: sqlite3.connect(*args, factory=_Sqlite, **options),
    "psycopg": lambda *args, **options: _Postgres.connect(
        *args, cursor_factory=_PostgresCursor, **options
    ),
    "pymysql": _MariaDb,
}
