"""The error for a year that a calendar knows nothing about."""

from __future__ import annotations

from reformflow.errors import CalendarError


def no_data(calendar: str, year: int, *, reason: str) -> CalendarError:
    """Build the error for `year`, saying why it is unknown and how to add it."""
    return CalendarError(
        message=f"calendar {calendar} has no data for {year}: {reason}",
        hint=(
            f"add the year by overriding the calendar: list {year} in its `years`, "
            "the days off in `days_off` and the make-up days in `working_days`"
        ),
    )
