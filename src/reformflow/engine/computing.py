"""What follows from a change: derived facts, due dates, clocks, and the date on the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reformflow.binding.bound import BoundDeadline, BoundWhen
from reformflow.calendars import Calendar, shifted
from reformflow.engine.program import Plan, Program, Recipe
from reformflow.language.meaning import NOTHING, Columns, View, evaluate, no_children
from reformflow.model import Value


def complete(
    program: Program, plan: Plan, before: Columns, given: Mapping[str, Value], on: date
) -> dict[str, Value]:
    """Return the whole change: what is given, and what is computed from it.

    Columns that keep their value are left out. Raises CalendarError where a date cannot be
    counted (a year without data).
    """
    after = {**before, **given}
    touched = {name for name in given if before[name] != given[name]}
    opening = before["opened.on"] is None
    # Clocks first: a date counted afresh in this very change is not moved by an older pause, and
    # what is computed from a moved due date follows it.
    for deadline in plan.flow.deadlines.values():
        if deadline.can_pause:
            due = after[deadline.due]
            _run_clock(program.calendar, deadline, before, after, on)
            if after[deadline.due] != due:
                touched.add(deadline.due)
    for recipe in plan.recipes:
        if opening or recipe.computed.sources & touched:
            column = recipe.computed.column
            value = computed(program.calendar, recipe, after, on)
            if after[column] != value:
                after[column] = value
                touched.add(column)
    for deadline in plan.flow.deadlines.values():
        if deadline.extension is not None:
            keep_extension(deadline, after)
    for duty in plan.flow.duties.values():
        if before[duty.known] is None and after[duty.first] is not None:
            after[duty.known] = on
    for track in plan.flow.tracks:
        after[f"{track}.due"] = standing_due(plan, track, after)
    return {name: value for name, value in after.items() if before[name] != value}


def standing_due(plan: Plan, track: str, values: Columns) -> date | None:
    """Return the earliest due date that stands in the track's current state."""
    dues = [
        due
        for deadline in plan.flow.deadlines.values()
        if deadline.track == track
        and values[f"{track}.state"] in deadline.during
        and not paused(deadline, values)
        and isinstance(due := values[deadline.due], date)
    ]
    return min(dues, default=None)


def paused(deadline: BoundDeadline, values: Columns) -> bool:
    """Say whether the clock of a deadline stands still."""
    return deadline.can_pause and values[deadline.paused] is not None


def computed(calendar: Calendar, recipe: Recipe, values: Columns, on: date) -> Value:
    """Return the value of a computed column on a day, None where it cannot be told."""
    if recipe.computed.expression is not None:
        return evaluate(recipe.computed.expression, View(values, on))
    for when, test in recipe.dates:
        if test is None or test.true(values, NOTHING, on, no_children):
            return _counted(calendar, when, values)
        if not test.false(values, NOTHING, on, no_children):
            return None  # unknown whether this one applies, so nothing later may stand in for it
    return None


def keep_extension(deadline: BoundDeadline, after: dict[str, Value]) -> None:
    """A date that is counted anew does not fall short of an extension granted before."""
    due, extended = after[deadline.due], after[deadline.extended]
    if isinstance(due, date) and isinstance(extended, date) and due < extended:
        after[deadline.due] = extended


# ---------------------------------------------------------------------------------------------


def _counted(calendar: Calendar, when: BoundWhen, values: Columns) -> date | None:
    anchor = when.day if when.anchor is None else values[when.anchor]
    if not isinstance(anchor, date):
        return None
    return when.counted(calendar, anchor)


def _run_clock(
    calendar: Calendar, deadline: BoundDeadline, before: Columns, after: dict[str, Value], on: date
) -> None:
    """Stop or restart a clock as its track enters or leaves a suspending state."""
    state = f"{deadline.track}.state"
    inside = after[state] in deadline.suspended_in
    was_inside = before[state] in deadline.suspended_in and before["opened.on"] is not None
    since = after[deadline.paused]
    if inside and not was_inside and since is None:
        after[deadline.paused] = on
    elif was_inside and not inside and isinstance(since, date):
        after[deadline.due] = moved(calendar, deadline, after[deadline.due], since, on)
        after[deadline.paused] = None


def moved(
    calendar: Calendar, deadline: BoundDeadline, due: Value, since: date, on: date
) -> date | None:
    """Return the due date after a clock stood still from `since` to `on`."""
    if not isinstance(due, date):
        return None
    return shifted(
        calendar, unit=deadline.unit, due=due, suspended_on=since, resumed_on=max(since, on)
    )
