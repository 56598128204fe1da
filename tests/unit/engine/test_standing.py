"""The deadlines over a case, the doors that values pass, and dockets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from reformflow.engine import Docket
from reformflow.errors import RequestError, UnknownName
from reformflow.model import Decision
from support.building import Play, day

FLOW = """
facts:
  whose: {type: bool, by: office}
  posts: {type: int, by: office, minimum: 2, maximum: 9}
  kind: {type: choice, choices: [whole, part], by: office}
  told_on: {type: date, by: office}
  letter: {type: text, by: office, max_length: 3}
tracks:
  progress: {initial: draft, states: {draft: , waiting: , sent: , done: {final: true}}}
  watch: {initial: calm, states: {calm: , alarm: }}
transitions:
  send: {track: progress, from: draft, to: sent, by: office,
    due: {on: 2021-03-20, answerable: [{role: bureau, when: whose}, {role: office}],
          suspended_in: [waiting], during: [draft, waiting]}}
  ask: {track: progress, from: draft, to: waiting, by: office, due: {on: 2021-03-10}}
  answer: {track: progress, from: waiting, to: draft, by: office, due: {days: 3, after: told_on}}
  look: {track: watch, from: calm, to: alarm, by: office, due: {on: 2021-03-05}}
"""


@pytest.fixture
def play() -> Play:
    play = Play(case=FLOW)
    play.open("03-01")
    return play


def standing(play: Play) -> list[tuple[str, str, date | None, bool, str]]:
    found = play.engine.standing(play.docket, "c", day("03-02"))
    return [(s.track, s.transition, s.due, s.paused, s.answerable) for s in found]


def test_what_stands_over_a_case_is_told_with_the_earliest_first(play: Play) -> None:
    assert standing(play) == [
        ("watch", "look", day("03-05"), False, ""),
        ("progress", "ask", day("03-10"), False, ""),
        ("progress", "send", day("03-20"), False, "office"),
    ]
    assert (play["progress.due"], play["watch.due"]) == (day("03-10"), day("03-05"))
    play.record(whose=True)
    assert standing(play)[2][4] == "bureau"


def test_deadlines_of_one_day_are_told_in_the_order_of_their_names() -> None:
    text = """
    transitions:
      pay: {from: draft, to: done, by: office, due: {on: 2021-03-10}}
      ask: {from: draft, to: done, by: office, due: {on: 2021-03-10}}
      send: {from: draft, to: done, by: office, due: {on: 2021-03-09}}
    """
    play = Play(case=text)
    play.open("03-01")
    assert [found[1] for found in standing(play)] == ["send", "ask", "pay"]


def test_a_clock_that_stands_still_and_a_day_not_known_are_told(play: Play) -> None:
    play.fire("ask", on="03-02")
    assert standing(play) == [
        ("watch", "look", day("03-05"), False, ""),
        ("progress", "send", day("03-20"), True, "office"),
        ("progress", "answer", None, False, ""),
    ]
    assert play["progress.due"] is None


def test_what_is_done_stands_no_longer(play: Play) -> None:
    play.fire("send", on="03-02")
    play.fire("look", on="03-02")
    assert standing(play) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"posts": 2},
        {"posts": 9},
        {"kind": "part"},
        {"told_on": date(1, 1, 1)},
        {"letter": "𠮷⼈x"},
        {"letter": ""},
        {"whose": False},
        {"posts": None},
    ],
)
def test_values_within_their_bounds_pass(play: Play, facts: dict[str, Any]) -> None:
    assert play.record(**facts).granted


@pytest.mark.parametrize(
    "facts",
    [
        {"posts": 1},
        {"posts": 10},
        {"posts": 2**63},
        {"posts": True},
        {"posts": 3.0},
        {"kind": "hole"},
        {"kind": ["part"]},
        {"kind": 1},
        {"told_on": datetime(2021, 3, 1, tzinfo=UTC)},
        {"told_on": "2021-03-01"},
        {"letter": "𠮷⼈xy"},
        {"letter": "\0"},
        {"letter": b"x"},
        {"whose": 1},
        {"whose": "true"},
    ],
)
def test_values_outside_them_are_errors_at_the_door(play: Play, facts: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=next(iter(facts))):
        play.record(**facts)
    assert play.docket.case("c").revision == 1


def test_a_docket_knows_its_cases_in_order_and_no_others(play: Play) -> None:
    play.open(case="d")
    assert play.docket.ids() == ("c", "d")
    assert play.docket.exists("d")
    assert not play.docket.exists("e")
    assert play.docket.entries("e") == ()
    assert play.docket.children("c", "case") == []
    with pytest.raises(UnknownName):
        play.docket.case("e")


def test_a_refused_decision_changes_no_docket(play: Play) -> None:
    refused = play.fire("answer", on="03-02")
    assert not refused.granted
    docket = Docket(play.decisions)
    assert docket.ids() == play.docket.ids()
    assert docket.take(Decision("c")) == Decision("c")
    assert docket.case("c") == play.docket.case("c")
