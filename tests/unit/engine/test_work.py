"""A unit of work: what has happened so far, laid over the cases it started from."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.engine import Docket
from reformflow.engine.work import Work
from reformflow.errors import UnknownName
from reformflow.model import Case, Decision, Entry, Kind

DAY = date(2021, 3, 1)


def case(id: str, parent: str | None = None, workflow: str = "part") -> Case:  # noqa: A002
    return Case(id, workflow, {"x": None}, unit="north", parent=parent)


def entry(id: str, x: int, seq: int = 1) -> Entry:  # noqa: A002
    return Entry(id, seq, Kind.RECORDED, "", "ann", DAY, {"x": x})


@pytest.fixture
def docket() -> Docket:
    opened = (case("c", workflow="case"), case("p", "c"), case("q", "c", "other"))
    entries = (entry("c", 1), entry("c", 2, 2), entry("p", 3))
    return Docket([Decision("c", entries=entries, opened=opened)])


@pytest.fixture
def work(docket: Docket) -> Work:
    work = Work(docket)
    work.open(case("n", "c"))
    work.open(case("m", "n"))
    return work


def test_a_history_goes_on_from_what_was_kept_whatever_else_was_opened(work: Work) -> None:
    work.add(entry("n", 4))
    work.add(entry("c", 5))
    assert [(item.seq, item.changes["x"]) for item in work.entries("c")] == [(1, 1), (2, 2), (3, 5)]
    assert [(item.seq, item.changes["x"]) for item in work.entries("n")] == [(1, 4)]
    assert [item.changes["x"] for item in work.entries("p")] == [3]
    assert [item.case for item in work.done] == ["n", "c"]


def test_children_are_those_that_were_there_and_those_just_opened_as_they_now_are(
    work: Work,
) -> None:
    work.add(entry("p", 6, 2))
    work.add(entry("n", 7))
    found = [(child.id, child.values["x"]) for child in work.children("c", "part")]
    assert found == [("p", 6), ("n", 7)]
    assert [child.id for child in work.children("c", "other")] == ["q"]
    assert [child.id for child in work.children("n", "part")] == ["m"]
    assert work.children("n", "other") == []


def test_what_it_started_from_stays_as_it_was(docket: Docket, work: Work) -> None:
    work.add(entry("p", 6, 2))
    assert docket.case("p").values["x"] == 3
    assert not docket.exists("n")
    assert len(docket.entries("p")) == 1


def test_it_knows_the_old_cases_and_the_new_ones_and_no_others(work: Work) -> None:
    assert [id for id in ("c", "n", "x") if work.exists(id)] == ["c", "n"]  # noqa: A001
    assert work.case("n").id == "n"
    with pytest.raises(UnknownName):
        work.case("x")


def test_a_copy_goes_on_by_itself(docket: Docket) -> None:
    copy = docket.copy()
    docket.add(entry("c", 9, 3))
    docket.open(case("r", "c"))
    assert copy.case("c").values["x"] == 2
    assert copy.ids() == ("c", "p", "q")
    assert [one.id for one in copy.children("c", "part")] == ["p"]
    assert len(copy.entries("c")) == 2
    copy.add(entry("p", 7, 2))
    assert docket.case("p").values["x"] == 3
