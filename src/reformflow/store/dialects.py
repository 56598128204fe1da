"""Setting up a database: the one place that knows how the supported ones differ.

SQLite: Python's driver would begin transactions late and release savepoints for good, so we
begin them ourselves: IMMEDIATE for units that write, as a reader that turns writer is refused at
once whatever the busy timeout. The journal is the rollback journal with full syncs: versions
before 3.51.3 can lose a write-ahead log when it is reset. PostgreSQL and MariaDB run units as
SERIALIZABLE, because a decision rests on kin that it does not write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from reformflow.errors import MissingExtra, StoreError
from reformflow.store.direct import tell
from reformflow.store.types import MARIADB, damaged

_WRITES: Final = "reformflow_writes"
_VIEW: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
"""For a unit that only reads: one unchanging view, without locks. It ends with the transaction."""
_USED: Final = "reformflow_used"
_RESTED_SECONDS: Final = 1.0
_WAL_SAFE: Final = (3, 51, 3)
_BUSY_MS: Final = 200
_CACHE_KIB: Final = 4 * 1024
"""What a transaction changes beyond this is written before its end, each time behind a sync.

Sorting may take as much again.
"""
_JOINED: Final = 2**24
"""The longest text, in bytes, that MariaDB joins rows to; no more is sent at once by default."""
_GATHERED: Final = 64 * 2**20
"""So many bytes MariaDB may keep in memory of what a statement works out in between.

What is asked of the children of 50,000 cases takes some 45 MiB, as each id is given all the room
that it might take. Beyond this it goes to disk, which takes twice as long.
"""
_MAKING_SECONDS: Final = 30
_SERVERS: Final = {
    "postgresql": ("postgresql+psycopg", "postgres"),
    "postgres": ("postgresql+psycopg", "postgres"),
    "mysql": ("mysql+pymysql", "mariadb"),
    "mariadb": ("mariadb+pymysql", "mariadb"),
}
"""For each kind of server the driver we bring, and the extra that installs it."""

_EXAMPLES: Final = (
    "for example sqlite:///reform.db, postgresql+psycopg://user@host/name"
    " or mysql+pymysql://user@host/name"
)


def engine_for(url: str, *, wal: bool = False) -> sa.Engine:
    """Return an engine set up for the library's own units of work.

    StoreError for a URL that names no database we know, or a driver of asyncio, or for a
    write-ahead log that this SQLite could lose; MissingExtra if its driver is not installed, or
    is none that exists.
    """
    try:
        address = sa.engine.make_url(url)
        kind = address.get_backend_name()
        _check_driver(address, _SERVERS[kind][0] if kind in _SERVERS else kind)
        if kind == "sqlite":
            return _sqlite(address, wal=wal)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        shown = re.sub(r"(//[^/@:]*):[^@]*@", r"\1:***@", repr(url))
        raise StoreError(f"{shown} is not the address of a database", _EXAMPLES) from error
    return _server(address, kind)


def file_missing(engine: sa.Engine) -> bool:
    """Say whether the database is an SQLite file that is not there, and would be made."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file.startswith((":", "file:")):
        return False
    return not Path(file).exists()


@contextmanager
def unit(engine: sa.Engine, *, writes: bool) -> Iterator[sa.Connection]:
    """Give a connection in a transaction that is committed at the end, or undone on an error."""
    with _texts(), engine.connect() as plain:
        connection = plain if writes else plain.execution_options(**{_WRITES: False})
        with connection.begin():
            if not writes and engine.dialect.name != "sqlite":
                tell(connection, _VIEW)
            yield connection


def write_what_is_read(connection: sa.Connection) -> None:
    """Let a unit of work that reads no rows but those it writes run beside others of its kind.

    As its first statement. Such a unit cannot decide on what another one changes meanwhile, so
    that one unchanging view is enough. Only PostgreSQL gains by it: there SERIALIZABLE turns away
    units that read near one another.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def one_view(connection: sa.Connection, *, ours: bool) -> bool:
    """Say whether all statements of a transaction see the same rows, apart from its own writes.

    SQLite lets nobody else write meanwhile, and PostgreSQL shows units of work of our own one
    view. Statements of MariaDB that write see what others have committed.
    """
    return connection.dialect.name == "sqlite" or (ours and connection.dialect.name == "postgresql")


def see_committed(connection: sa.Connection) -> None:
    """Let each statement see all that was committed before it, and lock none of what it reads.

    For a unit of work that writes, as its first statement; SQLite lets only one write anyway.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")


def with_may_write(engine: sa.Engine) -> bool:
    """Say whether a statement may write in its WITH, and so write to two tables."""
    return engine.dialect.name == "postgresql"


def joined_bytes(connection: sa.Connection) -> int:
    """Return how long a text the server joins rows to; 0 if the driver is quick to unpack rows."""
    if connection.dialect.name not in MARIADB:
        return 0
    most = sa.literal_column("@@group_concat_max_len", sa.Integer())
    return min(connection.scalar(sa.select(most)) or 0, _JOINED)


def can_spare(engine: sa.Engine) -> bool:
    """Say whether a connection may be kept out of the pool: not if it is the whole database."""
    return isinstance(engine.pool, QueuePool) and engine.pool.size() > 1


def has_rested(since: float) -> bool:
    """Say whether a connection that was last used then has to be asked if it is still there."""
    return monotonic() - since >= _RESTED_SECONDS


def prepare_singles(engine: sa.Engine, pooled: sa.PoolProxiedConnection) -> None:
    """Make a connection ready for the units of single acts."""
    if with_may_write(engine):
        pooled.dbapi_connection.autocommit = True  # type: ignore[union-attr]


def bounds_of_single(
    engine: sa.Engine,
    pooled: sa.PoolProxiedConnection,
    cursor: Any,  # noqa: ANN401 - any DBAPI cursor
) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what begins and what commits the unit of one act.

    It begins IMMEDIATE or by itself; where a WITH may write, each statement is a unit.
    """
    if with_may_write(engine):
        return _nothing, _nothing
    commit: Callable[[], object] = pooled.dbapi_connection.commit  # type: ignore[union-attr]
    if engine.dialect.name == "sqlite":
        return partial(cursor.execute, "BEGIN IMMEDIATE"), commit
    return _nothing, commit


def end_singles(engine: sa.Engine, pooled: sa.PoolProxiedConnection) -> None:
    """Leave the connection as others expect it; what is not committed is undone by the pool."""
    if with_may_write(engine) and pooled.is_valid:
        with suppress(engine.dialect.loaded_dbapi.Error):  # of a connection that broke
            pooled.dbapi_connection.autocommit = False  # type: ignore[union-attr]


@contextmanager
def one_by_one(connection: sa.Connection, what: str) -> Iterator[None]:
    """Let nobody else make or look for tables meanwhile, where others would see them half-made.

    MariaDB commits at each statement that makes a table. StoreError if somebody else keeps at it.
    """
    if connection.dialect.name not in MARIADB:
        yield
        return
    digest = hashlib.sha256(f"{connection.engine.url.database}/{what}".encode()).hexdigest()
    name = f"reformflow/{digest[:40]}"
    if not connection.scalar(sa.select(sa.func.get_lock(name, _MAKING_SECONDS))):
        raise StoreError("somebody else is making the tables", "try again when that is done")
    try:
        yield
    finally:
        with suppress(sa.exc.SQLAlchemyError):  # a connection that broke has let go of it
            connection.scalar(sa.select(sa.func.release_lock(name)))


# ---------------------------------------------------------------------------------------------


def _nothing() -> None:
    pass


@contextmanager
def _texts() -> Iterator[None]:
    """Name what SQLite's driver says in vain: that the text of a damaged file is none."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise damaged(error) from error


def _check_driver(address: sa.URL, right: str) -> None:
    """Refuse a driver of asyncio, which only a host's own session can await."""
    with suppress(sa.exc.NoSuchModuleError):
        if address.get_dialect().is_async:
            shown, plain = map(_shown, (address, address.set(drivername=right)))
            hint = f"write {plain}; give your own asyncio session to AsyncCasework"
            raise StoreError(f"{shown} names a driver of asyncio", hint)


def _shown(address: sa.URL) -> str:
    return address.render_as_string(hide_password=True)


def _server(address: sa.URL, kind: str) -> sa.Engine:
    shown = _shown(address)
    if kind not in _SERVERS:
        raise StoreError(f"{shown} is not the address of a database that we know", _EXAMPLES)
    driver, extra = _SERVERS[kind]
    right = _shown(address.set(drivername=driver))
    options = {"connect_args": {"charset": "utf8mb4"}} if extra == "mariadb" else {}
    try:
        engine = sa.create_engine(address, isolation_level="SERIALIZABLE", **options)
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        missing = MissingExtra.of(extra, purpose=shown)
        hint = missing.hint if driver == address.drivername else f"{missing.hint}, write {right}"
        raise MissingExtra(missing.message, hint) from error
    sa.event.listen(engine, "connect", _strict if extra == "mariadb" else _prepare_postgresql)
    _ask_the_rested(engine)
    return engine


def _prepare_postgresql(driver: Any, _record: object) -> None:  # noqa: ANN401 - as below
    """Let PostgreSQL run statements outside of transactions as SERIALIZABLE, too.

    It compiles nothing: our long conditions would take longer to compile than to run.
    """
    with driver.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        cursor.execute("SET jit = off")
    driver.commit()


def _ask_the_rested(engine: sa.Engine) -> None:
    """Ask a connection that was not used for a while whether it is still there.

    One that breaks sooner is noticed by the unit of work, which is tried again with another.
    """

    def used(_driver: Any, record: Any) -> None:  # noqa: ANN401 - of SQLAlchemy's pool
        record.info[_USED] = monotonic()

    def ask(driver: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - as above
        last = record.info.get(_USED)
        if last is None or not has_rested(last):
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error

    sa.event.listen(engine, "checkin", used)
    sa.event.listen(engine, "checkout", ask)


def _strict(driver: Any, _record: object) -> None:  # noqa: ANN401 - any DBAPI connection
    """Let MariaDB refuse what it cannot store, instead of storing something else.

    And let it join many rows to one text, and find what is asked of many cases' children in one
    pass over them, not once for each case, in memory.
    """
    cursor = driver.cursor()
    cursor.execute(
        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'),"
        f" group_concat_max_len = {_JOINED},"
        f" tmp_table_size = greatest(@@tmp_table_size, {_GATHERED}),"
        f" max_heap_table_size = greatest(@@max_heap_table_size, {_GATHERED}),"
        " optimizer_switch = 'split_materialized=off'"
    )
    cursor.close()


def _sqlite(address: sa.URL, *, wal: bool) -> sa.Engine:
    import sqlite3  # whoever has another database need not load it

    if wal and sqlite3.sqlite_version_info < _WAL_SAFE:
        message = f"SQLite {sqlite3.sqlite_version} can lose a write-ahead log when it is reset"
        raise StoreError(message, "leave WAL off, or use SQLite 3.51.3 or newer")
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}}
    if address.database in {None, "", ":memory:"} or address.query.get("mode") == "memory":
        # One connection is the whole database: the next user waits until it is given back.
        options |= {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    engine = sa.create_engine(address, **options)
    sa.event.listen(engine, "connect", _prepare_wal if wal else _prepare_rollback)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, True)
    tell(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_wal(driver: Any, _record: object) -> None:  # noqa: ANN401 - as above
    _prepare(driver, "wal")


def _prepare_rollback(driver: Any, _record: object) -> None:  # noqa: ANN401 - as above
    _prepare(driver, "delete")


def _prepare(driver: Any, journal: str) -> None:  # noqa: ANN401 - as above
    driver.isolation_level = None
    cursor = driver.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    (now,) = cursor.execute("PRAGMA journal_mode").fetchone()
    if now not in {journal, "memory", "off"}:
        cursor.execute(f"PRAGMA journal_mode = {journal}")
    cursor.close()
