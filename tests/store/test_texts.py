"""Text comes back code point for code point, and is equal, different and in order as in Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.store.bulk.where import constant
from reformflow.store.types import Json, long_text, text
from support.databases import Place
from support.errands import CLERK, day, errand
from support.soak import amount, chance

MANY = 5_000
ALPHABETS = (
    ((0x4E00, 0x9FFF), 30),  # CJK, and its extensions A, B to F, G, H
    ((0x3400, 0x4DBF), 10),
    ((0x20000, 0x2EBE0), 20),
    ((0x30000, 0x323AF), 10),
    ((0xF900, 0xFAFF), 5),  # compatibility ideographs, which normalising would change
    ((0x2F00, 0x2FD5), 5),  # radicals that look like ideographs
    ((0x0300, 0x036F), 10),  # marks that combine with what stands before
    ((0xFF01, 0xFF5E), 10),  # full width
    ((0x200B, 0x200F), 5),  # of no width, or turning the direction
    ((0x1F300, 0x1FAFF), 10),  # emoji, and what joins and colours them
    ((0x1F3FB, 0x1F3FF), 3),
    ((0x1F1E6, 0x1F1FF), 3),
    ((0xE000, 0xF8FF), 3),  # private use, and code points that are no characters
    ((0xFFF9, 0xFFFF), 3),
    ((0x10FFF0, 0x10FFFF), 3),
    ((0x01, 0x1F), 5),  # control characters
    ((0x20, 0x7E), 30),
    ((0x80, 0x24F), 10),
)
ALIKE = (
    "a", "A", "á", "a\u0301", "ａ", "ß", "ss", "SS", "ſ", "İ", "i", "ı", "é", "e\u0301", "",
    " ", "a ", " a", "a\t", "\u3000", "吉", "𠮷", "𡈽", "土", "⼈", "人", "A\u200b", "\u200ba",
    "ﬁ", "fi", "①", "1", "１", "%", "_", "\\", "'", '"', "a'b", "\\'", "%s", ":a", "\r\n", "\n",
    "\ufeffa", "👨\u200d👩\u200d👧", "👨👩👧", "👍", "👍🏽", "\x01", "\x1a", "\x7f", "\u2028", "𝒜",
)  # fmt: skip


def texts(course: random.Random, number: int) -> Iterator[str]:
    """Yield texts of strange characters, many of them close to one that came before."""
    ranges, weights = zip(*ALPHABETS, strict=True)
    last = ""
    for _ in range(number):
        where = course.choices(ranges, weights, k=course.randrange(12))
        fresh = "".join(chr(course.randint(*one)) for one in where)
        close = (last + " ", last.swapcase(), last[::-1], last[1:], last + "\u200b")
        last = course.choice((fresh, fresh, *close))[:40]
        yield last


@pytest.fixture
def lines(place: Place) -> Iterator[tuple[sa.Connection, sa.Table, list[str]]]:
    """A table with our kinds of text columns, and what was written into it."""
    many = [*ALIKE, *texts(chance("texts"), MANY - len(ALIKE))]
    table = sa.Table(
        f"{place.prefix}texts",
        sa.MetaData(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("short", text(200)),
        sa.Column("long", long_text()),
        sa.Column("json", Json()),
    )
    engine = place.engine()
    with engine.begin() as connection:
        table.create(connection)
        rows = [
            {"number": number, "short": one, "long": one, "json": {one: [one]}}
            for number, one in enumerate(many, 1)
        ]
        connection.execute(sa.insert(table), rows)
    with engine.connect() as connection:
        yield connection, table, many
    engine.dispose()


def test_every_text_comes_back(lines: tuple[sa.Connection, sa.Table, list[str]]) -> None:
    connection, table, many = lines
    rows = connection.execute(sa.select(table).order_by(table.c.number)).all()
    assert [tuple(row) for row in rows] == [
        (number, one, one, {one: [one]}) for number, one in enumerate(many, 1)
    ]


@pytest.mark.parametrize("name", ["short", "long"])
def test_texts_are_equal_only_if_they_are_in_python(
    lines: tuple[sa.Connection, sa.Table, list[str]], name: str
) -> None:
    connection, table, many = lines
    here = table.c[name]
    found = connection.execute(sa.select(sa.func.count(table.c.number)).group_by(here)).scalars()
    assert sorted(found) == sorted(len(list(group)) for _, group in groupby(sorted(many)))
    for one in ALIKE:
        same = sa.select(sa.func.count(table.c.number)).where(here == one)
        assert connection.scalar(same) == many.count(one), ascii(one)
        bound = sa.select(sa.func.count(table.c.number)).where(here == constant(one))
        assert connection.scalar(bound) == many.count(one), ascii(one)


OTHER = {"sqlite": "NOCASE", "postgresql": "und-x-icu", "mariadb": "utf8mb4_general_ci"}


def test_another_order_is_noticed(
    lines: tuple[sa.Connection, sa.Table, list[str]], place: Place
) -> None:
    connection, table, many = lines
    with pytest.raises(AssertionError):
        in_order(connection, sa.collate(table.c.short, OTHER[place.kind]), many)


@pytest.mark.parametrize("name", ["short", "long"])
def test_texts_are_in_the_order_of_python(
    lines: tuple[sa.Connection, sa.Table, list[str]], name: str
) -> None:
    """Chunks of cases are cut by their ids, in this order."""
    connection, table, many = lines
    in_order(connection, table.c[name], many)


def in_order(connection: sa.Connection, here: sa.ColumnElement[str], many: list[str]) -> None:
    """Demand that the database has texts in the order of Python."""
    assert connection.scalars(sa.select(here).order_by(here)).all() == sorted(many)
    below = sa.select(sa.func.count(here)).where(here > "人", here <= "𠮷")
    assert connection.scalar(below) == sum("人" < one <= "𠮷" for one in many)


def test_texts_of_a_statement_compare_as_stored_ones_do(place: Place) -> None:
    """Facts that come with an act are compared with those of a rule before any is stored."""
    engine = place.engine()
    pairs = [(one, other) for one in ALIKE for other in ALIKE]
    with engine.connect() as connection:
        for start in range(0, len(pairs), 500):
            some = pairs[start : start + 500]
            columns = [
                sa.case((constant(one) == constant(other), 1), else_=0).label(f"c{number}")
                for number, (one, other) in enumerate(some)
            ]
            found = connection.execute(sa.select(*columns)).one()
            assert [bool(value) for value in found] == [one == other for one, other in some]
    engine.dispose()


def test_every_text_comes_through_the_doors(book: Book) -> None:
    course = chance("doors")
    many = dict.fromkeys([*ALIKE, *texts(course, amount(50, 5_000))])
    kept: dict[str, Any] = {}
    with book.transaction() as work:
        for number, one in enumerate(many):
            errand(work, case=f"{number}{one}", subject=one, unit=one, facts={"备注": one})
            work.record(
                f"{number}{one}",
                {"code": one[:8]},
                actor=CLERK,
                on=day(2),
                reason=one,
                key=f"{one}k",
            ).raise_for_refusal()
            kept[f"{number}{one}"] = one
    assert [case.id for case in book.cases("errand")] == list(kept)
    for case in book.cases("errand"):
        one = kept[case.id]
        assert (case.subject, case.unit, case.values["备注"]) == (one, one, one)
        entry = book.history(case.id)[1]
        assert (entry.reason or "", entry.key, entry.changes) == (one, f"{one}k", {"code": one[:8]})
