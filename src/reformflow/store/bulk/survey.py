"""Counting how many cases an act would be granted for and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
    total = gathered(stroke.row.table, [sa.func.count()], rows)
    selected = int(connection.scalars(total).one())
    query = refusing(stroke, rows, without(is_true(stroke.free)))
    refused = refusals(connection.execute(query), stroke)
    return refused.of(selected - refused.selected)


def refusing(stroke: Stroke, *refused: Condition) -> sa.Select[Any]:
    """Return the statement that counts by which grounds rows are refused."""
    rows = gathered(stroke.row.table, [against(stroke).label("against")], *refused).subquery()
    return sa.select(rows.c.against, sa.func.count()).group_by(rows.c.against)


def against(stroke: Stroke) -> Operand:
    """Return the numbers of all grounds that stand against a row, as text."""
    found = (_marked(ground, *_marks(number)) for number, ground in enumerate(stroke.grounds))
    marks = (mark for mark in found if mark is not None)
    return reduce(sa.ColumnElement.concat, marks, plain(""))


def refusals(counted: Iterable[Sequence[Any]], stroke: Stroke) -> Survey:
    """Return what came of rows that were counted by the grounds against them."""
    reasons: dict[str, tuple[Code, str]] = {}
    cited: dict[tuple[Code, str], tuple[str, ...]] = {}
    for number, ground in enumerate(stroke.grounds):
        for mark, code in zip(_marks(number), (ground.code, ground.unknown), strict=True):
            if code is not None:
                reason = reasons[mark] = (code, ground.subject)
                cited[reason] = (*cited.get(reason, ()), *ground.clauses)
    selected = 0
    cases: Counter[tuple[Code, str]] = Counter()
    for marks, number in counted:
        selected += number
        for reason in {reasons[mark] for mark in marks.split()}:  # once, whatever it is due to
            cases[reason] += number
    tallies = tuple(
        Tally(*reason, tuple(dict.fromkeys(clauses)), cases[reason])
        for reason, clauses in cited.items()
        if cases[reason]
    )
    return Survey(selected, 0, tallies)


# ---------------------------------------------------------------------------------------------


def _marks(number: int) -> tuple[str, str]:
    """Return the marks of a ground: that it stands, and that it cannot be told whether it does."""
    return str(2 * number), str(2 * number + 1)


def _marked(ground: Ground, stands: str, untold: str) -> Operand | None:
    """Return the mark of a ground where it stands; None if it never does."""
    if ground.unknown is not None and ground.clear is not None:
        if isinstance(ground.clear, sa.True_):
            return None
        told = (ground.clear, plain("")), (ground.stands, plain(f"{stands} "))
        return sa.case(*told, else_=plain(f"{untold} "))
    if isinstance(ground.stands, sa.True_ | sa.False_):
        return plain(f"{stands} ") if isinstance(ground.stands, sa.True_) else None
    return sa.case((ground.stands, plain(f"{stands} ")), else_=plain(""))
