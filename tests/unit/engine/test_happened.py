"""What was done is judged, and taken to have happened also where it was forbidden."""

from __future__ import annotations

from datetime import date

from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Code, Fire, Open, Record, Request, Sign
from support.building import reform_of

REFORM = reform_of(
    case="""
        label: Case
        opening: {by: office, records: [size]}
        facts:
          size: {type: int, by: office, minimum: 0}
          paid: {type: bool, by: treasury}
        tracks:
          progress: {initial: draft, states: {draft: {}, sent: {}, seen: {}, done: {final: true}}}
        rules:
          small: {requires: size <= 12, clauses: R1}
          fee: {requires: paid, clauses: R2}
        transitions:
          send: {from: draft, to: sent, by: office, needs: [small, fee]}
          look: {from: sent, to: seen, by: office}
          decide:
            from: seen
            to: done
            by: treasury
            due: {days: 5, after: send, late: refuse, answerable: treasury, clauses: R3}
            signed_by: [archive]
    """
)
ANN = Actor.holding("ann", "office", "treasury", "archive")


def day(number: int) -> date:
    return date(2021, 3, number)


def opened(size: int = 9) -> tuple[Engine, Docket]:
    engine, docket = Engine(REFORM), Docket()
    request = Request("c", Open("case", facts={"size": size}), ANN, day(1))
    docket.take(engine.fire(docket, request))
    return engine, docket


def test_what_is_allowed_happens_as_it_is_decided() -> None:
    engine, docket = opened()
    request = Request("c", Record({"paid": True}), ANN, day(2))
    happened = engine.happened(docket, request)
    assert happened.allowed
    assert happened.decision == engine.fire(docket, request)


def test_a_forbidden_act_is_refused_with_every_reason_and_moves_the_case_all_the_same() -> None:
    engine, docket = opened(size=40)
    happened = engine.happened(docket, Request("c", Fire("send"), ANN, day(2)))
    assert [(one.code, one.subject) for one in happened.refusals] == [
        (Code.RULE_BROKEN, "small"),
        (Code.NOT_RECORDED, "fee"),
    ]
    docket.take(happened.decision)
    case = docket.case("c")
    assert (case.values["progress.state"], case.values["decide.due"]) == ("sent", day(7))
    assert case.revision == len(docket.entries("c")) == 2


def test_what_had_to_come_before_is_named() -> None:
    engine, docket = opened()
    happened = engine.happened(docket, Request("c", Fire("decide"), ANN, day(2)))
    assert happened.skipped == ("send", "look")
    docket.take(happened.decision)
    again = engine.happened(docket, Request("c", Fire("look"), ANN, day(3)))
    assert Code.NOT_FROM_HERE in {one.code for one in again.refusals}


def test_a_late_act_is_told_by_how_many_days_and_who_answers() -> None:
    engine, docket = opened()
    for request in (
        Request("c", Record({"paid": True}), ANN, day(2)),
        Request("c", Fire("send"), ANN, day(2)),
        Request("c", Fire("look"), ANN, day(3)),
        Request("c", Sign("decide"), ANN, day(4)),
    ):
        docket.take(engine.happened(docket, request).decision)
    happened = engine.happened(docket, Request("c", Fire("decide"), ANN, day(10)))
    assert [(mark.bound, mark.days, mark.answerable) for mark in happened.late] == [
        (day(7), 3, "treasury")
    ]
    assert [one.code for one in happened.refusals] == [Code.LATE]
    assert happened.decision.entries[-1].late == happened.late


def test_a_forbidden_act_that_changes_no_column_by_itself_leaves_nothing() -> None:
    engine, docket = opened()
    stranger = Actor("eve")
    happened = engine.happened(docket, Request("c", Sign("decide"), stranger, day(2)))
    assert not happened.allowed
    assert happened.decision.entries == ()


def test_a_case_that_nobody_might_open_is_open() -> None:
    engine, docket = Engine(REFORM), Docket()
    request = Request("c", Open("case", facts={}), Actor("eve"), day(1))
    happened = engine.happened(docket, request)
    assert {one.code for one in happened.refusals} == {Code.NOT_AUTHORISED, Code.NOT_RECORDED}
    docket.take(happened.decision)
    assert docket.case("c").values["opened.on"] == day(1)
    twice = engine.happened(docket, request)
    assert (twice.decision.entries, twice.decision.opened) == ((), ())
