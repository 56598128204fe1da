"""Places for cases in every database that this machine has: SQLite always, servers as found."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Practice, connect
from reformflow.model import Reform
from support.servers import Missing, address

NOW = datetime(2022, 6, 1, 3, 4, 5, 678901, tzinfo=UTC)


def place_in(kind: str, folder: Path) -> Place:
    """Return a place in one kind of database; skip the test, and say why, where it is missing."""
    try:
        return Place(kind, folder)
    except Missing as error:
        pytest.skip(str(error))


@contextmanager
def checked(kind: str, folder: Path) -> Iterator[Place]:
    """Give a place. What is stored there in the end has to hang together."""
    here = place_in(kind, folder)
    try:
        yield here
        for book in here.books[-1:]:
            assert book.verify() == ()
    finally:
        here.clear()


class Place:
    """Where one test keeps its cases; `books` are those that it opened."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.file = folder / "cases.db"
        self.prefix = "" if kind == "sqlite" else f"t{secrets.token_hex(4)}_"
        self.url = f"sqlite:///{self.file}" if kind == "sqlite" else address(kind)
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

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table of ours, to compare before and after."""
        with self._looking() as connection:
            return {
                name.removeprefix(self.prefix): sorted(_rows(connection, name), key=repr)
                for name in self._names(connection)
            }

    def empty(self) -> None:
        """Forget every case and all that is told of them, but no definition."""
        kept = {f"{self.prefix}{name}" for name in ("definitions", "reformflow_version")}
        self.alter(
            lambda connection: [
                connection.execute(sa.delete(sa.table(name)))
                for name in self._names(connection)
                if name not in kept
            ]
        )

    def tables(self) -> list[str]:
        """Return the names of our tables, without the prefix."""
        with self._looking() as connection:
            return [name.removeprefix(self.prefix) for name in self._names(connection)]

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

    @contextmanager
    def _looking(self) -> Iterator[sa.Connection]:
        engine = self.engine(poolclass=sa.NullPool)
        with engine.connect() as connection:
            yield connection

    def _names(self, connection: sa.Connection) -> list[str]:
        names = sa.inspect(connection).get_table_names()
        return sorted(name for name in names if name.startswith(self.prefix))

    def _drop(self, connection: sa.Connection) -> None:
        for name in self._names(connection):
            sa.Table(name, sa.MetaData()).drop(connection)


def _rows(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    """Return the rows as the driver has them: asking for the columns' types takes much longer."""
    every = sa.select(sa.text("*")).select_from(sa.table(table))
    return [tuple(row) for row in connection.execute(every)]
