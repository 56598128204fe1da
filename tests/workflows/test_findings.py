"""What the checks of dates and clauses find in the shipped reforms: what is there, and no more."""

from __future__ import annotations

import pytest

from reformflow.checks import check
from reformflow.checks.catalogue import CLAUSES, DATES
from reformflow.formats import load
from support.building import day
from support.checking import told

BEFORE = ("warning", "deadline_before_effect")
DAY_OFF = ("note", "due_on_day_off")
PUTUO = [
    (*BEFORE, "department.transitions.approve_setup.due"),
    (*BEFORE, "department.transitions.confirm_section.due"),
    (*DAY_OFF, "department.transitions.issue_letter.due"),
    (*DAY_OFF, "department.transitions.complete_filing.due"),
]


@pytest.mark.parametrize(
    ("reform", "expected"),
    [("putuo-2021-9", PUTUO), ("cisa-directives", []), ("uk-service-standard", [])],
)
def test_what_is_found_in_a_shipped_reform(reform: str, expected: list[tuple[str, ...]]) -> None:
    assert told(check(load(reform), checks=(*DATES, *CLAUSES))) == expected


def test_the_first_deadline_lies_before_the_day_of_issue_and_both_clauses_are_cited() -> None:
    finding = check(load("putuo-2021-9"), checks=DATES)[0]
    assert {"R4.1.1", "R0.6"} <= set(finding.clauses)
    assert finding.witness.schedule == (
        ("approve_setup.due", day("02-10")),
        ("effective", day("02-20")),
    )


@pytest.mark.parametrize(
    ("choices", "code", "path", "severity"),
    [
        ({"deadlines_before_issue": "enforce"}, BEFORE[1], PUTUO[0][2], "error"),
        (
            {"deadlines_applies_to": "submission"},
            BEFORE[1],
            "department.transitions.submit_setup.due",
            "warning",
        ),
        ({"deadlines_boundary": "exclusive"}, DAY_OFF[1], PUTUO[2][2], "note"),
    ],
)
def test_it_is_found_under_other_readings_too(
    choices: dict[str, str], code: str, path: str, severity: str
) -> None:
    findings = told(check(load("putuo-2021-9").choosing(**choices), checks=DATES))
    assert (severity, code, path) in findings


@pytest.mark.parametrize("choices", [{"document_effective_from": "adopted_on"}])
def test_it_is_not_where_the_opinions_hold_from_their_adoption(choices: dict[str, str]) -> None:
    findings = check(load("putuo-2021-9").choosing(**choices), checks=DATES)
    assert not [finding for finding in findings if finding.code == BEFORE[1]]


def test_a_deadline_that_is_rolled_does_not_end_on_a_day_off() -> None:
    findings = check(load("putuo-2021-9").choosing(deadlines_roll="next_working_day"), checks=DATES)
    assert not [finding for finding in findings if finding.code == DAY_OFF[1]]
