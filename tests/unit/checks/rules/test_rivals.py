"""Automatic transitions that can fire at once are found, with the case in which they do."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks.rules.rivals import automatic_at_once
from reformflow.language import parse
from reformflow.language.meaning import View, evaluate
from support.checking import found as findings

FLOW = """
    facts:
      paid: {type: bool, by: [office]}
      sum_due: {type: int, by: [office], minimum: 0}
      closes_on: {type: date, by: [office]}
    rules:
      one: {requires: 'ONE', clauses: [R1]}
      two: {requires: 'TWO', clauses: [R2]}
    transitions:
      accept: {from: draft, to: sent, automatic: true, needs: [one], clauses: [R3]}
      reject: {from: OTHER, to: TARGET, automatic: true, needs: [two], clauses: [R4]}
"""


def flow(one: str, two: str, other: str = "draft", target: str = "done") -> str:
    text = FLOW.replace("ONE", one).replace("TWO", two)
    return text.replace("OTHER", other).replace("TARGET", target)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("paid", "sum_due < 10"),
        ("paid", "paid"),
        ("sum_due < 10", "sum_due > 5"),
        ("closes_on < today", "sum_due > 5"),
    ],
)
def test_two_that_are_true_at_once_are_found_with_a_case(one: str, two: str) -> None:
    (found,) = findings(automatic_at_once, item=flow(one, two))
    assert (found.code, found.path) == ("automatic_at_once", "item.transitions.reject")
    assert found.witness.parts == ("accept", "reject")
    assert found.clauses == ("R3", "R4")
    assert isinstance(found.witness.on, date)
    view = View(dict(found.witness.values), found.witness.on)
    assert evaluate(parse(one), view) is True
    assert evaluate(parse(two), view) is True


@pytest.mark.parametrize(
    "item",
    [
        flow("paid", "not paid"),
        flow("paid and sum_due < 10", "sum_due >= 10"),
        flow("closes_on < today", "closes_on >= today"),
        flow("paid", "paid", other="sent"),
        flow("paid", "sum_due < 10", target="sent"),
        flow("paid", "sum_due < 10").replace("automatic: true, needs: [two]", "by: office"),
    ],
)
def test_what_excludes_each_other_or_leads_to_the_same_is_fine(item: str) -> None:
    assert not findings(automatic_at_once, item=item)
