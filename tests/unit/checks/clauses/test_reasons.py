"""What is not enforced says why, and a rule says what it rests on."""

from __future__ import annotations

import attrs
import pytest

from reformflow.checks.clauses.reasons import (
    BINDING,
    rules_without_clause,
    standings_without_reason,
)
from reformflow.model import Modality, Reform, Standing, Text
from support.building import reform_of
from support.checking import found, found_in, told

NO_REASON = Text()
FLOW = """
facts: {seen: {type: bool, by: office}}
tracks: {progress: {initial: a, states: {a: , b: }}}
rules:
  rests: {requires: seen, clauses: [R1]}
  floats: {requires: seen}
  added: {requires: seen, basis: extension}
  meant: {requires: seen, basis: inferred}
transitions: {one: {from: a, to: b, by: office, needs: [rests, floats]}}
"""


def with_clause(modality: Modality, standing: Standing, why: Text = NO_REASON) -> Reform:
    made = reform_of(case=FLOW)
    first, *others = made.clauses
    changed = attrs.evolve(first, modality=modality, standing=standing, why=why)
    return attrs.evolve(made, clauses=(changed, *others))


@pytest.mark.parametrize("standing", [Standing.NARRATIVE, Standing.MONITORED])
@pytest.mark.parametrize("modality", sorted(BINDING))
def test_a_binding_clause_that_is_not_enforced_gives_its_reason(
    modality: Modality, standing: Standing
) -> None:
    reform = with_clause(modality, standing)
    assert told(found_in(standings_without_reason, reform)) == [
        ("warning", "standing_without_reason", "clauses.R1"),
    ]
    given = with_clause(modality, standing, Text("nothing can be recorded"))
    assert found_in(standings_without_reason, given) == []


@pytest.mark.parametrize("modality", sorted(set(Modality) - BINDING))
def test_one_that_does_not_bind_needs_none(modality: Modality) -> None:
    assert found_in(standings_without_reason, with_clause(modality, Standing.NARRATIVE)) == []


def test_one_that_is_enforced_needs_none() -> None:
    enforced = with_clause(Modality.MUST, Standing.ENFORCED)
    assert found_in(standings_without_reason, enforced) == []


def test_a_rule_cites_a_clause_or_is_at_least_marked_as_an_addition() -> None:
    assert told(found(rules_without_clause, case=FLOW)) == [
        ("warning", "rule_without_clause", "case.rules.floats"),
        ("note", "rule_without_clause", "case.rules.added"),
        ("warning", "rule_without_clause", "case.rules.meant"),
    ]


def test_where_nothing_could_be_cited_nothing_is_missing() -> None:
    reform = reform_of(case=FLOW.replace(", clauses: [R1]", ""))
    assert found_in(rules_without_clause, attrs.evolve(reform, clauses=())) == []
