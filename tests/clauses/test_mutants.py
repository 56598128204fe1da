"""Whoever deletes or weakens one rule, date or role of the Putuo reform is noticed by a test.

Every mutant is hunted by `python -m support.putuo_suite`; a sample of them is hunted here.
`survivors.md` names the few that make no difference, and why.
"""

from __future__ import annotations

import os
import random

import attrs
import pytest

from reformflow.model import And, Compare, Comparison, Literal, Name, Or
from reformflow.testing.mutants.making import Mutant, mutants
from reformflow.testing.mutants.rules import others
from support.building import reform_of
from support.putuo import Town, shipped
from support.putuo_suite import INVALID, explained, killer, shipped_mutants, suite, summary

SEED = int(os.environ.get("MUTANT_SEED", "20210220"))
SAMPLE = int(os.environ.get("MUTANT_SAMPLE", "120"))


@pytest.fixture(scope="module")
def every() -> dict[str, Mutant]:
    """All mutants of the shipped reform, by name."""
    return {mutant.name: mutant for mutant in shipped_mutants()}


def test_a_sample_of_mutants_is_noticed(every: dict[str, Mutant]) -> None:
    names = sorted(every.keys() - explained())
    chosen = random.Random(SEED).sample(names, SAMPLE)
    alive = [name for name in chosen if killer(every[name]) is None]
    assert alive == [], f"seed {SEED}"


def test_what_lives_on_is_written_down_and_exists(every: dict[str, Mutant]) -> None:
    assert explained() <= every.keys()
    assert len(explained()) <= len(every) // 100


def test_every_kind_of_part_is_changed(every: dict[str, Mutant]) -> None:
    kinds = {" ".join(name.split(": ")[1].split()[:1]) for name in every}
    assert kinds == {
        "document", "policies", "roles", "clauses", "children", "opening", "correct", "facts",
        "tracks", "rules", "transitions",
    }  # fmt: skip
    assert len(every) > 6000


def test_a_rule_that_is_lost_is_noticed_by_a_check_of_its_clause(every: dict[str, Mutant]) -> None:
    found = killer(every["department: rules no_more_posts requires True"])
    assert found is not None
    assert "no_more_posts R3.1.2" in found


def test_a_reform_from_which_nothing_was_lost_is_not_accused() -> None:
    town = Town(shipped())
    for listed in suite()[:300]:
        listed.trial.run(town)


def test_a_mutant_that_cannot_be_bound_is_told_apart() -> None:
    reform = shipped()
    flows = tuple(attrs.evolve(flow, tracks=()) for flow in reform.workflows)
    broken = Mutant("broken", attrs.evolve(reform, workflows=flows), frozenset())
    assert killer(broken) == INVALID


def test_a_hunt_says_how_many_were_tried_killed_and_survived() -> None:
    found = [("a", "the card"), ("b", None), ("c", "the card"), ("d", INVALID), ("e", None)]
    assert list(summary(found, frozenset({"b"}))) == [
        "the card: 2",
        "lives on: 2",
        "does not load: 1",
        "a test is missing: e",
        "tried 5, killed 3, survived 2: 1 with a reason, 1 without",
    ]


def test_a_comparison_is_weakened_strengthened_and_turned() -> None:
    rule = Compare(Comparison.LE, Name("a"), Literal(3))
    le, three, four, two = Name("a"), Literal(3), Literal(4), Literal(2)
    assert set(others(rule)) == {
        Literal(True),
        Compare(Comparison.LT, le, three),
        Compare(Comparison.GE, le, three),
        Compare(Comparison.EQ, le, three),
        Compare(Comparison.LE, le, four),
        Compare(Comparison.LE, le, two),
    }


def test_each_part_of_a_conjunction_is_lost_once() -> None:
    a, b, c = Name("a"), Name("b"), Name("c")
    found = set(others(And((a, b, c))))
    assert {And((a, b)), And((a, c)), And((b, c)), Or((a, b, c)), Literal(True)} == found


def test_a_small_reform_has_the_mutants_one_would_write_by_hand() -> None:
    reform = reform_of(
        c="""
        facts:
          size: {type: int, by: [office]}
        rules:
          small: {requires: size <= 3, clauses: [R1]}
        transitions:
          send: {from: draft, to: sent, by: office, needs: [small], clauses: [R2],
                 due: {on: 2021-03-05, late: reason, answerable: office}}
        """
    )
    names = {mutant.name for mutant in mutants(reform)}
    assert {
        "c: transitions send needs without small",
        "c: transitions send by without office",
        "c: transitions send by with bureau",
        "c: transitions send due date 0 on 2021-03-06",
        "c: transitions send due late flag",
        "c: transitions send dropped",
        "c: rules small requires size < 3",
        "c: rules small clauses without R1",
    } <= names
