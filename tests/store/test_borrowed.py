"""On a connection that is lent: the lender's transaction, and nothing of his is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg.rows import dict_row

from reformflow.casework import Book, Casework
from reformflow.errors import EmbeddingError, RequestError
from reformflow.store import borrowed_engine
from support.databases import NOW, Place
from support.errands import CLERK, day, errand, granted, sent

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}


class Lender:
    """A program that talks to its driver by itself, with a table of its own."""

    def __init__(self, place: Place, book: Book) -> None:
        engine = place.engine()
        fairy = engine.raw_connection()
        self.driver: Any = fairy.driver_connection
        fairy.detach()
        if place.kind == "sqlite":
            self.driver.isolation_level = None
        self.table = f"{place.prefix}lender"
        self.run(f"CREATE TABLE {self.table} (id INTEGER PRIMARY KEY)")
        self.driver.commit()
        self.kind = place.kind
        self.lent: Any = self.driver
        self.engine = borrowed_engine(DIALECTS[place.kind], lambda: self.lent)
        self._practice = book.practice

    def begin(self) -> None:
        self.run("BEGIN")

    def run(self, sql: str) -> list[Any]:
        cursor = self.driver.cursor()
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []

    def note(self, id_: int) -> None:
        self.run(f"INSERT INTO {self.table} (id) VALUES ({id_})")  # noqa: S608 - a name of ours

    def notes(self) -> int:
        return len(self.run(f"SELECT id FROM {self.table}"))  # noqa: S608 - as above

    def work(self, connection: sa.Connection) -> Casework:
        return Casework(connection, self._practice, clock=lambda: NOW)


@pytest.fixture
def lender(place: Place, book: Book) -> Iterator[Lender]:
    here = Lender(place, book)
    yield here
    here.driver.rollback()
    here.run(f"DROP TABLE {here.table}")
    here.driver.commit()
    here.driver.close()


def test_what_the_lender_commits_is_stored_and_what_he_rolls_back_is_not(
    lender: Lender, book: Book
) -> None:
    lender.begin()
    lender.note(1)
    with lender.engine.connect() as connection:
        errand(lender.work(connection))
    lender.driver.rollback()
    assert (list(book.cases()), lender.notes()) == ([], 0)
    lender.driver.rollback()
    lender.begin()
    lender.note(1)
    with lender.engine.connect() as connection:
        errand(lender.work(connection), key="k")
    with lender.engine.connect() as connection:
        sent(lender.work(connection))
    lender.driver.commit()
    assert (len(book.history("e1")), lender.notes()) == (2, 1)


def test_commit_rollback_and_close_are_left_to_the_lender(lender: Lender, book: Book) -> None:
    lender.begin()
    lender.note(1)
    with lender.engine.begin() as connection:  # would commit
        errand(lender.work(connection))
    with pytest.raises(RequestError), lender.engine.begin() as connection:  # would roll back
        lender.work(connection).fire("e1", "nonsense", actor=CLERK, on=day(2))
    lender.engine.dispose()
    assert lender.notes() == 1
    lender.driver.rollback()
    assert (list(book.cases()), lender.notes()) == ([], 0)


def test_a_savepoint_of_the_lender_undoes_ours_with_his(lender: Lender, book: Book) -> None:
    lender.begin()
    lender.run("SAVEPOINT his")
    lender.note(1)
    with lender.engine.connect() as connection:
        errand(lender.work(connection))
    lender.run("ROLLBACK TO SAVEPOINT his")
    lender.note(2)
    with lender.engine.connect() as connection:
        errand(lender.work(connection), case="e2")
    lender.driver.commit()
    assert ([case.id for case in book.cases()], lender.notes()) == (["e2"], 1)


def test_without_a_transaction_there_is_reading_only(lender: Lender, book: Book) -> None:
    """Nobody would end the one that we began."""
    errand(book)
    if lender.kind == "postgresql":
        lender.driver.autocommit = True
    if lender.kind == "mariadb":
        lender.driver.autocommit(value=True)
    with lender.engine.connect() as connection:
        work = lender.work(connection)
        assert work.case("e1") == book.case("e1")
        assert len(work.board(day(2))) == 2
        assert work.verify() == ()
        with pytest.raises(EmbeddingError, match="commits each statement"):
            sent(work)
    assert len(book.history("e1")) == 1
    lender.lent = None
    with pytest.raises(EmbeddingError, match=r"no open connection.*begin a transaction first"):
        lender.engine.connect()


def test_what_is_stored_is_the_same_and_read_alike(lender: Lender, book: Book) -> None:
    facts = {"posts": 3, "wanted_on": day(9), "urgent": True, "备注": "𠮷"}
    granted(errand(book, case="a", facts=facts))
    lender.begin()
    with lender.engine.connect() as connection:
        granted(errand(lender.work(connection), case="b", facts=facts))
    lender.driver.commit()
    one, other = book.case("a"), book.case("b")
    assert one.values == other.values
    with lender.engine.connect() as connection:
        work = lender.work(connection)
        assert [work.case(id_).values for id_ in "ab"] == [one.values, other.values]
        assert [work.history(id_) for id_ in "ab"] == [book.history(id_) for id_ in "ab"]
        assert work.verify() == ()


def test_the_lenders_own_ways_are_neither_changed_nor_in_the_way(
    lender: Lender, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows as dictionaries, dates made of SQLite's texts, functions of his own."""
    errand(book, facts={"posts": 3, "wanted_on": day(9)})
    driver = lender.driver
    if lender.kind == "sqlite":
        converters = {"DATE": lambda text: day(int(text[-2:]))}
        for name, convert in converters.items():
            sqlite3.register_converter(name, convert)
            monkeypatch.setitem(sqlite3.converters, name, convert)
        file = driver.execute("PRAGMA database_list").fetchone()[2]
        driver.close()
        lender.driver = lender.lent = driver = sqlite3.connect(
            file, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
        )
        driver.create_function("regexp", 2, lambda *_: "his")
        driver.row_factory = sqlite3.Row
    if lender.kind == "postgresql":
        driver.row_factory = dict_row
        handlers = list(driver._notice_handlers)
    lender.begin()
    with lender.engine.connect() as connection:
        work = lender.work(connection)
        assert work.case("e1") == book.case("e1")
        sent(work)
    if lender.kind == "sqlite":
        assert lender.run("SELECT 'a' REGEXP 'b'")[0][0] == "his"
        assert lender.run("SELECT wanted_on FROM errand")[0]["wanted_on"] == day(9)
        del sqlite3.converters["DATE"]
    if lender.kind == "postgresql":
        assert lender.run("SELECT 1 AS one") == [{"one": 1}]
        assert driver._notice_handlers == handlers
    driver.commit()
    assert len(book.history("e1")) == 2
