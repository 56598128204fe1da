"""Databases to measure in: an SQLite file of our own, and servers where an address is given.

Every contender starts from the same rows. They are filled once and kept beside; before each turn
the tables get them back, without the dead rows that the turn before has left.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from attrs import define, field

SERVERS = {
    "postgresql": "REFORMFLOW_TEST_POSTGRESQL",
    "mariadb": "REFORMFLOW_TEST_MARIADB",
}
KINDS = ("sqlite", *SERVERS)
_KEPT = "kept_"


class Unreachable(Exception):
    """No address is known for a kind of database; the text says how to give one."""


@define
class Database:
    """One database: tables under `prefix`, and how to get back to the rows that were kept."""

    kind: str
    url: str
    prefix: str = ""
    _kept: list[str] = field(factory=list)

    def engine(self, **options: object) -> sa.Engine:
        """Return a plain engine, with nothing of the library's set up."""
        return sa.create_engine(self.url, **options)

    def keep(self) -> None:
        """Keep the rows that all tables of ours have now."""
        self._kept = self.tables()
        if self.kind == "sqlite":
            shutil.copyfile(self._file, self._file + _KEPT)
            return
        for name in self._kept:
            self._do(f"CREATE TABLE {_KEPT}{name} AS SELECT * FROM {name}")

    def restore(self) -> None:
        """Give all tables the rows that were kept, and let the database look at them afresh."""
        if self.kind == "sqlite":
            shutil.copyfile(self._file + _KEPT, self._file)
            return
        for name in self._kept:
            self._do(f"TRUNCATE TABLE {name}", f"INSERT INTO {name} SELECT * FROM {_KEPT}{name}")
        self.settle()
        if self._postgresql:
            self._do("CHECKPOINT")  # else one contender pays for the writes of another

    def settle(self) -> None:
        """Let a server look at its tables, as its own service does for those that grew."""
        for name in () if self.kind == "sqlite" else self.tables():
            self._do(f"VACUUM ANALYZE {name}" if self._postgresql else f"ANALYZE TABLE {name}")

    def tables(self) -> list[str]:
        """Return the names of our tables."""
        engine = self.engine()
        try:
            names = sa.inspect(engine).get_table_names()
        finally:
            engine.dispose()
        return sorted(name for name in names if name.startswith(self.prefix or ""))

    def forget(self) -> None:
        """Drop our tables, and what was kept of them."""
        if self.kind == "sqlite":
            for file in (self._file, self._file + _KEPT):
                Path(file).unlink(missing_ok=True)
            return
        for name in self.tables():
            self._do(f"DROP TABLE {name}", f"DROP TABLE IF EXISTS {_KEPT}{name}")

    @property
    def _postgresql(self) -> bool:
        return self.kind == "postgresql"

    @property
    def _file(self) -> str:
        return self.url.removeprefix("sqlite:///")

    def _do(self, *statements: str) -> None:
        engine = self.engine(isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)
        finally:
            engine.dispose()


@contextmanager
def opened(kind: str) -> Iterator[Database]:
    """Give an empty database of one kind, and leave nothing behind.

    Raises ``Unreachable`` for a server whose address is in no variable of the environment.
    """
    if kind == "sqlite":
        with TemporaryDirectory(prefix="bulk") as folder:
            yield Database(kind, f"sqlite:///{Path(folder) / 'cases.db'}")
        return
    variable = SERVERS[kind]
    if variable not in os.environ:
        raise Unreachable(f"set {variable} to the URL of a database")
    database = Database(kind, os.environ[variable], prefix=f"bench{os.getpid()}_")
    database.forget()
    try:
        yield database
    finally:
        database.forget()


@contextmanager
def own(kind: str) -> Iterator[Database]:
    """Give a database of one kind that is ours alone, where tables need no prefix.

    Raises ``Unreachable`` as ``opened`` does; the account has to be one that may make databases.
    """
    with opened(kind) as beside:
        if kind == "sqlite":
            yield beside
            return
        name = f"bench{os.getpid()}"
        beside._do(f"CREATE DATABASE {name}")  # noqa: SLF001 - its own kind
        try:
            url = sa.make_url(beside.url).set(database=name)
            yield Database(kind, url.render_as_string(hide_password=False))
        finally:
            beside._do(f"DROP DATABASE {name}")  # noqa: SLF001 - as above


def within(database: Database, act: Callable[[sa.Connection], object]) -> None:
    """Do something in one transaction."""
    engine = database.engine()
    try:
        with engine.begin() as connection:
            act(connection)
    finally:
        engine.dispose()
