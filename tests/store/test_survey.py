"""Counting in one statement comes to what deciding case by case comes to."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reformflow.binding import bind
from reformflow.casework import Practice
from reformflow.engine import Docket
from reformflow.engine.computing import standing_due
from reformflow.formats import load
from reformflow.model import (
    Actor,
    Case,
    Decision,
    FactType,
    Fire,
    Grant,
    Reform,
    Request,
    Transition,
    Value,
)
from reformflow.store.bulk.counting import DayCounter
from reformflow.store.bulk.grounds import Asked
from reformflow.store.bulk.strokes import asked_for
from reformflow.store.bulk.survey import survey
from reformflow.store.bulk.sweep import left_among
from reformflow.store.bulk.where import Sight, everything
from support.building import reform_of
from support.databases import Place

START = date(2021, 2, 1)
UNITS = ("north", "south")
CASES = 25
DATED = """
facts:
  ready: {type: bool, by: office}
  number: {type: int, by: office}
  papers: {type: text, by: office}
tracks:
  progress:
    initial: draft
    states: {draft: {}, sent: {}, waiting: {}, done: {final: true}}
rules:
  is_ready: {requires: ready, clauses: [R1]}
  enough: {requires: number >= 2 or not ready, clauses: [R2]}
transitions:
  send: {from: [draft, waiting], to: sent, by: bureau, needs: [is_ready], not_by: judge,
         due: {days: 9, after: opened, late: extension, extension: {by: office},
               suspended_in: waiting, suspension: {by: office}}}
  judge: {from: sent, to: [{state: waiting, when: number < 1}, {state: done, when: ready}],
          by: office, records: [papers], needs: [enough],
          window: {opens: {days: 2, after: opened}, closes: {days: 20, after: opened},
                   outside: reason}}
  note: {from: any, signed_by: [office, treasury, archive], set: {number: number + 1},
         due: {on: 2021-02-12, late: refuse, before_effect: advisory}}
  ask: {from: sent, to: waiting, by: office, reason: true,
        due: {on: 2021-02-25, late: reason}}
"""


def value(rng: random.Random, column: Any) -> Value:
    """Make a value that a column may hold, or none."""
    if rng.random() < 0.25:
        return None
    match column.type:
        case FactType.BOOL:
            return rng.random() < 0.6
        case FactType.INT:
            return rng.randrange(4)
        case FactType.DATE:
            return START + timedelta(days=rng.randrange(45))
        case FactType.CHOICE:
            return rng.choice(column.choices)
        case FactType.TEXT:
            return rng.choice(["ann", "bo", "行政审批服务科"])


def made(rng: random.Random, practice: Practice, workflow: str, id: str) -> Case:  # noqa: A002
    """Make a case in any state, with anything recorded."""
    plan = practice.engine.program.plan(workflow)
    values: dict[str, Value] = {
        name: value(rng, column) for name, column in plan.flow.columns.items()
    }
    for deadline in plan.flow.deadlines.values():
        if deadline.extension is not None:
            values[deadline.extended] = None  # a date never falls short of its extension
    for name, track in plan.flow.tracks.items():
        values[f"{name}.state"] = rng.choice([state.id for state in track.states])
        values[f"{name}.since"] = values[f"{name}.last"] = START
        values[f"{name}.due"] = standing_due(plan, name, values)
    values["opened.on"] = START
    return Case(id, workflow, values, unit=rng.choice(UNITS), revision=1)


def crowd(rng: random.Random, practice: Practice, workflow: str) -> Docket:
    """Make cases of one workflow, a parent for some of them, and children."""
    people = Docket()
    flow = practice.engine.program.plan(workflow).flow
    if flow.parent is not None:
        people.open(made(rng, practice, flow.parent, "above"))
    for number in range(CASES):
        case = made(rng, practice, workflow, f"c{number}")
        if flow.parent is not None and rng.random() < 0.8:
            case = Case(**{**_fields(case), "parent": "above"})
        people.open(case)
        for relation in flow.relations.values():
            for index in range(rng.randrange(3)):
                child = made(rng, practice, relation.workflow, f"c{number}-{relation.id}{index}")
                people.open(Case(**{**_fields(child), "parent": case.id}))
    return people


def _fields(case: Case) -> dict[str, Any]:
    names = ("id", "workflow", "values", "unit", "subject", "parent", "revision", "definition")
    return {name: getattr(case, name) for name in names}


def store(practice: Practice, connection: sa.Connection, people: Docket) -> None:
    """Put the cases of a docket into their tables, in place of what was there."""
    for table in practice.schema.workflows.values():
        connection.execute(sa.delete(table.table))
        rows = []
        for case in map(people.case, people.ids()):
            if case.workflow == table.flow.id:
                own = {"id": case.id, "parent": case.parent, "unit": case.unit, "subject": ""}
                typed = {
                    table.flow.columns[name].sql_name: held for name, held in case.values.items()
                }
                rows.append({**own, "revision": 1, "definition": "", **typed})
        if rows:
            connection.execute(table.insert.statement, rows)


def actors(rng: random.Random, practice: Practice, transition: Transition) -> Actor:
    roles = [*transition.by, *transition.signed_by, *practice.engine.program.bound.roles]
    grants = {
        Grant(rng.choice(roles[: max(1, len(roles) // 2)]), rng.choice([None, *UNITS]))
        for _ in range(rng.randrange(4))
    }
    return Actor(rng.choice(["ann", "bo"]), frozenset(grants))


def by_one(decisions: list[Decision]) -> tuple[int, Counter[tuple[str, str]]]:
    """Count what deciding case by case comes to."""
    reasons: Counter[tuple[str, str]] = Counter()
    for decision in decisions:
        reasons.update({(refusal.code, refusal.subject) for refusal in decision.refusals})
    return sum(decision.granted for decision in decisions), reasons


SAMPLES = [("dated", "dated"), ("putuo-2021-9", "department"), ("putuo-2021-9", "matter")]


@pytest.mark.parametrize(("name", "workflow"), SAMPLES)
def test_a_survey_counts_what_deciding_one_by_one_comes_to(
    place: Place, name: str, workflow: str
) -> None:
    """Every transition, random actors and days: same grants, same reasons, as often."""
    reform: Reform = reform_of(dated=DATED) if name == "dated" else load(name)
    practice = place.practice(reform)
    place.open(reform)
    engine = practice.engine
    database = place.engine()
    seen: Counter[str] = Counter()
    with database.connect() as connection:
        for seed in range(2):
            rng = random.Random(seed)
            people = crowd(rng, practice, workflow)
            with connection.begin():
                store(practice, connection, people)
            for step in engine.program.plan(workflow).steps.values():
                transition = step.bound.transition
                if transition.by_itself:
                    continue
                actor, on = actors(rng, practice, transition), START + timedelta(rng.randrange(40))
                reason = rng.choice([None, "late post"])
                asked = Asked(Fire(transition.id), actor, reason, bind(reform).effective_on)
                table = practice.schema.workflow(workflow)
                counter = DayCounter(connection, engine.program.calendar, table)
                with connection.begin():
                    stroke = asked_for(Sight(practice.schema, table, on), asked, counter)
                    counted = survey(connection, stroke, everything())
                    left = left_among(connection, stroke, everything())
                mine = [id for id in people.ids() if people.case(id).workflow == workflow]  # noqa: A001
                ids = [id for id in mine if id not in left]  # noqa: A001
                fire = Fire(transition.id)
                decisions = [
                    engine.decide(people, Request(id, fire, actor, on, reason))
                    for id in ids  # noqa: A001
                ]
                granted, reasons = by_one(decisions)
                assert (counted.selected, counted.granted) == (len(ids), granted), transition.id
                tallies = {(tally.code, tally.subject): tally.cases for tally in counted.refused}
                assert tallies == reasons, transition.id
                seen["granted"] += granted
                seen.update(code for code, _ in reasons)
        with connection.begin():
            store(practice, connection, Docket())
    database.dispose()
    assert seen["granted"], "the comparison means little if nothing is ever granted"
    assert len(seen) >= 4
