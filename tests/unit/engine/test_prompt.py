"""What can be granted at once is, with the answer of the whole course; all else is left to that."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from reformflow.engine import Docket, Engine
from reformflow.engine.course import carry_out
from reformflow.engine.prompt import Prompt
from reformflow.errors import RequestError, UnknownName
from reformflow.model import Actor, Case, Fire, Open, Request
from support.building import reform_of

CASES = """
facts: {ready: {type: bool, by: office}, told: {type: text, by: office}}
opening: {by: office, may_record: [ready]}
tracks: {progress: {initial: draft, states: {draft: , sent: , done: {final: true}}}}
rules: {is_ready: {requires: ready}}
transitions:
  send: {from: draft, to: sent, by: office, needs: is_ready, due: {on: 2021-03-20}}
  approve: {from: sent, to: done, by: office, not_by: send, may_record: told}
"""
PLAN = """
tracks: {progress: {initial: open, states: {open: , closed: {final: true}}}}
children: {tasks: task}
rules: {all_done: {requires: 'all(t.state == "done" for t in tasks)'}}
transitions:
  close: {from: open, to: closed, automatic: true, needs: all_done}
"""
TASK = """
tracks: {progress: {initial: begun, states: {begun: , done: {final: true}}}}
transitions:
  finish: {from: begun, to: done, by: office}
"""
OFFICE = Actor.holding("ann", "office")
DAY = date(2021, 3, 2)


@pytest.fixture
def engine() -> Engine:
    return Engine(reform_of(cases=CASES))


@pytest.fixture
def docket(engine: Engine) -> Docket:
    opened = Request("c", Open("cases", facts={"ready": True}), OFFICE, date(2021, 3, 1))
    return Docket([engine.fire(Docket(), opened)])


SEND = Request("c", Fire("send"), OFFICE, DAY, reason="asked for")


def test_a_plain_transition_is_granted_as_by_the_whole_course(
    engine: Engine, docket: Docket
) -> None:
    decision = Prompt(engine.program).granted(docket, SEND)
    assert decision is not None
    assert decision == carry_out(engine.program, docket, SEND)


@pytest.mark.parametrize(
    "request_",
    [
        attrs.evolve(SEND, on=date(2021, 2, 28)),
        attrs.evolve(SEND, on=date(2021, 3, 21)),
        attrs.evolve(SEND, actor=Actor("bo")),
        attrs.evolve(SEND, act=Fire("send", {"told": "by post"})),
        attrs.evolve(SEND, act=Fire("nothing")),
        attrs.evolve(SEND, act=Open("cases")),
    ],
)
def test_what_may_be_refused_is_left_to_the_whole_course(
    engine: Engine, docket: Docket, request_: Request
) -> None:
    assert Prompt(engine.program).granted(docket, request_) is None


def test_a_request_that_cannot_be_read_is_named_as_by_the_whole_course(
    engine: Engine, docket: Docket
) -> None:
    for wrong in (attrs.evolve(SEND, reason="\0"), attrs.evolve(SEND, case="d")):
        with pytest.raises((RequestError, UnknownName)) as quick:
            engine.fire(docket, wrong)
        with pytest.raises(type(quick.value)) as whole:
            carry_out(engine.program, docket, wrong)
        assert str(quick.value) == str(whole.value)


def test_a_case_whose_track_has_no_last_day_is_left_to_the_whole_course(engine: Engine) -> None:
    values = engine.program.plan("cases").flow.initial
    (grant,) = Prompt(engine.program).grants["send"].values()
    assert grant(Case("c", "cases", {**values, "ready": True}), OFFICE, DAY) is None


def test_what_kin_may_answer_to_is_left_to_the_whole_course() -> None:
    program = Engine(reform_of(plan=PLAN, task=TASK)).program
    assert not Prompt(program).grants
