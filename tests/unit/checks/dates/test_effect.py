"""A date that had passed when the document took effect is found, whatever it is counted from."""

from __future__ import annotations

import attrs
import pytest

from reformflow.checks.dates.effect import dates_before_effect, rules_before_effect
from reformflow.model import Finding
from support.building import day, reform_of
from support.checking import found, found_in, three_steps, told

DUE = "one: {from: a, to: b, by: office, due: {%s, clauses: [R4]}}"


def of_due(due: str, head: str = "") -> list[Finding]:
    return found(dates_before_effect, head, case=three_steps(DUE % due))


def test_a_deadline_the_day_before_effect_is_found_and_shown_with_both_days() -> None:
    (finding,) = of_due("on: 2021-02-19")
    assert told([finding]) == [
        ("error", "deadline_before_effect", "case.transitions.one.due"),
    ]
    assert finding.witness.schedule == (("one.due", day("02-19")), ("effective", day("02-20")))
    assert "1 day before" in finding.says.en
    assert "早1天" in finding.says.zh


@pytest.mark.parametrize(
    "due",
    [
        "on: 2021-02-20",
        "days: 0, after: effective",
        "days: 10, after: told_on",
        "days: 1, before: opened",
        "on: 2021-02-20, roll: next_working_day",
    ],
)
def test_a_deadline_from_that_day_on_or_of_each_case_is_none(due: str) -> None:
    assert of_due(due) == []


@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("days: 1, before: effective", "02-19"),
        ("on: 2021-02-20, boundary: exclusive", "02-19"),
        ("on: 2021-02-20, roll: previous_working_day", "02-19"),
        ("dates: [{on: 2021-02-10, when: urgent}, {on: 2021-03-10}]", "02-10"),
    ],
)
def test_it_is_the_day_that_comes_out_which_counts(due: str, last: str) -> None:
    assert [finding.witness.schedule[0] for finding in of_due(due)] == [("one.due", day(last))]


@pytest.mark.parametrize(
    ("policy", "severity"), [("enforce", "error"), ("advisory", "warning"), ("waive", "warning")]
)
def test_it_is_an_error_only_where_it_binds_all_the_same(policy: str, severity: str) -> None:
    assert [f.severity for f in of_due(f"on: 2021-02-10, before_effect: {policy}")] == [severity]


def test_it_cites_the_date_and_the_day_of_effect() -> None:
    head = """
    effective_from: policy.effective
    policies:
      effective:
        options: {issued: 2021-02-20, adopted: 2021-01-28}
        default: issued
        clauses: [R2, R3]
    """
    assert of_due("on: 2021-02-10", head)[0].clauses == ("R4", "R2", "R3")
    adopted = head.replace("default: issued", "default: adopted")
    assert of_due("on: 2021-02-10", adopted) == []


def test_a_fact_is_followed_to_the_day_that_it_is_counted_from() -> None:
    flow = three_steps("one: {from: a, to: b, by: office, due: {days: 0, after: limit}}")
    flow = flow.replace(
        "facts:\n", "facts:\n  limit: {type: date, derived: {days: 3, before: effective}}\n"
    )
    assert told(found(dates_before_effect, case=flow)) == [
        ("error", "deadline_before_effect", "case.transitions.one.due"),
    ]


@pytest.mark.parametrize(("outside", "severity"), [("refuse", "error"), ("flag", "warning")])
def test_a_window_that_had_closed_is_found(outside: str, severity: str) -> None:
    window = f"{{closes: {{on: 2021-02-10}}, outside: {outside}}}"
    flow = three_steps(f"one: {{from: a, to: b, by: office, window: {window}}}")
    assert told(found(dates_before_effect, case=flow)) == [
        (severity, "window_before_effect", "case.transitions.one.window.closes"),
    ]


def test_a_date_that_is_switched_off_is_none() -> None:
    flow = three_steps(
        "one: {from: a, to: b, by: office, enabled: 'False', due: {on: 2021-02-10}}"
        "\ntwo: {from: a, to: b, by: office, due: {dates: [{on: 2021-02-10, when: 'False'}]}}"
    )
    assert found(dates_before_effect, case=flow) == []


def test_a_document_without_a_day_of_effect_has_no_dates_before_it() -> None:
    reform = reform_of(case=three_steps(DUE % "on: 1999-01-01"))
    undated = attrs.evolve(reform, document=attrs.evolve(reform.document, issued_on=None))
    assert found_in(dates_before_effect, reform) != []
    assert found_in(dates_before_effect, undated) == []


def test_where_no_policy_gives_the_day_of_effect_the_document_is_cited() -> None:
    reform = reform_of(case=three_steps(DUE % "on: 2021-02-10"))
    citing = attrs.evolve(reform, document=attrs.evolve(reform.document, clauses=("R1",)))
    assert found_in(dates_before_effect, citing)[0].clauses == ("R4", "R1")


@pytest.mark.parametrize(
    ("force", "days"),
    [
        ("until: 2021-01-31", ("until", "effective")),
        ("since: 2021-07-01, until: 2021-06-01", ("until", "since")),
        ("until: 2021-02-20", None),
        ("since: 2020-01-01", None),
        ("since: 2021-06-01, until: 2021-06-01", None),
    ],
)
def test_a_rule_that_is_never_in_force(force: str, days: tuple[str, ...] | None) -> None:
    flow = f"""
    rules: {{ban: {{requires: "False", {force}, clauses: [R1]}}}}
    transitions: {{end: {{from: draft, to: done, by: office, needs: [ban]}}}}
    """
    findings = found(rules_before_effect, w=flow)
    assert [one.code for one in findings] == ["rule_before_effect"] * bool(days)
    assert [tuple(step for step, _ in one.witness.schedule) for one in findings] == [days] * bool(
        days
    )
