"""Moving cases from one definition to another, those that are alike at once.

What a migration does to a case rests on few of its columns. Rows that hold the same in these are
alike: the change is worked out once for them, and written by one INSERT … SELECT and one UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.binding import Column
from reformflow.errors import Conflict
from reformflow.model import Fact, Kind, Value
from reformflow.store.bulk.bounds import outside
from reformflow.store.bulk.effects import Effects
from reformflow.store.bulk.spelling import Operand
from reformflow.store.bulk.strokes import Stroke
from reformflow.store.bulk.sweep import Noting, Stamp, Sweep
from reformflow.store.bulk.where import Condition, Sight
from reformflow.store.schema import Schema, WorkflowTable
from reformflow.store.types import type_of


@attrs.frozen
class Move:
    """The cases of one workflow on their way from the definition `before` to `after` on a day.

    `reads` are the old columns on which the changes rest, `last` the old ones that hold the days
    of the last entries. `marks` give for a new column the transition whose last firing it tells,
    and whether its day (`on`) or its actor (`by`); `checked` the facts that may hold less now,
    with their old columns; `carried` the old column whose value a new one takes over, unless it is
    changed.
    """

    schema: Schema
    table: WorkflowTable
    before: str
    after: str
    day: date
    reads: tuple[Column, ...]
    last: tuple[Column, ...]
    marks: Mapping[str, tuple[str, str]]
    checked: Mapping[str, tuple[Column, Fact]]
    carried: Mapping[str, Column]

    @property
    def rows(self) -> Condition:
        """The condition that a row still follows the old definition."""
        return self.table.table.c.definition == sa.literal(self.before, sa.Unicode())


@attrs.frozen
class Alike:
    """So many cases that are the same in all that their migration rests on, and their rows.

    `values` are by the old columns, `marks` by the new ones; `outside` are the facts that hold
    what they may not hold, `later` the columns that hold a later day.
    """

    cases: int
    rows: Condition
    values: Mapping[str, Value]
    marks: Mapping[str, Value]
    outside: tuple[str, ...]
    later: tuple[str, ...]


def alike(
    connection: sa.Connection, move: Move, rows: Condition, chunk: Mapping[str, Any]
) -> list[Alike]:
    """Return those of some rows that still follow the old definition, the same ones together.

    `chunk` holds the parameters of the condition.
    """
    parts = list(_written(move))
    labelled = (part.operand.label(f"k{number}") for number, part in enumerate(parts))
    inner = sa.select(*labelled).select_from(move.table.table).where(rows, move.rows).subquery()
    query = sa.select(sa.func.count(), *inner.c).group_by(*inner.c)
    return [
        _alike(number, rows, dict(zip(parts, key, strict=True)))
        for number, *key in connection.execute(query, dict(chunk))
    ]


def carry_over(  # noqa: PLR0913 - the parts of an entry
    connection: sa.Connection,
    move: Move,
    some: Alike,
    changes: Mapping[str, Value],
    *,
    chunk: Mapping[str, Any],
    actor: str,
    reason: str | None,
    stamp: Stamp,
) -> None:
    """Write the entry and the row of each of the cases.

    Conflict if somebody else changes one of them meanwhile.
    """
    columns = move.table.flow.columns
    after: dict[str, Operand] = {name: _column(old) for name, old in move.carried.items()}
    after |= {name: sa.literal(value, type_of(columns[name])) for name, value in changes.items()}
    stroke = Stroke(
        row=Sight(move.schema, move.table, move.day),
        kind=Kind.MIGRATED,
        name="",
        actor=actor,
        reason=reason,
        grounds=(),
        free=sa.true(),
        beyond=None,
        effects=Effects(after, frozenset(after), ()),
        late=None,
    )
    sweep = Sweep.of(stroke, sa.and_(some.rows, move.rows), move.after, Noting.NOTHING)
    if sweep.carry_out(connection, dict(chunk), stamp) != some.cases:
        raise Conflict.over(f"one of {some.cases} cases")


# ---------------------------------------------------------------------------------------------

_READ, _MARK, _OUTSIDE, _LATER = range(4)


@attrs.frozen(eq=False)
class _Part:
    """Something in which cases may differ."""

    kind: int
    name: str
    operand: Operand

    def holds(self, value: Value) -> Condition:
        """Return the condition that it is this value, or missing for None."""
        if value is None:
            return self.operand.is_(None)
        return self.operand == sa.literal(value, self.operand.type)


def _column(column: Column) -> Operand:
    """Return a column that the table has, but the new definition may not know any more."""
    return sa.column(column.sql_name, type_of(column))


def _written(move: Move) -> Iterator[_Part]:
    for column in move.reads:
        yield _Part(_READ, column.name, _column(column))
    for name, (transition, part) in move.marks.items():
        yield _Part(_MARK, name, _told(move, transition, part))
    for name, (column, fact) in move.checked.items():
        yield _Part(_OUTSIDE, name, _yes(outside(_column(column), fact)))
    for column in move.last:
        later = _column(column) > sa.literal(move.day, sa.Date())
        yield _Part(_LATER, column.name, _yes(later))


def _alike(cases: int, rows: Condition, key: Mapping[_Part, Any]) -> Alike:
    def some(kind: int) -> dict[str, Any]:
        return {part.name: value for part, value in key.items() if part.kind == kind}

    return Alike(
        cases,
        sa.and_(rows, *(part.holds(value) for part, value in key.items())),
        some(_READ),
        some(_MARK),
        tuple(name for name, found in some(_OUTSIDE).items() if found),
        tuple(name for name, found in some(_LATER).items() if found),
    )


def _told(move: Move, transition: str, part: str) -> Operand:
    """Return what history tells of the last firing of a transition that was not taken back."""
    fired = move.schema.shared.history.alias("fired")
    taken = move.schema.shared.history.alias("taken")
    back = sa.exists().where(
        taken.c.case_id == fired.c.case_id,
        taken.c.voids == fired.c.seq,
        taken.c.kind == sa.literal(Kind.CORRECTED.value, sa.Unicode()),
        taken.c.name == sa.literal("", sa.Unicode()),
    )
    told: sa.Select[Any] = (
        sa.select(fired.c.happened_on if part == "on" else fired.c.actor)
        .where(
            fired.c.case_id == move.table.table.c.id,
            fired.c.kind == sa.literal(Kind.FIRED.value, sa.Unicode()),
            fired.c.name == sa.literal(transition, sa.Unicode()),
            ~back,
        )
        .order_by(fired.c.seq.desc())
        .limit(1)
    )
    return told.scalar_subquery()


def _yes(condition: Condition) -> Operand:
    return sa.case((condition, sa.literal(1, sa.Integer())), else_=sa.literal(0, sa.Integer()))
