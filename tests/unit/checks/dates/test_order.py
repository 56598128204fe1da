"""Of two steps in a row, the first is not due after the second."""

from __future__ import annotations

import pytest

from reformflow.checks.dates.order import deadlines_out_of_order
from reformflow.model import Finding
from support.building import day
from support.checking import found, three_steps, told

PATH = "case.transitions.one.due"


def of(one: str, three: str, more: str = "") -> list[Finding]:
    flow = three_steps(
        f"""
        one: {{from: a, to: b, by: office, due: {{{one}, clauses: [R1]}}}}
        two: {{from: b, to: c, by: office}}
        three: {{from: c, to: d, by: office, due: {{{three}, clauses: [R2]}}}}
        {more}
        """
    )
    return found(deadlines_out_of_order, case=flow)


def test_a_fixed_day_after_that_of_a_later_step() -> None:
    (finding,) = of("on: 2021-04-06", "on: 2021-04-05, late: flag")
    assert told([finding]) == [("warning", "deadlines_out_of_order", PATH)]
    assert finding.clauses == ("R1", "R2")
    assert finding.witness.schedule == (("three.due", day("04-05")), ("one.due", day("04-06")))


@pytest.mark.parametrize(
    ("one", "three"),
    [
        ("days: 20, after: opened", "days: 19, after: opened"),
        ("months: 1, after: told_on", "days: 27, after: told_on"),
        ("working_days: 11, after: opened", "weeks: 2, after: opened"),
    ],
)
def test_counted_from_the_same_day(one: str, three: str) -> None:
    assert told(of(one, three)) == [("warning", "deadlines_out_of_order", PATH)]


@pytest.mark.parametrize(
    ("one", "three"),
    [
        ("on: 2021-04-05", "on: 2021-04-05"),
        ("on: 2021-04-06", "days: 3, after: one"),
        ("days: 20, after: opened", "days: 19, after: told_on"),
        ("months: 1, after: told_on", "days: 28, after: told_on"),
        ("dates: [{on: 2021-04-06, when: urgent}, {on: 2021-03-06}]", "on: 2021-04-05"),
    ],
)
def test_days_in_order_or_not_comparable_are_none(one: str, three: str) -> None:
    assert of(one, three) == []


def test_a_step_with_a_way_around_is_none() -> None:
    assert of("on: 2021-04-06", "on: 2021-04-05", "short: {from: a, to: b, by: office}") == []
