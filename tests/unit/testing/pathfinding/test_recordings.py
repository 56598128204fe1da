"""Recordings: each answer to whether a fact may be recorded is shown, once."""

from __future__ import annotations

from reformflow.engine import Engine
from reformflow.formats import load
from reformflow.model import Code, Record, Request
from reformflow.testing import Pathfinder, paths
from reformflow.testing.pathfinding import Course
from reformflow.testing.pathfinding.recordings import recordings
from support.building import reform_of

REFORM = reform_of(
    case="""
        opening: {by: office}
        facts:
          size: {type: int, by: office, during: 'state == "draft"'}
          name: {type: text, by: office, during: size > 3}
          note: {type: text, by: office}
        rules: {large: {requires: size > 5}}
        transitions: {send: {from: draft, to: sent, by: office, needs: large, may_record: size}}
    """
)


def shown(course: Course) -> list[tuple[str, str]]:
    """Return the facts of the records at the end of a course, with what came of each."""
    found: list[tuple[str, str]] = []
    for step in course.steps:
        if isinstance(step.asked, Request) and isinstance(step.asked.act, Record):
            (name,) = step.asked.act.facts
            codes = [one for one in step.refusals if one.code is Code.NOT_NOW]
            unknown = bool(codes and codes[0].missing)
            found.append((name, "unknown" if unknown else "refused" if codes else "granted"))
    return found


def test_every_answer_is_shown_where_a_course_comes_to_it() -> None:
    finder = Pathfinder(Engine(REFORM))
    courses = list(recordings(finder.engine, "case", paths(finder, "case").courses))
    found = {one for course in courses for one in shown(course)}
    assert found >= {
        ("size", "granted"), ("size", "refused"), ("name", "granted"), ("name", "unknown"),
    }  # fmt: skip
    assert all(name != "note" for name, _ in found)


def test_of_a_reform_without_such_conditions_there_is_nothing_to_show() -> None:
    finder = Pathfinder(load("uk-service-standard"))
    assert list(recordings(finder.engine, "spending", paths(finder, "spending").courses)) == []
