"""How many cases stand how, counted by the database: the sums of the board.

It looks at cases as they are stored. Whoever asks must know that time brings them nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from reformflow.store.schema import Schema, WorkflowTable


def standings(  # noqa: PLR0913 - whose cases, on which day, by what
    connection: sa.Connection,
    schema: Schema,
    workflow: str,
    on: date,
    definition: str,
    *,
    soon: int,
    unit: str | None = None,
) -> dict[str, Counter[str]] | None:
    """Count by track how the cases of a workflow stand on one day, of one unit or of all.

    A case is `due_soon` from `soon` days before its date. None if any case of the workflow, of
    whatever unit, follows another than the `definition`.
    """
    table = schema.workflow(workflow)
    found: dict[str, Counter[str]] = {track: Counter() for track in table.flow.tracks}
    every = tuple(table.flow.tracks)
    for start in range(0, len(every), _TOGETHER):
        tracks = every[start : start + _TOGETHER]
        codes = _codes(table, tracks, on, definition, soon=soon, unit=unit)
        for number, code in connection.execute(
            sa.select(sa.func.count(), codes.c.code).group_by(codes.c.code)
        ):
            rest = code
            for track in reversed(tracks):
                rest, mark = divmod(rest, len(_MARKS))
                found[track][_MARKS[mark]] += number
            if rest:
                return None
    return found


# ---------------------------------------------------------------------------------------------


_MARKS: Final = ("done", "paused", "no_date", "late", "due_soon", "on_time")
"""How a case may stand, as the board says it: the first that applies."""

_TOGETHER: Final = 20
"""Of so many tracks the marks fit into one number of 64 bits."""


def _codes(
    table: WorkflowTable,
    tracks: Sequence[str],
    on: date,
    definition: str,
    *,
    soon: int,
    unit: str | None,
) -> sa.Subquery:
    """Return one number for each case: its marks as digits, before them whether it is elsewhere.

    A database that groups by sorting has the least to sort so.
    """
    elsewhere = table.table.c.definition != definition
    code: sa.ColumnElement[int] = sa.cast(sa.case((elsewhere, 1), else_=0), sa.BigInteger())
    for track in tracks:
        code = code * len(_MARKS) + _mark(table, track, on, soon)
    each = sa.select(code.label("code"))
    if unit is not None:
        each = each.where(sa.or_(table.table.c.unit == unit, elsewhere))
    return each.subquery()


def _mark(table: WorkflowTable, track: str, on: date, soon: int) -> sa.ColumnElement[int]:
    """Return the place among the marks of how a case stands on one track."""
    state, due = _column(table, f"{track}.state"), _column(table, f"{track}.due")
    paused = [
        sa.and_(state.in_(sorted(deadline.during)), _column(table, deadline.paused).is_not(None))
        for deadline in table.flow.deadlines.values()
        if deadline.track == track and deadline.can_pause
    ]
    whens: tuple[tuple[str, sa.ColumnElement[bool]], ...] = (
        ("done", state.in_(sorted(table.flow.finals[track]))),
        ("paused", sa.and_(due.is_(None), sa.or_(sa.false(), *paused))),
        ("no_date", due.is_(None)),
        ("late", due < on),
        ("due_soon", due <= on + timedelta(days=soon)),
    )
    return sa.case(*((when, _place(mark)) for mark, when in whens), else_=_place("on_time"))


def _place(mark: str) -> sa.ColumnElement[int]:
    return sa.literal_column(str(_MARKS.index(mark)))


def _column(table: WorkflowTable, name: str) -> sa.ColumnElement[object]:
    return table.table.c[table.flow.columns[name].sql_name]
