"""What the checks of dates and clauses find in the shipped reforms: what is there, and no more."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from reformflow.checks import check
from reformflow.checks.catalogue import CLAUSES, DATES, RULES, STRUCTURE
from reformflow.formats import load
from reformflow.language import parse
from reformflow.model import Finding, Rule
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


# ------------------------------------------------------ readings that the definition avoids


def reading(workflow: str, act: str, **changes: Any) -> tuple[Finding, ...]:
    """Return what is found in the reform with one act changed, and one rule more if given."""
    reform = load("putuo-2021-9").choosing(secondment_minimum="hard_block")
    flow = reform.workflow(workflow)
    rules = changes.pop("rules", ())
    changed = attrs.evolve(
        flow,
        rules=(*flow.rules, *rules),
        transitions=tuple(
            attrs.evolve(item, **changes) if item.id == act else item for item in flow.transitions
        ),
    )
    flows = [changed if item.id == workflow else item for item in reform.workflows]
    return check(attrs.evolve(reform, workflows=tuple(flows)), checks=(*STRUCTURE, *RULES, *DATES))


def codes(findings: tuple[Finding, ...], path: str) -> set[str]:
    return {finding.code for finding in findings if finding.path == path and not finding.policies}


def test_two_years_and_three_months_for_the_same_person_exclude_each_other() -> None:
    acts = {item.id: item for item in load("putuo-2021-9").workflow("secondment").transitions}
    findings = reading("secondment", "rotate_out", window=acts["recall"].window)
    assert codes(findings, "secondment.rules.inside_rotation") == {"dates_infeasible"}
    act = codes(findings, "secondment.transitions.rotate_out")
    assert "rules_exclude_each_other" in act


def test_a_letter_that_rests_on_the_later_plan_waits_for_itself() -> None:
    flow = load("putuo-2021-9").workflow("department")
    needs = next(item.needs for item in flow.transitions if item.id == "issue_letter")
    rule = Rule("rests_on_plan", parse("approve_plan.on is not None"), clauses=("R4.3.6",))
    findings = reading("department", "issue_letter", needs=(*needs, rule.id), rules=(rule,))
    found = codes(findings, "department.transitions.issue_letter")
    assert {"waits_in_a_circle", "fact_needed_too_soon"} <= found
