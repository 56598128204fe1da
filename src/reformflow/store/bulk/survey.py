"""Counting, in one statement, how many cases an act would be granted for and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.model import Code
from reformflow.store.bulk.grounds import Ground
from reformflow.store.bulk.strokes import Stroke
from reformflow.store.bulk.where import Condition, is_true


@attrs.frozen
class Tally:
    """How many cases are refused for one reason."""

    code: Code
    subject: str
    clauses: tuple[str, ...]
    cases: int


@attrs.frozen
class Survey:
    """How many cases were asked about, how many would be granted, and the reasons for the rest.

    A case may be refused for several reasons, so the tallies add up to more than the refused.
    """

    selected: int
    granted: int
    refused: tuple[Tally, ...]

    def of(self, granted: int) -> Survey:
        """Return these refusals with so many cases granted besides."""
        return attrs.evolve(self, selected=self.selected + granted, granted=granted)

    def plus(self, other: Survey) -> Survey:
        """Return what both have counted, of different cases."""
        tallies: dict[tuple[Code, str], Tally] = {}
        for tally in (*self.refused, *other.refused):
            known = tallies.get((tally.code, tally.subject))
            if known is not None:
                cited = tuple(dict.fromkeys([*known.clauses, *tally.clauses]))
                cases = known.cases + tally.cases
                tally = attrs.evolve(tally, clauses=cited, cases=cases)  # noqa: PLW2901
            tallies[tally.code, tally.subject] = tally
        selected, granted = self.selected + other.selected, self.granted + other.granted
        return Survey(selected, granted, tuple(tallies.values()))


NOTHING = Survey(0, 0, ())
"""What is counted of no cases."""


def survey(connection: sa.Connection, stroke: Stroke, rows: Condition) -> Survey:
    """Count over the rows that `rows` is true for, without those left to be decided singly."""
    if stroke.beyond is not None:
        rows = sa.and_(rows, sa.not_(stroke.beyond))
    marks = [sa.func.count(), _total(stroke.free)]
    query = sa.select(*marks).select_from(stroke.row.table.table).where(rows)
    selected, granted = map(int, connection.execute(query).one())
    if selected == granted:
        return Survey(selected, granted, ())
    refused = sa.and_(rows, sa.not_(is_true(stroke.free)))
    found = refusals(connection.execute(refusing(stroke, refused)).one(), stroke)
    return attrs.evolve(found, selected=selected, granted=granted)


def refusing(stroke: Stroke, refused: Condition) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that counts how often each ground stands against refused rows."""
    totals = [_total(ground.stands) for ground in _merged(stroke.grounds)]
    rows = stroke.row.table.table
    return sa.select(sa.func.count(), *totals).select_from(rows).where(refused)


def refusals(row: Sequence[Any], stroke: Stroke) -> Survey:
    """Return what the statement has counted."""
    selected, *cases = (int(number) for number in row)
    tallies = tuple(
        Tally(ground.code, ground.subject, ground.clauses, number)
        for ground, number in zip(_merged(stroke.grounds), cases, strict=True)
        if number
    )
    return Survey(selected, 0, tallies)


# ---------------------------------------------------------------------------------------------


def _total(mark: Condition) -> sa.ColumnElement[int]:
    """Return for how many rows a condition holds."""
    one, none = sa.literal(1, sa.Integer()), sa.literal(0, sa.Integer())
    return sa.func.coalesce(sa.func.sum(sa.case((mark, one), else_=none)), none)


def _merged(found: Sequence[Ground]) -> list[Ground]:
    """Join grounds of one code and subject, so that no case counts twice for them."""
    joined: dict[tuple[Code, str], Ground] = {}
    for ground in found:
        known = joined.get((ground.code, ground.subject))
        if known is None:
            joined[ground.code, ground.subject] = ground
        else:
            clauses = tuple(dict.fromkeys([*known.clauses, *ground.clauses]))
            stands = sa.or_(known.stands, ground.stands)
            joined[ground.code, ground.subject] = attrs.evolve(
                known, clauses=clauses, stands=stands
            )
    return list(joined.values())
