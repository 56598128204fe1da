"""Counting days for many rows: in Python, once for each distinct day that is counted from."""

from __future__ import annotations

from datetime import date
from typing import Final

import sqlalchemy as sa

from reformflow.binding.bound import BoundWhen
from reformflow.calendars import Calendar
from reformflow.errors import CalendarError
from reformflow.store.bulk.spelling import NO_DAY, Operand, on_day
from reformflow.store.bulk.where import Condition
from reformflow.store.schema import WorkflowTable

_MOST: Final = 500
"""So many distinct days are counted for all rows together; rows with others by themselves."""


class DayCounter:
    """Counts days from columns of one workflow's table, as far as its rows hold them now."""

    def __init__(self, connection: sa.Connection, calendar: Calendar, table: WorkflowTable) -> None:
        """Look for the days that rows hold through `connection`."""
        self._connection = connection
        self._calendar = calendar
        self._table = table

    def __call__(self, when: BoundWhen, anchor: Operand) -> tuple[Operand, Condition | None]:
        """Return the day counted from an anchor, and for which rows that is not known here."""
        if isinstance(anchor, sa.BindParameter):
            return self._from(when, anchor.value)
        counted = self._counted(when, self._held(anchor))
        if not counted:
            return NO_DAY, anchor.is_not(None)
        days = [(anchor == on_day(day), on_day(value)) for day, value in counted.items()]
        known = [on_day(day) for day in counted]
        return sa.case(*days, else_=NO_DAY), anchor.not_in(known)

    def _from(self, when: BoundWhen, day: date | None) -> tuple[Operand, Condition | None]:
        """Return what is counted from the same day in every row."""
        if day is None:
            return NO_DAY, None
        counted = self._counted(when, [day])
        beyond = None if counted else sa.true()
        return on_day(counted.get(day)), beyond

    def _held(self, anchor: Operand) -> list[date]:
        query = sa.select(anchor).select_from(self._table.table).where(anchor.is_not(None))
        held = self._connection.scalars(query.distinct().limit(_MOST))
        # What is worked out from days comes back from MariaDB as text.
        return [date.fromisoformat(day) if isinstance(day, str) else day for day in held]

    def _counted(self, when: BoundWhen, anchors: list[date]) -> dict[date, date]:
        """Return what is counted from each day, without those from which nothing can be."""
        found: dict[date, date] = {}
        for anchor in anchors:
            try:
                found[anchor] = when.counted(self._calendar, anchor)
            except CalendarError:
                continue
        return found
