"""Counting, in one statement, how many cases an act would be granted for and why not."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import sqlalchemy as sa

from reformflow.model import Code
from reformflow.store.grounds import Asked, Ground, free_of, grounds
from reformflow.store.where import Condition, Sight


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


def survey(
    connection: sa.Connection, sight: Sight, asked: Asked, chosen: Condition | None = None
) -> Survey:
    """Count over all cases of the sight's workflow, or over those that `chosen` is true for."""
    found = _merged(list(grounds(sight, asked)))
    marks = [("granted", free_of(found))]
    marks += [(f"ground_{index}", ground.stands) for index, ground in enumerate(found)]
    one, none = sa.literal(1, sa.Integer()), sa.literal(0, sa.Integer())
    rows = sa.select(*(sa.case((mark, one), else_=none).label(name) for name, mark in marks))
    rows = rows.select_from(sight.table.table)
    if chosen is not None:
        rows = rows.where(chosen)
    inner = rows.subquery()
    totals = [sa.func.coalesce(sa.func.sum(inner.c[name]), none) for name, _ in marks]
    counted = connection.execute(sa.select(sa.func.count(), *totals).select_from(inner)).one()
    selected, granted, *refused = (int(number) for number in counted)
    tallies = tuple(
        Tally(ground.code, ground.subject, ground.clauses, cases)
        for ground, cases in zip(found, refused, strict=True)
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
