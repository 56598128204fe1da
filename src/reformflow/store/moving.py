"""Moving cases from one definition to another, those that are alike at once.

What a migration does to a case rests on few of its columns. Rows that hold the same in these are
alike: the change is worked out once for them, and written by one INSERT … SELECT and one UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.binding import Column
from reformflow.model import Fact, Kind, Value
from reformflow.store.bounds import outside
from reformflow.store.effects import Effects
from reformflow.store.schema import Schema, WorkflowTable
from reformflow.store.spelling import Operand
from reformflow.store.strokes import Stroke
from reformflow.store.sweep import Stamp, Sweep
from reformflow.store.types import type_of
from reformflow.store.where import Condition, Sight


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
    """Cases that are the same in all that their migration rests on.

    `values` are by the old columns, `marks` by the new ones; `outside` are the facts that hold
    what they may not hold, `later` the columns that hold a later day.
    """

    ids: tuple[str, ...]
    values: Mapping[str, Value]
    marks: Mapping[str, Value]
    outside: tuple[str, ...]
    later: tuple[str, ...]


def alike(
    connection: sa.Connection, move: Move, rows: Condition, values: Mapping[str, Any]
) -> list[Alike]:
    """Return those of some rows that still follow the old definition, the same ones together.

    `values` are the parameters of the condition.
    """
    written = dict(_written(move))
    here = move.table.table.c.id
    query = sa.select(here, *(part.label(f"k{n}") for n, part in enumerate(written.values())))
    chosen = query.where(rows, move.rows).order_by(here)
    found: dict[tuple[Any, ...], list[str]] = {}
    for id_, *key in connection.execute(chosen, dict(values)):
        found.setdefault(tuple(key), []).append(id_)
    return [_alike(tuple(ids), dict(zip(written, key, strict=True))) for key, ids in found.items()]


def carry_over(  # noqa: PLR0913 - the parts of an entry
    connection: sa.Connection,
    move: Move,
    ids: Sequence[str],
    changes: Mapping[str, Value],
    *,
    actor: str,
    reason: str | None,
    stamp: Stamp,
) -> int:
    """Write the entry and the row of each of some cases; return how many.

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
    moved = 0
    for start in range(0, len(ids), _BATCH):
        some = move.table.table.c.id.in_(ids[start : start + _BATCH])
        sweep = Sweep.of(stroke, sa.and_(some, move.rows), move.after, noting=False)
        moved += sweep.carry_out(connection, {}, stamp)
    return moved


# ---------------------------------------------------------------------------------------------

_BATCH: Final = 5000
_READ, _MARK, _OUTSIDE, _LATER = range(4)


def _column(column: Column) -> Operand:
    """Return a column that the table has, but the new definition may not know any more."""
    return sa.column(column.sql_name, type_of(column))


def _written(move: Move) -> Iterator[tuple[tuple[int, str], Operand]]:
    """Yield everything that cases may differ in."""
    for column in move.reads:
        yield (_READ, column.name), _column(column)
    for name, (transition, part) in move.marks.items():
        yield (_MARK, name), _told(move, transition, part)
    for name, (column, fact) in move.checked.items():
        yield (_OUTSIDE, name), _yes(outside(_column(column), fact))
    for column in move.last:
        yield (_LATER, column.name), _yes(_column(column) > sa.literal(move.day, sa.Date()))


def _alike(ids: tuple[str, ...], key: Mapping[tuple[int, str], Any]) -> Alike:
    def some(kind: int) -> dict[str, Any]:
        return {name: value for (part, name), value in key.items() if part == kind}

    outside = tuple(name for name, found in some(_OUTSIDE).items() if found)
    later = tuple(name for name, found in some(_LATER).items() if found)
    return Alike(ids, some(_READ), some(_MARK), outside, later)


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
