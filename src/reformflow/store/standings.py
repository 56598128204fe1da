"""How many cases stand how, counted by the database: the sums of the board.

It looks at cases as they are stored. Whoever asks must know that time brings them nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from reformflow.store.history import late_of
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
    tracks = tuple(table.flow.tracks)
    marks = [_mark(table, track, on, soon).label(f"m{n}") for n, track in enumerate(tracks)]
    elsewhere = table.table.c.definition != definition
    query = sa.select(elsewhere.label("elsewhere"), *marks)
    if unit is not None:
        query = query.where(sa.or_(table.table.c.unit == unit, elsewhere))
    each = query.subquery()
    counted = sa.select(sa.func.count(), *each.c).group_by(*each.c)
    found: dict[str, Counter[str]] = {track: Counter() for track in tracks}
    for number, differs, *row in connection.execute(counted):
        if differs:
            return None
        for track, mark in zip(tracks, row, strict=True):
            found[track][mark] += number
    return found


def late_acts(
    connection: sa.Connection, schema: Schema, *, unit: str | None = None
) -> Counter[tuple[str, str]]:
    """Count the marks of lateness by workflow and track, without those of entries taken back."""
    entry = schema.shared.history
    void = entry.alias()
    here = (void.c.case_id == entry.c.case_id, void.c.voids == entry.c.seq, void.c.name == "")
    # Not by EXISTS: MariaDB, without an index of late entries, would read the history twice.
    query = (
        sa.select(entry.c.workflow, entry.c.late, sa.func.count())
        .join_from(entry, void, sa.and_(*here), isouter=True)
        .where(entry.c.late.is_not(None), void.c.seq.is_(None))
    )
    if unit is not None:
        own = [table.table.c for table in schema.workflows.values()]
        mine = [sa.select(here.id).where(here.unit == unit) for here in own]
        query = query.where(sa.or_(*(entry.c.case_id.in_(cases) for cases in mine)))
    found: Counter[tuple[str, str]] = Counter()
    rows = connection.execute(query.group_by(entry.c.workflow, entry.c.late))
    for workflow, marks, number in rows:
        if workflow not in schema.workflows:
            continue
        transitions = schema.workflows[workflow].flow.transitions
        for mark in late_of(marks):
            bound = transitions.get(mark.transition)
            if bound is not None:
                found[workflow, bound.track] += number
    return found


# ---------------------------------------------------------------------------------------------


def _mark(table: WorkflowTable, track: str, on: date, soon: int) -> sa.ColumnElement[str]:
    """Return how a case stands on one track, as the board says it."""
    state, due = _column(table, f"{track}.state"), _column(table, f"{track}.due")
    paused = [
        sa.and_(state.in_(sorted(deadline.during)), _column(table, deadline.paused).is_not(None))
        for deadline in table.flow.deadlines.values()
        if deadline.track == track and deadline.can_pause
    ]
    whens: Sequence[tuple[sa.ColumnElement[bool], str]] = (
        (state.in_(sorted(table.flow.finals[track])), "done"),
        (sa.and_(due.is_(None), sa.or_(sa.false(), *paused)), "paused"),
        (due.is_(None), "no_date"),
        (due < on, "late"),
        (due <= on + timedelta(days=soon), "due_soon"),
    )
    return sa.case(*((when, sa.literal_column(f"'{mark}'")) for when, mark in whens), else_=_FINE)


_FINE: sa.ColumnElement[str] = sa.literal_column("'on_time'")


def _column(table: WorkflowTable, name: str) -> sa.ColumnElement[object]:
    return table.table.c[table.flow.columns[name].sql_name]
