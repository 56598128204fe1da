"""Rules that make no difference are found; those that an option switches off are not."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.idle import rules_always_true, rules_implied
from support.checking import parts

FLOW = """
    children: {matters: matter}
    facts:
      posts: {type: int, by: [office], minimum: 0, maximum: 100}
      units: {type: int, by: [office], minimum: 1}
      kind: {type: choice, choices: [whole, part], by: [office]}
      flag: {type: bool}
      lost: {type: bool}
      open: {type: bool, initial: true}
      plan_on: {type: date, by: [office]}
      soon: {type: date, derived: {days: 3, after: plan_on}}
    rules:
      asked: {requires: 'RULE', clauses: [R1]}
      other: {requires: 'OTHER', clauses: [R2]}
      third: {requires: 'THIRD', clauses: [R3]}
    transitions:
      mark: {from: draft, by: [office], set: {flag: true}}
      send: {from: draft, to: sent, by: [office], needs: [asked, other, third]}
"""
MATTER = """
    facts:
      in_scope: {type: bool, by: [office]}
"""
HEAD = """
    policies:
      mode: {options: [strict, ignore], default: ignore}
      least: {options: {none: 0, some: 5}, default: none}
"""


def flow(rule: str, other: str = "units > 3", third: str = "plan_on < today") -> str:
    return FLOW.replace("RULE", rule).replace("OTHER", other).replace("THIRD", third)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("True", "rule_always_true"),
        ("posts is None or posts >= 0", "rule_always_true"),
        ("open", "rule_always_true"),
        ("plan_on is None or soon > plan_on", "rule_always_true"),
        ("progress.since <= today", "rule_always_true"),
        ("count(m for m in matters) >= 0", "rule_always_true"),
        ('progress.state in {"draft", "sent", "done"}', "rule_always_true"),
        ("posts >= 0", "rule_never_broken"),
        ("posts <= 3 or posts > 3", "rule_never_broken"),
        ('kind == "whole" or kind == "part"', "rule_never_broken"),
        ("units + posts > 0", "rule_never_broken"),
        ("soon > plan_on", "rule_never_broken"),
        ("all(m.in_scope or not m.in_scope for m in matters)", "rule_never_broken"),
    ],
)
def test_a_rule_that_nobody_can_fail_is_found(rule: str, code: str) -> None:
    found = parts(rules_always_true, HEAD, item=flow(rule), matter=MATTER)
    assert found == {(code, "item.rules.asked"): ("asked",)}


@pytest.mark.parametrize(
    "rule",
    [
        "posts is not None",
        "posts > 0",
        'kind == "whole"',
        "flag",
        "lost",
        "lost is None and posts > 0",
        "posts <= units",
        "mark.on <= today",
        "all(m.in_scope for m in matters)",
        'policy.mode == "ignore" or posts > 3',
        "posts >= policy.least",
        'progress.state == "draft"',
    ],
)
def test_a_rule_that_refuses_something_is_none(rule: str) -> None:
    assert not parts(rules_always_true, HEAD, item=flow(rule), matter=MATTER)


def test_what_is_always_true_whatever_options_are_chosen_is_found() -> None:
    rule = 'policy.mode == "ignore" or posts is None or posts >= 0'
    found = parts(rules_always_true, HEAD, item=flow(rule), matter=MATTER)
    assert found == {("rule_always_true", "item.rules.asked"): ("asked",)}


def test_policies_are_found_through_the_rules_that_a_rule_names() -> None:
    named = 'rules:\n      switched: {requires: policy.mode == "ignore"}'
    item = flow("switched or posts > 5").replace("rules:", named)
    assert not parts(rules_always_true, HEAD, item=item, matter=MATTER)


def test_a_rule_that_a_bound_of_time_empties_is_found() -> None:
    item = flow("posts > 3").replace(
        "clauses: [R1]", "since: 2021-06-01, until: 2021-05-01, clauses: [R1]"
    )
    found = parts(rules_always_true, item=item, matter=MATTER)
    assert found == {("rule_always_true", "item.rules.asked"): ("asked",)}


NEED = "item.transitions.send.needs"


@pytest.mark.parametrize(
    ("rule", "other", "third", "expected"),
    [
        ("posts > 5", "posts > 3", "plan_on < today", {1: ("other", "asked")}),
        ("posts > 3", "posts > 5", "plan_on < today", {0: ("asked", "other")}),
        ("posts > 3", "posts > 3", "plan_on < today", {1: ("other", "asked")}),
        ("posts > 3", "units > posts", "units > 4", {2: ("third", "asked", "other")}),
        ('kind == "whole"', 'kind != "part"', "plan_on < today", {1: ("other", "asked")}),
        ("posts > 3", "posts is not None", "plan_on < today", {1: ("other", "asked")}),
        (
            "all(m.in_scope for m in matters)",
            "not any(not m.in_scope for m in matters)",
            "plan_on < today",
            {1: ("other", "asked")},
        ),
        ("posts > 3", "units > 3", "plan_on < today", {}),
        ("posts > 3", "posts < 9", "plan_on < today", {}),
        ("posts > 5", "posts > policy.least", "plan_on < today", {1: ("other", "asked")}),
        ("posts > 3", "posts > policy.least", "plan_on < today", {}),
        ("posts > 3", "posts < 3", "units > 2", {}),
    ],
)
def test_a_rule_that_others_imply_is_found(
    rule: str, other: str, third: str, expected: dict[int, tuple[str, ...]]
) -> None:
    found = parts(rules_implied, HEAD, item=flow(rule, other, third), matter=MATTER)
    assert found == {
        ("rule_implied", f"{NEED}[{index}]"): named for index, named in expected.items()
    }
