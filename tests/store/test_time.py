"""Time brings silence, joins and recurring duties: once, never early, the earliest first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reformflow.casework import Book
from reformflow.errors import RequestError, UnknownName
from reformflow.model import Reform
from support.databases import NOW, Place
from support.errands import CHIEF, MONDAY, day, errand, granted, sent


def test_silence_counts_on_the_day_after_and_not_before(book: Book) -> None:
    errand(book)
    sent(book)
    assert book.tick(day(12)) == []
    (decision,) = book.tick(day(20))
    assert [(entry.name, entry.on, entry.actor) for entry in decision.entries] == [
        ("agree_by_silence", day(13), "")
    ]
    assert book.case("e1").values["progress.state"] == "done"


def test_time_brings_nothing_twice(book: Book, place: Place) -> None:
    errand(book)
    sent(book)
    assert book.tick(day(20))
    before = place.dump()
    assert book.tick(day(20)) == []
    assert book.tick(day(25)) == []
    assert place.dump() == before


def test_a_duty_opens_its_periods_and_their_cases_can_be_read(book: Book) -> None:
    first = {"first_report_on": MONDAY}
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    granted(book.record("p", first, actor=CHIEF, on=MONDAY))
    decisions = book.tick(day(23))
    opened = [case.id for decision in decisions for case in decision.opened]
    assert opened == ["p/weekly/1", "p/weekly/2", "p/weekly/3", "p/weekly/4"]
    values = [case.values for case in book.cases("report")]
    assert [value["due_on"] for value in values] == [day(8), day(15), day(22), day(29)]
    assert [value["period"] for value in values] == [1, 2, 3, 4]


def test_what_time_brings_to_a_child_reaches_its_parent(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=MONDAY))
    for case in ("a", "b"):
        errand(book, case=case, parent="p")
        sent(book, case, on=day(2) if case == "b" else day(4))
    decisions = book.tick(day(31))
    assert [decision.case for decision in decisions] == ["b", "a"]
    assert book.case("p").values["progress.state"] == "done"
    assert book.history("p")[-1].on == day(15)


def test_time_may_be_told_for_some_cases_only(book: Book) -> None:
    for case in ("a", "b"):
        errand(book, case=case)
        sent(book, case)
    book.tick(day(20), cases=["b"])
    states = [case.values["progress.state"] for case in book.cases("errand")]
    assert states == ["sent", "done"]
    with pytest.raises(UnknownName):
        book.tick(day(20), cases=["c"])


def test_a_day_that_has_not_come_is_refused(book: Book, place: Place) -> None:
    errand(book)
    sent(book)
    before = place.dump()
    today = date(2022, 6, 1)
    with pytest.raises(RequestError, match="has not come yet"):
        book.tick(today + timedelta(days=1))
    assert place.dump() == before
    assert len(book.tick(today)) == 1


def test_inside_a_transaction_time_is_part_of_it(book: Book, place: Place) -> None:
    errand(book)
    sent(book)
    before = place.dump()
    with pytest.raises(ZeroDivisionError), book.transaction() as work:  # noqa: PT012
        assert len(work.tick(day(20))) == 1
        assert work.tick(day(20)) == []
        raise ZeroDivisionError
    assert place.dump() == before


def test_a_clock_that_goes_back_brings_nothing_early(place: Place, errands: Reform) -> None:
    clock = [NOW]
    book = place.open(errands, clock=lambda: clock[0])
    errand(book)
    sent(book)
    clock[0] = NOW.replace(year=2021, month=3, day=5)
    with pytest.raises(RequestError):
        book.tick(day(20))
    assert book.tick(day(5)) == []
