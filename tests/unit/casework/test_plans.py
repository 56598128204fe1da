"""A plan over many cases says what firing them one by one would say, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from reformflow.casework import Book, connect
from reformflow.errors import RequestError, UnknownName
from reformflow.model import Actor
from support.building import reform_of

OFFICE = Actor.holding("li", "office")
FLOW = """
opening: {by: office, may_record: [size, ready]}
facts:
  size: {type: int, by: office}
  ready: {type: bool, by: office}
tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, agreed: {final: true}}}}
rules:
  small: {requires: size <= 12, clauses: [R1]}
  is_ready: {requires: ready, clauses: [R2]}
transitions:
  send: {from: draft, to: sent, by: office, needs: [small, is_ready], clauses: [R3]}
  agree: {from: sent, to: agreed, by: treasury, due: {days: 5, after: send}, clauses: [R4]}
"""
SILENT = "  consent: {from: sent, to: agreed, after_due: agree, clauses: [R5]}\n"
DAY = date(2021, 3, 1)


@pytest.fixture(params=[FLOW, FLOW + SILENT], ids=["in one statement", "one by one"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    """Give a book with 30 cases, in a workflow without and with something that time brings."""
    with connect(f"sqlite:///{tmp_path / 'cases.db'}", reform_of(case=request.param)) as opened:
        with opened.transaction() as work:
            for number in range(30):
                facts = {"size": number, "ready": None if number % 3 == 0 else number % 2 == 0}
                decision = work.open(f"c{number}", "case", actor=OFFICE, on=DAY, facts=facts)
                assert decision.granted
        yield opened


def test_a_plan_counts_what_explaining_each_case_comes_to(book: Book) -> None:
    plan = book.plan("send", workflow="case", actor=OFFICE, on=DAY)
    decisions = [book.explain(case.id, "send", actor=OFFICE, on=DAY) for case in list(book.cases())]
    reasons: Counter[tuple[str, str]] = Counter()
    for decision in decisions:
        reasons.update({(refusal.code, refusal.subject) for refusal in decision.refusals})
    assert (plan.selected, plan.granted) == (30, sum(item.granted for item in decisions))
    assert plan.granted + plan.refused == plan.selected
    assert {(tally.code, tally.subject): tally.cases for tally in plan.reasons} == reasons
    assert {tally.clauses for tally in plan.reasons} == {("R1",), ("R2",)}


def test_where_selects_cases_by_an_expression_of_the_rule_language(book: Book) -> None:
    few = 'size < 5 and state == "draft"'
    small = book.plan("send", actor=OFFICE, on=DAY, where=few)
    assert (small.selected, small.granted) == (5, 2)
    unknown = book.plan("send", workflow="case", actor=OFFICE, on=DAY, where="not ready")
    assert unknown.selected == 10, "cases of which nothing is recorded are not selected"


def test_a_plan_changes_nothing(book: Book) -> None:
    before = [(case.id, case.revision) for case in book.cases()]
    book.plan("send", workflow="case", actor=OFFICE, on=DAY)
    assert [(case.id, case.revision) for case in book.cases()] == before


def test_time_passes_before_a_planned_act(book: Book) -> None:
    """What time has brought by that day is counted, whether or not the clock was read."""
    late = date(2021, 3, 20)
    assert book.fire("c2", "send", actor=OFFICE, on=DAY).granted
    plan = book.plan("agree", workflow="case", actor=Actor.holding("wu", "treasury"), on=late)
    explained = book.explain("c2", "agree", actor=Actor.holding("wu", "treasury"), on=late)
    assert plan.granted == explained.granted == 0
    codes = {tally.code: tally.cases for tally in plan.reasons}
    expected = {"not_from_here": 29, "late": 1} if not plan.one_by_one else {"not_from_here": 30}
    assert {code: codes[code] for code in expected} == expected


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("siz < 5", "unknown fact or column 'siz'"),
        ("size", "true or false"),
        ("__import__('os')", "not part of the rule language"),
        ("size < 5; drop table history", "not an expression"),
    ],
)
def test_a_question_that_does_not_fit_is_an_error(book: Book, where: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        book.plan("send", workflow="case", actor=OFFICE, on=DAY, where=where)


def test_unknown_names_are_errors(book: Book) -> None:
    with pytest.raises(UnknownName, match=r"workflow 'cas'.*did you mean 'case'"):
        book.plan("send", workflow="cas", actor=OFFICE, on=DAY)
    with pytest.raises(UnknownName, match=r"transition 'sned'.*did you mean 'send'"):
        book.plan("sned", workflow="case", actor=OFFICE, on=DAY)


def test_nobody_plans_what_fires_by_itself(tmp_path: Path) -> None:
    reform = reform_of(case=FLOW + SILENT)
    with (
        connect(f"sqlite:///{tmp_path / 'cases.db'}", reform) as book,
        pytest.raises(RequestError, match="fires by itself"),
    ):
        book.plan("consent", workflow="case", actor=OFFICE, on=DAY)


def test_time_passes_for_the_parent_too_before_a_planned_act(tmp_path: Path) -> None:
    """A programme that ran out yesterday holds up its cases, though nobody read the clock."""
    whole = """
    opening: {by: office}
    children: {parts: part}
    tracks: {term: {initial: running, states: {running: {}, ended: {final: true}}}}
    transitions: {end: {from: running, to: ended, at: {days: 30, after: opened}}}
    """
    part = """
    opening: {by: office}
    tracks: {progress: {initial: draft, states: {draft: {}, done: {final: true}}}}
    rules: {running: {requires: 'parent.term.state == "running"', clauses: [R1]}}
    transitions: {finish: {from: draft, to: done, by: office, needs: [running]}}
    """
    with connect(f"sqlite:///{tmp_path / 'cases.db'}", reform_of(whole=whole, part=part)) as book:
        assert book.open("w", "whole", actor=OFFICE, on=DAY).granted
        assert book.open("p", "part", parent="w", actor=OFFICE, on=DAY).granted
        for on, granted in ((date(2021, 3, 30), 1), (date(2021, 3, 31), 0)):
            assert book.explain("p", "finish", actor=OFFICE, on=on).granted == bool(granted)
            assert book.plan("finish", workflow="part", actor=OFFICE, on=on).granted == granted
