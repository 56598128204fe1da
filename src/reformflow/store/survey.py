"""Counting, in one statement, how many cases an act would be granted for and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.model import Code
from reformflow.store.grounds import Ground
from reformflow.store.strokes import Stroke
from reformflow.store.where import Condition


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
    return counted(connection.execute(counting(stroke, rows)).one(), stroke)


def counting(stroke: Stroke, among: Condition) -> sa.Select[Any]:
    """Return the statement that counts: the selected, the granted, each ground."""
    marks = [("granted", stroke.free)]
    marks += [(f"ground_{i}", ground.stands) for i, ground in enumerate(_merged(stroke.grounds))]
    one, none = sa.literal(1, sa.Integer()), sa.literal(0, sa.Integer())
    rows = sa.select(*(sa.case((mark, one), else_=none).label(name) for name, mark in marks))
    inner = rows.select_from(stroke.row.table.table).where(among).subquery()
    totals = [sa.func.coalesce(sa.func.sum(inner.c[name]), none) for name, _ in marks]
    return sa.select(sa.func.count(), *totals).select_from(inner)


def counted(row: Sequence[Any], stroke: Stroke) -> Survey:
    """Return what the statement has counted."""
    selected, granted, *refused = (int(number) for number in row)
    tallies = tuple(
        Tally(ground.code, ground.subject, ground.clauses, cases)
        for ground, cases in zip(_merged(stroke.grounds), refused, strict=True)
        if cases
    )
    return Survey(selected, granted, tallies)


# ---------------------------------------------------------------------------------------------


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
