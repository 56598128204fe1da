"""Which clause is enforced where: a mention alone enforces nothing."""

from __future__ import annotations

import attrs
import pytest

from reformflow.binding import bind
from reformflow.formats import load, shipped
from reformflow.language import parse
from reformflow.model import Clause, Literal, Modality, Reform, Standing, Text
from reformflow.words.citations import citations, uncovered, uncovered_wrongly
from support.repository import ROOT

BASE = ROOT / "tests" / "definitions" / "bad" / "base"
NEW = Clause("X", "附", Modality.MUST, Text("new", "新"))


def with_clause(reform: Reform, **changes: object) -> Reform:
    """Return the sample reform with one more clause, and its main workflow changed."""
    first, *others = reform.workflows
    workflows = (attrs.evolve(first, **changes), *others)
    return attrs.evolve(reform, clauses=(*reform.clauses, NEW), workflows=workflows)


@pytest.fixture(scope="module")
def sample() -> Reform:
    return load(BASE)


def enforced(reform: Reform) -> bool:
    return NEW.id not in {clause.id for clause in uncovered(bind(reform))}


def test_every_place_that_cites_a_clause_is_found(sample: Reform) -> None:
    found = [(place.kind, str(place)) for place in citations(bind(sample))["R1"]]
    assert found == [
        ("document", "reform.document"),
        ("role", "reform.roles.office"),
        ("workflow", "case"),
        ("state", "case.tracks.progress.states.done"),
        ("extension", "case.transitions.finish.due.extension"),
    ]


def test_a_clause_that_nothing_cites_is_not_enforced(sample: Reform) -> None:
    assert not enforced(with_clause(sample))


def test_a_policy_alone_enforces_nothing(sample: Reform) -> None:
    late, *rest = sample.policies
    cited = attrs.evolve(late, clauses=("X",))
    assert not enforced(attrs.evolve(with_clause(sample), policies=(cited, *rest)))


def test_a_rule_enforces_only_if_something_asks_for_it(sample: Reform) -> None:
    flow = sample.workflows[0]
    rule = attrs.evolve(flow.rules[0], clauses=("X",))
    assert enforced(with_clause(sample, rules=(rule, *flow.rules[1:])))
    idle = attrs.evolve(rule, id="idle")
    assert not enforced(with_clause(sample, rules=(*flow.rules, idle)))


def test_a_rule_named_inside_another_counts_with_it(sample: Reform) -> None:
    flow = sample.workflows[0]
    inner = attrs.evolve(flow.rules[0], id="inner", clauses=("X",))
    outer = attrs.evolve(flow.rules[0], requires=parse("inner and before > 0"))
    assert enforced(with_clause(sample, rules=(outer, inner, *flow.rules[1:])))


def test_a_rule_that_is_always_true_enforces_nothing(sample: Reform) -> None:
    flow = sample.workflows[0]
    rule = attrs.evolve(flow.rules[0], clauses=("X",), requires=parse('policy.late == "reason"'))
    reform = with_clause(sample, rules=(rule, *flow.rules[1:]))
    assert not enforced(reform)
    assert enforced(reform.choosing(late="flag"))


def test_a_transition_that_is_switched_off_enforces_nothing(sample: Reform) -> None:
    flow = sample.workflows[0]
    start = attrs.evolve(flow.transitions[0], clauses=("X",))
    assert enforced(with_clause(sample, transitions=(start, *flow.transitions[1:])))
    off = attrs.evolve(start, id="off", enabled=Literal(value=False))
    assert not enforced(with_clause(sample, transitions=(*flow.transitions, off)))


def test_a_fact_that_can_never_have_a_value_enforces_nothing(sample: Reform) -> None:
    flow = sample.workflows[0]
    fact = attrs.evolve(flow.facts[0], id="spare", clauses=("X",))
    assert enforced(with_clause(sample, facts=(*flow.facts, fact)))
    assert not enforced(with_clause(sample, facts=(*flow.facts, attrs.evolve(fact, by=()))))


def test_a_state_that_no_case_can_come_to_enforces_nothing(sample: Reform) -> None:
    flow = sample.workflows[0]
    track = flow.tracks[0]
    far = attrs.evolve(track.states[0], id="far", clauses=("X",))
    changed = attrs.evolve(track, states=(*track.states, far))
    assert not enforced(with_clause(sample, tracks=(changed, *flow.tracks[1:])))


@pytest.mark.parametrize("reform", shipped())
def test_of_every_shipped_reform_only_narrative_clauses_are_uncovered(reform: str) -> None:
    bound = bind(load(reform))
    assert uncovered_wrongly(bound) == ()
    assert {clause.standing for clause in uncovered(bound)} <= {Standing.NARRATIVE}


def test_a_rule_that_says_when_a_fact_may_be_recorded_counts(sample: Reform) -> None:
    flow = sample.workflows[0]
    rule = attrs.evolve(flow.rules[0], id="idle", clauses=("X",))
    note = next(fact for fact in flow.facts if fact.derived is None and fact.by)
    facts = tuple(
        attrs.evolve(fact, during=parse("idle")) if fact is note else fact for fact in flow.facts
    )
    assert enforced(with_clause(sample, rules=(*flow.rules, rule), facts=facts))
    assert not enforced(with_clause(sample, rules=(*flow.rules, rule)))
