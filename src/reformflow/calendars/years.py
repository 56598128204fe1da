"""The error for a year that a calendar knows nothing about."""

from __future__ import annotations

from reformflow.errors import CalendarError


def no_data(calendar: str, year: int, *, reason: str) -> CalendarError:
    """Build the error for `year`, saying why it is unknown and how to add it."""
    return CalendarError(
        message=f"calendar {calendar} has no data for {year}: {reason}",
        hint=(
            f"add the year by an override file that lists {year} in `years`, "
            "its days off in `days_off` and its make-up days in `working_days`"
        ),
    )
