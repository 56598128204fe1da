"""Deadlines and windows: what lateness means under each mode, up to the very day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reformflow.model import Code, Fire
from support.building import Play, day, only, reasons

FLOW = """
facts:
  plan_on: {type: date, by: office}
  whose: {type: bool, by: office}
transitions:
  send:
    from: draft
    to: done
    by: office
    clauses: R9
    DUE
"""


def with_due(due: str, *, window: str = "", head: str = "", **facts: Any) -> Play:
    lines = (f"due: {{{due}}}" if due else "") + (f"\n    window: {{{window}}}" if window else "")
    play = Play(head, case=FLOW.replace("DUE", lines))
    assert play.open("02-20").granted
    if facts:
        assert play.record(on="02-20", **facts).granted
    return play


MODES = ["refuse", "extension", "reason", "flag"]


@pytest.mark.parametrize("late", MODES)
def test_on_the_last_day_nothing_is_late(late: str) -> None:
    play = with_due(f"on: 2021-03-10, late: {late}, extension: {{by: office}}")
    decision = play.fire("send", on="03-10")
    assert decision.granted
    assert decision.entries[0].late == ()


@pytest.mark.parametrize(
    ("late", "code"),
    [
        ("refuse", Code.LATE),
        ("extension", Code.NOT_EXTENDED),
        ("reason", Code.REASON_MISSING),
        ("flag", None),
    ],
)
def test_one_day_after_it_each_mode_does_what_it_says(late: str, code: Code) -> None:
    play = with_due(f"on: 2021-03-10, late: {late}, extension: {{by: treasury}}, clauses: R1")
    decision = play.fire("send", on="03-11")
    if code is None:
        assert decision.granted
    else:
        refusal = only(decision, code)
        assert refusal.clauses == ("R1",)
        assert refusal.values == (("send.due", day("03-10")),)
        assert refusal.must_act == (("treasury",) if code is Code.NOT_EXTENDED else ())


@pytest.mark.parametrize("late", ["reason", "flag"])
def test_an_allowed_delay_is_marked_with_its_days_and_who_answers_for_it(late: str) -> None:
    answerable = "answerable: [{role: bureau, when: whose}, {role: treasury}]"
    for whose, role in [(True, "bureau"), (False, "treasury"), (None, "treasury")]:
        play = with_due(f"on: 2021-03-10, late: {late}, {answerable}", whose=whose)
        [mark] = play.fire("send", on="03-14", reason="flood").entries[0].late
        assert (mark.transition, mark.bound, mark.days) == ("send", day("03-10"), 4)
        assert mark.answerable == role


def test_a_deadline_without_clauses_of_its_own_cites_its_transition() -> None:
    assert only(with_due("on: 2021-03-10").fire("send", on="03-11"), Code.LATE).clauses == ("R9",)


@pytest.mark.parametrize(
    ("before", "granted", "marked"),
    [("enforce", False, False), ("advisory", True, True), ("waive", True, False)],
)
def test_a_day_before_the_document_took_effect_binds_as_chosen(
    before: str, granted: bool, marked: bool
) -> None:
    """The document took effect on 20 February; the day asked for was the 10th."""
    play = with_due(f"on: 2021-02-10, late: refuse, before_effect: {before}")
    decision = play.fire("send", on="02-25")
    assert decision.granted is granted
    assert bool(decision.entries and decision.entries[0].late) is marked


def test_before_effect_does_not_reach_a_day_on_which_the_document_is_in_force() -> None:
    play = with_due("on: 2021-02-20, before_effect: waive")
    assert only(play.fire("send", on="02-21"), Code.LATE)


@pytest.mark.parametrize(
    ("spec", "last"),
    [
        ("days: 10, after: opened", "03-02"),
        ("days: 10, after: opened, boundary: exclusive", "03-01"),
        ("days: 8, after: opened, roll: next_working_day", "03-01"),
        ("days: 8, after: opened, roll: previous_working_day", "02-26"),
        ("days: 5, before: plan_on", "03-15"),
        ("working_days: 5, after: opened", "02-26"),
        ("weeks: 2, after: opened", "03-06"),
        ("months: 1, after: progress.since", "03-20"),
        ("month_end: 0, after: opened", "02-28"),
        ("month_end: 1, after: opened", "03-31"),
        ("years: 1, after: effective", "2022-02-20"),
        ('next: ["06-30", "12-31"], after: opened', "06-30"),
        ("dates: [{on: 2021-03-05, when: whose}, {on: 2021-03-09}]", "03-05"),
    ],
)
def test_the_last_day_is_counted_as_written(spec: str, last: str) -> None:
    play = with_due(spec, plan_on=day("03-20"), whose=True)
    assert play["send.due"] == day(last)
    assert play["progress.due"] == day(last)


def test_an_unknown_condition_leaves_no_later_date_to_stand_in_for_it() -> None:
    play = with_due("dates: [{on: 2021-03-05, when: whose}, {on: 2021-03-09}]")
    assert play["send.due"] is None
    play.record(on="02-21", whose=False)
    assert play["send.due"] == day("03-09")


def test_a_date_whose_anchor_is_unknown_binds_nobody_until_it_is_recorded() -> None:
    play = with_due("days: 5, before: plan_on")
    assert play["send.due"] is None
    play.record(on="02-21", plan_on=day("03-20"))
    assert play["send.due"] == day("03-15")
    assert only(play.fire("send", on="03-16"), Code.LATE)


def test_policies_supply_amounts_days_modes_and_boundaries() -> None:
    head = """
    policies:
      late: {options: [refuse, flag], default: flag}
      many: {options: {few: 3, lots: 30}, default: few}
      edge: {options: [inclusive, exclusive], default: exclusive}
    """
    spec = "days: policy.many, after: opened, boundary: policy.edge, late: policy.late"
    play = with_due(spec, head=head)
    assert play["send.due"] == day("02-22")
    assert play.fire("send", on="03-22").granted


# --- windows --------------------------------------------------------------------------------------

WINDOW = "opens: {on: 2021-03-21}, closes: {on: 2021-03-31}, outside: %s, clauses: R2"


@pytest.mark.parametrize("on", ["03-21", "03-25", "03-31"])
def test_inside_its_window_an_act_is_in_time(on: str) -> None:
    decision = with_due("", window=WINDOW % "refuse").fire("send", on=on)
    assert decision.granted
    assert decision.entries[0].late == ()


@pytest.mark.parametrize(
    ("on", "days", "code"), [("03-20", -1, Code.TOO_EARLY), ("04-01", 1, Code.LATE)]
)
def test_one_day_outside_it_each_mode_does_what_it_says(on: str, days: int, code: Code) -> None:
    refusal = only(with_due("", window=WINDOW % "refuse").fire("send", on=on), code)
    assert refusal.clauses == ("R2",)
    asked = with_due("", window=WINDOW % "reason")
    assert only(asked.fire("send", on=on), Code.REASON_MISSING).clauses == ("R2",)
    assert [m.days for m in asked.fire("send", on=on, reason="r").entries[0].late] == [days]
    flagged = with_due("", window=WINDOW % "flag").fire("send", on=on)
    assert [mark.days for mark in flagged.entries[0].late] == [days]


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [("opens: {on: 2021-03-21}", "12-31", "03-20"), ("closes: {on: 2021-03-31}", "02-20", "04-01")],
)
def test_a_window_may_have_one_bound(bound: str, inside: str, outside: str) -> None:
    assert not with_due("", window=bound).fire("send", on=outside).granted
    assert with_due("", window=bound).fire("send", on=inside).granted


def test_deadline_and_window_are_judged_together() -> None:
    play = with_due("on: 2021-03-10", window=WINDOW % "refuse")
    assert reasons(play.fire("send", on="04-05")) == [(Code.LATE, "send"), (Code.LATE, "send")]


# --- extension ------------------------------------------------------------------------------------

EXTENDED = "on: 2021-03-10, late: extension, extension: {by: treasury, clauses: R3}"


def test_an_extension_by_the_named_authority_moves_the_last_day() -> None:
    play = with_due(EXTENDED)
    assert play.extend("send", "03-20", "treasury").granted
    assert play["progress.due"] == day("03-20")
    assert only(play.fire("send", on="03-21"), Code.NOT_EXTENDED)
    assert play.fire("send", on="03-20").granted


def test_an_extension_by_anyone_else_or_to_no_later_day_is_refused() -> None:
    play = with_due(EXTENDED)
    refusal = only(play.extend("send", "03-20", "office"), Code.NOT_AUTHORISED)
    assert (refusal.must_act, refusal.clauses) == (("treasury",), ("R3",))
    for until in ("03-10", "03-01"):
        refusal = only(play.extend("send", until, "treasury"), Code.NOT_LATER)
        assert refusal.values == (("send.due", day("03-10")),)
    assert reasons(play.extend("send", "03-09", "office")) == [
        (Code.NOT_AUTHORISED, "send"),
        (Code.NOT_LATER, "send"),
    ]


def test_what_has_no_date_yet_cannot_be_extended() -> None:
    play = with_due("days: 5, after: plan_on, extension: {by: office}")
    assert only(play.extend("send", "03-20"), Code.NO_DATE).missing == ("send.due",)


def test_an_extension_cannot_be_older_than_the_case() -> None:
    play = with_due(EXTENDED)
    assert only(play.extend("send", "03-20", "treasury", "02-19"), Code.BEFORE_LAST_ENTRY)


def test_nobody_extends_what_names_no_authority() -> None:
    assert only(with_due("on: 2021-03-10").extend("send", "03-20"), Code.NOT_AUTHORISED)


# --- when it happened, when it was entered --------------------------------------------------------


def test_the_future_begins_at_midnight_in_the_reforms_own_zone() -> None:
    """At 23:30 UTC it is already tomorrow in Shanghai."""
    entered = datetime(2021, 3, 1, 23, 30, tzinfo=UTC)
    for zone, allowed, future in [("Asia/Shanghai", "03-02", "03-03"), ("UTC", "03-01", "03-02")]:
        play = with_due("", head=f"time_zone: {zone}\n")
        refused = play.ask(Fire("send"), on=future, recorded_at=entered)
        refusal = only(refused, Code.IN_THE_FUTURE)
        assert refusal.values == (("on", day(future)), ("today", day(allowed)))
        assert play.ask(Fire("send"), on=allowed, recorded_at=entered).granted


def test_an_act_is_not_older_than_the_last_one_of_its_track() -> None:
    play = with_due("")
    assert only(play.fire("send", on="02-19"), Code.BEFORE_LAST_ENTRY).values == (
        ("progress.last", day("02-20")),
    )
    assert play.fire("send", on="02-20").granted
