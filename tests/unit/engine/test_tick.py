"""What time brings: on a day, by silence, period by period; at most once, never early."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.model import Code, Correct, Open, Record, Request
from support.building import Play, actor, day, only

SILENCE = """
facts:
  agreed_on: {type: date, by: office}
  blocked: {type: bool, initial: false, by: office}
rules: {free: {requires: not blocked}}
tracks:
  progress:
    initial: draft
    states: {draft: , sent: , waiting: , agreed: , closed: {final: true}}
transitions:
  send: {from: draft, to: sent, by: office}
  wait: {from: sent, to: waiting, by: office}
  go_on: {from: waiting, to: sent, by: office}
  object: {from: sent, to: draft, by: treasury, due: {days: 10, after: send, suspended_in: waiting}}
  consent:
    from: sent
    to: agreed
    after_due: object
    needs: [free]
    set: {agreed_on: object.due}
  expire: {from: agreed, to: closed, at: {months: 1, after: progress.since}}
"""


def begun() -> Play:
    play = Play(case=SILENCE)
    play.open("03-01")
    assert play.fire("send", on="03-02").granted
    return play


def fired(play: Play, name: str) -> list[date]:
    return [on for kind, told, on in play.told() if kind == "fired" and told == name]


def test_silence_counts_as_consent_on_the_day_after_the_last_one() -> None:
    play = begun()
    assert play.tick("03-12").entries == ()
    play.tick("03-13")
    assert fired(play, "consent") == [day("03-13")]
    assert play["agreed_on"] == day("03-12")
    assert play.docket.entries("c")[-1].actor == ""


def test_a_late_tick_enters_the_day_on_which_it_was_due_and_what_follows_from_it() -> None:
    play = begun()
    play.tick("2022-01-01")
    assert fired(play, "consent") == [day("03-13")]
    assert fired(play, "expire") == [day("04-13")]
    assert play["progress.state"] == "closed"


def test_ticking_again_changes_nothing() -> None:
    play = begun()
    play.tick("2022-01-01")
    for on in ("2022-01-01", "2021-03-13", "2030-01-01"):
        assert play.tick(on).entries == ()


def test_an_objection_in_time_means_there_is_no_consent() -> None:
    play = begun()
    assert play.fire("object", "treasury", "03-12").granted
    assert play.tick("05-01").entries == ()


def test_asked_anew_silence_is_counted_anew() -> None:
    play = begun()
    play.fire("object", "treasury", "03-12")
    play.fire("send", on="04-01")
    assert play.tick("04-11").entries == ()
    play.tick("04-12")
    assert fired(play, "consent") == [day("04-12")]


def test_a_suspended_clock_brings_nothing_and_goes_on_where_it_stood() -> None:
    play = begun()
    play.fire("wait", on="03-05")
    assert play.tick("06-01").entries == ()
    play.fire("go_on", on="03-25")
    assert play["object.due"] == day("04-01")
    play.tick("04-01")
    assert fired(play, "consent") == []
    play.tick("04-02")
    assert fired(play, "consent") == [day("04-02")]


def test_a_clock_stopped_by_hand_brings_nothing_either() -> None:
    text = SILENCE.replace("suspended_in: waiting", "suspension: {by: office}")
    play = Play(case=text)
    play.open("03-01")
    play.fire("send", on="03-02")
    assert play.suspend("object", "03-05").granted
    assert play.tick("06-01").entries == ()
    assert play.resume("object", "06-05").granted
    assert [entry.on for entry in play.tick("07-01").entries][:1] == [day("06-13")]


def test_a_late_tick_lets_the_earlier_day_come_first() -> None:
    text = """
    transitions:
      late: {from: draft, to: sent, at: {days: 10, after: opened}}
      early: {from: draft, to: done, at: {days: 5, after: opened}}
    """
    play = Play(case=text)
    play.open("03-01")
    play.tick("06-01")
    assert play.told()[1:] == [("fired", "early", day("03-06"))]


def test_what_fires_on_a_day_and_stays_where_it_is_fires_once_for_that_day() -> None:
    text = """
    facts: {reminders: {type: int, initial: 0}}
    transitions:
      send: {from: draft, to: draft, by: office}
      remind: {from: draft, at: {days: 5, after: send}, set: {reminders: reminders + 1}}
    """
    play = Play(case=text)
    play.open("03-01")
    for on, reminders in [("03-02", 1), ("03-20", 2)]:
        assert play.fire("send", on=on).granted
        for _ in range(3):
            play.tick("03-19" if reminders == 1 else "05-01")
        assert play["reminders"] == reminders
    assert fired(play, "remind") == [day("03-07"), day("03-25")]


def test_what_fires_on_a_day_keeps_its_rules() -> None:
    play = begun()
    play.record(on="03-05", blocked=True)
    assert play.tick("04-01").entries == ()
    play.record(on="04-02", blocked=False)
    assert play.tick("04-02").granted
    assert len(fired(play, "consent")) == 1


def test_an_actor_cannot_fire_what_fires_by_itself() -> None:
    play = begun()
    refusal = only(play.fire("consent", on="03-02"), Code.NOT_BY_HAND)
    assert refusal.subject == "consent"


def test_waiting_for_a_transition_that_is_switched_off_brings_nothing() -> None:
    text = SILENCE.replace("by: treasury, due", "by: treasury, enabled: policy.may == 'on', due")
    head = "policies: {may: {options: ['on', 'off'], default: 'off'}}\n"
    play = Play(head, case=text)
    play.open("03-01")
    play.fire("send", on="03-02")
    assert play.tick("06-01").entries == ()
    assert play.engine.next_date(play.docket, "c") is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_however_the_clock_is_read_it_fires_once_and_not_early(offsets: list[int]) -> None:
    """Clocks that jump, stand still and go back: same days, once each."""
    play = begun()
    for offset in offsets:
        on = day("03-02") + timedelta(days=offset)
        for entry in play.tick(on).entries:
            assert entry.on <= on
    latest = day("03-02") + timedelta(days=max(offsets))
    assert fired(play, "consent") == ([day("03-13")] if latest >= day("03-13") else [])
    assert fired(play, "expire") == ([day("04-13")] if latest >= day("04-13") else [])


def test_the_next_date_is_the_day_of_what_comes_first() -> None:
    play = begun()
    upcoming = play.engine.next_date(play.docket, "c")
    assert upcoming == day("03-13")
    play.tick(upcoming)
    assert play.engine.next_date(play.docket, "c") == day("04-13")
    play.tick("04-13")
    assert play.engine.next_date(play.docket, "c") is None


# --- recurring duties -----------------------------------------------------------------------------

PARENT = """
facts:
  delivered_on: {type: date, by: office}
  complete: {type: bool, initial: false, by: office}
  scope: {type: int, initial: 7, by: office}
children: {reports: report}
transitions: {close: {from: draft, to: done, by: office}}
duties:
  reporting:
    opens: reports
    first: {%s}
    every: {%s}
    while: not complete
    gives: {due: due_on, start: starts_on, number: period}
    set: {scope_before: scope}
    %s
"""
REPORT = """
opening: {by: office}
facts:
  due_on: {type: date}
  starts_on: {type: date}
  period: {type: int}
  scope_before: {type: int}
transitions: {hand_in: {from: draft, to: done, by: bureau, due: {days: 0, after: due_on}}}
"""


def duty(first: str, every: str, more: str = "", opened: str = "01-10") -> Play:
    play = Play(case=PARENT % (first, every, more), report=REPORT)
    assert play.open(opened).granted
    return play


def periods(play: Play) -> list[tuple[int, date, date]]:
    """Number, opening day and due date of each report."""
    return [
        (child.values["period"], child.values["opened.on"], child.values["due_on"])
        for child in play.docket.children("c", "report")
    ]


def test_every_thirty_days_a_report_is_opened_with_its_due_date() -> None:
    play = duty("days: 60, after: opened", "days: 30")
    play.tick("01-10")
    assert periods(play) == [(1, day("01-10"), day("03-11"))]
    play.tick("03-11")
    assert len(periods(play)) == 1
    play.tick("05-15")
    assert periods(play)[1:] == [
        (2, day("03-12"), day("04-10")),
        (3, day("04-11"), day("05-10")),
        (4, day("05-11"), day("06-09")),
    ]
    child = play.docket.children("c", "report")[0]
    assert (child.parent, child.unit, child.values["scope_before"]) == ("c", "north", 7)
    assert child.values["hand_in.due"] == day("03-11")


def test_month_ends_do_not_drift() -> None:
    play = duty("month_end: 0, after: opened", "month_end: 1")
    play.tick("2021-08-01")
    assert [due for _, _, due in periods(play)] == [
        day(text)
        for text in ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31")
    ]
    play = duty("on: 2021-01-31", "months: 1")
    play.tick("2021-05-01")
    assert [due.day for _, _, due in periods(play)] == [31, 28, 31, 30, 31]


def test_half_year_days() -> None:
    play = duty('next: ["06-30", "12-31"], after: opened', 'next: ["06-30", "12-31"]')
    play.tick("2022-07-01")
    assert [due for _, _, due in periods(play)] == [
        day("06-30"),
        day("12-31"),
        day("2022-06-30"),
        day("2022-12-31"),
    ]


def test_lead_days_open_a_period_that_long_before_it_is_due() -> None:
    play = duty("on: 2021-03-31", "months: 3", "lead_days: 10")
    assert play.tick("03-20").entries == ()
    play.tick("03-21")
    assert periods(play) == [(1, day("03-21"), day("03-31"))]
    play.tick("06-20")
    assert len(periods(play)) == 2


def test_no_period_opens_before_the_case_itself() -> None:
    play = duty("on: 2021-03-31", "months: 3", "lead_days: 10", opened="03-28")
    play.tick("03-28")
    assert periods(play) == [(1, day("03-28"), day("03-31"))]


def test_periods_whose_condition_is_not_true_are_passed_over_not_made_up_for() -> None:
    play = duty("on: 2021-01-31", "month_end: 1")
    play.tick("01-31")
    play.record(on="01-31", complete=True)
    play.tick("04-15")
    assert [number for number, *_ in periods(play)] == [1]
    play.record(on="04-15", complete=False)
    play.tick("05-01")
    assert [number for number, *_ in periods(play)] == [1, 5]


def test_without_a_first_date_nothing_opens() -> None:
    play = duty("days: 30, after: delivered_on", "days: 30")
    assert play.tick("2022-01-01").entries == ()
    play.record(on="02-01", delivered_on=day("02-01"))
    play.tick("02-01")
    assert periods(play)[0][2] == day("03-03")


def test_the_entry_that_opened_a_period_cannot_be_taken_back() -> None:
    """Otherwise the next tick would open the same child case a second time."""
    text = PARENT % ("on: 2021-01-31", "month_end: 1", "") + "corrected_by: office\n"
    play = Play(case=text, report=REPORT)
    play.open("01-10")
    play.tick("01-10")
    refused = play.ask(Correct(2, void=True), on="01-11", reason="r")
    assert [str(refusal.code) for refusal in refused.refusals] == ["depended_on"]


@pytest.mark.parametrize("step", [1, 7, 30, 400])
def test_ticking_daily_weekly_or_once_opens_the_same_periods(step: int) -> None:
    play = duty("days: 60, after: opened", "days: 30")
    on = day("01-10")
    while on < day("2022-02-01"):
        play.tick(on)
        on += timedelta(days=step)
    play.tick("2022-02-01")
    whole = duty("days: 60, after: opened", "days: 30")
    whole.tick("2022-02-01")
    assert periods(play) == periods(whole)


def test_time_comes_before_an_act_of_the_same_day_whether_or_not_the_clock_was_read() -> None:
    """A refusal that comes after silence has become consent comes too late, also without a tick."""
    play = begun()
    asked = play.engine.tick(play.docket, "c", day("04-01"))
    assert [entry.name for entry in asked.entries] == ["consent"]
    late_act = play.fire("consent", on=asked.entries[0].on)
    assert {refusal.code for refusal in late_act.refusals} == {
        Code.NOT_FROM_HERE,
        Code.NOT_BY_HAND,
    }
    assert play.told()[-1][1] != "consent", "a refused act stores nothing, not even time's entries"
    granted = play.record(on="04-01", blocked=True)
    assert [entry.name for entry in granted.entries] == ["consent", ""]
    assert granted.entry == granted.entries[1]


def test_an_answer_tells_what_time_brought_before_it_and_a_refusal_nothing() -> None:
    """Whoever asks without carrying out learns of the silence that became consent meanwhile."""
    play = begun()
    granted = play.engine.decide(play.docket, record_on("03-20", "office"))
    assert [(entry.name, entry.on) for entry in granted.entries] == [
        ("consent", day("03-13")),
        ("", day("03-20")),
    ]
    refused = play.engine.decide(play.docket, record_on("03-20", "treasury"))
    assert (refused.granted, refused.entries) == (False, ())


def record_on(on: str, by: str) -> Request:
    return Request("c", Record({"blocked": True}), actor(by), day(on))


def test_an_answer_tells_of_the_cases_that_time_opened_before_it() -> None:
    play = duty("on: 2021-01-31", "month_end: 1")
    request = Request("c", Record({"complete": True}), actor("office"), day("02-03"))
    granted = play.engine.decide(play.docket, request)
    assert [case.id for case in granted.opened] == ["c/reporting/1", "c/reporting/2"]
    assert periods(play) == []


def test_a_period_opens_no_earlier_than_the_day_on_which_its_first_date_became_known() -> None:
    """A date recorded late lies in the past; what it brings is entered on the day it was told."""
    play = duty("days: 30, after: delivered_on", "days: 30")
    play.record(on="03-20", delivered_on=day("02-01"))
    play.tick("03-20")
    assert [opened for _, opened, _ in periods(play)] == [day("03-20"), day("03-20")]


@pytest.mark.parametrize(
    "other", ["beside: {requires: free}", "beside: {requires: today > free_on}"]
)
def test_one_rule_over_today_is_enough_to_be_looked_at_when_time_passes(other: str) -> None:
    text = f"""
    facts: {{free: {{type: bool, by: office}}, free_on: {{type: date, by: office}}}}
    tracks:
      progress: {{initial: draft, states: {{draft: , done: }}}}
      watch: {{initial: calm, states: {{calm: , alarm: }}}}
    rules:
      due_now: {{requires: today >= free_on}}
      {other}
    transitions:
      go: {{track: progress, from: draft, to: done, automatic: true, needs: due_now}}
      ring: {{track: watch, from: calm, to: alarm, automatic: true, needs: beside}}
    """
    play = Play(case=text)
    play.open("03-01")
    play.record(on="03-01", free_on=day("03-05"))
    play.tick("03-05")
    assert play["progress.state"] == "done"


def test_an_answer_to_an_opening_holds_the_case_beside_what_time_opened() -> None:
    """The parent's periods come first, then the case that was asked for."""
    play = duty("on: 2021-01-31", "month_end: 1")
    request = Request("own", Open("report", parent="c"), actor("office"), day("02-03"))
    granted = play.engine.decide(play.docket, request)
    assert granted.granted, granted.refusals
    assert [case.id for case in granted.opened] == ["c/reporting/1", "c/reporting/2", "own"]
