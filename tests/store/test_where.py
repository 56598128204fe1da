"""A rule means the same in SQL as in Python, unknowns included, on every database."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reformflow.casework import Practice
from reformflow.language import parse, unparse
from reformflow.language.meaning import NOTHING, evaluate
from reformflow.model import (
    Aggregate,
    Compare,
    Comparison,
    Expression,
    Literal,
    Name,
    Quantifier,
    Reform,
    Value,
)
from reformflow.store.bulk.kin import gathered
from reformflow.store.bulk.where import Sight, is_true
from support.building import reform_of
from support.databases import Place
from support.expressions import FIRST_DAY, Row, rows, truths
from support.soak import amount

WHOLE = """
children: {files: file}
opening: {by: office}
facts:
  active: {type: bool, by: office}
  budget: {type: int, by: office}
  open_on: {type: date, by: office}
  rank: {type: text, by: office}
tracks: {course: {initial: open, states: {open: {}, draft: {}, done: {}}}}
"""
FILE = """
children: {matters: part}
opening: {by: office}
facts:
  flag: {type: bool, by: office}
  ready: {type: bool, by: office}
  posts: {type: int, by: office}
  units: {type: int, by: office}
  plan_on: {type: date, by: office}
  note: {type: text, by: office}
  人员: {type: int, by: office}
  kind: {type: choice, choices: [whole, part], by: office}
tracks: {progress: {initial: open, states: {open: {}, draft: {}, done: {}}}}
transitions:
  submit: {from: open, to: done, by: office, due: {days: 3, after: plan_on}}
"""
PART = """
opening: {by: office}
facts:
  in_scope: {type: bool, by: office}
  size: {type: int, by: office}
  due_on: {type: date, by: office}
  title: {type: text, by: office}
tracks: {progress: {initial: open, states: {open: {}, draft: {}, done: {}}}}
"""
RULES = amount(settings.default.max_examples, 10_000)
LOTS = amount(15, 200)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def sample() -> Reform:
    return reform_of(whole=WHOLE, file=FILE, part=PART)


def modest(expression: Expression) -> Expression:
    """Return the expression with numbers that no database overflows on."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', unparse(expression))
    parts[::2] = [re.sub(r"\d{4,}", "7", part) for part in parts[::2]]
    return parse("".join(parts))


def tamed(columns: dict[str, Value]) -> dict[str, Value]:
    big = 10**6
    return {
        name: 7 if isinstance(value, int) and abs(value) > big else value
        for name, value in columns.items()
    }


def stored(practice: Practice, connection: sa.Connection, lot: list[Row]) -> None:
    """Store the families of a lot, each value where its column is."""
    keep(
        practice,
        connection,
        "whole",
        [
            (f"w{number}", None, dict(row.parent))
            for number, row in enumerate(lot)
            if row.parent is not NOTHING
        ],
    )
    keep(
        practice,
        connection,
        "file",
        [
            (str(number), None if row.parent is NOTHING else f"w{number}", row.own)
            for number, row in enumerate(lot)
        ],
    )
    keep(
        practice,
        connection,
        "part",
        [
            (f"{number}/{index}", str(number), child)
            for number, row in enumerate(lot)
            for index, child in enumerate(row.children)
        ],
    )


def keep(
    practice: Practice,
    connection: sa.Connection,
    workflow: str,
    cases: list[tuple[str, str | None, dict[str, Value]]],
) -> None:
    """Put cases into the table of their workflow in place of those that are there."""
    table = practice.schema.workflow(workflow)
    connection.execute(sa.delete(table.table))
    own = {"unit": "", "subject": "", "revision": 1, "definition": ""}
    blank = dict.fromkeys(column.sql_name for column in table.columns)
    rows = [
        {**own, **blank, "id": id, "parent": parent}
        | {table.flow.columns[name].sql_name: value for name, value in columns.items()}
        for id, parent, columns in cases  # noqa: A001
    ]
    if rows:
        connection.execute(table.insert, rows)


def test_sql_answers_as_the_evaluator_does(place: Place, sample: Reform) -> None:
    """Random rules over random rows, unknown values, parents and children among them."""
    practice = place.practice(sample)
    place.open(sample)
    engine = place.engine()
    connection = engine.connect()
    seen: set[object] = set()

    @given(truths(), st.integers(0, 2**32))
    @settings(max_examples=RULES, suppress_health_check=SLOW)
    def agree(expression: Expression, seed: int) -> None:
        rule, day = modest(expression), FIRST_DAY.replace(day=1 + seed % 12)
        lot = [
            Row(tamed(r.own), _parent(r), tuple(map(tamed, r.children)), day)
            for r in rows(seed, LOTS)
        ]
        with connection.begin():
            stored(practice, connection, lot)
            answers = asked(practice, connection, rule, day)
        for number, row in enumerate(lot):
            value = evaluate(rule, row.view())
            assert answers[str(number)] == (value is True, value is False), unparse(rule)
            seen.add(value)

    try:
        agree()
    finally:
        with connection.begin():
            stored(practice, connection, [])
        connection.close()
        engine.dispose()
    assert seen == {True, False, None}


def _parent(row: Row) -> Any:
    return row.parent if row.parent is NOTHING else tamed(dict(row.parent))


def asked(
    practice: Practice, connection: sa.Connection, rule: Expression, day: date
) -> dict[str, tuple[bool, bool]]:
    """Ask the database whether the rule is true, and whether it is false, for each row."""
    table = practice.schema.workflow("file")
    sight, here = Sight(practice.schema, table, day), table.table.c.id
    columns = (here, is_true(sight.true(rule)), is_true(sight.false(rule)))
    told = [
        {id: (bool(true), bool(false)) for id, true, false in connection.execute(query)}  # noqa: A001
        for query in (sa.select(*columns), gathered(table.table, columns))
    ]
    chosen = connection.scalars(gathered(table.table, [here], here != "", sight.true(rule)))
    assert set(chosen) == {id for id, (true, _) in told[0].items() if true}  # noqa: A001
    assert told[0] == told[1], "asked in subqueries, or of all kin at once"
    return told[0]


def test_children_are_looked_at_once_however_often_they_are_asked(
    place: Place, sample: Reform
) -> None:
    practice = place.practice(sample)
    own = practice.schema.workflow("file")
    sight = Sight(practice.schema, own, FIRST_DAY)
    # As the rule language binds them: `m` runs over the children.
    scope, size = Name("in_scope", "m"), Name("size", "m")
    rules = (
        Aggregate(Quantifier.ALL, "matters", "m", scope),
        Compare(Comparison.LE, Aggregate(Quantifier.SUM, "matters", "m", size, scope), Literal(5)),
    )
    asked = [wanted for rule in rules for wanted in (sight.true(rule), sight.false(rule))]
    below = practice.schema.workflow("part").table.name
    read = re.compile(rf"(FROM|JOIN) {below} AS")
    assert len(read.findall(str(sa.select(*asked)))) > len(asked)
    assert len(read.findall(str(gathered(own.table, asked, *asked)))) == 1
