"""Counting as a step from one day to another: exact from a known day, bounded from any day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import attrs

from reformflow.binding import BoundWhen
from reformflow.calendars import Calendar
from reformflow.errors import CalendarError
from reformflow.model import Roll, Unit

_UNKNOWN_YEARS: Final = range(2021, 2029)
"""Stand for the years of a document that does not say when it takes effect."""

_BEFORE, _AFTER = 1, 7
"""How many years around the day of effect are looked at to bound a count."""

_DAY: Final = timedelta(days=1)


@attrs.frozen
class Count:
    """How a date is counted from its anchor: by at least and at most so many days."""

    when: BoundWhen
    calendar: Calendar
    least: int
    most: int

    @classmethod
    def of(cls, when: BoundWhen, calendar: Calendar, effective: date | None) -> Count | None:
        """Bound a count by what it comes to in the years after effect; None if it cannot be."""
        years = _UNKNOWN_YEARS
        if effective is not None:
            first = max(effective.year - _BEFORE, date.min.year)
            years = range(first, min(effective.year + _AFTER, date.max.year))
        plain = attrs.evolve(when, when=None, anchor=None)
        span: tuple[int, int] | None = _span(plain, calendar, years)  # type: ignore[arg-type]
        return None if span is None else cls(when, calendar, *span)

    def day(self, anchor: date) -> date | None:
        """Return the day counted from an anchor, None if the calendar cannot tell."""
        try:
            return self.when.counted(self.calendar, anchor)
        except CalendarError:
            return None

    def first_anchor(self, day: date) -> date | None:
        """Return the earliest anchor from which the count comes to a day or beyond it."""
        return self._anchor(day, self.most, 1)

    def last_anchor(self, day: date) -> date | None:
        """Return the latest anchor from which the count comes to a day or before it."""
        return self._anchor(day, self.least, -1)

    def _anchor(self, day: date, distance: int, step: int) -> date | None:
        """Look for the anchor from the furthest that it can be; a count never runs backwards."""
        anchor = _moved(day, -distance)
        for _ in range(self.most - self.least + 1):
            counted = None if anchor is None else self.day(anchor)
            if anchor is None or counted is None:
                return None
            if (counted - day).days * step >= 0:
                return anchor
            anchor = _moved(anchor, step)
        return None


# ---------------------------------------------------------------------------------------------


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


@lru_cache(maxsize=512)
def _span(when: BoundWhen, calendar: Calendar, years: range) -> tuple[int, int] | None:
    if when.roll == Roll.NONE.value and when.unit in {Unit.DAYS, Unit.WEEKS}:
        years = years[:1]  # the same from every day
    found = set(_lengths(when, calendar, years))
    return (min(found), max(found)) if found else None


def _lengths(when: BoundWhen, calendar: Calendar, years: range) -> Iterator[int]:
    for year in years:
        day = date(year, 1, 1)
        while day.year == year and day < date.max:
            with suppress(CalendarError):
                yield (when.counted(calendar, day) - day).days
            day += _DAY
