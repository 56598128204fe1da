"""Openings: every outcome of opening a case is shown, and courses go to where rules break late."""

from __future__ import annotations

from reformflow.model import Open, Request
from reformflow.testing import Pathfinder, paths
from reformflow.testing.pathfinding import Course, Mark
from reformflow.testing.pathfinding.openings import openings
from support.building import reform_of

PLAN = """
children: {parts: part}
facts: {ends_on: {type: date, by: office}}
transitions:
  send: {from: draft, to: sent, by: office, records: [ends_on]}
"""
PART = """
opening: {by: office, needs: [small, running], records: [size]}
facts:
  size: {type: int, by: office}
  seen_on: {type: date, by: office}
rules:
  small: {requires: size < 5}
  running: {requires: parent.progress.state != "sent" or size == 1}
  before_the_end: {requires: parent.ends_on is None or seen_on <= parent.ends_on}
transitions:
  look: {from: draft, to: sent, by: office, needs: [before_the_end], may_record: [seen_on]}
"""
LATE_CHOICE = """
facts: {size: {type: int, by: office, during: 'progress.state == "draft"', minimum: 0}}
rules: {enough: {requires: size >= 0 and size <= 7}}
transitions:
  send: {from: draft, to: sent, by: office, records: [size]}
  close: {from: sent, to: done, by: office, needs: [enough]}
"""


def outcomes(course: Course) -> set[tuple[str, str]]:
    asked = course.asked[-1]
    assert isinstance(asked, Request)
    assert isinstance(asked.act, Open)
    return {(refusal.code.value, refusal.subject) for refusal in course.steps[-1].refusals}


def test_every_outcome_of_an_opening_is_shown() -> None:
    """Also that for which the parent has to have gone on."""
    courses = list(openings(Pathfinder(reform_of(plan=PLAN, part=PART)), "part"))
    found = set().union(*map(outcomes, courses))
    codes = {(code, subject) for code, subject in found if subject != "part"}
    assert codes >= {
        ("rule_broken", "small"),
        ("not_recorded", "small"),
        ("rule_broken", "running"),
    }
    assert {code for code, _ in found} >= {"not_authorised", "not_recorded", "rule_broken"}
    assert any(course.steps[-1].granted for course in courses)


def test_no_course_is_there_for_nothing() -> None:
    """Each shows an outcome that none before it did."""
    seen: set[tuple[str, str]] = set()
    for course in openings(Pathfinder(reform_of(plan=PLAN, part=PART)), "part"):
        new = outcomes(course) or {("", "")}
        assert new - seen
        seen |= new


def test_a_rule_is_broken_by_what_can_only_be_chosen_early() -> None:
    cover = paths(reform_of(flow=LATE_CHOICE), "flow")
    assert Mark("close", "rule_broken", "enough") in cover.shown


def test_a_rule_is_broken_and_unknown_once_the_parent_has_what_it_reads() -> None:
    cover = paths(reform_of(plan=PLAN, part=PART), "part")
    assert Mark("look", "rule_broken", "before_the_end") in cover.shown
    assert Mark("look", "not_recorded", "before_the_end") in cover.shown
