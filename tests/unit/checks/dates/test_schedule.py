"""Each stage has the first day on which it can begin, and the last on which it safely does."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks import Start, latest_starts
from support.building import bound_of, day

FLOW = """
opening: {by: office}
facts: {}
tracks:
  progress:
    initial: noted
    stages: {drafting: {}, review: {}, use: {}}
    states:
      noted:
      draft: {stage: drafting}
      sent: {stage: review}
      redo: {stage: review}
      used: {stage: use}
transitions:
  begin: {from: noted, to: draft, by: office}
  send: {from: draft, to: sent, by: office, window: {opens: {on: 2021-03-08}}}
  ask: {from: sent, to: redo, by: office}
  answer: {from: redo, to: sent, by: office}
  use_it:
    from: sent
    to: used
    by: office
    window: {opens: {days: 10, after: send}}
    due: {on: 2021-04-01, late: flag}
"""


def starts(flow: str = FLOW, opened: date | None = None) -> dict[str, Start]:
    return {start.id: start for start in latest_starts(bound_of(case=flow), opened=opened)}


def days(start: Start) -> tuple[date | None, date | None, date | None]:
    return start.earliest, start.latest, start.due


def test_the_last_safe_day_leaves_time_for_what_has_to_follow() -> None:
    found = starts()
    assert list(found) == ["drafting", "review", "use"]
    assert days(found["drafting"]) == (None, day("03-22"), None)
    assert days(found["review"]) == (day("03-08"), day("03-22"), day("04-01"))
    assert days(found["use"]) == (day("03-18"), day("04-01"), None)


def test_the_day_of_opening_bounds_the_first_days() -> None:
    found = starts(opened=day("03-15"))
    assert days(found["review"])[0] == day("03-15")
    assert days(found["use"])[0] == day("03-25")


def test_deadlines_from_the_opening_are_days_once_it_is_known() -> None:
    flow = FLOW.replace("due: {on: 2021-04-01", "due: {working_days: 20, after: opened")
    assert days(starts(flow)["use"])[1] is None
    found = starts(flow, opened=day("03-01"))
    assert days(found["review"])[1:] == (day("03-19"), day("03-29"))


def test_a_deadline_that_had_passed_at_the_day_of_effect_is_shown_as_it_is() -> None:
    flow = FLOW.replace("on: 2021-04-01", "on: 2021-02-10")
    assert days(starts(flow)["review"])[1] == day("01-31")


def test_states_stand_in_for_stages_where_there_are_none() -> None:
    flow = """
facts: {}
tracks: {progress: {initial: a, states: {a: , b: , c: }}}
transitions:
  one: {from: a, to: b, by: office}
  two: {from: b, to: c, by: office, due: {on: 2021-04-01}}
"""
    assert {start.id: start.latest for start in starts(flow).values()} == {
        "a": day("04-01"),
        "b": day("04-01"),
        "c": day("04-01"),
    }


@pytest.mark.parametrize("day_text", ["2021-02-22", None])
def test_a_workflow_without_dates_has_no_schedule(day_text: str | None) -> None:
    flow = FLOW.replace("window: {opens: {on: 2021-03-08}}", "window: {}").replace(
        "due: {on: 2021-04-01, late: flag}", "due: {days: 30, after: send}"
    )
    flow = flow.replace("window: {opens: {days: 10, after: send}}", "window: {}")
    opened = None if day_text is None else day(day_text)
    assert starts(flow, opened=opened) == {}
