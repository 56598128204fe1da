"""A host's own condition in Python: asked about each case, alone and among many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import attrs
import pytest

from reformflow.casework import Book, Casework, Practice
from reformflow.engine import Engine
from reformflow.errors import Conflict, EmbeddingError, UnknownName
from reformflow.model import Actor, Case, Reform
from support.building import reform_of
from support.databases import Place

OFFICE = Actor.holding("li", "office")
DAY = date(2021, 3, 1)
FLOW = """
opening: {by: office, may_record: [size, ready]}
facts:
  size: {type: int, by: office}
  ready: {type: bool, by: office}
tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, agreed: {final: true}}}}
rules: {is_ready: {requires: ready, clauses: [R2]}}
transitions:
  send: {from: draft, to: sent, by: office, needs: [is_ready], clauses: [R3]}
  agree: {from: sent, to: agreed, by: treasury, due: {days: 5, after: send}}
  settle: {from: sent, to: agreed, automatic: true, needs: [tiny]}
"""


def odd(case: Case) -> bool:
    """Say whether a case is of an odd size."""
    return int(case.values["size"] or 0) % 2 == 1


@pytest.fixture
def reform() -> Reform:
    return reform_of(case=FLOW.replace("rules: {", "rules: {tiny: {requires: size <= 3}, "))


@pytest.fixture
def book(place: Place, reform: Reform) -> Iterator[Book]:
    opened = place.open(reform, callbacks={"case.send": odd})
    with opened.transaction() as work:
        for number in range(40):
            facts = {"size": number, "ready": number % 3 != 0}
            granted = work.open(f"c{number:02}", "case", actor=OFFICE, on=DAY, facts=facts)
            assert granted.granted
    return opened


def test_an_act_is_refused_where_the_condition_answers_no(book: Book) -> None:
    refused = book.fire("c04", "send", actor=OFFICE, on=DAY)
    [refusal] = refused.refusals
    assert (refusal.code, refusal.subject, refusal.clauses) == ("rule_broken", "odd", ("R3",))
    assert "odd" in book.words(refused)[0]
    assert book.fire("c05", "send", actor=OFFICE, on=DAY).granted


def test_it_is_asked_among_many_as_it_is_alone(book: Book) -> None:
    alone = {
        case.id: book.explain(case.id, "send", actor=OFFICE, on=DAY) for case in list(book.cases())
    }
    reasons = Counter(
        (refusal.code, refusal.subject) for answer in alone.values() for refusal in answer.refusals
    )
    plan = book.plan("send", actor=OFFICE, on=DAY)
    report = plan.run(chunk=7)
    for told in (plan, report):
        assert told.granted == sum(answer.granted for answer in alone.values())
        assert {(tally.code, tally.subject): tally.cases for tally in told.reasons} == reasons
    for case in book.cases():
        moved = alone[case.id].granted
        small = moved and int(case.values["size"] or 0) <= 3
        expected = "agreed" if small else "sent" if moved else "draft"
        assert case.values["progress.state"] == expected
    assert plan.one_by_one == ("odd is Python, and is asked about each case",)


def test_it_is_asked_among_many_where_nothing_follows(place: Place) -> None:
    flow = FLOW[: FLOW.index("  settle:")]
    book = place.open(reform_of(case=flow), callbacks={"case.send": odd})
    for number in range(12):
        facts = {"size": number, "ready": number % 3 != 0}
        book.open(f"c{number:02}", "case", actor=OFFICE, on=DAY, facts=facts)
    plan = book.plan("send", actor=OFFICE, on=DAY)
    report = plan.run(chunk=5)
    for told in (plan, report):
        assert told.granted == 4
        reasons = {tally.subject: tally.cases for tally in told.reasons}
        assert reasons == {"is_ready": 4, "odd": 6}
    sent = [case.id for case in book.cases() if case.values["progress.state"] == "sent"]
    assert sent == ["c01", "c05", "c07", "c11"]


def test_no_case_is_written_that_it_was_not_asked_about(
    place: Place, book: Book, reform: Reform
) -> None:
    """A case that is opened while others are asked about is not carried along unasked."""
    if place.kind == "sqlite":
        pytest.skip("SQLite lets nobody write meanwhile")
    asked: list[str] = []

    def opening(case: Case) -> bool:
        asked.append(case.id)
        if asked.count("c00") == 2:  # once for the plan, now for the run
            facts = {"size": 2, "ready": True}
            book.open("c05x", "case", actor=OFFICE, on=DAY, facts=facts)
            asked.append("c00")
        return True

    practice = Practice.of(reform, prefix=place.prefix, callbacks={"case.send": opening})
    engine = place.engine(isolation_level="READ COMMITTED")
    with engine.connect() as connection:
        plan = Casework(connection, practice).plan("send", actor=OFFICE, on=DAY)
        before = book.case("c05")
        with pytest.raises(Conflict):
            plan.run()
        connection.rollback()
    engine.dispose()
    assert book.case("c05x").values["progress.state"] == "draft"
    assert book.case("c05") == before


def test_a_condition_for_what_does_not_exist_is_an_error(reform: Reform) -> None:
    for name in ("cas.send", "case.sned", "case.settle", "send"):
        with pytest.raises(UnknownName):
            Practice.of(reform, callbacks={name: odd})


def test_live_cases_ask_it_too(reform: Reform, book: Book) -> None:
    live = Engine(reform, callbacks={"case.send": odd}).live("case")
    for case in book.cases():
        blank = attrs.evolve(case)
        answer = live.fire(live.adopt(blank), "send", OFFICE, DAY)
        assert bool(answer) == book.explain(case.id, "send", actor=OFFICE, on=DAY).granted


def test_what_nobody_can_call_is_told_before_any_case(reform: Reform) -> None:
    with pytest.raises(EmbeddingError, match=r"callback of 'case\.send' is 'odd'"):
        Practice.of(reform, callbacks={"case.send": "odd"})  # type: ignore[dict-item]


def test_a_practice_is_shown_by_its_reform_and_digest(reform: Reform) -> None:
    practice = Practice.of(reform)
    assert reform.id in repr(practice)
    assert practice.definition in repr(practice)
    assert len(repr(practice)) < 200
