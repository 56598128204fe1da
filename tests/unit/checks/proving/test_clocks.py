"""What a clock brings is told only where nothing stops, moves or forestalls it."""

from __future__ import annotations

import pytest

from reformflow.binding import bind_expression
from reformflow.checks.proving import comes_in_time
from reformflow.language import parse
from reformflow.model import LeadsTo, Unit
from support.building import bound_of

FLOW = """
    label: Case
    opening: {by: office}
    facts: {told: {type: bool, by: office}, seen: {type: bool}}
    tracks:
      progress:
        initial: draft
        states: {draft: {}, sent: {}, done: {}, back: {}}
    rules: {known: {requires: told, clauses: R1}}
    transitions:
      send: {from: draft, to: sent, by: bureau}
      decide: {from: sent, to: done, by: office, due: {days: 10, after: send}}
      lapse: {from: sent, to: done, after_due: decide}
"""
OTHERS = {
    "needs a rule": ("after_due: decide}", "after_due: decide, needs: known}"),
    "works out a fact": ("after_due: decide}", "after_due: decide, set: {seen: told}}"),
    "depends": ("to: done, after_due", "to: [{state: back, when: told}, done], after_due"),
    "may be extended": ("after: send}", "after: send, extension: {by: office}}"),
    "stands still": ("after: send}", "after: send, suspension: {by: office}}"),
    "is rolled": ("after: send}", "after: send, roll: next_working_day}"),
    "is counted from elsewhere": ("after: send}", "after: opened}"),
    "is begun anew": ("{from: draft, to: sent, by", "{from: [draft, sent], to: sent, by"),
    "leads elsewhere": ("to: done, after_due", "to: back, after_due"),
    "does not last": (
        "after_due: decide}",
        "after_due: decide}\n      again: {from: done, to: sent, automatic: true, needs: known}",
    ),
    "is forestalled": (
        "after_due: decide}",
        "after_due: decide}\n      drop: {from: sent, to: back, by: office}",
    ),
}


def proved(text: str, most: int, unit: Unit = Unit.DAYS) -> bool:
    bound = bound_of(case=text)
    condition, goal = parse('state == "sent"'), parse('state == "done"')
    lowered = [bind_expression(bound, "case", node) for node in (condition, goal)]
    return comes_in_time(
        bound.workflows["case"], *lowered, LeadsTo(condition, goal, unit, most, None)
    )


def test_silence_comes_the_day_after() -> None:
    assert [proved(FLOW, most) for most in (10, 11)] == [False, True]
    assert proved(FLOW, 11, Unit.WORKING_DAYS)
    assert not proved(FLOW, 2, Unit.WEEKS)  # true, but not looked for


@pytest.mark.parametrize(("old", "new"), OTHERS.values(), ids=OTHERS)
def test_a_clock_that_is_not_plain_is_not_relied_on(old: str, new: str) -> None:
    assert FLOW.count(old) == 1
    assert not proved(FLOW.replace(old, new), 99)
