"""What an act changes, as SQL: the same as `engine.computing.complete`, for all rows at once.

Every column that may change gets an expression of its value after the act over the row as it was.
Days are counted in Python, once for each distinct day that they are counted from. Where a row
would need more than that (a clock that runs again, a day that nobody has counted yet), a condition
tells, and the row is left to be decided by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundDeadline, BoundWorkflow
from reformflow.binding.bound import BoundDuty, BoundWhen, Computed
from reformflow.store.bulk.spelling import NO_DAY, Earliest, Operand, on_day
from reformflow.store.bulk.where import Condition, Sight, is_true

Count = Callable[[BoundWhen, Operand], tuple[Operand, Condition | None]]
"""Counts a day from an anchor; also returns for which rows it cannot, None if for none."""


@attrs.frozen
class Effects:
    """The columns that may change with their values after the act, and the rows it cannot tell.

    `surely` are those of the columns that change in every row, `usual` the values after the act
    in rows where all of them change, which are simpler.
    """

    after: Mapping[str, Operand]
    surely: frozenset[str]
    beyond: tuple[Condition, ...]
    usual: Mapping[str, Operand] = attrs.field(factory=dict)


def effects(
    sight: Sight,
    given: Mapping[str, Operand],
    count: Count,
    *,
    surely: frozenset[str] = frozenset(),
) -> Effects:
    """Return the whole change: what is given, and what is computed from it.

    `given` maps columns to their new values; `surely` names those that differ from the old one
    in every row. The sight's own values are what the row held before.
    """
    usual = _Change(sight, given, count, None).whole().after
    return attrs.evolve(_Change(sight, given, count, surely).whole(), usual=usual)


def standing_due(flow: BoundWorkflow, track: str, after: Sight) -> Operand:
    """Return the earliest due date that stands in the track's state, NULL if none does."""
    state = after.column(f"{track}.state")
    known = _value(state)
    standing = []
    for deadline in flow.deadlines.values():
        if deadline.track != track or (known is not None and known not in deadline.during):
            continue
        due = after.column(deadline.due)
        conditions = [] if known is not None else [state.in_(sorted(deadline.during))]
        if deadline.can_pause:
            conditions.append(after.column(deadline.paused).is_(None))
        if conditions:
            due = sa.case((sa.and_(*conditions), due), else_=NO_DAY)
        standing.append(due)
    return _least(standing)


# ---------------------------------------------------------------------------------------------

_LAST: Final = on_day(date.max)
_ALWAYS: Final[Condition] = sa.true()
_NEVER: Final[Condition] = sa.false()


def _value(operand: Operand) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return the value of a constant, None for anything else."""
    return operand.value if isinstance(operand, sa.BindParameter) else None


def _least(days: list[Operand]) -> Operand:
    if not days:
        return NO_DAY
    if len(days) == 1:
        return days[0]
    least = Earliest(*(sa.func.coalesce(day, _LAST) for day in days))
    return sa.case((sa.and_(*(day.is_(None) for day in days)), NO_DAY), else_=least)


class _Change:
    """One act's changes while they are worked out, in the order in which the engine does."""

    def __init__(
        self,
        sight: Sight,
        given: Mapping[str, Operand],
        count: Count,
        surely: frozenset[str] | None,  # None: every column
    ) -> None:
        self._before = sight
        self._flow = sight.table.flow
        self._after: dict[str, Operand] = dict(given)
        self._count = count
        self._surely = surely
        self._beyond: list[Condition] = []
        self._touched: dict[str, Condition] = {}
        for name, value in given.items():
            self._touch(name, value)

    def whole(self) -> Effects:
        """Work out everything that follows from what is given."""
        for deadline in self._flow.deadlines.values():
            if deadline.suspended_in and f"{deadline.track}.state" in self._after:
                self._run_clock(deadline)
        for computed in self._flow.computed:
            if computed.sources & self._touched.keys():
                self._recompute(computed)
        for deadline in self._flow.deadlines.values():
            if deadline.extension is not None and deadline.due in self._after:
                self._keep_extension(deadline)
        for duty in self._flow.duties.values():
            if duty.first in self._after:
                self._begin_duty(duty)
        for track in self._flow.tracks:
            if self._concerns(track):
                self._after[f"{track}.due"] = standing_due(self._flow, track, self._sight)
        return Effects(self._after, self._surely or frozenset(), tuple(self._beyond))

    @property
    def _sight(self) -> Sight:
        """The row as it is after what has been worked out so far."""
        return attrs.evolve(self._before, values={**self._before.values, **self._after})

    def _touch(self, name: str, value: Operand) -> None:
        """Keep under which condition a column differs from what it was."""
        if self._surely is None or name in self._surely:
            self._touched[name] = sa.true()
        else:
            self._touched[name] = self._before.column(name).is_distinct_from(value)

    def _run_clock(self, deadline: BoundDeadline) -> None:
        """Stop a clock in rows that enter a suspending state; rows that leave one are beyond."""
        inside = self._in(self._sight, deadline)
        was_inside = self._in(self._before, deadline)
        since = self._sight.column(deadline.paused)
        if inside is not _NEVER:
            stops = sa.and_(inside, sa.not_(was_inside), since.is_(None))
            day = on_day(self._before.day)
            self._after[deadline.paused] = sa.case((stops, day), else_=since)
        self._beyond.append(sa.and_(was_inside, sa.not_(inside), since.is_not(None)))

    def _in(self, sight: Sight, deadline: BoundDeadline) -> Condition:
        state = sight.column(f"{deadline.track}.state")
        known = _value(state)
        if known is None:
            return state.in_(sorted(deadline.suspended_in))
        return _ALWAYS if known in deadline.suspended_in else _NEVER

    def _recompute(self, computed: Computed) -> None:
        column = computed.column
        touched = [self._touched[name] for name in sorted(computed.sources & self._touched.keys())]
        before = self._sight.column(column)
        value = self._computed(computed, sa.or_(*touched))
        if not any(isinstance(one, sa.True_) for one in touched):
            value = sa.case((sa.or_(*touched), value), else_=before)
        self._after[column] = value
        self._touch(column, value)

    def _computed(self, computed: Computed, touched: Condition) -> Operand:
        after = self._sight
        if computed.expression is not None:
            return after.value(computed.expression)
        cases: list[tuple[Condition, Operand]] = []
        for when in computed.dates:
            applies = _ALWAYS if when.when is None else after.true(when.when)
            value, beyond = self._counted(when)
            if beyond is not None:
                self._beyond.append(sa.and_(touched, applies, beyond))
            cases.append((applies, value))
            if when.when is None:
                break
            # Unknown whether this one applies, so nothing later may stand in for it.
            cases.append((sa.not_(is_true(after.false(when.when))), NO_DAY))
        if cases and cases[0][0] is _ALWAYS:
            return cases[0][1]
        return sa.case(*cases, else_=NO_DAY) if cases else NO_DAY

    def _counted(self, when: BoundWhen) -> tuple[Operand, Condition | None]:
        if when.anchor is None:
            return self._count(when, on_day(when.day))
        return self._count(when, self._sight.column(when.anchor))

    def _keep_extension(self, deadline: BoundDeadline) -> None:
        due, extended = self._sight.column(deadline.due), self._sight.column(deadline.extended)
        self._after[deadline.due] = sa.case((due < extended, extended), else_=due)

    def _begin_duty(self, duty: BoundDuty) -> None:
        known = self._before.column(duty.known)
        begins = sa.and_(known.is_(None), self._sight.column(duty.first).is_not(None))
        day = on_day(self._before.day)
        self._after[duty.known] = sa.case((begins, day), else_=known)

    def _concerns(self, track: str) -> bool:
        """Say whether the date on the board may change for a track."""
        columns = {f"{track}.state"}
        for deadline in self._flow.deadlines.values():
            if deadline.track == track:
                columns |= {deadline.due, *([deadline.paused] if deadline.can_pause else [])}
        return not columns.isdisjoint(self._after)
