"""Strategies: what they draw holds up, is on purpose where it should be, and is told."""

from __future__ import annotations

from datetime import date
from functools import cache

import attrs
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from reformflow.binding import bind
from reformflow.engine import Docket, Engine, check_facts
from reformflow.errors import CalendarError, RequestError, UnknownName
from reformflow.formats import load
from reformflow.model import Code, Entry, Open, Reform, Request, Workflow, fold
from reformflow.testing import Story
from reformflow.testing.strategies import (
    actors,
    cases,
    dates_near,
    facts,
    histories,
    reforms,
    requests,
    workflows,
)
from support.building import reform_of
from support.repository import ROOT, WORKFLOWS

STALLS = load(ROOT / "docs" / "examples" / "market-stalls")
SMALL = settings(max_examples=30)


@cache
def putuo() -> Engine:
    return Engine(load(WORKFLOWS / "putuo-2021-9"))


@SMALL
@given(reforms())
def test_reforms_hold_up(reform: Reform) -> None:
    bind(reform)


@SMALL
@given(workflows(), reforms())
def test_workflows_fit_into_the_reforms(flow: Workflow, reform: Reform) -> None:
    assert not flow.children

    bind(attrs.evolve(reform, workflows=(flow,)))


@SMALL
@given(cases(STALLS, "permit", state="applied"))
def test_cases_stand_in_the_state_that_is_asked_for(story: Story) -> None:
    assert story.case.values["progress.state"] == "applied"
    assert [entry.name for entry in story.history if entry.kind == "fired"][-1] == "apply"
    assert "step 1," in repr(story)


@SMALL
@given(cases(putuo(), "department", state="progress.stationed"))
def test_a_state_far_away_is_reached_on_purpose(story: Story) -> None:
    assert story.case.values["progress.state"] == "stationed"
    assert story.case.parent is not None
    assert story.docket.children(story.id, "secondment")


def test_cases_come_to_every_state_where_none_is_named() -> None:
    found = cases(STALLS, "permit")
    for state in ("draft", "applied", "granted"):
        find(found, lambda story, at=state: story.case.values["progress.state"] == at)


@SMALL
@given(histories(STALLS, "permit"))
def test_a_history_adds_up(entries: tuple[Entry, ...]) -> None:
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


@given(st.data())
def test_facts_are_those_of_the_workflow_and_seldom_impossible(data: st.DataObject) -> None:
    flow = putuo().program.plan("department").flow
    given_ = data.draw(facts(putuo(), "department"))
    assert given_.keys() <= flow.facts.keys()


def test_facts_come_to_both_sides_of_a_rule() -> None:
    found = facts(STALLS, "permit")
    for area in (12, 13):
        find(found, lambda given_, at=area: given_.get("area") == at)
    with pytest.raises(RequestError):
        check_facts(
            bind(STALLS).workflows["permit"],
            find(found, lambda given_: given_.get("area") == "?"),
        )


def test_days_come_beside_what_a_workflow_names() -> None:
    for day in (date(2025, 1, 5), date(2025, 1, 6), date(2025, 1, 7)):
        find(dates_near(STALLS, "permit"), lambda drawn, at=day: drawn == at)
    find(dates_near(STALLS), lambda day: day.day == 31)


def test_actors_hold_every_role_or_none() -> None:
    for role in ("trader", "market_office"):
        find(actors(STALLS), lambda actor, held=role: actor.holds(held, "unit-1"))
    find(actors(STALLS), lambda actor: not actor.grants)


def test_requests_are_granted_and_refused_for_many_reasons() -> None:
    engine = Engine(STALLS)
    docket = Docket()
    first = find(requests(STALLS, docket, date(2025, 3, 3)), lambda _: True)
    assert isinstance(first.act, Open)
    docket.take(engine.fire(docket, first))
    found = requests(STALLS, docket, date(2025, 3, 4))

    def codes(request: Request) -> set[Code]:
        try:
            return {refusal.code for refusal in engine.fire(docket, request).refusals}
        except (RequestError, CalendarError):
            return set()

    for code in (Code.NOT_AUTHORISED, Code.NOT_RECORDED, Code.NOT_FROM_HERE, Code.NOT_BY_HAND):
        find(found, lambda request, wanted=code: wanted in codes(request))


def test_a_failing_test_shows_what_was_drawn() -> None:
    """The ledger of a case, a request, a day: not the bytes that they were drawn from."""
    docket, on = Docket(), date(2025, 3, 3)

    @settings(max_examples=3, database=None)
    @given(cases(STALLS, "permit"), requests(STALLS, docket, on), dates_near(STALLS))
    def fails(story: Story, request: Request, day: date) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()
    text = "\n".join(caught.value.__notes__)
    assert "key,on,case,action,name" in text
    assert "Request(" in text
    assert "datetime.date(" in text
    assert "Lot(" not in text


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName):
        cases(STALLS, "licence")
    with pytest.raises(UnknownName):
        cases(STALLS, "permit", state="lost")
    with pytest.raises(UnknownName):
        facts(STALLS, "licence")
    with pytest.raises(UnknownName):
        dates_near(STALLS, "licence")


def test_a_state_out_of_reach_is_no_endless_search() -> None:
    lonely = reform_of(flow="transitions: {send: {from: draft, to: sent, by: office}}")
    with pytest.raises(RequestError, match="no way to done"):
        find(cases(lonely, "flow", state="done"), lambda _: True)


def test_the_fold_of_a_drawn_history_is_its_case() -> None:
    story = find(cases(STALLS, "permit", state="granted"), lambda _: True)
    opened = Engine(STALLS).program.plan("permit").flow.initial
    first = story.case

    empty = attrs.evolve(first, values=dict(opened), revision=0)
    assert fold(empty, story.history).values == first.values
