"""Dates as policies count them: working-day calendars, due dates, recurring duties, time zones."""

from reformflow.calendars.arithmetic import (
    add_days,
    add_months,
    add_working_days,
    add_years,
    month_end,
    next_of,
    roll,
    working_days_between,
)
from reformflow.calendars.due import due_date, remaining, resume, shifted
from reformflow.calendars.recurring import recurrence
from reformflow.calendars.workdays import Calendar, Overrides, calendar_named
from reformflow.calendars.zones import check_day, end_of_day, local_date, zone_named

__all__ = [
    "Calendar",
    "Overrides",
    "add_days",
    "add_months",
    "add_working_days",
    "add_years",
    "calendar_named",
    "check_day",
    "due_date",
    "end_of_day",
    "local_date",
    "month_end",
    "next_of",
    "recurrence",
    "remaining",
    "resume",
    "roll",
    "shifted",
    "working_days_between",
    "zone_named",
]
