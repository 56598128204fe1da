"""Sweeps: a stroke carried out on many rows, by one INSERT … SELECT and one UPDATE.

Both statements choose their rows by what these held before, so nothing comes back to Python. What
is dear to find out, or is asked again later, is noted in a temporary table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.errors import Conflict
from reformflow.model import Case, Expression
from reformflow.store.bulk.grounds import day_of
from reformflow.store.bulk.kin import gathered
from reformflow.store.bulk.runs import Chunk, within
from reformflow.store.bulk.spelling import (
    NotRefused,
    Operand,
    RowKey,
    simultaneous,
    word,
)
from reformflow.store.bulk.strokes import Stroke, changes, looks_elsewhere
from reformflow.store.bulk.survey import Survey, against, refusals, refusing
from reformflow.store.bulk.where import Condition, Sight, is_true, without
from reformflow.store.commands import ID, Command, by_id
from reformflow.store.direct import Direct
from reformflow.store.schema import Schema, WorkflowTable
from reformflow.store.types import ID_LENGTH, Key, Utc, long_text, text

_NOTED: Final = sa.Table(
    "reformflow_noted",
    sa.MetaData(),
    sa.Column("turn", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("id", text(ID_LENGTH), primary_key=True),
    sa.Column("against", long_text()),
    prefixes=["TEMPORARY"],
)
_REFUSED: Final = sa.Table(
    "reformflow_refused",
    sa.MetaData(),
    sa.Column("row_key", Key(), primary_key=True, autoincrement=False),
    sa.Column("against", long_text()),
    prefixes=["TEMPORARY"],
)
_AT: Final[sa.BindParameter[datetime]] = sa.bindparam("b_recorded_at", type_=Utc())
_KEY: Final[sa.BindParameter[str]] = sa.bindparam("b_key", type_=sa.Unicode())
_TOGETHER: Final = 1000
_TURN: Final[sa.BindParameter[int]] = sa.bindparam("b_turn", type_=sa.Integer())
_FAILED: Final = 0
"""The turn under which rows are noted that a condition in Python is not true for."""
_NOTE_FAILED: Final = Command(
    sa.insert(_NOTED).values(turn=sa.literal_column(f"{_FAILED}"), id=sa.bindparam("id")),
    ID,
    by_id("id"),
)


@attrs.frozen
class Stamp:
    """What every entry of a sweep is marked with: when it was entered, and its run."""

    recorded_at: datetime
    key: str | None = None


class Noting(Enum):
    """Which rows are noted, and with what stands against them."""

    NOTHING = "nothing"
    REFUSED = "refused"
    ALL = "all"

    @classmethod
    def worthwhile(cls, stroke: Stroke, rows: Condition, *, numbered: bool) -> Noting:
        """Return what to note of a stroke that nothing follows: what is dearer to ask again.

        `numbered` says that rows have numbers, as `numbers_rows` tells.
        """
        if looks_elsewhere(rows) or stroke.beyond is not None:
            return cls.ALL
        dear = numbered or looks_elsewhere(stroke.free)
        return cls.REFUSED if dear else cls.NOTHING


@attrs.frozen
class Sweep:
    """The statements of one stroke on the rows that a condition chooses, each built once.

    The `values` that its methods take are the parameters of that condition, as `at` gives them.
    """

    stroke: Stroke
    noting: Noting
    rows: Condition
    left: sa.Select[Any] | None
    entries: sa.Insert
    update: sa.Update

    @classmethod
    def of(cls, stroke: Stroke, rows: Condition, definition: str, noting: Noting) -> Sweep:
        """Build the statements."""
        own = stroke.row.table.table
        alone = [] if stroke.beyond is None else [stroke.beyond]
        together = sa.and_(rows, *map(sa.not_, alone))
        match noting:
            case Noting.NOTHING:
                chosen = sa.and_(together, stroke.free)
            case Noting.REFUSED:
                chosen = sa.and_(together, NotRefused(RowKey(own.c.id)))
            case Noting.ALL:
                chosen = noted(stroke.row.table, [_TURN])
        return cls(
            stroke=stroke,
            noting=noting,
            rows=together,
            left=_ids(stroke.row.table, rows, *alone) if alone else None,
            entries=_counted(_entries(stroke, chosen, definition)),
            update=_update(stroke, chosen, definition),
        )

    @cached_property
    def refused(self) -> sa.Select[Any]:
        """The statement that counts the rows that are not chosen, by what stands against them."""
        if self.noting is Noting.NOTHING:
            return refusing(self.stroke, self.rows, without(is_true(self.stroke.free)))
        if self.noting is Noting.REFUSED:
            return _by_against(_REFUSED)
        return _by_against(_NOTED).where(_NOTED.c.turn == _TURN, _NOTED.c.against.is_not(None))

    @cached_property
    def verdicts(self) -> sa.Insert:
        """The statement that notes what comes of each row that is noted."""
        stroke, table = self.stroke, self.stroke.row.table
        here = table.table.c.id
        verdict = against(stroke)
        if self.noting is Noting.REFUSED:
            refused = without(is_true(stroke.free))
            found = gathered(table, [RowKey(here), verdict], self.rows, refused)
            return sa.insert(_REFUSED).from_select(list(_REFUSED.c), found)
        verdict = sa.case((stroke.free, sa.null()), else_=verdict)
        judged = gathered(table, [_TURN, here, verdict], self.rows)
        return sa.insert(_NOTED).from_select(list(_NOTED.c), judged)

    def at(self, turn: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of the rows with that of a turn, under which they are noted."""
        return {**values, "b_turn": turn} if self.noting is Noting.ALL else {**values}

    def alone(self, connection: sa.Connection, values: dict[str, Any]) -> list[str]:
        """Return the ids of the rows that the stroke leaves to be decided by themselves."""
        return [] if self.left is None else list(connection.scalars(self.left, values))

    def refusals(self, connection: sa.Connection, values: dict[str, Any]) -> Survey:
        """Note what is noted; count the refused rows, and why.

        Before the stroke is carried out, and once notes were cleared.
        """
        if self.noting is Noting.REFUSED:
            _clear(connection, _REFUSED)
        if self.noting is not Noting.NOTHING:
            connection.execute(self.verdicts, values)
        return refusals(connection.execute(self.refused, values), self.stroke)

    def carry_out(self, connection: sa.Connection, values: dict[str, Any], stamp: Stamp) -> int:
        """Write the entries and the rows for which the stroke is granted; return how many.

        Conflict if the two statements disagree, which somebody else's writes may cause.
        """
        marked = {**values, "b_recorded_at": stamp.recorded_at, "b_key": stamp.key}
        made = connection.execute(self.entries, marked).rowcount
        if not made:
            return 0
        with simultaneous(connection):
            changed = connection.execute(self.update, values).rowcount
        if changed != made:
            raise Conflict.over(f"one of {made} cases")
        return made


def cases_of(
    connection: sa.Connection, table: WorkflowTable, rows: Condition, values: dict[str, Any]
) -> Iterator[Case]:
    """Yield the cases of some rows of a table, in the order of their ids."""
    query = gathered(table, list(table.every.selected_columns), rows)
    ordered = query.order_by(table.table.c.id).execution_options(yield_per=_TOGETHER)
    with connection.execute(ordered, values) as found:
        for some in found.partitions():
            yield from map(table.case, some)


def note_failed(connection: sa.Connection, schema: Schema, ids: Sequence[str]) -> None:
    """Note the rows for which a condition in Python is not true."""
    if ids:
        Direct.of(connection, schema.known).run_for_each(_NOTE_FAILED, [(id_,) for id_ in ids])


def except_failed(stroke: Stroke) -> Stroke:
    """Return a stroke that is refused, too, for the rows that were noted as failed."""
    failed = noted(stroke.row.table, [_FAILED])
    return attrs.evolve(stroke, free=sa.and_(stroke.free, sa.not_(failed)))


def clear_notes(connection: sa.Connection) -> None:
    """Make the temporary table of noted rows, or empty it."""
    _clear(connection, _NOTED)


def noted(table: WorkflowTable, turns: Iterable[Any], *, by: str = "id") -> Condition:
    """Return the condition that a stroke of one of the turns was granted for a row.

    Or for its parent, whose id is in the column `by`.
    """
    here = _NOTED.c
    granted = sa.select(here.id).where(here.turn.in_(list(turns)), here.against.is_(None))
    return table.table.c[by].in_(granted)


def left_among(connection: sa.Connection, stroke: Stroke, rows: Condition) -> list[str]:
    """Return the ids of those of the rows that a stroke leaves to be decided by themselves."""
    if stroke.beyond is None:
        return []
    return list(connection.scalars(_ids(stroke.row.table, rows, stroke.beyond)))


def selected(
    connection: sa.Connection, row: Sight, chunk: Chunk, question: Expression | None
) -> list[str]:
    """Return the ids of the rows of a chunk for which a question is true."""
    asked = [] if question is None else [row.true(question)]
    query = _ids(row.table, within(row.table), *asked)
    return list(connection.scalars(query, chunk.values))


def rows_exist(connection: sa.Connection, table: WorkflowTable, rows: Condition) -> bool:
    """Say whether a workflow has such a row."""
    found = connection.scalar(gathered(table, [table.table.c.id], rows).limit(1))
    return found is not None


def parents_noted(table: WorkflowTable, children: WorkflowTable, turns: Iterable[Any]) -> Condition:
    """Return the condition that a child of a row was noted in one of the turns."""
    below = children.table.c
    return table.table.c.id.in_(sa.select(below.parent).where(noted(children, turns)))


# ---------------------------------------------------------------------------------------------


def _clear(connection: sa.Connection, notes: sa.Table) -> None:
    if connection.dialect.name == "sqlite":  # said of the table, it would load this dialect for all
        _NOTED.dialect_options["sqlite"]["with_rowid"] = False
    connection.execute(sa.schema.CreateTable(notes, if_not_exists=True))
    connection.execute(sa.delete(notes))


def _by_against(notes: sa.Table) -> sa.Select[Any]:
    """Return the statement that counts noted rows by what stands against them."""
    return sa.select(notes.c.against, sa.func.count()).group_by(notes.c.against)


def _ids(table: WorkflowTable, *rows: Condition) -> sa.Select[Any]:
    """Return the statement that finds the ids of rows, in their order."""
    here = table.table.c.id
    return gathered(table, [here], *rows).order_by(here)


def _counted(insert: sa.Insert) -> sa.Insert:
    """Return an INSERT … SELECT that tells how many rows it made: by itself it need not."""
    return insert.execution_options(preserve_rowcount=True)


def _entries(stroke: Stroke, chosen: Condition, definition: str) -> sa.Insert:
    """Return the statement that writes the entries of a stroke."""
    table = stroke.row.table
    here = table.table.c
    values: dict[str, Operand] = {
        "case_id": here.id,
        "seq": here.revision + 1,
        "workflow": word(table.flow.id),
        "kind": word(stroke.kind.value),
        "name": word(stroke.name),
        "actor": word(stroke.actor),
        "happened_on": day_of(stroke.row),
        "recorded_at": _AT,
        "changes": changes(stroke),
        "definition": word(definition),
    }
    if stroke.reason is not None:
        values["reason"] = sa.literal(stroke.reason, sa.UnicodeText())
    if stroke.late is not None:
        values["late"] = stroke.late
    if stroke.actor:
        values["request_key"] = _KEY
    rows = gathered(table, list(values.values()), chosen)
    history = stroke.row.schema.shared.history
    return sa.insert(history).from_select(list(values), rows, include_defaults=False)


def _update(stroke: Stroke, chosen: Condition, definition: str) -> sa.Update:
    table = stroke.row.table
    columns = table.flow.columns
    values = {columns[name].sql_name: value for name, value in stroke.effects.after.items()}
    values["revision"] = table.table.c.revision + 1
    values["definition"] = word(definition)
    return sa.update(table.table).where(chosen).values(values)
