"""Acts on one case alone: fewer steps, the same answers, and nothing is lost or half done."""

from __future__ import annotations

import threading
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.errors import StoreError
from reformflow.model import Decision, Fire, Request
from reformflow.store import Direct
from support.databases import Place
from support.errands import CHIEF, CLERK, day, errand, granted, sent


@pytest.fixture
def ways(book: Book, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note for each act whether it was done alone."""
    noted: list[bool] = []
    real = book._solo.do

    def do(request: Request) -> Decision | None:
        decision = real(request)
        noted.append(decision is not None)
        return decision

    monkeypatch.setattr(book._solo, "do", do)
    return noted


def test_a_case_without_kin_is_alone_and_one_with_kin_is_not(book: Book, ways: list[bool]) -> None:
    errand(book)
    book.record("e1", {"posts": 2}, actor=CLERK, on=day(2))
    book.record("e1", {"posts": 4}, actor=CLERK, on=day(2), key="k")
    granted(book.open("p", "plan", actor=CHIEF, on=day(1)))
    errand(book, case="e2", parent="p")
    sent(book, "e2")
    granted(book.fire("e2", "agree", actor=CHIEF, on=day(3)))
    assert ways == [False, True, False, False, False, False, False]
    assert book.case("p").values["progress.state"] == "done"


def test_both_ways_answer_alike(book: Book, ways: list[bool]) -> None:
    for case in ("a", "b"):
        errand(book, case=case)
    request = Request("a", Fire("send"), CLERK, day(2))
    alone = book.do(request)
    other = book.do(attrs.evolve(request, case="b", key="k"))
    assert ways[2:] == [True, False]
    (one,), (two,) = alone.entries, other.entries
    assert attrs.evolve(one, case="b", key="k") == two
    again = book.do(attrs.evolve(request, on=day(3)))
    assert again.refusals == book.do(attrs.evolve(request, case="b", on=day(3), key="k2")).refusals


def test_writers_at_once_lose_nothing_without_keys(book: Book, ways: list[bool]) -> None:
    errand(book)

    def write() -> None:
        for number in range(6):
            granted(book.record("e1", {"posts": number}, actor=CLERK, on=day(2)))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.history("e1")) == 1 + 3 * 6
    assert all(ways[1:])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_fault_at_any_of_its_statements_leaves_the_old_state(
    book: Book, place: Place, ways: list[bool], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    errand(book)
    before = place.dump()
    left, real = [number], Direct._execute

    def failing(direct: Direct, *given: Any, **options: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            raise sa.exc.DatabaseError("?", {}, Exception("planted"))
        return real(direct, *given, **options)

    monkeypatch.setattr(Direct, "_execute", failing)
    if place.kind == "postgresql" and number == 4:  # two reads, and one statement that stores
        granted(book.record("e1", {"posts": 1}, actor=CLERK, on=day(2)))
        assert left == [1]
        return
    with pytest.raises(StoreError, match="planted"):
        book.record("e1", {"posts": 1}, actor=CLERK, on=day(2))
    assert place.dump() == before


def test_a_connection_lost_while_storing_is_never_sent_again_blindly(
    book: Book, place: Place, ways: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the statement may have been stored; elsewhere it was not committed."""
    errand(book)
    left, real = [1], Direct.run

    def cut(direct: Direct, *given: Any) -> int:
        found = real(direct, *given)
        left[0] -= 1
        if not left[0]:
            raise sa.exc.OperationalError(
                "UPDATE", {}, Exception("cut"), connection_invalidated=True
            )
        return found

    monkeypatch.setattr(Direct, "run", cut)
    if place.kind == "postgresql":
        with pytest.raises(StoreError, match="look into the case's history"):
            book.record("e1", {"posts": 1}, actor=CLERK, on=day(2))
    else:
        granted(book.record("e1", {"posts": 1}, actor=CLERK, on=day(2)))
    assert len(book.history("e1")) == 2


def test_a_connection_that_has_rested_is_asked_first(
    book: Book, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.kind == "sqlite":
        pytest.skip("a file does not go away")
    errand(book)
    engine = book._units.engine
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.close()
    driver.close()
    monkeypatch.setattr("reformflow.store.dialects._RESTED_SECONDS", 0.0)
    with book.transaction() as work:
        sent(work)
    assert len(book.history("e1")) == 2
