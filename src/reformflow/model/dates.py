"""Date rules: how a date is computed, deadlines, windows and recurring duties."""

from __future__ import annotations

from enum import StrEnum

import attrs

from reformflow.model.policies import Setting
from reformflow.model.rules import Expression
from reformflow.model.text import Text


class Unit(StrEnum):
    """What a date specification counts in.

    `on` is a fixed day; `next` the next of some days of the year; `month_end` the last day of
    the month `amount` months on.
    """

    ON = "on"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    MONTH_END = "month_end"
    NEXT = "next"


class Late(StrEnum):
    """What happens to an act outside its deadline or window."""

    REFUSE = "refuse"
    EXTENSION = "extension"
    REASON = "reason"
    FLAG = "flag"


class BeforeEffect(StrEnum):
    """What a deadline means that lies before the document took effect."""

    ENFORCE = "enforce"
    ADVISORY = "advisory"
    WAIVE = "waive"


class Roll(StrEnum):
    """Where a date that is no working day goes."""

    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


class Boundary(StrEnum):
    """Whether the named day itself is still in time."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


@attrs.frozen
class When:
    """One way to compute a date, from a fixed day or counted from an anchor.

    `anchor` is a date fact, a transition (the day it last fired), a duty of the same case,
    `<track>.since`, `opened` (the day the case was opened) or `effective` (the day the document
    took effect). `amount` is negative to count backwards. `days_of_year` are (month, day)
    pairs. `when` limits it to cases for which the expression is true; of several
    specifications the first that applies is used.
    """

    unit: Unit
    on: Setting | None = None
    amount: Setting = 0
    anchor: str = ""
    days_of_year: tuple[tuple[int, int], ...] = ()
    roll: Setting = Roll.NONE.value
    boundary: Setting = Boundary.INCLUSIVE.value
    when: Expression | None = None


@attrs.frozen
class Answerable:
    """Which role answers for a delay, if the expression holds (or in any other case)."""

    role: str
    when: Expression | None = None


@attrs.frozen
class Permit:
    """Who may extend or suspend a deadline, and under which clauses.

    An extension may be limited: to `times` in all, and each to at most the step `at_most`
    (without anchor) counted from the due date in force.
    """

    by: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    times: int | None = None
    at_most: When | None = None


@attrs.frozen
class Deadline:
    """The date by which a transition has to fire.

    `during` names the states or stages in which it stands on the board (by default the stages
    of the transition's from-states); `suspended_in` those in which its clock stands still.
    """

    dates: tuple[When, ...]
    late: Setting = Late.REFUSE.value
    before_effect: Setting = BeforeEffect.ENFORCE.value
    answerable: tuple[Answerable, ...] = ()
    during: tuple[str, ...] = ()
    suspended_in: tuple[str, ...] = ()
    extension: Permit | None = None
    suspension: Permit | None = None
    says: Text = Text()
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Window:
    """The days within which a transition may fire; a missing bound is open."""

    opens: tuple[When, ...] = ()
    closes: tuple[When, ...] = ()
    outside: Setting = Late.REFUSE.value
    says: Text = Text()
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Duty:
    """A recurring duty: each period is a child case, opened when its time comes.

    `first` gives the due date of period 1, `every` the step to the next ones. A period's child
    opens on the day after the previous due date (period 1: when `first` is known), or
    `lead_days` before its own due date. `gives` maps `due`, `start` and `number` to facts of
    the child, `sets` further facts of the child to expressions over this case. Periods whose
    opening day finds `condition` not true are passed over.
    """

    id: str
    relation: str
    first: tuple[When, ...]
    every: When
    gives: tuple[tuple[str, str], ...] = ()
    sets: tuple[tuple[str, Expression], ...] = ()
    condition: Expression | None = None
    lead_days: int | None = None
    enabled: Expression | None = None
    says: Text = Text()
    clauses: tuple[str, ...] = ()
