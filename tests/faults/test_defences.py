"""I3: each defence against a lost update holds alone, and the checker notices when none is left.

There are three: the database keeps units of work apart, an UPDATE names the revision that was
seen, and a case's history has one entry of each number. A rival changes the same case at the
worst moment, just before ours is written.
"""

from __future__ import annotations

from itertools import chain, combinations

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.errors import StoreError
from support.databases import Place
from support.errands import CLERK, day, errand, granted
from support.wires import Tap, Wire, tapped

DEFENCES = ("units apart", "revision", "one entry")
REMOVED = [*chain.from_iterable(combinations(DEFENCES, size) for size in range(len(DEFENCES) + 1))]


@attrs.define
class Careless(Tap):
    """Sends what a library without some of the defences would, and lets a rival in between."""

    rival: Book
    removed: tuple[str, ...]
    kept_out: bool = False
    overtaken: bool = False

    def before(self, wire: Wire, sql: str) -> str:
        if "units apart" in self.removed:
            sql = wire.unlocked(sql)
        before, found, condition = sql.partition("WHERE ")
        if "UPDATE " in before and "errand" in before:
            self._let_in()
            if "revision" in self.removed:
                assert "revision = " in condition
                condition = condition.replace("revision = ", "revision <> -1 - ")
        return f"{before}{found}{condition}"

    def _let_in(self) -> None:
        if self.overtaken or self.kept_out:
            return
        self.overtaken = True
        try:
            record(self.rival, 7)
        except StoreError:
            self.kept_out = True


def record(book: Book, posts: int) -> None:
    granted(book.record("e1", {"posts": posts}, actor=CLERK, on=day(2)))


@pytest.mark.parametrize("removed", REMOVED, ids=lambda removed: ", ".join(removed) or "nothing")
def test_each_defence_holds_alone_and_the_checker_finds_what_gets_through(
    book: Book, place: Place, removed: tuple[str, ...]
) -> None:
    errand(book)
    if "one entry" in removed:
        place.alter(lambda connection: forget_key(connection, f"{place.prefix}history"))
    rival = place.open(patience=0.1)
    impatient(rival)
    careless = Careless(rival, removed)
    with tapped(book, careless):
        record(book, 8)
    assert careless.overtaken
    flaws = [flaw.about for flaw in book.verify()]
    if removed == DEFENCES:
        assert flaws != []
        place.give_up()
    else:
        assert flaws == []
        assert len(book.history("e1")) == (2 if careless.kept_out else 3)
        assert book.case("e1").values["posts"] == 8


def impatient(book: Book) -> None:
    """Let a book not wait for locks in MariaDB, which waits very long."""
    if book._units.engine.dialect.name in {"mysql", "mariadb"}:

        @sa.event.listens_for(book._units.engine, "begin")
        def _(connection: sa.Connection) -> None:
            connection.exec_driver_sql("SET innodb_lock_wait_timeout = 0")


def forget_key(connection: sa.Connection, table: str) -> None:
    """Let a table hold several rows of one primary key."""
    match connection.dialect.name:
        case "sqlite":
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO strict")
            connection.exec_driver_sql(f"CREATE TABLE {table} AS SELECT * FROM strict")  # noqa: S608
            connection.exec_driver_sql("DROP TABLE strict")
        case "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
        case _:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP PRIMARY KEY")
