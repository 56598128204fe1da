"""Offices that answer for a date without any right are found, and roles that nobody needs."""

from __future__ import annotations

from reformflow.checks.authority.offices import offices_without_right, unused_roles
from reformflow.model import Severity
from support.checking import found as findings
from support.checking import told

FLOW = """
opening: {by: bureau}
corrected_by: [treasury]
transitions:
  send: {from: draft, to: sent, by: bureau, due: {days: 3, after: opened, answerable: archive, clauses: [R1]}}
  end: {from: sent, to: done, by: office}
"""  # noqa: E501
SOUND = FLOW.replace("answerable: archive", "answerable: bureau")


def test_an_office_that_answers_but_may_do_nothing() -> None:
    (found,) = findings(offices_without_right, w=FLOW)
    assert told([found]) == [
        ("warning", "answers_without_right", "w.transitions.send.due.answerable")
    ]
    assert found.clauses == ("R1",)
    assert found.witness.parts == ("archive",)
    assert findings(offices_without_right, w=SOUND) == []


def test_an_office_with_any_right_may_answer() -> None:
    fact = "facts: {note: {type: text, by: archive}}\n"
    assert findings(offices_without_right, w=fact + FLOW) == []
    top = """
    opening: {by: archive}
    children: {parts: w}
    transitions: {end: {from: draft, to: done, by: archive}}
    """
    assert findings(offices_without_right, top=top, w=FLOW) == []


def test_one_of_those_who_answer_is_enough() -> None:
    several = "answerable: [{role: archive, when: since < today}, {role: bureau}]"
    assert findings(offices_without_right, w=FLOW.replace("answerable: archive", several)) == []


def test_a_role_that_is_used_nowhere_is_a_note() -> None:
    (found,) = findings(unused_roles, w=SOUND)
    assert told([found]) == [("note", "unused_role", "reform.roles.archive")]
    assert found.severity is Severity.NOTE
    assert findings(unused_roles, w=FLOW) == []
