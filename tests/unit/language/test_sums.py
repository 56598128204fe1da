"""`sum` adds a number over child cases, and is unknown where a number is."""

from __future__ import annotations

import pytest

from reformflow.model import Code
from reformflow.words.refusals import expression_sentence
from support.building import Play, faults_of, only, reasons

FUND = """
children: {grants: grant}
facts: {budget: {type: int, by: office}}
rules:
  within: {requires: "sum(g.amount for g in grants if g.kept) <= budget", clauses: [R1]}
transitions: {pay: {from: draft, to: done, by: office, needs: [within]}}
"""
GRANT = """
opening: {by: office, may_record: [amount, kept]}
facts: {amount: {type: int}, kept: {type: bool}, name: {type: text}}
"""


def fund(*grants: dict[str, int | bool]) -> Play:
    play = Play(fund=FUND, grant=GRANT)
    assert play.open().granted
    assert play.record(budget=10).granted
    for number, facts in enumerate(grants):
        assert play.open(case=f"g{number}", workflow="grant", parent="c", **facts).granted
    return play


def test_the_numbers_of_the_children_that_count_are_added() -> None:
    kept = {"amount": 5, "kept": True}
    assert fund(kept, kept, {"amount": 99, "kept": False}).fire("pay").granted
    refusal = only(fund(kept, kept, {"amount": 1, "kept": True}).fire("pay"), Code.RULE_BROKEN)
    assert (refusal.subject, refusal.clauses) == ("within", ("R1",))


def test_without_children_the_sum_is_nought() -> None:
    assert fund().fire("pay").granted


@pytest.mark.parametrize("grant", [{"amount": 1}, {"kept": True}])
def test_a_number_or_condition_not_recorded_leaves_the_sum_unknown(grant: dict[str, int]) -> None:
    assert reasons(fund(grant).fire("pay")) == [(Code.NOT_RECORDED, "within")]


def test_a_child_that_does_not_count_needs_no_number() -> None:
    assert fund({"kept": False}).fire("pay").granted


def test_only_whole_numbers_are_added() -> None:
    broken = FUND.replace("g.amount", "g.name")
    assert faults_of(fund=broken, grant=GRANT) == {("fund.rules.within.requires", "type")}


def test_a_sum_is_not_itself_true_or_false() -> None:
    broken = FUND.replace(" <= budget", "")
    assert faults_of(fund=broken, grant=GRANT) == {("fund.rules.within.requires", "type")}


def test_a_sum_is_said_in_both_languages() -> None:
    bound = fund().engine.program.bound
    flow = bound.workflows["fund"]
    rule = flow.rules["within"].expression
    english = expression_sentence(flow, bound, rule, "en")
    assert "the sum of" in english
    assert "之和" in expression_sentence(flow, bound, rule, "zh")
