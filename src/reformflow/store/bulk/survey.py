"""Counting how many cases an act would be granted for and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.model import Code
from reformflow.store.bulk.grounds import Ground
from reformflow.store.bulk.kin import gathered
from reformflow.store.bulk.spelling import Operand, plain
from reformflow.store.bulk.strokes import Stroke, apart_from
from reformflow.store.bulk.where import Condition, both, is_true, without


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
    rows = both(rows, *apart_from(stroke))
    total = gathered(stroke.row.table.table, [sa.func.count()], rows)
    selected = int(connection.scalars(total).one())
    query = refusing(stroke, rows, without(is_true(stroke.free)))
    refused = refusals(connection.execute(query), stroke)
    return refused.of(selected - refused.selected)


def refusing(stroke: Stroke, *refused: Condition) -> sa.Select[Any]:
    """Return the statement that counts by which grounds rows are refused."""
    rows = gathered(stroke.row.table.table, [against(stroke).label("against")], *refused).subquery()
    return sa.select(rows.c.against, sa.func.count()).group_by(rows.c.against)


def against(stroke: Stroke) -> Operand:
    """Return the numbers of all grounds that stand against a row, as text."""
    marks = [
        plain(mark) if isinstance(ground.stands, sa.True_) else _marked(ground.stands, mark)
        for mark, ground in _numbered(stroke)
    ]
    return reduce(sa.ColumnElement.concat, marks, plain(""))


def refusals(counted: Iterable[Sequence[Any]], stroke: Stroke) -> Survey:
    """Return what came of rows that were counted by the grounds against them."""
    selected = 0
    cases: Counter[str] = Counter()
    for marks, number in counted:
        selected += number
        for mark in marks.split():
            cases[f"{mark} "] += number
    tallies = tuple(
        Tally(ground.code, ground.subject, ground.clauses, cases[mark])
        for mark, ground in _numbered(stroke)
        if cases[mark]
    )
    return Survey(selected, 0, tallies)


# ---------------------------------------------------------------------------------------------


def _numbered(stroke: Stroke) -> Iterator[tuple[str, Ground]]:
    """Yield all grounds that may stand, each with the mark that says that it does."""
    for number, ground in enumerate(_merged(stroke.grounds)):
        if not isinstance(ground.stands, sa.False_):
            yield f"{number} ", ground


def _marked(condition: Condition, mark: str) -> Operand:
    return sa.case((condition, plain(mark)), else_=plain(""))


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
