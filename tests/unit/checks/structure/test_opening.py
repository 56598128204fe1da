"""Workflows of which no case can ever be opened are found."""

from __future__ import annotations

from reformflow.checks.structure.opening import never_opens
from support.checking import found as findings
from support.checking import told

FLOW = """
facts: {kind: {type: choice, choices: [big, small], by: office}}
rules:
  is_big: {requires: 'kind == "big"', clauses: [R1]}
  started: {requires: 'state != "draft"', clauses: [R2]}
opening: {by: office, records: [kind], needs: [is_big]}
transitions:
  end: {from: draft, to: done, by: office}
"""


def test_an_opening_that_needs_what_only_comes_later() -> None:
    assert findings(never_opens, w=FLOW) == []
    (found,) = findings(never_opens, w=FLOW.replace("needs: [is_big]", "needs: [is_big, started]"))
    assert told([found]) == [("error", "never_opens", "w.opening")]
    assert found.witness.parts == ("started",)
    assert found.clauses == ("R2",)
    (found,) = findings(never_opens, w=FLOW.replace("records: [kind], ", ""))
    assert found.witness.parts == ("is_big",)


def test_a_case_that_a_duty_opens_needs_nothing() -> None:
    parent = """
    children: {parts: w}
    transitions:
      end: {from: draft, to: done, by: office}
    duties:
      monthly: {opens: parts, first: {days: 1, after: opened}, every: {months: 1}}
    """
    flow = FLOW.replace("records: [kind], ", "")
    assert told(findings(never_opens, top=parent, w=flow)) == []


def test_an_opening_that_asks_contrary_things_of_the_parent() -> None:
    parent = """
    children: {parts: part}
    transitions:
      end: {from: draft, to: done, by: office}
    """
    part = """
    rules:
      draft: {requires: 'parent.state == "draft"'}
      done: {requires: 'parent.state == "done"'}
    opening: {by: office, needs: [draft, done]}
    transitions:
      end: {from: draft, to: done, by: office}
    """
    (found,) = findings(never_opens, top=parent, part=part)
    assert found.witness.parts == ("draft", "done")
    assert findings(never_opens, top=parent, part=part.replace("[draft, done]", "[done]")) == []
