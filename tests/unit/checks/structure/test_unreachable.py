"""States that no case ever comes to are found, and what keeps cases from them."""

from __future__ import annotations

from reformflow.checks.structure.unreachable import unreachable_states
from support.checking import found as findings
from support.checking import told

TRACK = """
tracks:
  t:
    initial: draft
    states:
      draft:
      sent:
      review: {clauses: [R1]}
      done: {final: true}
"""
SOUND = f"""
{TRACK}
facts: {{paid: {{type: bool, by: office}}}}
rules:
  is_paid: {{requires: paid, clauses: [R2]}}
transitions:
  send: {{from: draft, to: sent, by: office}}
  look: {{from: sent, to: review, by: office, needs: [is_paid]}}
  end: {{from: review, to: done, by: office}}
"""


def test_a_state_that_is_come_to_is_no_finding() -> None:
    assert findings(unreachable_states, w=SOUND) == []


def test_a_state_to_which_nothing_leads() -> None:
    flow = SOUND.replace("from: review, to: done", "from: [sent, review], to: done")
    (found,) = findings(unreachable_states, w=flow.replace("to: review", "to: done"))
    assert told([found]) == [("warning", "unreachable_state", "w.tracks.t.states.review")]
    assert found.clauses == ("R1",)
    assert found.witness.parts == ()
    assert "nothing leads there" in found.says.en


def test_a_state_behind_a_rule_that_never_holds_names_transition_and_rule() -> None:
    flow = SOUND.replace("{type: bool, by: office}", "{type: bool, initial: false}")
    (found,) = findings(unreachable_states, w=flow)
    assert told([found]) == [("warning", "unreachable_state", "w.tracks.t.states.review")]
    assert found.clauses == ("R1", "R2")
    assert found.witness.parts == ("look", "is_paid")
    assert "done" in found.says.en  # is behind it, and so not told of by itself


def test_states_that_lead_to_each_other_only_are_told_once() -> None:
    flow = f"""
    {TRACK.replace(chr(10), chr(10) + "    ")}
    transitions:
      send: {{from: draft, to: done, by: office}}
      look: {{from: sent, to: review, by: office}}
      back: {{from: review, to: sent, by: office}}
    """
    found = findings(unreachable_states, w=flow)
    assert told(found) == [("warning", "unreachable_state", "w.tracks.t.states.sent")]
    assert "review" in found[0].says.en


def test_what_other_options_of_a_policy_lead_to_is_meant_for_these() -> None:
    policies = """
    policies:
      returns: {options: {none: false, once: true}, default: none, says: {en: r, zh: r}}
    """
    off = SOUND.replace("to: review, by: office", "to: review, by: office, enabled: policy.returns")
    assert findings(unreachable_states, policies, w=off) == []
    ruled = SOUND.replace("requires: paid", "requires: paid and policy.returns")
    assert findings(unreachable_states, policies, w=ruled) == []
    never = ruled.replace("{type: bool, by: office}", "{type: bool, initial: false}")
    assert len(findings(unreachable_states, policies, w=never)) == 1


def test_a_state_that_only_a_clock_leads_to() -> None:
    flow = """
    facts: {asked_on: {type: date, by: office}}
    transitions:
      answer: {from: draft, to: sent, by: office, due: {days: 3, after: asked_on}}
      lapse: {from: draft, to: done, after_due: answer}
    """
    assert findings(unreachable_states, w=flow) == []
    never = flow.replace(", by: office}}", "}}")
    assert told(findings(unreachable_states, w=never)) == [
        ("warning", "unreachable_state", "w.tracks.progress.states.done")
    ]


def test_a_state_that_kin_never_let_a_case_come_to() -> None:
    parent = """
    children: {parts: part}
    transitions:
      send: {from: draft, to: sent, by: office}
      end: {from: sent, to: done, by: office}
    """
    child = """
    rules: {open: {requires: 'parent.state == "sent"'}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [open]}
      end: {from: sent, to: done, by: office}
    """
    assert findings(unreachable_states, w=parent, part=child) == []
    flow = parent.replace("from: draft, to: sent", "from: draft, to: done")
    paths = [path for _, _, path in told(findings(unreachable_states, w=flow, part=child))]
    assert paths == ["w.tracks.progress.states.sent", "part.tracks.progress.states.sent"]
