"""A watcher tells when a property does not hold, of which case and on which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reformflow.casework.properties import Breach, Watcher
from reformflow.engine import Docket, Engine
from reformflow.errors import UnknownName
from reformflow.language import parse
from reformflow.model import (
    Act,
    Actor,
    Always,
    Expectation,
    Fire,
    Implies,
    LeadsTo,
    Never,
    Open,
    Property,
    Record,
    Request,
    Reserved,
    Settled,
    Unit,
)
from support.building import reform_of

REFORM = reform_of(
    group="""
        label: Group
        opening: {by: office}
        children: {cases: {workflow: case}}
        tracks: {progress: {initial: open, states: {open: {}, shut: {final: true}}}}
        transitions: {shut: {from: open, to: shut, by: office}}
    """,
    case="""
        label: Case
        opening: {by: office}
        facts: {size: {type: int, by: office}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        transitions:
          send: {from: draft, to: sent, by: office}
          decide:
            from: sent
            to: done
            by: treasury
            due: {days: 10, after: send, late: flag, answerable: treasury}
    """,
)
ANN, BOB = Actor.holding("ann", "office", "treasury"), Actor.holding("bob", "office", "treasury")
FIRST = date(2021, 3, 1)


class Course:
    """Lets things happen, and watches."""

    def __init__(self, expects: Expectation, workflow: str = "case") -> None:
        self.engine, self.docket = Engine(REFORM), Docket()
        item = Property("it", workflow, expects)
        self.watcher = Watcher.of(self.engine, (item,))
        self.breaches: list[Breach] = []
        self.do("g", Open("group"), 0)
        self.do("c", Open("case", parent="g"), 0)

    def do(self, case: str, act: Act, days: int, actor: Actor = ANN) -> list[Breach]:
        on = FIRST + timedelta(days=days)
        request = Request(case, act, actor, on)
        decision = self.docket.take(self.engine.fire(self.docket, request))
        assert decision.granted
        self.breaches = list(self.watcher.seen(self.docket, decision, request))
        return self.breaches

    def wait(self, days: int) -> list[Breach]:
        on = FIRST + timedelta(days=days)
        return list(self.watcher.passed(self.docket, ["c"], on))


def test_never_is_broken_when_it_is_true_and_not_when_it_is_unknown() -> None:
    course = Course(Never(parse("size > 12")))
    assert not course.do("c", Fire("send"), 1)
    (breach,) = course.do("c", Record({"size": 13}), 2)
    assert (breach.case, breach.on, breach.values) == ("c", date(2021, 3, 3), (("size", 13),))


def test_always_is_broken_when_it_is_false_and_not_when_it_is_unknown() -> None:
    course = Course(Always(parse("size <= 12")))
    assert not course.do("c", Fire("send"), 1)
    assert course.do("c", Record({"size": 13}), 2)


def test_implies_is_broken_also_by_what_is_unknown() -> None:
    course = Course(Implies(parse('state == "sent"'), parse("size <= 12")))
    assert course.do("c", Fire("send"), 1)


def test_who_acted_is_known_although_no_column_keeps_it() -> None:
    course = Course(Never(parse("send.by == decide.by")))
    course.do("c", Fire("send"), 1, ANN)
    assert not course.do("c", Fire("decide"), 2, BOB)
    other = Course(Never(parse("send.by == decide.by")))
    other.do("c", Fire("send"), 1, ANN)
    assert other.do("c", Fire("decide"), 2, ANN)


def test_what_happens_to_a_child_is_seen_by_its_parent() -> None:
    course = Course(Never(parse('any(c.state == "sent" for c in cases)')), "group")
    assert [breach.case for breach in course.do("c", Fire("send"), 1)] == ["g"]


def test_what_is_awaited_and_does_not_come_in_time_is_told_once() -> None:
    soon = LeadsTo(parse('state == "sent"'), parse('state == "done"'), Unit.DAYS, 5)
    course = Course(soon)
    course.do("c", Fire("send"), 1)
    assert not course.wait(6)
    assert course.wait(7)
    assert not course.wait(8)


def test_what_comes_in_time_is_forgotten() -> None:
    soon = LeadsTo(parse('state == "sent"'), parse('state == "done"'), by=date(2021, 3, 31))
    course = Course(soon)
    course.do("c", Fire("send"), 1)
    assert not course.do("c", Fire("decide"), 30)
    assert not course.wait(60)


def test_it_may_be_enough_that_somebody_answers_for_it() -> None:
    expects = LeadsTo(
        parse('state == "sent"'), parse('state == "done"'), Unit.DAYS, 11, answered=True
    )
    course = Course(expects)
    course.do("c", Fire("send"), 1)
    assert not course.wait(13)  # its deadline stands since day 11, and the treasury answers
    early = LeadsTo(parse('state == "sent"'), parse('state == "done"'), Unit.DAYS, 5, answered=True)
    course = Course(early)
    course.do("c", Fire("send"), 1)
    assert course.wait(7)  # nothing is overdue yet, so nobody answers


def test_what_is_reserved_is_broken_by_whoever_holds_none_of_the_roles() -> None:
    course = Course(Reserved(("treasury",), acts=("send",), facts=("size",)))
    office, both = Actor.holding("cem", "office"), ANN
    assert not course.do("c", Record({"size": 3}), 1, both)
    (breach,) = course.do("c", Record({"size": 4}), 1, office)
    assert (breach.case, breach.values) == ("c", (("size", 4),))
    assert course.do("c", Fire("send"), 2, office)
    assert not course.do("c", Fire("decide"), 3, both)
    with pytest.raises(UnknownName, match="sent"):
        Course(Reserved(("treasury",), acts=("sent",)))


def test_what_is_settled_is_broken_by_recording_it_while_the_condition_is_true() -> None:
    course = Course(Settled(("size",), parse('state == "sent"')))
    assert not course.do("c", Record({"size": 3}), 1)
    assert not course.do("c", Fire("send"), 2)
    assert course.do("c", Record({"size": 4}), 3)
