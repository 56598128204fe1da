"""A rule means the same in SQL as in Python, unknowns included, on every database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

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
from support.soak import amount, chance

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
OF_A_LOT = amount(5, 50)
"""So many rules are asked of the same rows."""
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


def keep_all(practice: Practice, connection: sa.Connection, lot: list[Row]) -> None:
    """Store the families of a lot, and nothing else, each value where its column is."""
    families = {
        "whole": [
            (f"w{number}", None, dict(row.parent))
            for number, row in enumerate(lot)
            if row.parent is not NOTHING
        ],
        "file": [
            (str(number), None if row.parent is NOTHING else f"w{number}", row.own)
            for number, row in enumerate(lot)
        ],
        "part": [
            (f"{number}/{index}", str(number), child)
            for number, row in enumerate(lot)
            for index, child in enumerate(row.children)
        ],
    }
    with connection.begin():
        for workflow, cases in families.items():
            keep(practice, connection, workflow, cases)


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
        connection.execute(table.insert.statement, rows)


def test_sql_answers_as_the_evaluator_does(place: Place, sample: Reform) -> None:
    """Random rules over random rows, unknown values, parents and children among them."""
    practice = place.practice(sample)
    place.open(sample)
    engine = place.engine()
    connection = engine.connect()
    seen: set[object] = set()
    lot: list[Row] = []

    @given(truths())
    @settings(max_examples=OF_A_LOT, suppress_health_check=SLOW)
    def agree(expression: Expression) -> None:
        seen.update(compared(practice, connection, modest(expression), lot))

    try:
        for number in range(RULES // OF_A_LOT):
            lot = drawn(chance("where", place.kind, number))
            keep_all(practice, connection, lot)
            agree()
    finally:
        keep_all(practice, connection, [])
        connection.close()
        engine.dispose()
    assert seen == {True, False, None}


def test_that_what_is_unknown_counts_as_false_is_noticed(
    place: Place, sample: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = place.practice(sample)
    place.open(sample)
    monkeypatch.setattr(Sight, "false", lambda sight, rule: sa.not_(is_true(sight.true(rule))))
    lot = [Row({"posts": posts}, NOTHING, (), FIRST_DAY) for posts in (3, None)]
    engine = place.engine()
    with engine.connect() as connection:
        keep_all(practice, connection, lot)
        with pytest.raises(AssertionError):
            set(compared(practice, connection, parse("posts > 2"), lot))
        keep_all(practice, connection, [])
    engine.dispose()


def drawn(rng: Random) -> list[Row]:
    """Draw rows to ask about, all of one day."""
    day = FIRST_DAY.replace(day=rng.randrange(1, 13))
    return [
        Row(tamed(row.own), _parent(row), tuple(map(tamed, row.children)), day)
        for row in rows(rng.randrange(2**32), LOTS)
    ]


def compared(
    practice: Practice, connection: sa.Connection, rule: Expression, lot: list[Row]
) -> Iterator[object]:
    """Compare what the database says of each row of a lot with the evaluator, and yield that."""
    with connection.begin():
        answers = asked(practice, connection, rule, lot[0].today)
    for number, row in enumerate(lot):
        value = evaluate(rule, row.view())
        assert answers[str(number)] == (value is True, value is False), unparse(rule)
        yield value


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
        for query in (sa.select(*columns), gathered(table, columns))
    ]
    chosen = connection.scalars(gathered(table, [here], here != "", sight.true(rule)))
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
    assert len(read.findall(str(gathered(own, asked, *asked)))) == 1
