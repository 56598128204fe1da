"""Acts whose own day is over before they can come are told."""

from __future__ import annotations

import pytest

from reformflow.checks.dates.overdue import firing_at_once
from support.building import day
from support.checking import found, three_steps, told

FLOW = three_steps("""
    publish: {from: a, to: b, by: office, window: {opens: {on: 2021-03-10}}}
    check: {from: b, to: c, by: office}
    close: {from: c, to: d, at: {on: 2021-03-09}, clauses: [R1]}
""")


def test_a_day_before_a_step_that_comes_ahead_can_come() -> None:
    (one,) = found(firing_at_once, w=FLOW)
    assert told([one]) == [("warning", "fires_at_once", "w.transitions.close.at")]
    assert one.clauses == ("R1",)
    assert one.witness.schedule == (("close.at", day("03-09")), ("publish.opens", day("03-10")))


def test_a_day_before_another_act_that_fires_by_itself() -> None:
    flow = FLOW.replace("by: office, window: {opens: {on: 2021-03-10}}", "at: {on: 2021-03-10}")
    (one,) = found(firing_at_once, w=flow)
    assert one.witness.schedule[1][0] == "publish.at"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at: {on: 2021-03-09}", "at: {on: 2021-03-10}"),
        ("at: {on: 2021-03-09}", "at: {days: 3, after: check}"),
        ("{opens: {on: 2021-03-10}}", "{opens: {on: 2021-03-10}, outside: flag}"),
        ("from: a, to: b", "from: b, to: b"),
        ("close: {from: c", "skip: {from: a, to: c, by: office}\n  close: {from: c"),
    ],
)
def test_a_day_that_may_be_kept(old: str, new: str) -> None:
    assert old in FLOW
    assert found(firing_at_once, w=FLOW.replace(old, new)) == []
