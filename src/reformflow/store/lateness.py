"""How many acts were late, counted by the database from the index of late entries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.store.history import late_of
from reformflow.store.schema import Schema
from reformflow.store.tables import MARKS
from reformflow.store.types import MARIADB


def late_acts(
    connection: sa.Connection, schema: Schema, *, unit: str | None = None
) -> Counter[tuple[str, str]]:
    """Count the marks of lateness by workflow and track, without those of entries taken back."""
    one, void = (_Entries.of(connection, schema.shared.history) for _ in range(2))
    query = sa.select(sa.func.count(), *one.said).where(one.is_late).group_by(*one.said)
    if unit is not None:
        own = [table.table.c for table in schema.workflows.values()]
        mine = [sa.select(here.id).where(here.unit == unit) for here in own]
        query = query.where(sa.or_(*(one.case_id.in_(cases) for cases in mine)))
    taken_back = sa.select(void.case_id, void.voids).where(void.is_void)
    not_counted = query.where(sa.tuple_(one.case_id, one.seq).in_(taken_back))
    found: Counter[tuple[str, str]] = Counter()
    for times, counted in ((1, query), (-1, not_counted)):
        for number, *said in connection.execute(counted):
            workflow, marks = _told(said)
            if workflow not in schema.workflows:
                continue
            transitions = schema.workflows[workflow].flow.transitions
            for mark in late_of(marks):
                bound = transitions.get(mark.transition)
                if bound is not None:
                    found[workflow, bound.track] += times * number
    return found


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Entries:
    """The history, as its index has the late entries and those that take others back.

    `said` are the columns of a late entry that tell its workflow and its marks.
    """

    case_id: sa.ColumnElement[str]
    seq: sa.ColumnElement[int]
    voids: sa.ColumnElement[int | None]
    said: tuple[sa.ColumnElement[Any], ...]
    is_late: sa.ColumnElement[bool]
    is_void: sa.ColumnElement[bool]

    @classmethod
    def of(cls, connection: sa.Connection, history: sa.Table) -> _Entries:
        if connection.dialect.name not in MARIADB:
            own = history.alias().c
            is_void = sa.and_(own.voids.is_not(None), own.name == "")
            said = (own.workflow, own.late)
            return cls(own.case_id, own.seq, own.voids, said, own.late.is_not(None), is_void)
        keys = [sa.column(name, history.c[name].type) for name in ("case_id", "seq", "voids")]
        marks = sa.column(MARKS, sa.String())
        here = sa.table(history.name, *keys, marks, schema=history.schema).alias().c
        told = here[MARKS]
        return cls(here.case_id, here.seq, here.voids, (told,), told > "", told == "")


def _told(said: Sequence[Any]) -> tuple[str, Any]:
    """Return the workflow and the marks of late entries."""
    if len(said) > 1:
        return said[0], said[1]
    workflow, _, marks = said[0].partition(" ")
    return workflow, json.loads(marks)
