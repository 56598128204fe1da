"""I3: no update is lost, however many processes work on the same cases at once."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from reformflow.casework import Book
from support.crowd import Shift, Told, join_in, together
from support.databases import Place
from support.errands import errand
from support.soak import amount, course

PROCESSES = 8
ACTS = amount(5, 100)
GROUPS = [["one"], ["a", "b", "c"], [f"many{number}" for number in range(20)]]


def test_eight_processes_on_few_cases_lose_nothing(book: Book, place: Place) -> None:
    for case in chain.from_iterable(GROUPS):
        errand(book, case)
    shift = Shift(place.url, place.prefix, GROUPS, ACTS, course("crowds", place.kind))
    granted: list[Told] = list(chain.from_iterable(together(PROCESSES, join_in, shift)))
    assert len(granted) > PROCESSES * ACTS
    check(book, granted)


def check(book: Book, granted: list[Told]) -> None:
    """Every entry was granted exactly once, and every number of sendings counts one more."""
    assert book.verify() == ()
    made = Counter(entry for _, _, entries in granted for entry in entries)
    stored = {
        (case.id, entry.seq): entry for case in book.cases() for entry in book.history(case.id)
    }
    assert made == Counter(place for place in stored if place[1] > 1)
    assert {stored[entries[0]].key for _, _, entries in granted} == {key for key, _, _ in granted}
    for case in book.cases("errand"):
        history = book.history(case.id)
        rounds = [entry.changes["rounds"] for entry in history if entry.name == "send"]
        assert rounds == list(range(1, len(rounds) + 1))
        assert case.values["rounds"] == len(rounds)
