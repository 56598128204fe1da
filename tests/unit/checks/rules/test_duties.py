"""A duty that no case can ever owe is found."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.duties import duties_never_opening
from support.checking import parts

CASE = """
children: {reports: report}
facts:
  complete: {type: bool, initial: false, by: office}
  posts: {type: int, minimum: 0, by: office}
transitions:
  end: {from: draft, to: done, by: office}
duties:
  monthly:
    opens: reports
    first: {days: 1, after: opened}
    every: {months: 1}
    while: WHILE
    clauses: [R1]
"""
REPORT = """
transitions:
  send: {from: draft, to: sent, by: office}
"""


@pytest.mark.parametrize("condition", ["complete and not complete", "posts < 0", "'False'"])
def test_a_condition_that_no_case_meets(condition: str) -> None:
    found = parts(duties_never_opening, case=CASE.replace("WHILE", condition), report=REPORT)
    assert found == {("duty_never_opens", "case.duties.monthly.while"): ("monthly",)}


@pytest.mark.parametrize("condition", ["not complete", "posts > 3", 'state == "draft"'])
def test_a_condition_that_some_case_meets(condition: str) -> None:
    condition = f"'{condition}'"
    assert not parts(duties_never_opening, case=CASE.replace("WHILE", condition), report=REPORT)


COURSE = """
  send: {from: draft, to: sent, by: office, set: {sent_on: today}}
  out: {from: sent, to: done, by: office}
"""


@pytest.mark.parametrize(
    ("condition", "never"),
    [
        ('state == "sent" and sent_on is None', True),
        ('state == "sent" and sent_on is not None', False),
        ('state == "draft" and sent_on is None', False),
    ],
)
def test_a_condition_that_the_course_of_a_case_rules_out(condition: str, *, never: bool) -> None:
    case = CASE.replace("transitions:", f"transitions:{COURSE.rstrip()}")
    case = case.replace("facts:", "facts:\n  sent_on: {type: date}")
    found = parts(duties_never_opening, case=case.replace("WHILE", f"'{condition}'"), report=REPORT)
    assert bool(found) is never
