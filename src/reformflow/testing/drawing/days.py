"""Days that count: beside deadlines, at the ends of months, days off, the day of issue."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.errors import CalendarError
from reformflow.language.reading import walk
from reformflow.model import Case, Literal, Value
from reformflow.testing.drawing.lots import Lot

_DAY: Final = timedelta(days=1)
_FAR: Final = timedelta(days=400)
_STEPS: Final = (0, 0, 0, 0, 1, 1, 5, 20)
_ANY_DAY: Final = date(2024, 1, 1)


class Days:
    """Draws days for the acts of a reform; `fixed` are those that it names itself, in order."""

    def __init__(self, bound: BoundReform, workflow: str | None = None) -> None:
        """Read the days off one workflow, or off all of them."""
        flows = bound.workflows
        chosen = flows.values() if workflow is None else [flows[workflow]]
        named = {day for flow in chosen for day in _named(flow)}
        issued = {bound.effective_on, bound.reform.document.issued_on} - {None}
        self.fixed: tuple[date, ...] = tuple(sorted(named | {day for day in issued if day}))
        self.first = (bound.effective_on or min(self.fixed, default=_ANY_DAY)) - 30 * _DAY
        self._calendar = bound.calendar()

    def near(self, lot: Lot) -> date:
        """Draw a day beside one of those that the reform names, or of its calendar."""
        day = lot.pick(self.fixed or (_ANY_DAY,))
        match lot.number(8):
            case 0 | 1 | 2 | 3 | 4:
                return day + lot.pick((0, -1, 1)) * _DAY
            case 5:
                return _month_end(day + lot.number(366) * _DAY)
            case 6:
                return self._day_off(day + lot.number(366) * _DAY)
            case _:
                return day + (lot.number(401) - 200) * _DAY

    def next(self, today: date, case: Case | None, lot: Lot) -> date:
        """Draw today or a later day: rather one beside a date of the case."""
        match lot.number(8):
            case 5 if case is not None:
                return self._later(today, case.values.values(), lot)
            case 6:
                return self._later(today, self.fixed, lot)
            case 7:
                return self._day_off(today) if lot.chance(0.5) else _month_end(today)
            case _:
                return today + lot.pick(_STEPS) * _DAY

    def _later(self, today: date, days: Iterable[Value], lot: Lot) -> date:
        """Draw a day beside one of some days that are not past yet, nor far away."""
        found = [day for day in days if isinstance(day, date) and today <= day < today + _FAR]
        if not found:
            return today + _DAY
        return max(today, lot.pick(found) + lot.pick((0, 1, -1)) * _DAY)

    def _day_off(self, day: date) -> date:
        """Return the next day off."""
        try:
            return next(one for one in _from(day) if not self._calendar.is_working_day(one))
        except (CalendarError, StopIteration):
            return day


# ---------------------------------------------------------------------------------------------


def _named(flow: BoundWorkflow) -> Iterator[date]:
    for rule in flow.rules.values():
        for node in walk(rule.expression):
            if isinstance(node, Literal) and isinstance(node.value, date):
                yield node.value
    for item in flow.computed:
        yield from (when.day for when in item.dates if when.day is not None)


def _from(day: date) -> Iterator[date]:
    yield from (day + number * _DAY for number in range(60))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
