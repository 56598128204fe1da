"""What a transition lacks, and the first day it could be granted, checked against every day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.model import Code, Fire, Record, Request
from support.building import Play, actor, day

FLOW = """
children: {parts: part}
facts:
  plan_on: {type: date, by: bureau}
  posts: {type: int, by: [bureau, office]}
  letter: {type: text, by: archive}
  limit_on: {type: date, by: office}
rules:
  planned: {requires: today >= plan_on}
  few: {requires: posts < 5, since: 2021-03-10}
  many: {requires: posts > 1, until: 2021-03-05}
  before_limit: {requires: limit_on is None or today < limit_on}
  parts_over: {requires: all(p.free_on < today for p in parts)}
transitions:
  send:
    from: draft
    to: sent
    by: office
    signed_by: [office, treasury]
    needs: [planned, few, many, before_limit, parts_over]
    records: letter
    due: {on: 2021-03-20, late: refuse}
    window: {opens: {on: 2021-03-03}, outside: refuse}
"""
PART = """
facts: {free_on: {type: date, by: office}}
rules: {parent_planned: {requires: today > parent.plan_on}}
transitions: {go: {from: draft, to: done, by: office, needs: parent_planned}}
"""


@pytest.fixture
def play() -> Play:
    play = Play(case=FLOW, part=PART)
    play.open("03-01")
    return play


def ask(
    play: Play, on: str = "03-01", by: str = "office", case: str = "c", **facts: Any
) -> Request:
    name = "send" if case == "c" else "go"
    return Request(case, Fire(name, facts), actor(by), day(on))


def test_everything_that_is_missing_is_named_with_who_may_record_it(play: Play) -> None:
    found = play.engine.unlock(play.docket, ask(play))
    assert dict(found.missing) == {
        "letter": ("office",),
        "plan_on": ("bureau",),
        "posts": ("bureau", "office"),
    }
    assert found.signatures == ("treasury",)
    assert found.by == ("office",)
    assert found.earliest is None
    assert {refusal.code for refusal in found.refusals} == {
        Code.NOT_SIGNED,
        Code.NOT_RECORDED,
        Code.TOO_EARLY,
    }


def test_what_may_be_fired_today_is_granted_today_and_not_only_on_some_later_day(
    play: Play,
) -> None:
    play.record("bureau", plan_on=day("03-02"), posts=3)
    play.sign("send", "treasury")
    for asked, earliest in [("03-01", "03-03"), ("03-04", "03-04"), ("03-19", "03-19")]:
        found = play.engine.unlock(play.docket, ask(play, asked, letter="x"))
        assert found.earliest == day(earliest)
    assert play.engine.unlock(play.docket, ask(play, "03-21", letter="x")).earliest is None


def test_a_date_given_with_the_act_counts(play: Play) -> None:
    """The case itself does not know that day yet."""
    text = """
    facts: {heard_on: {type: date, by: office}}
    rules: {heard: {requires: today > heard_on}}
    transitions: {go: {from: draft, to: done, by: office, needs: heard, may_record: heard_on}}
    """
    play = Play(case=text)
    play.open("03-01")
    request = Request("c", Fire("go", {"heard_on": day("03-09")}), actor("office"), day("03-01"))
    assert play.engine.unlock(play.docket, request).earliest == day("03-10")


def test_a_date_counted_from_what_is_given_with_the_act_counts() -> None:
    text = """
    facts:
      heard_on: {type: date, by: office}
      free_on: {type: date, derived: {days: 5, after: heard_on}}
    rules: {heard: {requires: today > free_on}}
    transitions: {go: {from: draft, to: done, by: office, needs: heard, may_record: heard_on}}
    """
    play = Play(case=text)
    play.open("03-01")
    request = Request("c", Fire("go", {"heard_on": day("03-09")}), actor("office"), day("03-01"))
    assert play.engine.unlock(play.docket, request).earliest == day("03-15")


@pytest.mark.parametrize("where", ["needs: late", "to: [{state: done, when: 'late_enough'}]"])
def test_a_day_written_in_the_definition_counts(where: str) -> None:
    """In a rule as in the choice of the state that is reached."""
    test = "today > date('2021-03-09')"
    where = where.replace("late_enough", test.replace("'", '"'))
    to = "" if "to:" in where else "to: done, "
    text = f"""
    rules: {{late: {{requires: "{test}"}}}}
    transitions: {{go: {{from: draft, {to}by: office, {where}}}}}
    """
    play = Play(case=text.replace("date('2021-03-09')", "date('2021-03-09')"))
    play.open("03-01")
    request = Request("c", Fire("go"), actor("office"), day("03-01"))
    assert play.engine.unlock(play.docket, request).earliest == day("03-10")


def test_the_last_day_there_is_can_be_recorded_without_harm(play: Play) -> None:
    """There is no day after it to try."""
    play.record("bureau", plan_on=day("03-02"), posts=3)
    play.record(limit_on=date.max)
    play.sign("send", "treasury")
    assert play.engine.unlock(play.docket, ask(play, letter="x")).earliest == day("03-03")


def test_days_of_the_parent_and_of_children_count(play: Play) -> None:
    play.record("bureau", plan_on=day("03-12"), posts=3)
    play.open(case="p", workflow="part", parent="c")
    play.record(case="p", free_on=day("03-14"))
    play.sign("send", "treasury")
    found = play.engine.unlock(play.docket, ask(play, letter="x"))
    assert found.earliest == day("03-15")
    found = play.engine.unlock(play.docket, ask(play, case="p"))
    assert found.earliest == day("03-13")


def test_a_day_beyond_the_calendar_is_not_promised() -> None:
    """The calendar of China ends with the last year that has been announced."""
    text = """
    facts: {far_on: {type: date, by: office}}
    rules: {far: {requires: today >= far_on}}
    transitions:
      go: {from: draft, to: sent, by: office, needs: far}
      end: {from: sent, to: done, by: office, due: {working_days: 5, after: go}}
    """
    play = Play("calendar: {name: china}\n", case=text)
    play.open("03-01")
    request = Request("c", Fire("go"), actor("office"), day("03-01"))
    for far, earliest in [("2030-01-01", None), ("04-01", day("04-01"))]:
        play.record(far_on=day(far))
        assert play.engine.unlock(play.docket, request).earliest == earliest


def test_only_a_transition_can_be_unlocked(play: Play) -> None:
    request = attrs.evolve(ask(play), act=Record({"posts": 1}))
    with pytest.raises(TypeError):
        play.engine.unlock(play.docket, request)


days = st.none() | st.integers(0, 40).map(lambda n: date(2021, 2, 20) + timedelta(days=n))


@given(days, st.integers(0, 7), days, days, st.integers(0, 30))
def test_the_earliest_day_is_the_first_of_all_days_on_which_it_is_granted(
    plan_on: date | None, posts: int, limit_on: date | None, free_on: date | None, offset: int
) -> None:
    play = Play(case=FLOW, part=PART)
    play.open("02-20")
    play.open("02-20", case="p", workflow="part", parent="c")
    play.record("bureau", "02-20", plan_on=plan_on, posts=posts)
    play.record(on="02-20", limit_on=limit_on)
    play.record(on="02-20", case="p", free_on=free_on)
    play.sign("send", "treasury", "02-20")
    start = date(2021, 2, 20) + timedelta(days=offset)
    request = attrs.evolve(ask(play, letter="x"), on=start)
    tried = (start + timedelta(days=n) for n in range(80))
    granted = (
        on for on in tried if play.engine.decide(play.docket, attrs.evolve(request, on=on)).granted
    )
    assert play.engine.unlock(play.docket, request).earliest == next(granted, None)


def test_unlocking_changes_nothing(play: Play) -> None:
    before = play.docket.case("c")
    play.engine.unlock(play.docket, ask(play))
    assert play.docket.case("c") is before
