"""The board says where every case stands, what is due, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from reformflow.casework import Book, Line, connect
from reformflow.formats import load
from reformflow.model import Actor, Lateness
from support.databases import NOW
from support.errands import CHIEF, CLERK, day, errand, granted, sent
from support.repository import ROOT

CHIEF_OF_ALL = Actor.holding("全", "chief", "clerk")


@pytest.fixture
def book() -> Iterator[Book]:
    reform = load(ROOT / "tests" / "store" / "reforms" / "errands")
    with connect("sqlite://", reform, clock=lambda: NOW) as opened:
        yield opened
        assert opened.verify() == ()


def line(book: Book, on: date, case: str = "e1", track: str = "progress") -> Line:
    (found,) = [item for item in book.board(on) if (item.case, item.track) == (case, track)]
    return found


def test_every_track_of_every_case_has_its_line(book: Book) -> None:
    granted(book.open("p", "plan", actor=CHIEF, on=day(1), unit="东"))
    errand(book)
    shown = [(item.case, item.workflow, item.track, item.state) for item in book.board(day(2))]
    assert shown == [
        ("p", "plan", "progress", "running"),
        ("e1", "errand", "progress", "draft"),
        ("e1", "errand", "oversight", "quiet"),
    ]


def test_a_line_tells_stage_due_date_and_who_answers(book: Book) -> None:
    errand(book)
    assert line(book, day(2)) == Line(
        case="e1",
        subject="买纸",
        unit="东",
        workflow="errand",
        track="progress",
        state="draft",
        stage="drafting",
        due=day(6),
        days_left=4,
        standing="due_soon",
        answerable="clerk",
        late=(),
        transition="send",
    )


@pytest.mark.parametrize(
    ("on", "standing", "left"),
    [
        (2, "on_time", 10),
        (4, "on_time", 8),
        (5, "due_soon", 7),
        (12, "due_soon", 0),
    ],
)
def test_a_week_before_its_date_a_case_is_due_soon(
    book: Book, on: int, standing: str, left: int
) -> None:
    errand(book)
    sent(book)
    found = line(book, day(on))
    assert (found.standing, found.days_left, found.answerable) == (standing, left, "chief")


def test_the_day_after_its_date_a_case_is_late(book: Book) -> None:
    errand(book)
    assert (line(book, day(6)).standing, line(book, day(7)).standing) == ("due_soon", "late")
    assert line(book, day(7)).days_left == -1


def test_the_board_and_a_refusal_see_the_same_case_whether_or_not_time_was_let_pass(
    book: Book,
) -> None:
    """Silence is consent on the 13th, also on the board, although nobody has run `tick`."""
    errand(book)
    sent(book)
    answer = book.fire("e1", "agree", actor=CHIEF, on=day(13))
    assert [(r.code, r.values) for r in answer.refusals] == [
        ("not_from_here", (("progress.state", "done"),))
    ]
    found = line(book, day(13))
    assert (found.state, found.standing, found.due) == ("done", "done", None)
    assert line(book, day(12)).state == "sent"
    assert book.overdue(day(13)) == ()
    assert [entry.name for entry in book.history("e1")] == ["errand", "send"]


@pytest.mark.parametrize("unit", [None, "东", "西"])
def test_the_board_is_the_one_that_letting_time_pass_would_make(
    book: Book, unit: str | None
) -> None:
    """Silence ends errands, their end ends the plan, and its weekly reports come and are late."""
    facts = {"first_report_on": day(1)}
    for name in ("p", "q"):
        granted(book.open(name, "plan", actor=CHIEF, on=day(1), unit="东"))
        granted(book.record(name, facts, actor=CHIEF, on=day(1)))
    errand(book, case="a", parent="p")
    errand(book, case="b", parent="p", unit="西")
    sent(book, "a", on=day(10), reason="雪")
    sent(book, "b", actor=CHIEF_OF_ALL)
    errand(book, case="c", parent="q")
    foretold = book.board(day(31), unit=unit)
    book.tick(day(31))
    assert book.board(day(31), unit=unit) == foretold
    if unit == "东":
        assert {item.case: item.state for item in foretold}["p"] == "done"
        assert any(item.case.startswith("q/weekly/") for item in foretold)


def test_what_ended_is_done_and_its_past_lateness_is_told(book: Book) -> None:
    errand(book)
    sent(book, on=day(10), reason="雪")
    granted(book.fire("e1", "agree", actor=CHIEF, on=day(11)))
    found = line(book, day(30))
    assert (found.standing, found.due, found.days_left, found.answerable) == (
        "done",
        None,
        None,
        "",
    )
    assert found.late == (Lateness("send", day(6), 4, "clerk"),)
    assert line(book, day(30), track="oversight").late == ()


def test_lateness_of_an_entry_that_was_taken_back_does_not_count(book: Book) -> None:
    errand(book)
    sent(book, on=day(10), reason="雪")
    granted(book.correct("e1", 2, void=True, reason="error", actor=CHIEF, on=day(11)))
    assert line(book, day(11)).late == ()


def test_a_clock_that_stands_still_is_paused(book: Book) -> None:
    errand(book)
    granted(book.suspend("e1", "send", actor=CHIEF, on=day(2)))
    assert line(book, day(20)).standing == "paused"
    granted(book.resume("e1", "send", actor=CHIEF, on=day(22)))
    assert (line(book, day(22)).standing, line(book, day(22)).due) == ("due_soon", day(26))


def test_without_a_deadline_there_is_no_date(book: Book) -> None:
    errand(book)
    assert line(book, day(2), track="oversight").standing == "no_date"


def test_overdue_lists_what_is_late_the_longest_first(book: Book) -> None:
    errand(book, case="a", on=day(3))
    errand(book, case="b", on=day(1))
    errand(book, case="c", on=day(20))
    assert [item.case for item in book.overdue(day(15))] == ["b", "a"]
    assert book.overdue(day(6)) == ()


def test_a_board_may_be_of_one_unit(book: Book) -> None:
    errand(book, case="a", unit="东")
    errand(book, case="b", unit="西")
    assert {item.case for item in book.board(day(2), unit="西")} == {"b"}
    assert {item.case for item in book.overdue(day(20), unit="东")} == {"a"}


def test_a_board_of_many_cases_takes_few_queries(book: Book) -> None:
    with book.transaction() as work:
        granted(work.open("p", "plan", actor=CHIEF, on=day(1)))
        for number in range(120):
            errand(work, case=f"e{number}", parent="p")
    asked: list[str] = []
    sa.event.listen(
        book._units.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2])
    )
    assert len(book.board(day(2))) == 1 + 2 * 120
    assert 0 < len(asked) <= 12


def test_the_clerk_may_see_no_more_than_the_board_knows(book: Book, tmp_path: Path) -> None:
    """Reading the board stores nothing, and an empty one is empty."""
    assert book.board(day(2)) == ()
    errand(book)
    book.board(day(30))
    assert len(book.history("e1")) == 1
    assert not book.fire("e1", "agree", actor=CLERK, on=day(2)).granted
