"""Automatic transitions that can fire at once are found, with the case in which they do."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks.rules.rivals import automatic_at_once
from reformflow.language import parse
from reformflow.language.meaning import View, evaluate
from reformflow.model import Finding
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


PARENT = """
children: {inspections: inspection}
transitions: {close: {from: draft, to: done, by: office}}
"""
INSPECTION = """
opening: {by: office}
children: {samples: sample}
tracks: {t: {initial: planned, states: {planned: , waiting: , judged: , off: {final: true}}}}
rules:
  open: {requires: 'parent.state == "draft"'}
  out: {requires: 'any(s.state == "draft" for s in samples)'}
  back: {requires: 'all(s.state != "draft" for s in samples)'}
  closed: {requires: 'parent.state == "done"'}
transitions:
  send: {from: planned, to: waiting, by: office, needs: [out]}
  judge: {from: waiting, to: judged, automatic: true, needs: [back]}
  call_off: {from: [waiting, judged], to: off, automatic: true, needs: [closed]}
"""
SAMPLE = """
opening: {by: office}
transitions: {analyse: {from: draft, to: done, by: office}}
"""


def rivals(inspection: str) -> list[Finding]:
    return findings(automatic_at_once, top=PARENT, inspection=inspection, sample=SAMPLE)


def test_what_waits_for_different_kin_never_fires_at_once() -> None:
    assert rivals(INSPECTION) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", needs: [out]", ""),  # both may be true on arrival
        ("initial: planned", "initial: waiting"),  # or from the first day
        ("needs: [back]", "needs: [back, closed]"),  # one act of the parent may bring both
    ],
)
def test_what_may_become_true_together_is_found(old: str, new: str) -> None:
    assert [found.code for found in rivals(INSPECTION.replace(old, new))] == ["automatic_at_once"]
