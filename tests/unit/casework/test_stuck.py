"""A case whose dates need a year without data holds up no other, and is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from reformflow.casework import Book, connect
from reformflow.errors import CalendarError
from support.building import actor, reform_of

STAMPED = """
facts: {ends_on: {type: date, by: office}, renewed_on: {type: date}}
opening: {by: office, may_record: [ends_on]}
tracks:
  progress: {initial: open, states: {open: , over: , gone: {final: true}}}
transitions:
  end: {from: open, to: over, at: {days: 0, after: ends_on}}
  renew:
    from: over
    to: gone
    by: office
    due: {working_days: 10, after: end}
"""
CALENDAR = """
time_zone: Asia/Shanghai
calendar: {name: china}
"""
OFFICE = actor("office")
GOOD, BAD = date(2020, 3, 2), date(2031, 3, 3)
NOW = datetime(2035, 1, 1, tzinfo=UTC)


@pytest.fixture
def book() -> Iterator[Book]:
    reform = reform_of(CALENDAR, case=STAMPED)
    with connect("sqlite://", reform, clock=lambda: NOW) as opened:
        for case, ends in (("a", GOOD), ("b", BAD), ("c", BAD), ("d", GOOD)):
            opened.open(case, "case", actor=OFFICE, on=GOOD, facts={"ends_on": ends})
        yield opened
        assert opened.verify() == ()


def states(book: Book) -> dict[str, object]:
    return {case.id: case.values["progress.state"] for case in book.cases()}


def test_the_others_go_on_and_the_error_names_those_that_cannot(book: Book) -> None:
    with pytest.raises(CalendarError, match=r"'b', 'c'.*2031"):
        book.tick(date(2032, 1, 1))
    assert states(book) == {"a": "over", "b": "open", "c": "open", "d": "over"}
    assert book.tick(date(2031, 3, 2)) == []


def test_in_a_transaction_too(book: Book) -> None:
    with book.transaction() as work:
        with pytest.raises(CalendarError, match=r"'b', 'c'"):
            work.tick(date(2032, 1, 1))
        assert work.tick(date(2031, 3, 2)) == []
    assert states(book)["d"] == "over"


def test_the_board_shows_the_others(book: Book) -> None:
    shown = {line.case: line.state for line in book.board(date(2032, 1, 1))}
    assert shown == {"a": "over", "b": "open", "c": "open", "d": "over"}
