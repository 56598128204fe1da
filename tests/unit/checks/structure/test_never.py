"""Transitions that never fire are found, with the rules that keep them from it."""

from __future__ import annotations

import pytest

from reformflow.checks.structure.never import never_firing
from support.checking import found as findings
from support.checking import told

TRACKS = """
tracks:
  a: {initial: a0, states: {a0: , a1: , a2: {final: true}}}
  b: {initial: b0, states: {b0: , b1: , b2: {final: true}}}
"""


def test_a_rule_that_never_holds_where_it_is_asked() -> None:
    flow = """
    facts: {ok: {type: bool, by: office}}
    rules:
      is_ok: {requires: ok, clauses: [R1]}
      still: {requires: state == "draft", clauses: [R2]}
    transitions:
      send: {from: draft, to: sent, by: office, clauses: [R3]}
      end: {from: sent, to: done, by: office, needs: [is_ok, still], clauses: [R4]}
    """
    (found,) = findings(never_firing, w=flow)
    assert told([found]) == [("error", "never_fires", "w.transitions.end")]
    assert found.witness.parts == ("still",)
    assert found.clauses == ("R4", "R2")
    assert findings(never_firing, w=flow.replace('state == "draft"', 'state == "sent"')) == []


def test_rules_that_never_hold_together() -> None:
    flow = """
    facts:
      kind: {type: choice, choices: [big, small], by: office}
      n: {type: int, by: office}
    rules:
      big: {requires: 'kind == "big"'}
      few: {requires: 'kind == "small" and n < 3'}
      some: {requires: n is not None}
    transitions:
      end: {from: draft, to: done, by: office, needs: [some, big, few]}
    """
    (found,) = findings(never_firing, w=flow)
    assert found.witness.parts == ("big", "few")
    assert findings(never_firing, w=flow.replace('"small" and', '"big" and')) == []


def test_what_always_happens_by_itself_before() -> None:
    flow = """
    transitions:
      go: {from: draft, to: sent, automatic: true}
      stop: {from: draft, to: done, by: office}
      end: {from: sent, to: done, by: office}
    """
    (found,) = findings(never_firing, w=flow)
    assert told([found]) == [("error", "never_fires", "w.transitions.stop")]
    assert found.witness.parts == ("go",)


def test_a_day_that_is_never_known() -> None:
    flow = """
    facts: {met_on: {type: date}}
    transitions:
      end: {from: draft, to: done, by: office}
      lapse: {from: draft, to: sent, at: {days: 3, after: met_on}}
    """
    (found,) = findings(never_firing, w=flow)
    assert told([found]) == [("error", "never_fires", "w.transitions.lapse")]
    assert "day" in found.says.en


def test_branches_none_of_which_applies() -> None:
    flow = """
    facts: {ok: {type: bool, initial: false}}
    transitions:
      end: {from: draft, to: [{state: sent, when: ok}, {state: done, when: ok}], by: office}
    """
    (found,) = findings(never_firing, w=flow)
    assert "branches" in found.says.en


def test_a_transition_behind_a_state_that_is_never_come_to_is_not_told_again() -> None:
    flow = """
    facts: {ok: {type: bool, initial: false}}
    rules: {is_ok: {requires: ok}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [is_ok]}
      end: {from: sent, to: done, by: office, needs: [is_ok]}
    """
    assert told(findings(never_firing, w=flow)) == [("error", "never_fires", "w.transitions.send")]


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("again.on is not None", ""),
        ("told", ", set: {told: 'True'}"),
        ("rounds > 1", ", set: {rounds: rounds + 1}"),
    ],
)
def test_a_transition_that_could_only_follow_itself_can_never_be_first(
    rule: str, more: str
) -> None:
    flow = f"""
    facts: {{told: {{type: bool}}, rounds: {{type: int, initial: 1}}}}
    rules: {{rule: {{requires: {rule}}}}}
    transitions:
      again: {{from: draft, to: sent, by: office, needs: [rule]{more}}}
      back: {{from: sent, to: draft, by: office}}
    """
    (found,) = findings(never_firing, w=flow)
    assert told([found]) == [("error", "never_first", "w.transitions.again")]
    assert found.witness.parts == ("rule",)
    first = "\n      once: {from: draft, to: sent, by: office, set: {told: 'True', rounds: 2}}\n"
    if "on is" not in rule:
        assert findings(never_firing, w=flow.rstrip() + first) == []


def test_a_fact_that_comes_with_the_act_needs_no_earlier_one() -> None:
    flow = """
    facts: {told: {type: bool}}
    rules: {rule: {requires: told}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [rule], records: [told]}
    """
    assert findings(never_firing, w=flow) == []


WAITING = f"""
{TRACKS}
rules:
  b_ready: {{requires: b.state == "b1", clauses: [R1]}}
  a_ready: {{requires: a.state == "a1", clauses: [R2]}}
transitions:
  go_a: {{track: a, from: a0, to: a1, by: office, needs: [b_ready]}}
  end_a: {{track: a, from: a1, to: a2, by: office}}
  go_b: {{track: b, from: b0, to: b1, by: office, needs: [a_ready]}}
  end_b: {{track: b, from: b1, to: b2, by: office}}
"""


def test_two_tracks_that_wait_for_each_other() -> None:
    (found,) = findings(never_firing, w=WAITING)
    assert told([found]) == [("error", "waits_in_a_circle", "w.transitions.go_a")]
    assert found.witness.parts == ("go_a", "go_b")
    sound = WAITING.replace(", needs: [a_ready]", "")
    assert findings(never_firing, w=sound) == []


def test_a_track_that_waits_for_a_later_state_of_one_that_waits_for_it() -> None:
    flow = WAITING.replace('b.state == "b1"', 'b.state == "b2"')
    (found,) = findings(never_firing, w=flow)
    assert found.witness.parts == ("go_a", "end_b", "go_b")


def test_a_fact_that_only_comes_after_what_needs_it() -> None:
    flow = """
    facts: {paid: {type: bool}, note: {type: text, by: office, during: is_sent}}
    rules:
      is_paid: {requires: paid}
      noted: {requires: note is not None}
      is_sent: {requires: state == "sent"}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [is_paid]}
      pay: {from: sent, by: office, records: [paid]}
      end: {from: sent, to: done, by: office}
    """
    (found,) = findings(never_firing, w=flow)
    assert told([found]) == [("error", "waits_in_a_circle", "w.transitions.send")]
    assert found.witness.parts == ("send", "pay")
    noted = flow.replace("needs: [is_paid]", "needs: [noted]")
    (found,) = findings(never_firing, w=noted)
    assert told([found]) == [("error", "never_first", "w.transitions.send")]
    assert findings(never_firing, w=noted.replace(", during: is_sent", "")) == []


def test_parent_and_children_that_wait_for_each_other() -> None:
    parent = """
    children: {parts: part}
    rules: {some: {requires: 'any(p.state == "sent" for p in parts)'}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [some]}
      end: {from: sent, to: done, by: office}
    """
    child = """
    rules: {open: {requires: 'parent.state in {"sent", "done"}'}}
    transitions:
      start: {from: draft, to: sent, by: office, needs: [open]}
      end: {from: sent, to: done, by: office}
    """
    (found,) = findings(never_firing, w=parent, part=child)
    assert told([found]) == [("error", "waits_in_a_circle", "w.transitions.send")]
    assert found.witness.parts == ("w.send", "part.start")
    # of no children, all are sent
    assert findings(never_firing, w=parent.replace("any(", "all("), part=child) == []


def test_what_fires_under_another_option_is_not_told() -> None:
    policies = """
    policies:
      strict: {options: {no: false, yes: true}, default: no, says: {en: s, zh: s}}
    """
    flow = """
    rules: {strict: {requires: policy.strict}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [strict]}
      end: {from: draft, to: done, by: office}
    """
    assert findings(never_firing, policies, w=flow) == []


PARENT = """
children: {parts: part}
transitions:
  send: {from: draft, to: sent, by: office}
  back: {from: sent, to: draft, by: office}
  end: {from: sent, to: done, by: office}
"""
PART = """
opening: {by: office, needs: [ready]}
rules:
  ready: {requires: 'parent.state == "sent"'}
  early: {requires: 'parent.state == "draft"', clauses: [R1]}
  late: {requires: 'parent.state == "done"'}
transitions:
  send: {from: draft, to: sent, by: office, needs: [early]}
  end: {from: sent, to: done, by: office}
"""
NO_WAY_BACK = PARENT.replace("from: sent, to: draft", "from: sent, to: sent")


def test_a_state_that_the_parent_has_left_when_a_child_is_opened() -> None:
    assert findings(never_firing, top=PARENT, part=PART) == []
    (found,) = findings(never_firing, top=NO_WAY_BACK, part=PART)
    assert told([found]) == [("error", "never_fires", "part.transitions.send")]
    assert found.witness.parts == ("early",)
    assert found.clauses == ("R1",)
    anyhow = PART.replace(", needs: [ready]", "")
    assert findings(never_firing, top=NO_WAY_BACK, part=anyhow) == []


def test_a_state_that_the_parent_has_left_when_a_duty_begins() -> None:
    duty = """
duties:
  monthly: {opens: parts, first: {days: 1, after: opened}, every: {months: 1}, while: 'WHILE'}
"""
    part = PART.replace("by: office, needs: [ready]", "needs: [ready]")
    while_sent = NO_WAY_BACK + duty.replace("WHILE", 'state == "sent"')
    found = findings(never_firing, top=while_sent, part=part)
    assert told(found) == [("error", "never_fires", "part.transitions.send")]
    any_time = NO_WAY_BACK + duty.replace(", while: 'WHILE'", "")
    assert findings(never_firing, top=any_time, part=part) == []
    # by hand as well, then from other states too
    by_hand = part.replace("opening: {needs: [ready]}", "opening: {by: office}")
    assert findings(never_firing, top=while_sent, part=by_hand) == []


def test_rules_that_ask_contrary_things_of_one_parent() -> None:
    part = PART.replace("needs: [early]", "needs: [early, late]")
    (found,) = findings(never_firing, top=PARENT, part=part)
    assert found.witness.parts == ("early", "late")


def test_a_setting_that_leaves_the_bounds_of_its_fact() -> None:
    flow = """
    facts: {rounds: {type: int, initial: 0, minimum: 0, maximum: MAX}}
    transitions:
      again: {from: draft, by: office, set: {rounds: rounds + 1}}
      end: {from: draft, to: done, by: office}
    """
    assert findings(never_firing, w=flow.replace("MAX", "1")) == []
    (found,) = findings(never_firing, w=flow.replace("MAX", "0"))
    assert "what it sets never fits" in found.says.en
