"""Which rows time may have brought something to, as SQL.

The condition may hold for a row to which time in the end brings nothing, never the other way
round: such rows are decided by themselves, after time has passed for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Final, cast

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundDuty, BoundTransition, BoundWorkflow
from reformflow.language.reading import reads_today
from reformflow.store import definitions
from reformflow.store.bulk.grounds import enabled
from reformflow.store.bulk.runs import Chunk, within
from reformflow.store.bulk.spelling import Operand, on_day, word
from reformflow.store.bulk.where import Condition, Sight, any_of, is_true
from reformflow.store.schema import WorkflowTable

Opens = Callable[[BoundDuty, date, date, int], date | None]
"""Says when the next period of a duty opens, from its first due date, the day that became known,
and how many periods there were."""

_MOST: Final = 500
_DAY: Final = timedelta(days=1)


@attrs.frozen
class Clock:
    """What time brings by one day to the rows of every workflow."""

    connection: sa.Connection
    opens: Opens

    def near(self, row: Sight) -> Condition:
        """Return the condition that time may have brought something to a row or to its kin."""
        found = [_some(row, kin, mine, self.own(kin)) for kin, mine in _kin(row)]
        return any_of([self.own(row), *found])

    def own(self, row: Sight) -> Condition:
        """Return the condition that time may have brought something to a row itself."""
        found = [self.due(row, bound) for bound in timed(row.table.flow)]
        found += [enabled(row, bound) for bound in watching_today(row.table.flow)]
        found += [self._duty(row, duty) for duty in row.table.flow.duties.values()]
        return any_of(found)

    def due(self, row: Sight, bound: BoundTransition) -> Condition:
        """Return the condition that a timed transition has its turn and may fire."""
        needs = [rule.expression for rule in bound.needs]
        rules = [row.true(rule) for rule in needs if not reads_today(rule)]
        return sa.and_(turn(row, bound), *rules)

    def _duty(self, row: Sight, duty: BoundDuty) -> Condition:
        columns = [row.column(name) for name in (duty.first, duty.known, duty.count)]
        held = [column.is_not(None) for column in columns[:2]]
        query = sa.select(*columns).select_from(row.table.table).where(*held)
        periods = self.connection.execute(query.distinct().limit(_MOST)).all()
        calm = sa.or_(sa.false(), *self._calm(row, duty, columns, [tuple(p) for p in periods]))
        return sa.and_(*held, sa.not_(is_true(calm)))

    def _calm(
        self,
        row: Sight,
        duty: BoundDuty,
        columns: list[Operand],
        periods: list[tuple[date, date, int]],
    ) -> Iterator[Condition]:
        """Yield the conditions under which the next period is known to open later."""
        for period in periods:
            opens = self.opens(duty, *period)
            if opens is not None and opens > row.day:
                yield sa.and_(*(c == held for c, held in zip(columns, period, strict=True)))


def with_others(connection: sa.Connection, row: Sight, definition: str) -> Condition:
    """Return the condition that a row has kin that follow another definition.

    Plainly false where no other definition is stored, or no case of its kin's workflows has one.
    """
    if set(definitions.every(connection, row.schema.shared)) <= {definition}:
        return sa.false()
    pinned = word(definition)
    found: list[Condition] = []
    for kin, mine in _kin(row):
        other = kin.table.table.c.definition != pinned
        query = sa.select(sa.literal(1)).select_from(kin.table.table).where(other).limit(1)
        if connection.scalar(query) is not None:
            found.append(_some(row, kin, mine, other))
    return any_of(found)


@attrs.frozen
class TimedRows:
    """The rows of a chunk to which timed transitions come."""

    connection: sa.Connection
    row: Sight
    chunk: Chunk

    def earliest(self, steps: Iterable[BoundTransition], *, after: date | None) -> date | None:
        """Return the first day, later than `after`, on which one of the transitions may fire."""
        found: list[date] = []
        for bound in steps:
            told = event_day(self.row.table.flow, bound)
            if told is None:
                continue
            column, later = told
            day = self.row.column(column)
            beyond = [] if after is None else [day > _shifted(after, later)]
            query = sa.select(sa.func.min(day)).where(self._mine(bound), *beyond)
            first = self.connection.scalar(query, self.chunk.values)
            if first is not None:
                found.append(first + _DAY if later else first)
        return min(found, default=None)

    def due_on(self, bound: BoundTransition, on: date) -> Condition:
        """Return the condition that a transition has its turn on that very day."""
        told = event_day(self.row.table.flow, bound)
        if told is None:
            return sa.false()
        column, later = told
        day = on_day(_shifted(on, later))
        return sa.and_(self._mine(bound), self.row.column(column) == day)

    def _mine(self, bound: BoundTransition) -> Condition:
        return sa.and_(within(self.row.table), turn(self.row, bound), enabled(self.row, bound))


def turn(row: Sight, bound: BoundTransition) -> Condition:
    """Return the condition that a timed transition has its turn on some day up to the row's."""
    told = event_day(row.table.flow, bound)
    if told is None:
        return sa.false()
    column, later = told
    day = row.column(column)
    fired = row.column(f"{bound.id}.on")
    last = on_day(_shifted(row.day, later))
    again = fired <= day if later else fired < day
    state = row.column(f"{bound.track}.state").in_(sorted(bound.source))
    running = []
    if later:
        awaited = row.table.flow.deadlines[bound.transition.after_due or ""]
        running = [row.column(awaited.paused).is_(None)] if awaited.can_pause else []
    return sa.and_(state, day <= last, sa.or_(fired.is_(None), again), *running)


def timed(flow: BoundWorkflow) -> tuple[BoundTransition, ...]:
    """Return the transitions that fire on a day or by silence."""
    return tuple(
        bound
        for bound in flow.transitions.values()
        if bound.transition.by_itself and not bound.transition.automatic
    )


def watching_today(flow: BoundWorkflow) -> tuple[BoundTransition, ...]:
    """Return the automatic transitions, if any of them watches the day itself."""
    automatic = [bound for bound in flow.transitions.values() if bound.transition.automatic]
    read = [
        expression
        for bound in automatic
        for expression in (
            *(rule.expression for rule in bound.needs),
            *(when for _, when in bound.to if when is not None),
        )
    ]
    return tuple(automatic) if any(map(reads_today, read)) else ()


def event_day(flow: BoundWorkflow, bound: BoundTransition) -> tuple[str, bool] | None:
    """Return the column of the day of a timed transition, and whether it fires the day after."""
    if bound.at is not None:
        return bound.at, False
    deadline = flow.deadlines.get(bound.transition.after_due or "")
    return None if deadline is None else (deadline.due, True)


# ---------------------------------------------------------------------------------------------


def _kin(row: Sight) -> Iterator[tuple[Sight, Condition]]:
    """Yield the kin of a row as they are seen, each with what ties them to it."""
    own, workflows = row.table, row.schema.workflows
    if own.flow.parent is not None:
        parent = _again(workflows[own.flow.parent])
        yield attrs.evolve(row, table=parent, values={}), parent.table.c.id == own.table.c.parent
    for relation in own.flow.relations.values():
        child = _again(workflows[relation.workflow])
        yield attrs.evolve(row, table=child, values={}), child.table.c.parent == own.table.c.id


def _some(row: Sight, kin: Sight, mine: Condition, condition: Condition) -> Condition:
    """Return the condition that one of the kin of a row fulfils another."""
    if isinstance(condition, sa.False_):
        return condition
    found = sa.select(sa.literal(1)).select_from(kin.table.table).where(mine, condition)
    return found.correlate(row.table.table).exists()


def _shifted(day: date, later: bool) -> date:  # noqa: FBT001
    """Return the day that a column holds for an event on `day`."""
    return day - _DAY if later else day


def _again(table: WorkflowTable) -> WorkflowTable:
    """Return a table under another name, for a query that reads it twice."""
    return attrs.evolve(table, table=cast(sa.Table, table.table.alias()))
