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
