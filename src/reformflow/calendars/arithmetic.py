"""Counting days, working days, months and years on plain dates.

Nothing overflows silently: a result outside the years 1 to 9999 raises `CalendarError`.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Sequence
from datetime import date
from typing import Final

from reformflow.calendars.workdays import Calendar
from reformflow.errors import CalendarError, nearest

_MONTHS: Final = 12
_FIRST_DAY: Final = date.min.toordinal()
_LAST_DAY: Final = date.max.toordinal()
_LEAP_YEAR: Final = 2000
_ROLLS: Final = ("none", "next_working_day", "previous_working_day")


def add_days(day: date, n: int) -> date:
    """Return the day `n` calendar days after `day` (before it, for a negative `n`)."""
    ordinal = day.toordinal() + n
    if not _FIRST_DAY <= ordinal <= _LAST_DAY:
        raise _outside(f"{n} days from {day.isoformat()}")
    return date.fromordinal(ordinal)


def add_working_days(calendar: Calendar, day: date, n: int) -> date:
    """Return the `n`-th working day strictly after `day`, or before it for a negative `n`.

    0 gives `day` itself, worked or not. Raises `CalendarError` for a year without data.
    """
    start, left = day.toordinal(), abs(n)
    step, end = (1, _LAST_DAY) if n > 0 else (-1, _FIRST_DAY)
    if left <= abs(end - start):
        for ordinal in range(start, end + step, step):
            if ordinal != start and calendar.is_working_day(date.fromordinal(ordinal)):
                left -= 1
            if left == 0:
                return date.fromordinal(ordinal)
    raise _outside(f"{n} working days from {day.isoformat()}")


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`; none if `end` is earlier.

    Raises `CalendarError` for a year without data.
    """
    span = range(start.toordinal() + 1, end.toordinal() + 1)
    return sum(calendar.is_working_day(date.fromordinal(ordinal)) for ordinal in span)


def add_months(day: date, n: int) -> date:
    """Return the same day `n` months on; a day that month lacks becomes its last (31 → 28)."""
    year, month = _month_on(day, n)
    return _clamped(year, month, day.day)


def add_years(day: date, n: int) -> date:
    """Return the same day `n` years on; 29 February becomes 28 February in a common year."""
    return add_months(day, n * _MONTHS)


def month_end(day: date, n: int = 0) -> date:
    """Return the last day of the month `n` months after the month of `day`."""
    year, month = _month_on(day, n)
    return _clamped(year, month, 31)


def next_of(day: date, days_of_year: Sequence[tuple[int, int]]) -> date:
    """Return the first of the yearly (month, day) pairs that falls strictly after `day`.

    29 February is 28 February in a common year. Raises `CalendarError` for an empty list or a
    pair that is no day of the year.
    """
    check_days_of_year(days_of_year)
    for year in (day.year, day.year + 1):
        if year <= date.max.year:
            candidates = [_clamped(year, month, number) for month, number in days_of_year]
            later = [candidate for candidate in candidates if candidate > day]
            if later:
                return min(later)
    raise _outside(f"the next yearly day after {day.isoformat()}")


def roll(calendar: Calendar, day: date, how: str) -> date:
    """Return `day`, or where it is no working day the next or the previous one.

    `how` is `none`, `next_working_day` or `previous_working_day`; another raises
    `CalendarError`, as does a year without data.
    """
    check_roll(how)
    if how == "none" or calendar.is_working_day(day):
        return day
    return add_working_days(calendar, day, 1 if how == "next_working_day" else -1)


def check_roll(how: str) -> None:
    """Raise `CalendarError` with the nearest word unless `roll` knows `how`."""
    if how not in _ROLLS:
        raise CalendarError(message=f"unknown roll {how!r}", hint=nearest(how, _ROLLS))


def check_days_of_year(days_of_year: Sequence[tuple[int, int]]) -> None:
    """Raise `CalendarError` unless there is a pair and every one is a day of a leap year."""
    if not days_of_year:
        raise CalendarError(message="no yearly day is listed", hint="list at least one month-day")
    for month, day in days_of_year:
        if not (1 <= month <= _MONTHS and 1 <= day <= gregorian.monthrange(_LEAP_YEAR, month)[1]):
            raise CalendarError(
                message=f"month {month}, day {day} is no day of the year",
                hint="write a month from 1 to 12 and a day that month has",
            )


def _month_on(day: date, n: int) -> tuple[int, int]:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + n, _MONTHS)
    if not date.min.year <= year <= date.max.year:
        raise _outside(f"{n} months from {day.isoformat()}")
    return year, month + 1


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))


def _outside(what: str) -> CalendarError:
    return CalendarError(
        message=f"{what} lies outside the years {date.min.year} to {date.max.year}",
        hint="use a smaller amount",
    )
