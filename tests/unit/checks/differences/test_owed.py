"""Duties that are new, gone, owed in other cases, or whose periods open otherwise, are told."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks import differences
from reformflow.model import Finding
from support.building import reform_of

TOP = """
opening: {by: office}
children: {reports: report}
facts:
  live: {type: bool, by: office}
  size: {type: int, minimum: 0, maximum: 9, by: office}
transitions: {end: {from: draft, to: done, by: office}}
duties:
  monthly:
    opens: reports
    first: {days: 5, after: opened}
    every: {months: 1}
    while: live
    lead_days: 10
    gives: {due: due_on}
    set: {size: size}
    clauses: [R1]
"""
REPORT = """
facts: {due_on: {type: date}, begun_on: {type: date}, size: {type: int}}
transitions: {file: {from: draft, to: done, by: office}}
"""


def compared(old: str, new: str) -> list[Finding]:
    assert old in TOP
    before = reform_of(top=TOP, report=REPORT)
    return list(differences(before, reform_of(top=TOP.replace(old, new), report=REPORT)))


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ("while: live", "while: live or size > 3", ["while"]),
        ("while: live", "while: size > 3", ["while", "while"]),
        ("lead_days: 10", "lead_days: 5", [""]),
        ("gives: {due: due_on}", "gives: {due: due_on, start: begun_on}", [""]),
        ("size: size}\n    clauses", "size: 3}\n    clauses", [""]),
    ],
)
def test_a_change_is_told(old: str, new: str, paths: list[str]) -> None:
    found = compared(old, new)
    path = "top.duties.monthly"
    expected = [("owed_otherwise", f"{path}.{part}".rstrip(".")) for part in paths]
    assert [(one.code, one.path) for one in found] == expected
    assert all(one.clauses == ("R1",) for one in found)


def test_a_case_is_shown_in_which_it_is_owed_now() -> None:
    (found,) = compared("while: live", "while: live or size > 3")
    values = dict(found.witness.values)
    assert values["size"] == 4
    assert values["live"] is not True


def test_the_day_on_which_a_period_opens() -> None:
    (found,) = compared("lead_days: 10", "lead_days: 5")
    days = dict(found.witness.schedule)
    assert (days["due"] - days["was"]).days == 10
    assert (days["due"] - days["now"]).days == 5
    assert isinstance(days["due"], date)


def test_a_duty_that_is_new_or_gone() -> None:
    without = reform_of(top=TOP.partition("duties:")[0], report=REPORT)
    both = reform_of(top=TOP, report=REPORT)
    told = [found.says.en for found in differences(without, both) if found.code == "owed_otherwise"]
    assert told == ["the duty monthly is new"]
    told = [found.says.en for found in differences(both, without) if found.code == "owed_otherwise"]
    assert told == ["the duty monthly is gone"]
