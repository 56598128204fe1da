"""Dates made up by lot: specifications, deadlines, windows and recurring duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import attrs

from reformflow.model import (
    Answerable,
    BeforeEffect,
    Boundary,
    Deadline,
    Late,
    Permit,
    PolicySetting,
    Roll,
    Setting,
    Unit,
    When,
    Window,
)
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing.conditions import condition
from reformflow.testing.inventing.outlines import LATE, ROLES, START, Outline

_COUNTED: Final = (
    Unit.DAYS,
    Unit.WORKING_DAYS,
    Unit.WEEKS,
    Unit.MONTHS,
    Unit.MONTH_END,
    Unit.NEXT,
    Unit.YEARS,
)
_MOST: Final = {Unit.DAYS: 30, Unit.WORKING_DAYS: 15, Unit.WEEKS: 4, Unit.MONTHS: 3}


def when(lot: Lot, anchors: Sequence[str], *, least: int = 0) -> When:
    """Make up a day, fixed or counted from one of some anchors."""
    if lot.chance(0.25):
        return When(Unit.ON, on=START + timedelta(days=lot.number(120)))
    unit = lot.pick(_COUNTED)
    amount = 0 if unit is Unit.NEXT else least + lot.number(_MOST.get(unit, 1))
    return When(
        unit,
        amount=amount,
        anchor=lot.pick(anchors),
        days_of_year=((6, 30), (12, 31)) if unit is Unit.NEXT else (),
        roll=lot.pick((Roll.NONE, Roll.NONE, Roll.NEXT, Roll.PREVIOUS)).value,
        boundary=lot.pick((Boundary.INCLUSIVE, Boundary.INCLUSIVE, Boundary.EXCLUSIVE)).value,
    )


def whens(lot: Lot, flow: Outline, anchors: Sequence[str]) -> tuple[When, ...]:
    """Make up a day, sometimes another one for cases of which something is true."""
    last = when(lot, anchors)
    if not lot.chance(0.2):
        return (last,)
    first = when(lot, anchors)
    asked = condition(lot, flow, kin=False, depth=0)
    return (attrs.evolve(first, when=asked), last)


def deadline(lot: Lot, flow: Outline, anchors: Sequence[str], states: Sequence[str]) -> Deadline:
    """Make up a deadline; `states` are some in which its clock may stand still."""
    permit = Permit((lot.pick(ROLES),)) if lot.chance(0.5) else None
    if permit is not None and lot.chance(0.3):
        permit = Permit(permit.by, times=1, at_most=When(Unit.DAYS, amount=20))
    modes: list[Setting] = [Late.REFUSE.value, Late.FLAG.value, Late.REASON.value]
    modes += [PolicySetting(LATE), *([Late.EXTENSION.value] if permit else [])]
    return Deadline(
        whens(lot, flow, anchors),
        late=lot.pick(modes),
        before_effect=lot.pick(tuple(BeforeEffect)).value,
        answerable=(Answerable(lot.pick(ROLES)),) if lot.chance(0.5) else (),
        suspended_in=(lot.pick(states),) if lot.chance(0.2) else (),
        extension=permit,
        suspension=Permit((lot.pick(ROLES),)) if lot.chance(0.3) else None,
    )


def window(lot: Lot, flow: Outline, anchors: Sequence[str]) -> Window:
    """Make up a window, with one bound or both."""
    opens = whens(lot, flow, anchors) if lot.chance(0.6) else ()
    closes = whens(lot, flow, anchors) if not opens or lot.chance(0.5) else ()
    outside = lot.pick((Late.REFUSE, Late.FLAG, Late.REASON))
    return Window(opens, closes, outside.value)
