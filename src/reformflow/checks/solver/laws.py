"""What is computed from other columns, as terms: expressions, and dates counted from an anchor.

Fixed days and days or weeks after an anchor are exact. Months, working days and the like are
only bounded at first; where a solution counts wrongly, the right day for that anchor is added
(`lesson`), and the solver is asked again.
"""

from __future__ import annotations

from datetime import date

import attrs
import z3

from reformflow.binding import BoundWhen
from reformflow.calendars import Calendar
from reformflow.checks.solver.lowering import Lowering
from reformflow.checks.solver.terms import (
    FIRST_DAY,
    LAST_DAY,
    Count,
    Followed,
    Frame,
    Quantity,
    Term,
    Terms,
)
from reformflow.checks.solver.world import Law
from reformflow.errors import CalendarError
from reformflow.model import SELF, Boundary, Roll, Unit

_WEEK = 7
_Bounds = tuple[int | None, int | None]


@attrs.frozen
class Laws:
    """Makes terms of what is computed; dates are counted by `calendar` where a law has no other."""

    terms: Terms
    calendar: Calendar | None

    def follow(self, frame: Frame, law: Law) -> Followed:
        """Return what a column is that follows from others of the frame."""
        # A computed column reads nothing but its own case: neither today nor kin.
        inside = Lowering(self.terms, None, {SELF: frame}, _nobody, _nothing, _nothing)
        if law.computed.expression is not None:
            return Followed(inside.meaning(law.computed.expression))
        return self._dates(frame, law, inside)

    def _dates(self, frame: Frame, law: Law, inside: Lowering) -> Followed:
        terms, calendar = self.terms, law.calendar or self.calendar
        if calendar is None:
            message = "dates are counted by a calendar"
            raise LookupError(message)
        known, value = terms.no, terms.number(FIRST_DAY)
        counts: list[Count] = []
        for index, when in reversed(list(enumerate(law.computed.dates))):
            name = f"{frame.name}.{law.computed.column}[{index}]~"
            day = self._day(frame, when, terms.integer(name), calendar)
            if isinstance(day, Count):
                counts.append(day)
                day = Quantity(day.anchor.known, day.day)
            if when.when is None:
                known, value = day.known, day.value
                continue
            test = inside.rails(when.when)
            # Where it is unknown whether this one applies, no later one stands in for it.
            known = z3.Or(z3.And(test.true, day.known), z3.And(test.false, known))
            value = z3.If(test.true, day.value, value)
        return Followed(Quantity(known, value), tuple(counts))

    def _day(
        self, frame: Frame, when: BoundWhen, day: Term, calendar: Calendar
    ) -> Quantity | Count:
        """Return a day that is known exactly, or counted as a day of which bounds are known."""
        if when.anchor is None:
            return self._fixed(when, calendar)
        anchor = frame.column(when.anchor)
        assert isinstance(anchor, Quantity)  # noqa: S101 - an anchor is a date
        exact = _exact(when)
        if exact is not None:
            return Quantity(anchor.known, anchor.value + exact)
        least, most = _bounds(when)
        held = [day >= FIRST_DAY, day <= LAST_DAY]
        held += [] if least is None else [day >= anchor.value + least]
        held += [] if most is None else [day <= anchor.value + most]
        side = z3.Implies(anchor.known, self.terms.every(held))
        return Count(day, anchor, side, when, calendar)

    def _fixed(self, when: BoundWhen, calendar: Calendar) -> Quantity:
        terms, day = self.terms, when.day
        assert day is not None  # noqa: S101 - what has no anchor is a fixed day
        try:
            ordinal = when.counted(calendar, day).toordinal()
        except CalendarError:
            return Quantity(terms.no, terms.number(FIRST_DAY))
        return Quantity(terms.yes, terms.number(ordinal))


def lesson(count: Count, anchor: date) -> Term:
    """Return what holds of a count for one anchor: the right day, or that there is none."""
    here = count.anchor.value == anchor.toordinal()
    try:
        right = count.when.counted(count.calendar, anchor)
    except CalendarError:
        return z3.Not(z3.And(count.anchor.known, here))
    return z3.Implies(here, count.day == right.toordinal())


# ---------------------------------------------------------------------------------------------


def _nobody(relation: str) -> tuple[()]:  # noqa: ARG001 - the shape of `kinds`
    return ()


def _nothing(*_: object) -> Term:
    message = "a computed column adds up no children"
    raise LookupError(message)


def _exact(when: BoundWhen) -> int | None:
    """Return by how many days the anchor is moved, if that is the same for every anchor."""
    if when.unit not in {Unit.ON, Unit.DAYS, Unit.WEEKS} or when.roll != Roll.NONE:
        return None
    step = _WEEK if when.unit is Unit.WEEKS else 1
    moved = 0 if when.unit is Unit.ON else when.amount * step
    return moved - (when.boundary == Boundary.EXCLUSIVE)


def _bounds(when: BoundWhen) -> _Bounds:
    """Return between how many days after the anchor the counted day lies, None where unbounded."""
    least, most = _counted(when.unit, when.amount)
    if when.roll == Roll.NEXT:
        most = None
    if when.roll == Roll.PREVIOUS:
        least = None
    back = int(when.boundary == Boundary.EXCLUSIVE)
    return (
        None if least is None else least - back,
        None if most is None else most - back,
    )


def _counted(unit: Unit, amount: int) -> _Bounds:
    match unit:
        case Unit.ON:
            return 0, 0
        case Unit.DAYS:
            return amount, amount
        case Unit.WEEKS:
            return amount * _WEEK, amount * _WEEK
        case Unit.WORKING_DAYS:
            return (amount, None) if amount > 0 else (None, amount) if amount < 0 else (0, 0)
        case Unit.MONTHS:
            return _ordered(28 * amount, 31 * amount)
        case Unit.YEARS:
            return _ordered(365 * amount, 366 * amount)
        case Unit.MONTH_END:
            least, most = _ordered(28 * amount, 31 * amount)
            return least, most + 30
        case Unit.NEXT:
            return 1, 366


def _ordered(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
