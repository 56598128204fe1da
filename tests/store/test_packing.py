"""Entries are read alike whether their rows come one by one or joined to one text (MariaDB)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.model import Reform
from reformflow.store.evidence import packing
from reformflow.store.evidence.documents import Raw, sealed_entries
from support.databases import Place, checked
from support.errands import errand, sent
from support.soak import amount, chance

CASES = 40
TURNS = amount(25, 1_000)
OPTIONAL = ("reason", "late", "request_key")
OTHERS = ("actor", "name", "changes", "definition")
PIECES = (
    *(
        "",
        "=",
        "=a",
        '"',
        "\\",
        "'",
        "%s",
        "\x01",
        "\n",
        "\u2028",
        "土",
        "𠮷",
        "👍",
        "NULL",
        "null",
    ),
    *('{"a":1}', "a" * 50, "\x1f", "\x1e", "\x1f=\x1f", "\x1f\x1e", "\x1e1\x1fe0\x1f1\x1f"),
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place in MariaDB, whose driver is the slow one."""
    with checked("mariadb", tmp_path) as here:
        yield here


@pytest.fixture
def book(place: Place, errands: Reform) -> Book:
    """A sealed book, whose pages are of few entries."""
    book = place.open(errands)
    with book.transaction() as work:
        for number in range(CASES):
            errand(work, f"e{number}")
    for number in range(0, CASES, 3):
        sent(book, f"e{number}")
    book.seal()
    return book


@pytest.fixture
def connection(place: Place, book: Book) -> Iterator[sa.Connection]:
    """A host's connection to the book, whose changes are undone."""
    assert book.seal().added == 0
    engine = place.engine()
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def read(connection: sa.Connection, book: Book) -> list[Raw]:
    upto = CASES + len(range(0, CASES, 3))
    return list(sealed_entries(connection, book.practice.schema, after=0, upto=upto))


def read_singly(connection: sa.Connection, book: Book) -> list[Raw]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing._Packed, "_split", lambda *_: None)
        return read(connection, book)


def plain_reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that grows with each page that is read in the driver's way."""
    seen: list[object] = []
    plainly = packing._plainly

    def counted(*given: Any) -> list[packing.Row]:
        seen.append(given)
        return plainly(*given)

    monkeypatch.setattr(packing, "_plainly", counted)
    return seen


def strange(course: random.Random) -> str:
    return "".join(course.choice(PIECES) for _ in range(course.randrange(4)))


def test_a_history_as_we_write_it_is_read_joined(
    book: Book, connection: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_ROOM", 2**20 // 7)
    seen = plain_reads(monkeypatch)
    joined = read(connection, book)
    assert not seen
    assert read_singly(connection, book) == joined
    assert len(seen) > 1
    assert not any(one.fault for one in joined)


def test_whatever_texts_hold_they_are_read_alike(
    book: Book, connection: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that look like the end of a value, the end of a row, or a row."""
    monkeypatch.setattr(packing, "_ROOM", 2**20 // 7)
    history, places = book.practice.schema.shared.history, book.practice.schema.shared
    course = chance("packing")
    for _ in range(TURNS):
        for _ in range(course.randrange(1, 6)):
            column = history.c[course.choice((*OPTIONAL, *OTHERS))]
            value = None if column.nullable and course.random() < 0.2 else strange(course)
            one = history.c.case_id == f"e{course.randrange(CASES)}"
            given = sa.literal(value, sa.Text())
            connection.execute(sa.update(history).where(one).values({column.name: given}))
        if course.random() < 0.3:
            gone = history.c.case_id == f"e{course.randrange(CASES)}"
            connection.execute(sa.delete(history).where(gone))
        if course.random() < 0.3:
            number = course.randrange(CASES)
            gap = places.seal_positions.c.position == number
            connection.execute(sa.delete(places.seal_positions).where(gap))
        assert read(connection, book) == read_singly(connection, book)
        connection.rollback()


def test_a_text_that_holds_rows_is_not_taken_for_them(
    book: Book, connection: sa.Connection
) -> None:
    """The actor's text ends this row, and begins another that ends with the rest of it."""
    sound = read(connection, book)
    end = ["a", "2021-01-01", "", "{}", "", "", "", "d", "", ""]
    begin = ["999", "e2", "1", "errand", "opened", "x", "y"]
    forged = "\x1f".join(end) + "\x1e" + "\x1f".join(begin)
    history = book.practice.schema.shared.history
    first = (history.c.case_id == "e1") & (history.c.seq == 1)
    connection.execute(sa.update(history).where(first).values(actor=forged))
    found = read(connection, book)
    assert [one.position for one in found] == [one.position for one in sound]
    assert [a.case for a, b in zip(found, sound, strict=True) if a != b] == ["e1"]


def test_what_the_server_cuts_off_is_read_again(
    book: Book, connection: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where only the end of the last value is missing."""
    history = book.practice.schema.shared.history
    connection.execute(sa.update(history).values(request_key="a long key"))
    texts: list[str] = []
    split = packing._Packed._split

    def kept(self: packing._Packed, count: int, text: str) -> list[packing.Row] | None:
        texts.append(text)
        return split(self, count, text)

    monkeypatch.setattr(packing._Packed, "_split", kept)
    sound = read(connection, book)
    whole = max(len(text.encode()) for text in texts)
    for most in (4, 1_024, *range(whole - 12, whole)):
        connection.exec_driver_sql(f"SET SESSION group_concat_max_len = {most}")
        assert read(connection, book) == sound
