"""A bound definition: the same reform with every name resolved, ready for its readers.

Expressions here are lowered: policies are constants, stages are sets of states, rule names are
the rules' expressions, and every name is a column that exists. A case is one flat record of
the columns of its workflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from reformflow.calendars import Calendar, Overrides, calendar_named, due_date
from reformflow.language.folding import FALSE, TRUE
from reformflow.language.reading import reads_today
from reformflow.model import (
    Basis,
    BeforeEffect,
    Duty,
    Expression,
    Fact,
    FactType,
    Late,
    Permit,
    Reform,
    Relation,
    Role,
    Scalar,
    Text,
    Track,
    Transition,
    Unit,
    Workflow,
)


@attrs.frozen
class Column:
    """One column of a case: its name, type, the choices it may hold, and its fact if it has one."""

    name: str
    type: FactType
    choices: tuple[str, ...] = ()
    fact: Fact | None = None

    @property
    def sql_name(self) -> str:
        """The name in a database table."""
        return self.name.replace(".", "_")


@attrs.frozen
class BoundRule:
    """A rule with its lowered expression."""

    id: str
    expression: Expression
    says: Text
    clauses: tuple[str, ...]
    basis: Basis = Basis.TEXT


@attrs.frozen
class BoundWhen:
    """A date specification without policies: an anchor column or day, and how to count from it."""

    unit: Unit
    amount: int
    anchor: str | None
    day: date | None
    days_of_year: tuple[tuple[int, int], ...]
    roll: str
    boundary: str
    when: Expression | None

    def counted(self, calendar: Calendar, anchor: date) -> date:
        """Return the day counted from an anchor; CalendarError where that cannot be done."""
        return due_date(
            calendar,
            anchor=anchor,
            unit=self.unit,
            amount=self.amount,
            roll=self.roll,
            boundary=self.boundary,
            yearly=self.days_of_year,
        )


@attrs.frozen
class Computed:
    """A column that is computed when one of its `sources` changes."""

    column: str
    sources: frozenset[str]
    dates: tuple[BoundWhen, ...] = ()
    expression: Expression | None = None

    @property
    def applicable(self) -> tuple[tuple[int, BoundWhen], ...]:
        """The dates that can apply, given the policies chosen, with their places in the list."""
        found: list[tuple[int, BoundWhen]] = []
        for place, when in enumerate(self.dates):
            if when.when == FALSE:
                continue
            found.append((place, when))
            if when.when in (None, TRUE):
                break
        return tuple(found)


@attrs.frozen
class BoundDeadline:
    """A deadline: its columns, the states in which it stands, and what lateness means.

    `longest` is the longest step by which one extension may move it, None if there is no limit.
    """

    transition: str
    track: str
    late: Late
    before_effect: BeforeEffect
    answerable: tuple[tuple[str, Expression | None], ...]
    during: frozenset[str]
    suspended_in: frozenset[str]
    unit: Unit
    extension: Permit | None
    suspension: Permit | None
    says: Text
    clauses: tuple[str, ...]
    longest: BoundWhen | None = None

    @property
    def due(self) -> str:
        """The column of the last day in time."""
        return f"{self.transition}.due"

    @property
    def extended(self) -> str:
        """The column of the last day that an extension has granted."""
        return f"{self.transition}.extended"

    @property
    def paused(self) -> str:
        """The column of the day since which the clock stands still."""
        return f"{self.transition}.paused"

    @property
    def can_pause(self) -> bool:
        """Whether its clock can ever stand still."""
        return bool(self.suspended_in) or self.suspension is not None


@attrs.frozen
class BoundWindow:
    """A window: whether it has bounds, and what being outside means."""

    opens: str | None
    closes: str | None
    outside: Late
    says: Text
    clauses: tuple[str, ...]


@attrs.frozen
class BoundTransition:
    """A transition: its from-states, branches, rules and assignments, all lowered."""

    transition: Transition
    source: frozenset[str]
    to: tuple[tuple[str, Expression | None], ...]
    needs: tuple[BoundRule, ...]
    sets: tuple[tuple[str, Expression], ...]
    deadline: BoundDeadline | None
    window: BoundWindow | None
    at: str | None

    @property
    def id(self) -> str:
        """The transition's id."""
        return self.transition.id

    @property
    def track(self) -> str:
        """The id of its track."""
        return self.transition.track


@attrs.frozen
class BoundDuty:
    """A recurring duty, with its condition and assignments lowered."""

    duty: Duty
    child: str
    first: str
    count: str
    every: BoundWhen
    condition: Expression | None
    sets: tuple[tuple[str, Expression], ...]

    @property
    def known(self) -> str:
        """The column of the day on which the due date of period 1 became known."""
        return f"{self.duty.id}.known"


@attrs.frozen
class BoundWorkflow:
    """A workflow whose names are all resolved.

    `columns` is in the order of the table; `initial` gives every column a value; `computed` is
    in the order in which to compute; `stages` maps each track's states to their stage.
    """

    workflow: Workflow
    columns: Mapping[str, Column]
    initial: Mapping[str, Scalar | None]
    facts: Mapping[str, Fact]
    tracks: Mapping[str, Track]
    stages: Mapping[str, Mapping[str, str | None]]
    finals: Mapping[str, frozenset[str]]
    rules: Mapping[str, BoundRule]
    opening_needs: tuple[BoundRule, ...]
    transitions: Mapping[str, BoundTransition]
    during: Mapping[str, Expression]
    computed: tuple[Computed, ...]
    duties: Mapping[str, BoundDuty]
    relations: Mapping[str, Relation]
    parent: str | None
    deadlines: Mapping[str, BoundDeadline] = attrs.field(init=False, eq=False, repr=False)
    """The deadlines by the id of their transition."""

    @deadlines.default
    def _found_deadlines(self) -> Mapping[str, BoundDeadline]:
        return {
            id: bound.deadline
            for id, bound in self.transitions.items()  # noqa: A001
            if bound.deadline is not None
        }

    watches_today: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether what fires by itself asks which day it is."""

    @watches_today.default
    def _asks_for_the_day(self) -> bool:
        automatic = [one for one in self.transitions.values() if one.transition.automatic]
        read = [rule.expression for one in automatic for rule in one.needs]
        read += [when for one in automatic for _, when in one.to if when is not None]
        return any(map(reads_today, read))

    waits_for_time: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether time alone can change cases of the workflow."""

    @waits_for_time.default
    def _is_moved_by_time(self) -> bool:
        own = (one.transition for one in self.transitions.values())
        on_days = any(one.by_itself and not one.automatic for one in own)
        return on_days or bool(self.duties) or self.watches_today

    @property
    def id(self) -> str:
        """The workflow's id."""
        return self.workflow.id

    def stage_of(self, track: str, state: str) -> str | None:
        """Return the stage of a state, or None."""
        return self.stages[track][state]


@attrs.frozen
class BoundReform:
    """A reform whose workflows are bound."""

    reform: Reform
    workflows: Mapping[str, BoundWorkflow]
    roles: Mapping[str, Role]
    effective_on: date | None

    @property
    def timed(self) -> frozenset[str]:
        """The workflows whose cases time alone can change."""
        return frozenset(id for id, flow in self.workflows.items() if flow.waits_for_time)  # noqa: A001

    def calendar(self) -> Calendar:
        """Return the calendar that the reform counts by; CalendarError if there is none such."""
        choice = self.reform.calendar
        overrides = Overrides(
            days_off=choice.days_off, working_days=choice.working_days, years=choice.years
        )
        return calendar_named(choice.name, overrides)
