"""States that nothing leads out of once a day is over are told."""

from __future__ import annotations

import pytest

from reformflow.checks.structure.closing import states_closing
from support.checking import found as findings
from support.checking import told

FLOW = """
facts: {heard_on: {type: date, by: office, once: true}}
tracks: {t: {initial: draft, states: {draft: , refused: {clauses: [R1]}, done: {final: true}}}}
transitions:
  refuse: {from: draft, to: refused, by: office}
  grant: {from: draft, to: done, by: office}
  appeal: {from: refused, to: draft, by: office, window: {closes: {days: 15, after: refuse}}}
"""


def test_a_state_whose_only_way_out_is_shut_by_time() -> None:
    (found,) = findings(states_closing, w=FLOW)
    assert told([found]) == [("note", "closed_after", "w.tracks.t.states.refused")]
    assert found.witness.parts == ("appeal.closes",)
    assert found.witness.steps == ("refuse",)
    assert found.clauses == ("R1",)


def test_a_last_day_for_an_act_that_is_refused_later() -> None:
    flow = FLOW.replace(
        "window: {closes: {days: 15, after: refuse}}", "due: {days: 15, after: refuse}"
    )
    (found,) = findings(states_closing, w=flow)
    assert found.witness.parts == ("appeal.due",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("refuse}}}\n", "refuse}, outside: flag}}\n"),
        (
            "refuse}}}\n",
            "refuse}}}\n  rest: {from: refused, to: done, at: {days: 16, after: refuse}}\n",
        ),
        ("refuse}}}\n", "refuse}}}\n  drop: {from: refused, to: done, by: office}\n"),
        ("refuse}}}\n", "refuse}}}\n  note: {from: refused, by: office}\n"),
        ("window: {closes", "due: {late: flag, days: 3, after: refuse}, window: {opens"),
        ("done: {final: true}", "done: "),
    ],
)
def test_a_state_with_a_way_out_at_any_time_or_that_may_last(old: str, new: str) -> None:
    assert old in FLOW
    assert findings(states_closing, w=FLOW.replace(old, new)) == []


@pytest.mark.parametrize(("once", "number"), [("true", 1), ("false", 0)])
def test_a_day_that_may_be_recorded_anew_shuts_nothing(once: str, number: int) -> None:
    flow = FLOW.replace("after: refuse", "after: heard_on").replace("once: true", f"once: {once}")
    assert len(findings(states_closing, w=flow)) == number
