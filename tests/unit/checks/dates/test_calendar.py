"""A last day that is not worked is a note; a day that the calendar cannot count is an error."""

from __future__ import annotations

import pytest

from reformflow.checks.dates.calendar import dates_on_calendar, years_to_come
from reformflow.model import Finding
from support.building import day
from support.checking import found, three_steps, told

CHINA = "calendar: china"
PATH = "case.transitions.one.due"


def of_due(due: str, head: str = CHINA) -> list[Finding]:
    flow = three_steps(f"one: {{from: a, to: b, by: office, due: {{{due}, clauses: [R4]}}}}")
    return found(dates_on_calendar, head, case=flow)


@pytest.mark.parametrize("due", ["on: 2021-02-28", "days: 8, after: effective", "on: 2021-10-01"])
def test_a_last_day_at_a_weekend_or_a_holiday_is_a_note(due: str) -> None:
    (finding,) = of_due(due)
    assert told([finding]) == [("note", "due_on_day_off", PATH)]
    assert finding.clauses == ("R4",)
    assert finding.witness.on is not None


@pytest.mark.parametrize(
    "due",
    [
        "on: 2021-02-20",  # a Saturday that is worked
        "on: 2021-02-28, roll: next_working_day",
        "on: 2021-02-28, roll: previous_working_day",
        "working_days: 5, after: effective",
        "days: 8, after: told_on",
    ],
)
def test_a_worked_day_a_rolled_one_and_one_of_each_case_is_none(due: str) -> None:
    assert of_due(due) == []


def test_a_day_listed_as_off_counts_and_no_day_where_all_are_worked() -> None:
    head = "calendar: {name: china, days_off: [2021-03-01]}"
    assert told(of_due("on: 2021-03-01", head)) == [("note", "due_on_day_off", PATH)]
    assert of_due("on: 2021-02-28", "calendar: every-day") == []


def test_the_end_of_a_window_counts_its_beginning_does_not() -> None:
    window = "{opens: {on: 2021-03-06}, closes: {on: 2021-03-07}}"
    flow = three_steps(f"one: {{from: a, to: b, by: office, window: {window}}}")
    assert told(found(dates_on_calendar, case=flow)) == [
        ("note", "due_on_day_off", "case.transitions.one.window.closes"),
    ]


@pytest.mark.parametrize(
    "due",
    [
        "on: 2050-03-01, roll: next_working_day",
        "dates: [{on: 2021-03-01, when: urgent}, {on: 2050-03-01, roll: previous_working_day}]",
    ],
)
def test_a_date_in_a_year_without_data_that_has_to_be_counted_is_an_error(due: str) -> None:
    (finding,) = of_due(due)
    assert (finding.severity, finding.code) == ("error", "calendar_not_covered")
    assert finding.path.startswith(PATH)
    assert finding.witness.on == day("2050-03-01")
    assert "2050" in finding.says.en


def test_one_that_stands_without_counting_is_a_note_and_none_in_a_year_that_was_added() -> None:
    assert told(of_due("on: 2050-03-01")) == [("note", "calendar_not_covered", PATH)]
    added = "calendar: {name: china, years: [2050]}"
    assert of_due("on: 2050-03-01, roll: next_working_day", added) == []


def test_working_days_from_a_year_of_effect_without_data_are_an_error() -> None:
    flow = three_steps("one: {from: a, to: b, by: office, due: {working_days: 5, after: opened}}")
    late = "effective_from: 2050-01-01\n"
    (finding,) = found(years_to_come, late + CHINA, case=flow)
    assert told([finding]) == [("error", "calendar_not_covered", "reform.calendar")]
    assert finding.witness.parts == (PATH,)
    assert found(years_to_come, CHINA, case=flow) == []
    assert found(years_to_come, late + "calendar: {name: china, years: [2050]}", case=flow) == []
    assert found(years_to_come, late, case=flow) == []
    plain = flow.replace("working_days", "days")
    assert found(years_to_come, late + CHINA, case=plain) == []
