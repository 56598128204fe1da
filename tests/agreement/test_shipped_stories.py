"""Random requests against the shipped reforms: nothing breaks, and history tells everything."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.binding.columns import CASE_COLUMNS
from reformflow.engine import Docket, Engine
from reformflow.formats import load, shipped
from reformflow.model import Code, Kind
from reformflow.testing.walks import Walk
from support.building import reform_of
from support.dockets import refolded, same
from support.soak import DEAR

STEPS = 60
seeds = st.integers(0, 2**32)
every_reform = pytest.mark.parametrize("reform", ["sample", *shipped()])

# Everything that can happen, close together, so that random requests reach it.
SAMPLE = {
    "case": """
corrected_by: office
children: {parts: part, reports: report}
facts:
  released: {type: bool, initial: false, by: office}
  posts: {type: int, by: [office, bureau], minimum: 0, clauses: R1}
  kind: {type: choice, choices: [whole, part], by: office, once: true}
  ends_on: {type: date, derived: {months: 1, after: kind_on}}
  kind_on: {type: date, by: office, during: 'progress.state == "draft"'}
  rounds: {type: int, initial: 0}
tracks:
  progress:
    initial: draft
    stages: {early: {label: Early}}
    states: {draft: {stage: early}, waiting: {stage: early}, sent: , agreed: , done: {final: true}}
  watch: {initial: calm, states: {calm: , alarm: }}
rules:
  few: {requires: posts < 5, clauses: R2, says: {en: few, zh: 少}}
  live: {requires: all(p.state == "live" for p in parts if p.wanted)}
  many: {requires: count(p for p in parts if not p.wanted) > 1}
transitions:
  ask: {track: progress, from: draft, to: waiting, by: bureau}
  answer: {track: progress, from: waiting, to: draft, by: office}
  send:
    track: progress
    from: early
    to: sent
    by: [bureau, office]
    needs: few
    records: kind
    set: {rounds: rounds + 1}
    due: {days: 20, after: opened, late: reason, suspended_in: waiting, suspension: {by: office},
          extension: {by: office}, answerable: bureau, clauses: R3}
    clauses: R4
  object: {track: progress, from: sent, to: draft, by: treasury, not_by: send, reason: true,
           due: {working_days: 5, after: send}}
  consent: {track: progress, from: sent, to: agreed, after_due: object}
  expire: {track: progress, from: agreed, to: draft, at: {days: 60, after: progress.since}}
  finish:
    track: progress
    from: agreed
    to: [{state: done, when: posts > 0}, {state: draft}]
    by: office
    signed_by: [office, treasury]
    needs: live
    window: {opens: {days: 3, after: progress.since}, outside: flag}
  raise_alarm: {track: watch, from: calm, to: alarm, automatic: true, needs: many}
  calm_down: {track: watch, from: alarm, to: calm, by: office}
  look: {track: watch, from: calm, signed_by: [office, treasury, archive]}
duties:
  reporting:
    opens: reports
    first: {days: 10, after: send}
    every: {days: 30}
    while: progress.state != "done"
    gives: {due: due_on, number: period}
""",
    "part": """
facts: {wanted: {type: bool, initial: true, by: office}, note: {type: text, by: bureau}}
rules: {go: {requires: parent.released}}
tracks: {course: {initial: new, states: {new: , ready: , live: }}}
transitions:
  let_go: {from: new, to: ready, automatic: true, needs: go}
  go_live: {from: ready, to: live, by: [office, bureau], may_record: note}
""",
    "report": """
facts: {due_on: {type: date}, period: {type: int}}
transitions:
  hand_in: {from: draft, to: done, by: bureau, due: {days: 0, after: due_on, late: flag}}
""",
}


@cache
def engine(reform: str) -> Engine:
    return Engine(reform_of(**SAMPLE) if reform == "sample" else load(reform))


@every_reform
@DEAR
@given(seed=seeds)
def test_a_request_is_decided_or_named_unreadable_and_a_refusal_changes_nothing(
    reform: str, seed: int
) -> None:
    chance = Walk(engine(reform), seed)
    clauses = {clause.id for clause in engine(reform).program.bound.reform.clauses}
    for _, decision in chance.play(STEPS):
        assert decision.granted is not bool(decision.refusals)
        if decision.refusals:
            assert not decision.entries
            assert not decision.opened
        for refusal in decision.refusals:
            assert isinstance(refusal.code, Code)
            assert set(refusal.clauses) <= clauses
            assert bool(refusal.says.en) is bool(refusal.says.zh)


@every_reform
@DEAR
@given(seed=seeds)
def test_state_is_the_fold_of_history_and_numbers_have_no_gap(reform: str, seed: int) -> None:
    chance = Walk(engine(reform), seed)
    list(chance.play(STEPS))
    assert refolded(chance.docket, chance.decisions)
    for case in chance.docket.ids():
        entries = chance.docket.entries(case)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert entries[0].kind is Kind.OPENED


@every_reform
@DEAR
@given(seed=seeds)
def test_a_restart_after_any_step_changes_nothing(reform: str, seed: int) -> None:
    """Rebuilt from the decisions and asked again, the engine answers the same."""
    chance = Walk(engine(reform), seed)
    for number, _ in enumerate(chance.play(STEPS // 2)):
        again = Docket(chance.decisions)
        assert same(again, chance.docket)
        if number % 7 == 0:
            request = chance.request()
            try:
                first = engine(reform).fire(chance.docket, request)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the same again
                with pytest.raises(type(error)):
                    engine(reform).fire(again, request)
            else:
                assert engine(reform).fire(again, request) == first


@every_reform
@DEAR
@given(seed=seeds)
def test_columns_are_those_of_the_workflow_and_states_those_of_the_track(
    reform: str, seed: int
) -> None:
    chance = Walk(engine(reform), seed)
    list(chance.play(STEPS))
    for name in chance.docket.ids():
        case = chance.docket.case(name)
        flow = engine(reform).program.bound.workflows[case.workflow]
        assert case.values.keys() == flow.columns.keys()
        assert not case.values.keys() & CASE_COLUMNS
        for track in flow.tracks:
            assert case.values[f"{track}.state"] in flow.stages[track]
            # the days of each track never run backwards, whatever was entered when
            fired = [
                entry.changes[f"{track}.last"]
                for entry in chance.docket.entries(name)
                if f"{track}.last" in entry.changes and entry.kind is Kind.FIRED
            ]
            corrected = any(e.kind is Kind.CORRECTED for e in chance.docket.entries(name))
            assert corrected or fired == sorted(fired)


@every_reform
def test_the_random_requests_reach_something(reform: str) -> None:
    """Tests over requests that are all refused would prove nothing."""
    kinds: dict[str, int] = {}
    codes: set[Code] = set()
    for seed in range(40):
        for _, decision in Walk(engine(reform), seed).play(3 * STEPS):
            codes |= {refusal.code for refusal in decision.refusals}
            for entry in decision.entries:
                kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    assert {Kind.OPENED, Kind.FIRED, Kind.RECORDED, Kind.CORRECTED} <= kinds.keys()
    assert kinds[Kind.FIRED] > 40
    if reform == "sample":
        assert kinds.keys() == set(Kind) - {Kind.MIGRATED}
        assert len(codes) > 12
    assert len(codes) >= 8, codes
