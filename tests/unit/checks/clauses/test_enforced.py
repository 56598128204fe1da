"""A clause that binds is enforced by something that a case can come to."""

from __future__ import annotations

import attrs
import pytest

from reformflow.binding import bind
from reformflow.checks import Subject
from reformflow.checks.clauses.enforced import clauses_not_enforced, clauses_out_of_reach
from reformflow.model import Finding, Reform, Standing, Text
from support.building import reform_of
from support.checking import found_in, told

FLOW = """
facts:
  signed: {type: bool, by: office, clauses: [R4]}
tracks:
  progress:
    initial: a
    states: {a: {clauses: [R1]}, b: {clauses: [R5]}, c: {clauses: [R6]}}
rules:
  is_signed: {requires: signed, clauses: [R2]}
  nobody_asks: {requires: signed, clauses: [R8]}
transitions:
  one: {from: a, to: b, by: office, needs: [is_signed], clauses: [R3]}
  two: {from: c, to: b, by: office, clauses: [R7], due: {on: 2021-03-01, clauses: [R9]}}
"""


RULES = """
rules:
  never: {requires: 'False', clauses: [R1]}
  no_way: {requires: 'signed and progress.state == "a"', clauses: [R1]}
"""


def reform(flow: str = FLOW, **standing: Standing) -> Reform:
    made = reform_of(case=flow)
    clauses = tuple(
        attrs.evolve(clause, standing=standing.get(clause.id, clause.standing))
        for clause in made.clauses
    )
    return attrs.evolve(made, clauses=clauses)


def about(findings: list[Finding]) -> dict[str, str]:
    return {finding.clauses[0]: finding.code for finding in findings}


def test_what_no_case_can_come_to_enforces_nothing() -> None:
    findings = found_in(clauses_out_of_reach, reform())
    assert about(findings) == {"R7": "clause_out_of_reach", "R9": "clause_out_of_reach"}
    assert findings[0].witness.parts == ("case.transitions.two",)
    assert told(findings)[1] == ("warning", "clause_out_of_reach", "clauses.R9")


@pytest.mark.parametrize(
    "way",
    ["three: {from: b, to: c, by: office}", "three: {from: a, to: c, by: office}"],
)
def test_one_way_there_is_enough(way: str) -> None:
    assert found_in(clauses_out_of_reach, reform(f"{FLOW}  {way}\n")) == []


@pytest.mark.parametrize(
    "way",
    [
        "three: {from: b, to: c, by: office, enabled: 'False'}",
        "three: {from: b, to: c, by: office, needs: [never]}",
        "three: {from: b, to: c, by: office, needs: [no_way]}",
        "three: {from: b, to: [{state: c, when: 'False'}, {state: b}], by: office}",
    ],
)
def test_a_way_that_cannot_be_gone_is_none(way: str) -> None:
    flow = FLOW.replace("\nrules:\n", RULES)
    assert {"R7", "R9"} <= set(about(found_in(clauses_out_of_reach, reform(f"{flow}  {way}\n"))))


def test_a_rule_only_needed_out_of_reach_is_out_of_reach_with_its_clause() -> None:
    flow = FLOW.replace("clauses: [R7], due", "needs: [nobody_asks], due")
    assert "R8" in about(found_in(clauses_out_of_reach, reform(flow)))


def test_what_is_cited_by_nothing_and_what_is_cited_in_vain_are_told_apart() -> None:
    flow = FLOW.replace("clauses: [R4]", "clauses: []")
    findings = found_in(clauses_not_enforced, reform(flow))
    assert about(findings) == {
        "R4": "clause_not_cited",
        "R6": "clause_not_enforced",
        "R8": "clause_not_enforced",
    }
    assert told(findings)[0] == ("warning", "clause_not_cited", "clauses.R4")


def test_a_narrative_clause_needs_nothing_a_monitored_one_does() -> None:
    narrative = dict.fromkeys(("R6", "R7", "R8", "R9"), Standing.NARRATIVE)
    assert found_in(clauses_not_enforced, reform(**narrative)) == []
    assert found_in(clauses_out_of_reach, reform(**narrative)) == []
    monitored = reform(**{**narrative, "R7": Standing.MONITORED})
    (finding,) = found_in(clauses_out_of_reach, monitored)
    assert finding.says == Text(
        "clause R7 is monitored, but what enforces it is out of reach: no case can come to it",
        "条款R7定为监测，但落实它的内容任何个案都无法到达",
    )


def test_a_reform_without_clauses_has_none_to_enforce() -> None:
    bound = bind(reform_of(case=FLOW))
    bare = attrs.evolve(bound, reform=attrs.evolve(bound.reform, clauses=()))
    assert list(clauses_not_enforced(Subject.of(bare))) == []
