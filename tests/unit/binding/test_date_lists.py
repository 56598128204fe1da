"""Of several dates the first that applies counts, so none may stand where it hides the others."""

from __future__ import annotations

from support.building import Play, day, faults_of

FLOW = """
transitions:
  send: {{from: draft, to: sent, by: office}}
  redo: {{from: sent, by: office}}
  end: {{from: sent, to: done, by: office, due: {{dates: [{dates}]}}}}
"""
AFRESH = "{days: 3, after: redo, when: redo.on is not None}"


def test_a_date_without_condition_hides_no_other() -> None:
    hidden = FLOW.format(dates="{days: 3, after: redo}, {days: 9, after: send}")
    assert faults_of(case=hidden) == {("case.transitions.end.due[0]", "branch")}


def test_a_date_counts_once_its_anchor_is_there() -> None:
    play = Play(case=FLOW.format(dates=f"{AFRESH}, {{days: 9, after: send}}"))
    assert play.open().granted
    assert play.fire("send", on="03-01").granted
    assert play["end.due"] == day("03-10")
    assert play.fire("redo", on="03-02").granted
    assert play["end.due"] == day("03-05")
