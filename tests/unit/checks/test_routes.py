"""The ways through a track: what can be come to, what cannot be avoided, what comes only once."""

from __future__ import annotations

import pytest

from reformflow.binding import BoundWorkflow
from reformflow.checks.routes import Routes
from support.building import bound_of

FLOW = """
facts: {ready: {type: bool, by: office}}
tracks:
  progress: {initial: a, states: {a: , b: , c: , d: , e: , lost: }}
  beside: {initial: open, states: {open: , shut: }}
rules:
  never: {requires: 'ready and False'}
  in_c: {requires: 'progress.state == "c" and ready'}
transitions:
  one: {track: progress, from: a, to: b, by: office}
  left: {track: progress, from: b, to: c, by: office}
  right: {track: progress, from: b, to: [{state: c, when: ready}, {state: d}], by: office}
  on: {track: progress, from: [c, d, lost], to: e, by: office, needs: [in_c]}
  straight: {track: progress, from: e, to: [{state: b, when: 'True'}, {state: lost}], by: office}
  again: {track: progress, from: e, to: b, by: office}
  note: {track: progress, from: any, by: office}
  lose: {track: progress, from: any, to: lost, by: office, needs: [never]}
  find: {track: progress, from: lost, to: a, by: office}
  shut: {track: beside, from: open, to: shut, by: office}
"""


@pytest.fixture
def flow() -> BoundWorkflow:
    return bound_of(case=FLOW).workflows["case"]


@pytest.fixture
def routes(flow: BoundWorkflow) -> Routes:
    return Routes.of(flow)


def test_what_can_be_come_to(routes: Routes) -> None:
    assert routes.reached() == {
        "progress": frozenset("abcde"),
        "beside": frozenset({"open", "shut"}),
    }
    assert "lose" not in routes.moves  # its rule is never true
    assert "find" not in routes.moves  # nothing leads to where it starts


def test_from_states_are_those_that_the_rules_leave(routes: Routes) -> None:
    assert routes.moves["on"].sources == frozenset("c")


def test_what_cannot_be_avoided(routes: Routes) -> None:
    assert routes.unavoidable("progress", frozenset("e")) == ("one", "on")
    assert routes.unavoidable("progress", frozenset("d")) == ("one", "right")
    assert routes.unavoidable("progress", frozenset("cd")) == ("one",)
    assert routes.unavoidable("progress", frozenset("a")) == ()
    assert routes.unavoidable("progress", frozenset({"lost"})) == ()


def test_what_comes_only_once(routes: Routes) -> None:
    once = {id for id in routes.moves if routes.once(id)}  # noqa: A001
    assert once == {"one", "shut"}


def test_what_follows_around_some_states(routes: Routes) -> None:
    assert routes.beyond("progress", ["b"], around=frozenset("c")) == frozenset("bd")
    assert routes.beyond("progress", ["b"], without="left") == frozenset("bcde")


def test_what_leads_into_states(routes: Routes) -> None:
    assert routes.ways_into("progress", frozenset("b")) == ("one", "straight", "again", "note")
