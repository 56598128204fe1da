"""One key, one answer: a request that is sent again is carried out once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.casework import units as units_module
from reformflow.errors import KeyReused, RequestError, StoreError, UnknownName
from reformflow.model import Actor, Fire, Reform, Request
from support.databases import Place
from support.errands import CHIEF, CLERK, day, errand, sent


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(
    book: Book, place: Place
) -> None:
    opened, done = errand(book, key="k1"), sent(book, key="k2")
    before = place.dump()
    again, once_more = errand(book, key="k1"), sent(book, key="k2")
    assert (again.repeated, once_more.repeated) == (True, True)
    assert attrs.evolve(again, repeated=False) == opened
    assert attrs.evolve(once_more, repeated=False) == done
    assert place.dump() == before


def test_an_answer_with_all_that_followed_comes_back_whole(book: Book) -> None:
    book.open("p", "plan", actor=CHIEF, on=day(1))
    errand(book, case="a", parent="p")
    sent(book, "a")
    done = book.fire("a", "agree", actor=CHIEF, on=day(3), key="k")
    assert [entry.case for entry in done.entries] == ["a", "p"]
    again = book.fire("a", "agree", actor=CHIEF, on=day(3), key="k")
    assert attrs.evolve(again, repeated=False) == done


def test_a_refusal_is_an_answer_too(book: Book, place: Place) -> None:
    errand(book, facts={"posts": 11})
    refused = book.fire("e1", "send", actor=CLERK, on=day(9), key="k")
    before = place.dump()
    book.record("e1", {"posts": 1}, actor=CLERK, on=day(2))
    again = book.fire("e1", "send", actor=CLERK, on=day(9), key="k")
    assert again.repeated
    assert again.refusals == refused.refusals
    assert {refusal.code for refusal in again.refusals} == {"rule_broken", "reason_missing"}
    assert book.case("e1").values["progress.state"] == "draft"
    assert len(place.dump()["answers"]) == len(before["answers"])


OTHERS: list[dict[str, Any]] = [
    {"on": day(3)},
    {"reason": "other"},
    {"actor": Actor.holding("somebody", "clerk")},
    {"facts": {"posts": 1}},
    {"transition": "urge"},
    {"case": "e2"},
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: next(iter(other)))
def test_the_same_key_with_another_body_is_an_error(
    book: Book, place: Place, other: dict[str, Any]
) -> None:
    errand(book)
    sent(book, key="k")
    before = place.dump()
    asked = {"case": "e1", "transition": "send", "actor": CLERK, "on": day(2), **other}
    with pytest.raises(KeyReused, match="'k'"):
        book.fire(key="k", **asked)
    assert place.dump() == before


def test_the_key_of_another_kind_of_act_is_another_body(book: Book) -> None:
    errand(book)
    book.suspend("e1", "send", actor=CHIEF, on=day(2), key="k")
    with pytest.raises(KeyReused):
        book.resume("e1", "send", actor=CHIEF, on=day(2), key="k")


def test_a_request_that_cannot_be_read_uses_up_no_key(book: Book, place: Place) -> None:
    errand(book)
    before = place.dump()
    with pytest.raises(UnknownName):
        book.fire("e1", "sned", actor=CLERK, on=day(2), key="k")
    with pytest.raises(RequestError):
        book.record("e1", {"posts": "three"}, actor=CLERK, on=day(2), key="k")
    assert place.dump() == before
    sent(book, key="k")


@pytest.mark.parametrize("key", ["", "k\0", "k\udc00", "k" * 201])
def test_a_key_that_cannot_be_stored_is_refused(book: Book, key: str) -> None:
    with pytest.raises(RequestError, match="key"):
        errand(book, key=key)


def test_many_senders_of_one_key_get_one_entry(place: Place, book: Book, errands: Reform) -> None:
    errand(book)
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(book.fire("e1", "send", actor=CLERK, on=day(2), key="k"))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [getattr(answer, "granted", answer) for answer in answers] == [True] * 8
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 7
    assert len(book.history("e1")) == 2


class Cut(sa.exc.OperationalError):
    """A connection that breaks."""

    def __init__(self) -> None:
        super().__init__(None, None, Exception("cut"), connection_invalidated=True)


@pytest.fixture
def cut_after_commit(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the next commits of a writing unit be stored, but break before anybody hears of it."""
    left = [1]
    real = units_module.unit

    @contextmanager
    def cut(engine: sa.Engine, *, writes: bool) -> Iterator[sa.Connection]:
        with real(engine, writes=writes) as connection:
            yield connection
        if writes and left[0]:
            left[0] -= 1
            raise Cut

    monkeypatch.setattr(units_module, "unit", cut)
    return left


def test_a_commit_that_was_lost_on_its_way_is_resolved_by_the_key(
    book: Book, cut_after_commit: list[int]
) -> None:
    errand(book, key="k")
    assert cut_after_commit == [0]
    assert len(book.history("e1")) == 1


def test_without_a_key_a_lost_commit_is_never_sent_again_blindly(
    book: Book, cut_after_commit: list[int]
) -> None:
    with pytest.raises(StoreError, match=r"(?s)while committing.*look into the case's history"):
        errand(book)
    assert len(book.history("e1")) == 1


def test_a_connection_lost_before_the_commit_is_tried_again(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = book.practice.engine
    real, left = engine.fire, [1]

    def fire(*args: Any) -> Any:
        decision = real(*args)
        if left[0]:
            left[0] -= 1
            raise Cut
        return decision

    monkeypatch.setattr(engine, "fire", fire)
    errand(book)
    assert len(book.history("e1")) == 1


def test_a_key_is_noted_in_the_history(book: Book) -> None:
    errand(book, key="k")
    book.do(Request("e1", Fire("send", {}), CLERK, day(2)))
    assert [entry.key for entry in book.history("e1")] == ["k", None]
