"""Dates against the calendar: those on a day off, and those of years that it has no data for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reformflow.binding import BoundWhen
from reformflow.calendars import Calendar
from reformflow.checks.dates.written import Written, date_columns, dates_written, starting_days
from reformflow.checks.subject import Subject
from reformflow.errors import CalendarError
from reformflow.model import Finding, Roll, Severity, Text, Unit, Witness

DAY_OFF = "due_on_day_off"
NOT_COVERED = "calendar_not_covered"

_LAST_DAYS = (".due", ".first", ".closes")


def dates_on_calendar(subject: Subject) -> Iterator[Finding]:
    """Yield each known last day that is not worked, and each date the calendar cannot count."""
    for flow in subject.flows:
        for column in date_columns(flow):
            for item in dates_written(flow, column):
                for start in starting_days(flow, subject.calendar, item.when):
                    yield from _looked_up(subject.calendar, item, start)


def years_to_come(subject: Subject) -> Iterator[Finding]:
    """Yield a finding if working days are counted and the year of effect is not in the calendar."""
    effective = subject.bound.effective_on
    if effective is None or _known(subject.calendar, effective):
        return
    counted = [
        item
        for flow in subject.flows
        for column in date_columns(flow)
        for item in dates_written(flow, column)
        if _asks(item.when) and not starting_days(flow, subject.calendar, item.when)
    ]
    if counted:
        year, name = effective.year, subject.calendar.name
        says = Text(
            f"the document takes effect in {year}, for which the calendar {name} has no data, and "
            "working days are counted from then on",
            f"文件自{year}年起施行，须计算工作日，而日历{name}没有该年的数据",
        )
        clauses = tuple(dict.fromkeys(clause for item in counted for clause in item.clauses))
        parts = tuple(item.path for item in counted)
        witness = Witness(on=effective, parts=parts)
        yield Finding(NOT_COVERED, Severity.ERROR, "reform.calendar", says, clauses, witness)


# ---------------------------------------------------------------------------------------------


def _looked_up(calendar: Calendar, item: Written, start: date) -> Iterator[Finding]:
    try:
        day = item.when.counted(calendar, start)
    except CalendarError as error:
        says = Text(f"{item.column} cannot be counted: {error}", f"无法计算{item.column}：{error}")
        witness = Witness(on=start)
        yield Finding(NOT_COVERED, Severity.ERROR, item.path, says, item.clauses, witness)
        return
    if not item.column.endswith(_LAST_DAYS):
        return
    name = calendar.name
    if not _known(calendar, day):
        code = NOT_COVERED
        says = Text(
            f"{item.column} is {day}; the calendar {name} has no data to tell whether that is a "
            "day off",
            f"{item.column}为{day}；日历{name}没有该年的数据，无法知道当天是否休息",
        )
    elif not calendar.is_working_day(day):
        code = DAY_OFF
        says = Text(
            f"{item.column} is {day}, a day off by the calendar {name}",
            f"{item.column}为{day}，按日历{name}当天休息",
        )
    else:
        return
    yield Finding(code, Severity.NOTE, item.path, says, item.clauses, Witness(on=day))


def _asks(when: BoundWhen) -> bool:
    """Say whether counting a date asks the calendar."""
    return when.unit is Unit.WORKING_DAYS or when.roll != Roll.NONE.value


def _known(calendar: Calendar, day: date) -> bool:
    try:
        calendar.is_working_day(day)
    except CalendarError:
        return False
    return True
