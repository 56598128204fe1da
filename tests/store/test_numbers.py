"""Calculating at the edge of 64 bits comes to the same in Python and in every database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa

from reformflow.binding import bind_question
from reformflow.casework import Practice
from reformflow.language.meaning import View, evaluate
from reformflow.language.parse import MAX_INT
from reformflow.model import Value
from reformflow.store.bulk.where import Sight
from support.building import bound_of, reform_of
from support.databases import Place

EDGE = 4 * 10**18
CASE = """
children: {{parts: part}}
opening: {{by: office}}
facts:
  wide: {{type: int, by: office, minimum: -{edge}, maximum: {edge}}}
  full: {{type: int, by: office}}
  few: {{type: int, by: office, minimum: 0, maximum: 9}}
tracks: {{progress: {{initial: draft, states: {{draft: , sent: {{final: true}}}}}}}}
transitions: {{go: {{from: draft, to: sent, by: office}}}}
"""
PART = """
facts: {cost: {type: int, by: office, minimum: 0, maximum: 9000000000000}}
tracks: {progress: {initial: open, states: {open: , done: {final: true}}}}
transitions: {end: {from: open, to: done, by: office}}
"""
QUESTIONS = [
    "wide + wide > few",
    "wide * 2 - few < -7999999999999999999",
    "2 * wide == 8000000000000000000",
    "0 - wide - wide >= 7999999999999999999 + few",
    "few * 1000000000000000000 < 9000000000000000000",
    "full >= 9223372036854775807 or full <= -9223372036854775807",
    "full == 9223372036854775806",
    "sum(p.cost for p in parts) == 18000000000000",
    "sum(p.cost * 1 for p in parts if p.cost * 1000000 > 0) - few > 17999999999990",
    "any(p.cost * 1000000 == 9000000000000000000 for p in parts)",
]
DAY = date(2021, 3, 1)
CORNERS = list(
    product(
        (None, -EDGE, EDGE - 1, EDGE),
        (None, -MAX_INT, MAX_INT - 1, MAX_INT),
        (None, 0, 9),
    )
)


@pytest.fixture
def stored(place: Place) -> Iterator[tuple[sa.Connection, Practice, list[dict[str, Value]]]]:
    """A case for every corner, each with two parts that cost as much as they can."""
    reform = reform_of(case=CASE.format(edge=EDGE), part=PART)
    place.open(reform)
    practice = place.practice(reform)
    case, part = practice.schema.workflow("case"), practice.schema.workflow("part")
    own = {"unit": "", "subject": "", "revision": 1, "definition": ""}
    columns = [dict(zip(("wide", "full", "few"), corner, strict=True)) for corner in CORNERS]
    engine = place.engine()
    with engine.connect() as connection:
        for table, rows in (
            (case, [{"id": str(n), "parent": None, **row} for n, row in enumerate(columns)]),
            (
                part,
                [
                    {"id": f"{n}/{m}", "parent": str(n), "cost": 9 * 10**12}
                    for n in range(len(columns))
                    for m in range(2)
                ],
            ),
        ):
            blank = {column.sql_name: None for column in table.columns}
            connection.execute(table.insert.statement, [{**own, **blank, **row} for row in rows])
        yield connection, practice, columns
        connection.rollback()
    engine.dispose()
    place.give_up()


@pytest.mark.parametrize("text", QUESTIONS)
def test_every_corner_is_answered_as_python_answers(
    stored: tuple[sa.Connection, Practice, list[dict[str, Value]]], text: str
) -> None:
    connection, practice, columns = stored
    bound = bound_of(case=CASE.format(edge=EDGE), part=PART)
    question = bind_question(bound, "case", text)
    table = practice.schema.workflow("case")
    sight = Sight(practice.schema, table, DAY)
    found = {
        wanted: set(connection.scalars(sa.select(table.table.c.id).where(condition)))
        for wanted, condition in (
            (True, sight.true(question)),
            (False, sight.false(question)),
        )
    }
    parts = ({"cost": 9 * 10**12},) * 2
    for number, own in enumerate(columns):
        answer = evaluate(question, View(own, DAY, children=lambda _: parts))
        assert answer is (
            True if str(number) in found[True] else False if str(number) in found[False] else None
        ), (text, own)
