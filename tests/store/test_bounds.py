"""What a transition sets fits its fact, also where one statement sets it in many cases."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.casework import Book
from reformflow.errors import RequestError
from reformflow.model import Actor
from support.building import reform_of
from support.databases import Place

CASE = """
opening: {by: office, may_record: [note, number]}
facts:
  note: {type: text, max_length: 20, by: office}
  short: {type: text, max_length: 5}
  kind: {type: choice, choices: [whole, part]}
  number: {type: int, by: office}
  small: {type: int, minimum: 0, maximum: 9}
tracks: {progress: {initial: draft, states: {draft: , sent: {final: true}}}}
transitions:
  copy: {from: draft, to: sent, by: office, set: {short: note}}
  sort: {from: draft, to: sent, by: office, set: {kind: note}}
  tally: {from: draft, to: sent, by: office, set: {small: number}}
"""
OFFICE = Actor.holding("li", "office")
DAY = date(2021, 3, 1)


@pytest.fixture
def book(place: Place) -> Book:
    return place.open(reform_of(case=CASE))


def opened(book: Book, name: str, **facts: str | int) -> None:
    options = {"unit": "u", "subject": "s", "actor": OFFICE, "on": DAY}
    book.open(name, "case", facts=facts, **options).raise_for_refusal()


@pytest.mark.parametrize(
    ("transition", "fits", "into", "does_not"),
    [
        ("copy", {"note": "一二三四五"}, "short", {"note": "一二三四五六"}),
        ("sort", {"note": "part"}, "kind", {"note": "Part"}),
        ("tally", {"number": 9}, "small", {"number": 10}),
    ],
)
def test_many_cases_are_held_to_the_bounds_of_one(
    book: Book, transition: str, fits: dict[str, str | int], into: str, does_not: dict[str, str]
) -> None:
    """Alone, one that does not fit cannot be asked for; among others it is not carried out."""
    opened(book, "good", **fits)
    plan = book.plan(transition, workflow="case", actor=OFFICE, on=DAY)
    assert (plan.granted, plan.one_by_one) == (1, ())
    opened(book, "bad", **does_not)
    before = book.history("bad")
    with pytest.raises(RequestError):
        book.fire("bad", transition, actor=OFFICE, on=DAY)
    report = book.plan(transition, workflow="case", actor=OFFICE, on=DAY).run()
    assert (report.granted, report.refused) == (1, 1)
    assert book.history("bad") == before
    assert book.case("good").values[into] in fits.values()
