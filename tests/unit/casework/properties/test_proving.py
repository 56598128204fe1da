"""What is called refuted was tried out: the engine grants every request of its ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reformflow.binding import BoundReform
from reformflow.casework.properties import Proven, Watcher, prove_property
from reformflow.checks.proving import Standing
from reformflow.engine import Docket, Engine
from reformflow.language import parse
from reformflow.model import (
    Expectation,
    Implies,
    LeadsTo,
    Never,
    Property,
    Request,
    Reserved,
    Settled,
)
from reformflow.sheets import Tick
from support.building import bound_of

BOUND = bound_of(
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
        facts: {size: {type: int, by: bureau, during: drafting}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        rules:
          small: {requires: size <= 12, clauses: R1}
          drafting: {requires: state == "draft", clauses: R1}
          group_open: {requires: parent.state == "shut", clauses: R1}
        transitions:
          send: {from: draft, to: sent, by: bureau, needs: small}
          decide: {from: sent, to: done, by: treasury, not_by: send, needs: group_open}
    """,
)


CLOCK = bound_of(
    case="""
        label: Case
        opening: {by: office}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        transitions:
          send: {from: draft, to: sent, by: bureau,
                 due: {days: 5, after: opened, answerable: bureau}}
          decide: {from: sent, to: done, by: treasury, due: {days: 10, after: send}}
          lapse: {from: sent, to: done, after_due: decide}
    """,
)


LOANS = bound_of(
    case="""
        label: Case
        opening: {by: office}
        facts: {paid: {type: int, by: office}}
        tracks: {progress: {initial: asked, states: {asked: {}, lent: {}, back: {final: true}}}}
        transitions:
          lend: {from: asked, to: lent, by: office}
          give_back: {from: lent, to: back, by: bureau, due: {days: 30, after: lend, late: flag}}
    """,
)


def proven(expects: Expectation, depth: int = 5, bound: BoundReform = BOUND) -> Proven:
    return prove_property(bound, Property("it", "case", expects), depth=depth)


@pytest.mark.parametrize(
    "expects",
    [
        Implies(parse('state != "draft"'), parse("size <= 12")),
        Never(parse("send.by == decide.by and send.on is not None")),
    ],
    ids=["rule", "two persons"],
)
def test_what_the_definition_keeps_is_proved(expects: Expectation) -> None:
    assert proven(expects).standing is Standing.PROVED


def test_what_is_refuted_is_granted_and_ends_in_the_breach() -> None:
    found = proven(Never(parse('state == "sent" and size == 12')))
    assert found.standing is Standing.REFUTED
    engine, docket = Engine(BOUND), Docket()
    watcher = Watcher.of(engine, (found.property,))
    breaches = []
    for request in found.steps:
        decision = docket.take(engine.fire(docket, request))
        assert decision.granted
        breaches += watcher.seen(docket, decision, request)
    assert [breach.case for breach in breaches] == ["case"]


def test_a_date_is_counted_from_the_day_that_the_steps_themselves_come_to() -> None:
    """What a due date is counted from is followed over the acts, though no claim names it."""
    late = parse('state == "back" and give_back.on > give_back.due')
    found = proven(Implies(late, parse("paid > 0")), bound=LOANS)
    assert found.standing is Standing.REFUTED
    assert found.breach is not None
    assert isinstance(found.steps[1], Request)
    assert found.breach.on - found.steps[1].on > timedelta(days=30)


def test_a_way_that_needs_other_cases_is_not_claimed() -> None:
    found = proven(Never(parse('state == "done"')))
    assert (found.standing, found.tried) == (Standing.UNKNOWN, True)


def test_what_nobody_has_to_do_may_not_come_in_time() -> None:
    found = proven(LeadsTo(parse('state == "draft"'), parse('state == "sent"'), amount=5))
    assert found.standing is Standing.REFUTED
    opened, waited = found.steps
    assert isinstance(opened, Request)
    assert waited == Tick(opened.on + timedelta(days=6), "case")
    engine, docket = Engine(BOUND), Docket()
    watcher = Watcher.of(engine, (found.property,))
    decision = docket.take(engine.fire(docket, opened))
    assert not list(watcher.seen(docket, decision, opened))
    assert not list(watcher.passed(docket, ["case"], waited.on - timedelta(days=1)))
    assert list(watcher.passed(docket, ["case"], waited.on)) == [found.breach]


def test_what_is_always_there_at_once_is_proved_to_come_in_time() -> None:
    found = proven(LeadsTo(parse('state == "sent"'), parse("send.on is not None"), amount=5))
    assert found.standing is Standing.PROVED


@pytest.mark.parametrize(
    ("first", "then", "days", "answered", "standing"),
    [
        ("sent", "done", 11, False, Standing.PROVED),
        ("sent", "done", 9, False, Standing.REFUTED),
        ("draft", "sent", 5, True, Standing.PROVED),
        ("draft", "sent", 5, False, Standing.REFUTED),
        ("draft", "sent", 4, True, Standing.REFUTED),
    ],
    ids=["by silence", "before it", "answered", "not answered", "before anybody answers"],
)
def test_time_that_brings_it_and_answers_for_it_are_looked_at(
    first: str, then: str, days: int, answered: bool, standing: Standing
) -> None:
    condition, goal = (parse(f'state == "{state}"') for state in (first, then))
    expects = LeadsTo(condition, goal, amount=days, answered=answered)
    found = proven(expects, bound=CLOCK)
    assert found.standing is standing


@pytest.mark.parametrize(
    ("expects", "standing"),
    [
        (Reserved(("bureau",), acts=("send",)), Standing.PROVED),
        (Reserved(("treasury", "bureau"), acts=("send", "decide")), Standing.PROVED),
        (Reserved(("treasury",), acts=("send", "decide")), Standing.REFUTED),
        (Reserved(("treasury",), acts=("open",)), Standing.REFUTED),
        (Reserved(("treasury",), facts=("size",)), Standing.REFUTED),
        (Reserved(("bureau",), acts=("decide",)), Standing.UNKNOWN),
        (Settled(("size",), parse('state == "done"')), Standing.PROVED),
        (Settled(("size",), parse('state == "draft"')), Standing.UNKNOWN),
    ],
)
def test_who_may_act_is_read_off_and_what_is_settled_is_proved(
    expects: Expectation, standing: Standing
) -> None:
    assert proven(expects).standing is standing
