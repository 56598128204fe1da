"""States from which a track never comes to an end are found; where it is meant to stay, not."""

from __future__ import annotations

import pytest

from reformflow.checks.structure.traps import traps
from support.checking import found as findings
from support.checking import told

STATES = """
tracks:
  t:
    initial: draft
    states: {draft: , review: , fixing: , done: {final: true}, out: {final: true}}
"""
SOUND = f"""
{STATES}
facts: {{good: {{type: bool, by: office, during: reviewing}}}}
rules:
  reviewing: {{requires: t.state == "review"}}
  good: {{requires: good == true}}
transitions:
  send: {{from: draft, to: review, by: office}}
  drop: {{from: draft, to: out, by: office}}
  fix: {{from: review, to: fixing, by: office}}
  again: {{from: fixing, to: review, by: office}}
  end: {{from: review, to: done, by: office, needs: [is_good]}}
""".replace("good: {requires: good == true}", "is_good: {requires: good}")


def test_a_track_that_can_always_end_has_no_trap() -> None:
    assert findings(traps, w=SOUND) == []


def test_a_state_that_nothing_leads_out_of() -> None:
    flow = SOUND.replace("from: fixing, to: review", "from: draft, to: fixing")
    (found,) = findings(traps, w=flow)
    assert told([found]) == [("error", "trap", "w.tracks.t.states.fixing")]
    assert found.witness.steps in (("send", "fix"), ("again",))
    assert ("t.state", "fixing") in found.witness.values
    assert "nothing leads out" in found.says.en


def test_states_that_only_lead_to_each_other_are_one_trap() -> None:
    (found,) = findings(traps, w=SOUND.replace("from: review, to: done", "from: draft, to: done"))
    assert told([found]) == [("error", "trap", "w.tracks.t.states.review")]
    assert "review → fixing → review" in found.says.en
    assert found.witness.steps == ("send",)


def test_a_way_out_that_can_never_be_taken_is_none() -> None:
    flow = SOUND.replace("by: office, during: reviewing", "initial: false")
    (found,) = findings(traps, w=flow)
    assert told([found]) == [("error", "trap", "w.tracks.t.states.review")]
    assert "end never fires" in found.says.en


def test_states_before_a_trap_are_not_told_again() -> None:
    flow = """
    transitions:
      send: {from: draft, to: sent, by: office}
    """
    assert told(findings(traps, w=flow)) == [("error", "trap", "w.tracks.progress.states.sent")]


def test_a_last_state_in_which_acts_go_on_is_no_trap() -> None:
    flow = """
    transitions:
      drop: {from: draft, to: done, by: office}
      send: {from: draft, to: sent, by: office}
      visit: {from: sent, by: office}
    """
    assert findings(traps, w=flow) == []


def test_a_track_without_final_states_may_stay_anywhere() -> None:
    tracks = "tracks: {t: {initial: a, states: {a: , b: , c: }}}\n"
    moves = """
transitions:
  go: {from: a, to: b, by: office}
  on: {from: b, to: c, by: office, needs: [rule]}
  back: {from: b, to: a, by: office, needs: [rule]}
"""
    rules = "facts: {ok: {type: bool, by: office}}\nrules: {rule: {requires: ok}}\n"
    assert findings(traps, w=tracks + rules + moves) == []
    shut = rules.replace("by: office", "initial: false")
    assert told(findings(traps, w=tracks + shut + moves)) == [
        ("error", "trap", "w.tracks.t.states.b")
    ]


@pytest.mark.parametrize(("chosen", "count"), [("given", 0), ("none", 1)])
def test_an_option_that_takes_the_way_out_makes_a_trap(chosen: str, count: int) -> None:
    policies = f"""
    policies:
      answer: {{options: [given, none], default: {chosen}, says: {{en: a, zh: a}}}}
    """
    flow = """
    transitions:
      send: {from: draft, to: sent, by: office}
      end: {from: sent, to: done, by: office, enabled: 'policy.answer == "given"'}
    """
    assert len(findings(traps, policies, w=flow)) == count


def test_an_end_behind_what_kin_never_come_to() -> None:
    parent = """
    children: {parts: part}
    rules: {all_done: {requires: 'count(p for p in parts if p.state == "done") >= 1'}}
    transitions:
      send: {from: draft, to: sent, by: office}
      end: {from: sent, to: done, by: office, needs: [all_done]}
    """
    child = """
    transitions:
      end: {from: draft, to: done, by: office}
    """
    assert findings(traps, w=parent, part=child) == []
    stays = "transitions:\n  look: {from: draft, by: office}\n"
    assert told(findings(traps, w=parent, part=stays)) == [
        ("error", "trap", "w.tracks.progress.states.sent")
    ]


def test_what_fires_by_itself_can_be_the_way_out() -> None:
    flow = """
    facts: {seen_on: {type: date, by: office}}
    transitions:
      send: {from: draft, to: sent, by: office}
      lapse: {from: sent, to: done, at: {days: 10, after: seen_on}}
    """
    assert findings(traps, w=flow) == []
    never = flow.replace(", by: office}}", "}}")
    assert told(findings(traps, w=never)) == [("error", "trap", "w.tracks.progress.states.sent")]
