"""What is told to a newcomer whose file is not yet right: where, and what to write instead."""

from __future__ import annotations

import pytest

from reformflow.errors import Problem
from reformflow.formats.folder import read_texts

REFORM = """\
reform: r
document: {title: T, issued_on: 2024-01-01}
calendar: china
roles: {office: {label: Office}, bureau: {label: Bureau}}
workflows: [w]
"""
FLOW = """\
workflow: w
opening: {by: office}
facts:
  n: {type: int, by: office}
tracks: {t: {initial: a, states: {a: , z: {final: true}}}}
rules:
  r1: {requires: n >= 1, says: enough}
transitions:
  go: {from: a, to: z, by: office, needs: [r1], due: {days: 5, after: opened}}
"""

MISTAKES = [
    ("n >= 1", 'n in {"x", "y"}', 7, "stands in quotes"),
    ("by: office}\nt", "by: office\nt", 5, "close what is open"),
    ("  n: {type: int", "   m: {type: int}\n  n: {type: int", 5, "the same indentation"),
    ("says: enough", "says： enough", 7, "an ordinary colon"),
    ("by: office, needs", "by: office, bureau, needs", 9, "several names stand in [ ]"),
    ("{days: 5, after: opened}", "2024-05-01", 9, "{on: 2021-02-10}"),
    ("needs: [r1]", "at: 2024-05-01", 9, "{on: 2021-02-10}"),
    ("  n:", "  return:", 4, "a word of Python"),
]


def problems(reform: str = REFORM, flow: str = FLOW) -> tuple[Problem, ...]:
    files = {"reform.yaml": reform, "clauses.yaml": "clauses: {}\n", "w.yaml": flow}
    return tuple(read_texts({name: text.encode() for name, text in files.items()})[1])


def test_the_file_without_mistakes_is_read() -> None:
    assert problems() == ()


@pytest.mark.parametrize(("right", "wrong", "line", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_remedy(
    right: str, wrong: str, line: int, told: str
) -> None:
    assert right in FLOW
    found = problems(flow=FLOW.replace(right, wrong, 1))
    assert any(told in str(problem) and problem.place.line == line for problem in found), found


@pytest.mark.parametrize(
    ("name", "meant"), [("China", "china"), ("country:UK", "country:GB"), ("weekday", "weekdays")]
)
def test_a_calendar_that_does_not_exist_is_told_where_it_stands(name: str, meant: str) -> None:
    (problem,) = problems(reform=REFORM.replace("calendar: china", f"calendar: {name}"))
    assert problem.code == "unknown_calendar"
    assert (problem.place.file, problem.place.line, problem.place.column) == ("reform.yaml", 3, 11)
    assert problem.hint == f"did you mean {meant!r}?"
    (inside,) = problems(reform=REFORM.replace("calendar: china", f"calendar: {{name: {name}}}"))
    assert inside.code == "unknown_calendar"
