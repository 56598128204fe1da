"""I3: each defence against a lost update holds alone, and the checker notices when none is left.

There are three: the database keeps units of work apart, an UPDATE names the revision that was
seen, and a case's history has one entry of each number. A rival changes the same case at the
worst moment, just before ours is written. In PostgreSQL an act on a case without kin is a single
statement, which nothing keeps apart from others: there the other two remain.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.errors import StoreError
from support.databases import Place
from support.errands import CHIEF, CLERK, MONDAY, day, errand, granted
from support.wires import Tap, Wire, tapped

DEFENCES = ("units apart", "revision", "one entry")
REMOVED = {
    f"without {', '.join(removed) or 'nothing'}": removed
    for size in range(len(DEFENCES) + 1)
    for removed in combinations(DEFENCES, size)
}


@attrs.define
class Careless(Tap):
    """Sends what a library without some of the defences would, and lets a rival in between."""

    rival: Book
    case: str
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
            record(self.rival, self.case, 7)
        except StoreError:
            self.kept_out = True


def record(book: Book, case: str, posts: int) -> None:
    granted(book.record(case, {"posts": posts}, actor=CLERK, on=day(2)))


@pytest.mark.parametrize("kin", [True, False], ids=["with kin", "alone"])
def test_each_defence_holds_alone_and_the_checker_finds_what_gets_through(
    book: Book, place: Place, kin: bool
) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    rival = place.open(patience=0.1)
    impatient(rival)
    found = set()
    for case, removed in sorted(REMOVED.items(), key=lambda item: "one entry" in item[1]):
        errand(book, case, parent="p" if kin else None)
        if removed == ("one entry",):  # the first of those without it
            place.alter(lambda connection: forget_key(connection, f"{place.prefix}history"))
        careless = Careless(rival, case, removed)
        with tapped(book, careless):
            record(book, case, 8)
        assert careless.overtaken
        if set(removed) >= defences(place, kin=kin):
            found.add(case)
            continue
        assert len(book.history(case)) == (2 if careless.kept_out else 3), removed
        assert book.case(case).values["posts"] == 8
    assert found
    assert {flaw.case for flaw in book.verify()} == found
    place.give_up()


def defences(place: Place, *, kin: bool) -> set[str]:
    """Return what there is to remove: in PostgreSQL an act without kin is one statement."""
    apart = kin or place.kind != "postgresql"
    return set(DEFENCES) if apart else {"revision", "one entry"}


def impatient(book: Book) -> None:
    """Let a book not wait for locks in MariaDB, which waits very long."""
    engine = book._units.engine
    if engine.dialect.name in {"mysql", "mariadb"}:
        engine.dispose()

        @sa.event.listens_for(engine, "connect")
        def _(driver: Any, _record: object) -> None:
            driver.cursor().execute("SET innodb_lock_wait_timeout = 0")


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
