"""Of all cases only those are looked at to which time may have brought something."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.casework.totals import summed
from reformflow.casework.waiting import candidates
from reformflow.engine import Docket
from reformflow.errors import CalendarError, NotMigrated, RequestError
from reformflow.formats import load
from reformflow.model import Case, Reform
from reformflow.store import StoredCases
from support.databases import Place
from support.editions import edition
from support.errands import day, errand, sent
from support.lots import UNITS, Lots
from support.repository import ROOT, WORKFLOWS

START = date(2021, 1, 28)
LENGTH = 120
REFORMS = {
    "errands": ROOT / "tests" / "store" / "reforms" / "errands",
    "rounds": ROOT / "tests" / "store" / "reforms" / "rounds",
    "watches": ROOT / "tests" / "store" / "reforms" / "watches",
    "cisa": WORKFLOWS / "cisa-directives",
}


def filled(book: Book, seed: int) -> tuple[str, ...]:
    """Send requests by lot; return the ids of the cases that were opened."""
    docket = Docket()
    lots = Lots(book.practice.engine.program.bound, seed, f"c{seed}-", START)
    with book.transaction() as work:
        for _ in range(LENGTH):
            try:
                docket.take(work.do(lots.request(docket)))
            except RequestError:
                continue
    return docket.ids()


def changes(book: Book, reader: StoredCases, case: str, on: date) -> bool:
    try:
        return bool(book.practice.engine.tick(reader, case, on).entries)
    except CalendarError:
        return True


@pytest.mark.parametrize("name", REFORMS)
def test_the_database_misses_no_case_that_time_changes(place: Place, name: str) -> None:
    """And the sums that it counts are those of the board, on any day."""
    book = place.open(load(REFORMS[name]))
    ids = tuple(case for seed in range(3) for case in filled(book, seed))
    changed, spared = 0, 0
    for later in (0, 8, 20, 45, 90, 400):
        on = START + timedelta(days=later)
        with book.transaction() as work:
            connection = work._host
            assert isinstance(connection, sa.Connection)
            reader = StoredCases(connection, book.practice.schema)
            near = {case.id for case in candidates(book.practice, connection, reader, on)}
            due = {case for case in ids if changes(book, reader, case, on)}
        assert due <= near
        changed, spared = changed + len(due), spared + len(ids) - len(near)
        for unit in (None, *UNITS):
            assert book.totals(on, unit=unit) == tuple(summed(book.board(on, unit=unit)))
    assert changed
    assert spared


def test_a_table_without_news_is_not_read(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither to let time pass nor to count; with news, only the cases that it is about."""
    read: list[str] = []

    class Noted(Case):
        def __init__(self, id: str, *rest: Any) -> None:  # noqa: A002
            read.append(id)
            super().__init__(id, *rest)

    monkeypatch.setattr("reformflow.store.converting.Case", Noted)
    for number in range(5):
        errand(book, case=f"e{number}")
    sent(book, "e3")
    assert read
    read.clear()
    assert book.tick(day(12)) == []
    assert sum(total.cases for total in book.totals(day(12))) == 10
    assert read == []
    assert {total.track: total.standings["done"] for total in book.totals(day(13))} == {
        "progress": 1,
        "oversight": 0,
    }
    assert len(book.tick(day(13))) == 1
    assert set(read) == {"e3"}


def test_time_does_not_pass_over_cases_of_another_definition(
    place: Place, errands: Reform, tmp_path: Path
) -> None:
    """Nothing is due by the new definition, but by the one that they follow something may be."""
    book = place.open(errands)
    errand(book)
    book.close()
    new = place.open(
        edition(tmp_path / "v2", errand=[("posts <= 10", "posts <= 11")]), upgrade=True
    )
    for ask in (new.tick, new.board, new.totals):
        with pytest.raises(NotMigrated, match="e1"):
            ask(day(5))
