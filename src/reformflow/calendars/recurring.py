"""The periods of a recurring duty: every so many days, months or years, or on yearly days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from reformflow.calendars.arithmetic import (
    add_days,
    add_working_days,
    check_days_of_year,
    check_roll,
    next_of,
)
from reformflow.calendars.arithmetic import roll as rolled
from reformflow.calendars.due import UNITS, check_amount, counted
from reformflow.calendars.workdays import Calendar
from reformflow.errors import CalendarError, nearest

_STEPS: Final = tuple(unit for unit in UNITS if unit != "on")


def recurrence(  # noqa: PLR0913 - one keyword for each part of a specification
    calendar: Calendar,
    *,
    first: date,
    unit: str,
    amount: int = 0,
    yearly: Sequence[tuple[int, int]] = (),
    roll: str = "none",
    opens: date | None = None,
    until: date,
) -> Iterator[tuple[int, date, date]]:
    """Yield number, first day and due date of each period that starts on or before `until`.

    Period 1 is due on `first`, period k `(k - 1) * amount` units later: always counted from
    `first`, so that month ends do not drift (31 January, 28 February, 31 March). `unit` is one
    of `due.UNITS` but `on`; `next` takes the `yearly` days and no amount. Due dates are rolled
    one by one, except `first`, which is given. A period starts on the day after the due date
    before it, period 1 on `opens` (by default on `first` itself). Raises `CalendarError` at once
    for an unknown word, an amount below 1 or a pair that is no day of the year, and while
    iterating for a year without data.
    """
    if unit not in _STEPS:
        raise CalendarError(message=f"{unit!r} does not recur", hint=nearest(unit, _STEPS))
    check_roll(roll)
    check_amount(unit, amount)
    if unit == "next":
        check_days_of_year(yearly)
    elif amount < 1:
        raise CalendarError(
            message=f"a duty cannot recur every {amount} {unit}", hint="use an amount of 1 or more"
        )
    days = _due_days(calendar, first=first, unit=unit, amount=amount, yearly=yearly, how=roll)
    return _periods(days, opens=first if opens is None else opens, until=until)


def _periods(days: Iterator[date], *, opens: date, until: date) -> Iterator[tuple[int, date, date]]:
    start, number = opens, 1
    while start <= until:
        due = next(days)
        # Two short periods may be rolled onto one day: neither starts after it is due.
        yield number, min(start, due), due
        start, number = add_days(due, 1), number + 1


def _due_days(
    calendar: Calendar,
    *,
    first: date,
    unit: str,
    amount: int,
    yearly: Sequence[tuple[int, int]],
    how: str,
) -> Iterator[date]:
    yield first
    steps, day = 0, first
    while True:
        steps += amount
        # Yearly and working days cannot drift; going on from the last one is the same, and quick.
        if unit == "next":
            day = next_of(day, yearly)
        elif unit == "working_days":
            day = add_working_days(calendar, day, amount)
        else:
            day = counted(calendar, anchor=first, unit=unit, amount=steps)
        yield rolled(calendar, day, how)
