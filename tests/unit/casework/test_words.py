"""The refusals of a decision as sentences, also where there is no case to look at."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from reformflow.casework import Book, connect
from reformflow.formats import load
from support.databases import NOW
from support.errands import CHIEF, CLERK, day, errand
from support.repository import ROOT

MANY = {"posts": 30}


@pytest.fixture
def book() -> Iterator[Book]:
    reform = load(ROOT / "tests" / "store" / "reforms" / "errands")
    with connect("sqlite://", reform, clock=lambda: NOW) as opened:
        yield opened


def test_every_refusal_is_one_sentence_in_either_language(book: Book) -> None:
    errand(book, facts=MANY)
    decision = book.fire("e1", "send", actor=CHIEF, on=day(2))
    assert [str(refusal.code) for refusal in decision.refusals] == ["not_authorised", "rule_broken"]
    assert "clerk" in book.words(decision)[0]
    assert "there are at most ten posts" in book.words(decision)[1]
    assert "职数不超过十个" in book.words(decision, "zh")[1]


def test_a_refused_opening_has_words_also_when_it_is_recalled(book: Book) -> None:
    for _ in range(2):
        decision = book.open("e1", "errand", actor=CLERK, on=day(1), key="k")
        (sentence,) = book.words(decision)
        assert "chief" in sentence
    assert decision.repeated


def test_an_answer_that_was_stored_without_its_workflow_has_words(book: Book) -> None:
    errand(book, facts=MANY)
    decision = book.fire("e1", "send", actor=CLERK, on=day(2))
    assert book.words(attrs.evolve(decision, workflow="")) == book.words(decision)


def test_a_granted_decision_has_none_inside_a_transaction_too(book: Book) -> None:
    with book.transaction() as work:
        assert work.words(errand(work)) == ()
