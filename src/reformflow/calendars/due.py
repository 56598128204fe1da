"""The due date of a date specification, and clocks that are suspended and resumed.

A specification is counted, then rolled to a working day, then moved by its boundary, always in
this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from reformflow.calendars.arithmetic import (
    add_days,
    add_months,
    add_working_days,
    add_years,
    month_end,
    next_of,
    working_days_between,
)
from reformflow.calendars.arithmetic import roll as rolled
from reformflow.calendars.workdays import Calendar
from reformflow.errors import CalendarError, nearest

UNITS: Final = ("on", "days", "working_days", "weeks", "months", "years", "month_end", "next")
_BOUNDARIES: Final = ("inclusive", "exclusive")
_UNCOUNTED: Final = ("on", "next")
_WEEK: Final = 7


def due_date(  # noqa: PLR0913 - one keyword for each part of a specification
    calendar: Calendar,
    *,
    anchor: date | None,
    unit: str,
    amount: int = 0,
    roll: str = "none",
    boundary: str = "inclusive",
    yearly: Sequence[tuple[int, int]] = (),
) -> date:
    """Return the last day that is still in time.

    `unit` is one of `UNITS`: `on` is the anchor itself, `next` the first of the `yearly`
    (month, day) pairs strictly after it (both take no amount), `month_end` the last day of the
    month `amount` months after the anchor's; the others count `amount` of themselves from the
    anchor, backwards if negative. The count is rolled (see `arithmetic.roll`), and with the
    boundary `exclusive` the day before is the last in time. Raises `CalendarError` for a missing
    anchor, an unknown word, a year without data or a result outside the years 1 to 9999.
    """
    if boundary not in _BOUNDARIES:
        raise CalendarError(
            message=f"unknown boundary {boundary!r}", hint=nearest(boundary, _BOUNDARIES)
        )
    day = counted(calendar, anchor=anchor, unit=unit, amount=amount, yearly=yearly)
    day = rolled(calendar, day, roll)
    return add_days(day, -1) if boundary == "exclusive" else day


def counted(
    calendar: Calendar,
    *,
    anchor: date | None,
    unit: str,
    amount: int,
    yearly: Sequence[tuple[int, int]] = (),
) -> date:
    """Return the day `amount` of `unit` after the anchor, neither rolled nor bounded.

    Takes and raises what `due_date` does.
    """
    start = _plain_day(anchor)
    check_amount(unit, amount)
    match unit:
        case "on":
            return start
        case "days":
            return add_days(start, amount)
        case "weeks":
            return add_days(start, amount * _WEEK)
        case "working_days":
            return add_working_days(calendar, start, amount)
        case "months":
            return add_months(start, amount)
        case "years":
            return add_years(start, amount)
        case "month_end":
            return month_end(start, amount)
        case "next":
            return next_of(start, yearly)
        case _:
            raise CalendarError(message=f"unknown unit {unit!r}", hint=nearest(unit, UNITS))


def check_amount(unit: str, amount: int) -> None:
    """Raise `CalendarError` for an amount beside a unit that counts nothing."""
    if unit in _UNCOUNTED and amount:
        raise CalendarError(
            message=f"the unit {unit!r} takes no amount, but has {amount}",
            hint="leave the amount out, or count days, weeks, months or years",
        )


def remaining(calendar: Calendar, *, unit: str, suspended_on: date, due: date) -> int:
    """Return how many days are left after the day of the suspension, 0 if none.

    Working days for the unit `working_days`, calendar days for every other one.
    """
    if unit == "working_days":
        return working_days_between(calendar, suspended_on, due)
    return max(0, due.toordinal() - suspended_on.toordinal())


def resume(calendar: Calendar, *, unit: str, resumed_on: date, remaining: int) -> date:
    """Return the new due date of a clock that had `remaining` days left, of `remaining`'s kind.

    In working days with none left it is the day of the resumption or, where that is not worked,
    the working day before: days of rest neither use up the clock nor add to it. This knows
    nothing of a clock that had already run out, nor of a due date on a day of rest: where the old
    due date is at hand, `shifted` is exact.
    """
    if unit != "working_days":
        return add_days(resumed_on, remaining)
    if remaining:
        return add_working_days(calendar, resumed_on, remaining)
    return rolled(calendar, resumed_on, "previous_working_day")


def shifted(
    calendar: Calendar, *, unit: str, due: date, suspended_on: date, resumed_on: date
) -> date:
    """Return the due date after a suspension: moved by one for each day that went by.

    Days after the suspension up to and including the resumption move it, working days for the
    unit `working_days`, so that a suspension and resumption on one day change nothing. A clock
    that had run out before the suspension stays run out. Raises `CalendarError` if the
    resumption is the earlier of the two.
    """
    if resumed_on < suspended_on:
        raise CalendarError(
            message=f"resumed on {resumed_on.isoformat()}, before the suspension on "
            f"{suspended_on.isoformat()}",
            hint="give the day on which the clock went on again",
        )
    if due < suspended_on:
        return due
    if unit == "working_days":
        gone = working_days_between(calendar, suspended_on, resumed_on)
        return add_working_days(calendar, due, gone)
    return add_days(due, resumed_on.toordinal() - suspended_on.toordinal())


def _plain_day(anchor: date | None) -> date:
    if anchor is None:
        raise CalendarError(
            message="the day to count from is not known yet",
            hint="record the fact or fire the transition the date is counted from",
        )
    if isinstance(anchor, datetime):
        raise CalendarError(
            message=f"{anchor.isoformat()} is an instant, not a day",
            hint="take its day in the reform's time zone: local_date(instant, zone)",
        )
    return anchor
