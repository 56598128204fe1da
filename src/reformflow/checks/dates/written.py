"""The dates of a definition as they are written, and the days that are known without any case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from reformflow.binding import BoundWhen, BoundWorkflow, Computed
from reformflow.calendars import Calendar
from reformflow.errors import CalendarError


@attrs.frozen
class Written:
    """One way in which a column comes to its date: where it is written, and what it cites."""

    column: str
    path: str
    when: BoundWhen
    clauses: tuple[str, ...]


def dates_written(flow: BoundWorkflow, column: str) -> tuple[Written, ...]:
    """Return the dates of a column that can apply, given the policies chosen, in their order."""
    for computed in flow.computed:
        if computed.column == column and computed.dates:
            return tuple(_written(flow, computed))
    return ()


def date_columns(flow: BoundWorkflow) -> tuple[str, ...]:
    """Return the columns of a workflow that are counted from something, those in force."""
    return tuple(item.column for item in flow.computed if item.dates and _exists(flow, item.column))


def known_days(
    flow: BoundWorkflow, calendar: Calendar, column: str
) -> Iterator[tuple[Written, date]]:
    """Yield the days that a column can have and that are the same for every case.

    Leaves out those that the calendar cannot count.
    """
    for item in dates_written(flow, column):
        for day in starting_days(flow, calendar, item.when):
            try:
                yield item, item.when.counted(calendar, day)
            except CalendarError:
                continue


def starting_days(flow: BoundWorkflow, calendar: Calendar, when: BoundWhen) -> tuple[date, ...]:
    """Return the days from which a date is counted where they are the same for every case."""
    if when.anchor is None:
        return () if when.day is None else (when.day,)
    return tuple(day for _, day in known_days(flow, calendar, when.anchor))


# ---------------------------------------------------------------------------------------------


def _written(flow: BoundWorkflow, computed: Computed) -> Iterator[Written]:
    path, clauses = _place(flow, computed.column)
    for index, when in computed.applicable:
        where = path if len(computed.dates) == 1 else f"{path}[{index}]"
        yield Written(computed.column, where, when, clauses)


def _exists(flow: BoundWorkflow, column: str) -> bool:
    """Say whether the fact, transition or duty of a column is in force."""
    owner = column.partition(".")[0]
    return owner in flow.facts or owner in flow.transitions or owner in flow.duties


def _place(flow: BoundWorkflow, column: str) -> tuple[str, tuple[str, ...]]:
    """Return where a computed column is written, and which clauses that part cites."""
    owner, _, part = column.partition(".")
    if owner in flow.facts:
        return f"{flow.id}.facts.{owner}.derived", flow.facts[owner].clauses
    if owner in flow.duties:
        return f"{flow.id}.duties.{owner}.first", flow.duties[owner].duty.clauses
    path = f"{flow.id}.transitions.{owner}"
    item = flow.transitions.get(owner)  # none if it is switched off, and still counted from
    if part == "due":
        return f"{path}.due", item.deadline.clauses if item and item.deadline else ()
    if part == "at":
        return f"{path}.at", item.transition.clauses if item else ()
    return f"{path}.window.{part}", item.window.clauses if item and item.window else ()
