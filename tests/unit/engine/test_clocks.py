"""Suspended clocks: the days that went by are given back, calendar or working days alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.model import Code
from support.building import Play, day, only

FLOW = """
facts:
  follow_on: {type: date, derived: {days: 1, after: decide.due}}
  told_on: {type: date, by: office}
tracks:
  progress: {initial: draft, states: {draft: , waiting: , sent: , done: {final: true}}}
transitions:
  ask: {from: draft, to: waiting, by: office}
  more: {from: waiting, to: waiting, by: office}
  answer: {from: waiting, to: draft, by: office}
  decide:
    from: draft
    to: done
    by: office
    due:
      SPEC
      suspended_in: [waiting]
      suspension: {by: treasury, clauses: R1}
      clauses: R2
"""


def play_with(spec: str = "days: 10, after: opened") -> Play:
    lines = "\n      ".join(part.strip() for part in spec.split(","))
    play = Play(case=FLOW.replace("SPEC", lines))
    assert play.open("03-01").granted
    return play


@pytest.mark.parametrize(
    ("spec", "due", "after"),
    [
        # Monday 1 March; suspended from Thursday the 4th to Tuesday the 9th.
        ("days: 10, after: opened", "03-11", "03-16"),
        ("working_days: 10, after: opened", "03-15", "03-18"),
        ("weeks: 1, after: opened", "03-08", "03-13"),
        ("on: 2021-03-10", "03-10", "03-15"),
    ],
)
def test_a_suspension_moves_the_due_date_by_the_days_that_went_by(
    spec: str, due: str, after: str
) -> None:
    play = play_with(spec)
    assert play["decide.due"] == day(due)
    assert play.suspend("decide", "03-04", "treasury").granted
    assert play["progress.due"] is None
    assert play.resume("decide", "03-09", "treasury").granted
    assert play["decide.due"] == play["progress.due"] == day(after)


def test_a_state_that_suspends_does_the_same_by_itself() -> None:
    play = play_with()
    play.fire("ask", on="03-04")
    assert (play["decide.paused"], play["progress.due"]) == (day("03-04"), None)
    play.fire("more", on="03-06")
    assert play["decide.paused"] == day("03-04")
    play.fire("answer", on="03-09")
    assert (play["decide.paused"], play["progress.due"]) == (None, day("03-16"))


def test_what_is_computed_from_the_due_date_moves_with_it() -> None:
    play = play_with()
    assert play["follow_on"] == day("03-12")
    play.fire("ask", on="03-04")
    play.fire("answer", on="03-09")
    assert play["follow_on"] == day("03-17")


def test_a_date_counted_afresh_on_leaving_is_not_moved_by_the_old_pause() -> None:
    play = play_with("days: 10, after: answer")
    play.fire("ask", on="03-04")
    play.fire("answer", on="03-09")
    assert play["decide.due"] == day("03-19")


def test_nothing_is_late_while_the_clock_stands_still_unless_it_was_before() -> None:
    flow = FLOW.replace("from: draft\n    to: done", "from: [draft, waiting]\n    to: done")
    for asked, granted in [("03-11", True), ("03-12", False)]:
        play = Play(case=flow.replace("SPEC", "days: 10\n      after: opened"))
        play.open("03-01")
        play.fire("ask", on=asked)
        assert play.fire("decide", on="05-01").granted is granted


def test_suspended_and_resumed_on_one_day_changes_nothing() -> None:
    play = play_with()
    play.suspend("decide", "03-04", "treasury")
    play.resume("decide", "03-04", "treasury")
    assert play["decide.due"] == day("03-11")


def test_a_clock_that_had_run_out_stays_run_out() -> None:
    play = play_with()
    play.suspend("decide", "03-20", "treasury")
    play.resume("decide", "04-20", "treasury")
    assert play["decide.due"] == day("03-11")


def test_only_the_named_authority_stops_and_starts_the_clock() -> None:
    play = play_with()
    refusal = only(play.suspend("decide", "03-04", "office"), Code.NOT_AUTHORISED)
    assert (refusal.must_act, refusal.clauses) == (("treasury",), ("R1",))
    play.suspend("decide", "03-04", "treasury")
    assert only(play.resume("decide", "03-05", "office"), Code.NOT_AUTHORISED)


def test_a_clock_is_not_stopped_twice_nor_started_while_it_runs() -> None:
    play = play_with()
    assert only(play.resume("decide", "03-04", "treasury"), Code.NOT_RUNNING).clauses == ("R2",)
    play.suspend("decide", "03-04", "treasury")
    refusal = only(play.suspend("decide", "03-05", "treasury"), Code.NOT_RUNNING)
    assert refusal.values == (("decide.paused", day("03-04")),)
    play = play_with()
    play.fire("ask", on="03-04")
    assert only(play.suspend("decide", "03-05", "treasury"), Code.NOT_RUNNING)


def test_a_clock_stopped_by_hand_goes_on_when_the_suspending_state_is_left() -> None:
    """Its days are counted from the day on which it was first stopped."""
    play = play_with()
    play.suspend("decide", "03-03", "treasury")
    play.fire("ask", on="03-05")
    assert play["decide.paused"] == day("03-03")
    play.fire("answer", on="03-09")
    assert (play["decide.paused"], play["decide.due"]) == (None, day("03-17"))


def test_a_clock_without_a_date_cannot_be_stopped() -> None:
    play = play_with("days: 10, after: told_on")
    assert only(play.suspend("decide", "03-04", "treasury"), Code.NO_DATE)


def test_resumed_before_it_was_suspended_is_refused() -> None:
    play = play_with()
    play.suspend("decide", "03-04", "treasury")
    assert only(play.resume("decide", "03-03", "treasury"), Code.BEFORE_LAST_ENTRY)


def test_suspended_before_the_tracks_last_entry_is_refused() -> None:
    """Days before the case began cannot be given back."""
    assert only(play_with().suspend("decide", "02-01", "treasury"), Code.BEFORE_LAST_ENTRY)


def test_a_case_that_begins_in_a_suspending_state_begins_with_its_clock_stopped() -> None:
    play = Play(
        case=FLOW.replace("initial: draft", "initial: waiting").replace(
            "SPEC", "days: 10\n      after: opened"
        )
    )
    play.open("03-01")
    assert play["decide.paused"] == day("03-01")
    play.fire("answer", on="03-06")
    assert play["decide.due"] == day("03-16")


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
def test_after_any_number_of_pauses_the_due_date_has_moved_by_their_sum(steps: list[int]) -> None:
    """In calendar days: begun on 1 March with 100 days, whatever the clock was stopped for."""
    play = play_with("days: 100, after: opened")
    on, stopped = day("03-01"), 0
    for index, step in enumerate(steps[: len(steps) // 2 * 2]):
        on = on.fromordinal(on.toordinal() + step)
        assert play.fire("answer" if index % 2 else "ask", on=on).granted
        stopped += step if index % 2 else 0
    assert play["decide.due"] == day("03-01").fromordinal(day("03-01").toordinal() + 100 + stopped)
