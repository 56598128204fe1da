"""Places for cases in every database that this machine has: SQLite always, others when named.

`REFORMFLOW_TEST_POSTGRESQL` and `REFORMFLOW_TEST_MARIADB` hold SQLAlchemy URLs of databases in
which tests may make and drop tables under a prefix of their own.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from reformflow.casework import Book, Practice, connect
from reformflow.model import Reform

SERVERS = {
    "postgresql": "REFORMFLOW_TEST_POSTGRESQL",
    "mariadb": "REFORMFLOW_TEST_MARIADB",
}
NOW = datetime(2022, 6, 1, 3, 4, 5, 678901, tzinfo=UTC)


def available() -> list[str]:
    """Return the kinds of databases that tests run on here."""
    return ["sqlite", *(kind for kind, name in SERVERS.items() if os.environ.get(name))]


class Place:
    """Where one test keeps its cases; `books` are those that it opened."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.file = folder / "cases.db"
        self.prefix = "" if kind == "sqlite" else f"t{secrets.token_hex(4)}_"
        self.url = f"sqlite:///{self.file}" if kind == "sqlite" else os.environ[SERVERS[kind]]
        self.books: list[Book] = []

    def open(self, reform: Reform | None = None, **options: Any) -> Book:
        """Open a book, whose state is checked when the test ends."""
        options = {"prefix": self.prefix, "beside": self.kind != "sqlite", **options}
        book = connect(self.url, reform, **{"clock": lambda: NOW, **options})
        self.books.append(book)
        return book

    def start(self, reform: Reform, template: Path) -> Book:
        """Open a book quickly, from a file that was made before where that is possible."""
        if self.kind == "sqlite":
            shutil.copy(template, self.file)
        return self.open(reform)

    def practice(self, reform: Reform) -> Practice:
        """Compile a reform for this place's tables."""
        return Practice.of(reform, prefix=self.prefix)

    def engine(self, **options: Any) -> sa.Engine:
        """Return an engine as a host would make it, with nothing of ours set up."""
        return sa.create_engine(self.url, **options)

    def alter(self, change: Callable[[sa.Connection], object]) -> None:
        """Change the database from outside, past the library."""
        engine = self.engine()
        try:
            with engine.begin() as connection:
                change(connection)
        finally:
            engine.dispose()

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Return all rows of one of our tables."""
        engine = self.engine()
        try:
            with engine.connect() as connection:
                here = sa.Table(f"{self.prefix}{table}", sa.MetaData(), autoload_with=connection)
                return [tuple(row) for row in connection.execute(sa.select(here))]
        finally:
            engine.dispose()

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table of ours, to compare before and after."""
        return {name: sorted(self.rows(name), key=repr) for name in self.tables()}

    def tables(self) -> list[str]:
        """Return the names of our tables, without the prefix."""
        engine = self.engine()
        try:
            names = sa.inspect(engine).get_table_names()
        finally:
            engine.dispose()
        return sorted(name.removeprefix(self.prefix) for name in names if self._ours(name))

    def give_up(self) -> None:
        """Close the books, so that nothing is checked when the test ends: it broke them."""
        for book in self.books:
            book.close()
        self.books.clear()

    def clear(self) -> None:
        """Close the books, and drop the tables from a server."""
        self.give_up()
        if self.kind != "sqlite":
            self.alter(self._drop)

    def _ours(self, name: str) -> bool:
        return name.startswith(self.prefix)

    def _drop(self, connection: sa.Connection) -> None:
        for name in sa.inspect(connection).get_table_names():
            if self._ours(name):
                sa.Table(name, sa.MetaData()).drop(connection)
