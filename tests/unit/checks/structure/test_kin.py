"""A case and its children that wait for each other are found; what a child can do first is not."""

from __future__ import annotations

import pytest

from reformflow.checks.structure.kin import waiting_with_children
from reformflow.checks.structure.never import never_firing
from support.checking import found as findings
from support.checking import told

CASE = """
children: {parts: part}
rules: {all_sent: {requires: RULE, clauses: [R1]}}
transitions:
  begin: {from: draft, to: sent, by: office}
  end: {from: sent, to: done, by: office, needs: [all_sent]}
"""
PART = """
opening: {by: office}
rules: {ended: {requires: 'parent.state == "STATE"', clauses: [R2]}}
transitions:
  send: {from: draft, to: sent, by: office, needs: [ended]}
"""
ALL = "'all(p.state == \"sent\" for p in parts)'"


def test_a_case_that_waits_for_all_its_children_and_they_for_it() -> None:
    flows = {"case": CASE.replace("RULE", ALL), "part": PART.replace("STATE", "done")}
    assert findings(never_firing, **flows) == []  # a case without children ends
    (found,) = findings(waiting_with_children, **flows)
    assert told([found]) == [
        ("warning", "waits_once_there_are_children", "case.transitions.end"),
    ]
    assert found.witness.parts == ("case.end", "part.send")


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (ALL, "sent"),
        ("'all(p.state == \"draft\" for p in parts)'", "done"),
        ('\'all(p.state == "draft" or p.state == "sent" for p in parts)\'', "done"),
    ],
)
def test_children_that_need_not_wait_are_no_fault(rule: str, state: str) -> None:
    flows = {"case": CASE.replace("RULE", rule), "part": PART.replace("STATE", state)}
    assert findings(waiting_with_children, **flows) == []


def test_what_waits_for_each_other_anyhow_is_told_once() -> None:
    rule = ALL.replace("all(", "any(")
    flows = {"case": CASE.replace("RULE", rule), "part": PART.replace("STATE", "done")}
    assert findings(waiting_with_children, **flows) == []
    assert [finding.code for finding in findings(never_firing, **flows)] == ["waits_in_a_circle"]


def test_a_case_that_waits_until_no_child_is_so_any_more() -> None:
    rule = "'not any(p.state == \"draft\" for p in parts)'"
    flows = {"case": CASE.replace("RULE", rule), "part": PART.replace("STATE", "done")}
    (found,) = findings(waiting_with_children, **flows)
    assert told([found]) == [("warning", "waits_once_there_are_children", "case.transitions.end")]
    assert found.witness.parts == ("case.end", "part.send")


ANSWERED = '\'all(p.state in {"answered", "dropped"} for p in parts)\''
HEARD = """
opening: {by: office}
tracks:
  t:
    initial: draft
    states: {draft: , complete: , answered: {final: true}, dropped: {final: true}}
rules: {ended: {requires: 'parent.state == "STATE"'}}
transitions:
  check: {from: draft, to: complete, by: office}
  drop: {from: DROP, to: dropped, by: office}
  answer: {from: complete, to: answered, by: office, needs: [ended]}
"""


@pytest.mark.parametrize(
    "rule", [ANSWERED, '\'not any(p.state in {"draft", "complete"} for p in parts)\'']
)
def test_a_child_that_holds_up_what_it_waits_for_once_it_has_come_too_far(rule: str) -> None:
    flows = {"case": CASE.replace("RULE", rule), "part": HEARD.replace("DROP", "draft")}
    flows["part"] = flows["part"].replace("STATE", "done")
    (found,) = findings(waiting_with_children, **flows)
    assert told([found]) == [("warning", "child_holds_up", "case.transitions.end")]
    assert found.clauses == ("R1",)
    assert found.witness.parts == ("part in complete",)
    assert found.witness.steps == ("check",)


@pytest.mark.parametrize(("drop", "state"), [("[draft, complete]", "done"), ("draft", "sent")])
def test_a_child_that_has_another_way_on_holds_nothing_up(drop: str, state: str) -> None:
    part = HEARD.replace("DROP", drop).replace("STATE", state)
    assert findings(waiting_with_children, case=CASE.replace("RULE", ANSWERED), part=part) == []


def test_a_child_whose_end_is_meant_to_stop_the_case_is_no_fault() -> None:
    rule = "'all(p.state == \"answered\" for p in parts)'"
    part = HEARD.replace("DROP", "[draft, complete]").replace("STATE", "sent")
    assert findings(waiting_with_children, case=CASE.replace("RULE", rule), part=part) == []
