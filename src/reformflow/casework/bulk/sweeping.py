"""Carrying an order out on many cases at once, with all that follows from it.

Cases to which time has to come first, and those that SQL cannot decide, are decided singly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property

import attrs

from reformflow.calendars import local_date
from reformflow.casework.bulk.consequences import Followers
from reformflow.casework.bulk.orders import Order
from reformflow.casework.bulk.singly import Singly
from reformflow.casework.practice import Practice
from reformflow.casework.waiting import clock
from reformflow.engine import Callback, Engine, callback_name
from reformflow.errors import Conflict
from reformflow.model import Code, Fire
from reformflow.store import (
    Asked,
    Chunk,
    Condition,
    Connection,
    DayCounter,
    Noting,
    Sight,
    Stamp,
    Stroke,
    Survey,
    Sweep,
    Tally,
    any_of,
    apart_from,
    asked_for,
    both,
    cases_of,
    clear_notes,
    definitions,
    everything,
    except_failed,
    is_true,
    left_among,
    looks_elsewhere,
    note_failed,
    numbers_rows,
    one_view,
    survey,
    with_others,
    within,
    without,
)
from reformflow.store.bulk import runs

_OWN_KIND = "{flow} cases are parents or children of one another"
_WATCHED = "{parent} cases fire by themselves when their {flow} cases change"


@attrs.frozen
class Sweeping:
    """An order made ready for many transactions: its statements are built once.

    `tied` says why its cases have to be decided one after the other, empty if they need not.
    """

    practice: Practice
    order: Order
    today: date
    tied: tuple[str, ...]
    stroke: Stroke
    chosen: Condition
    newest: int | None
    followers: Followers
    numbered: bool
    callback: Callback | None = None

    @classmethod
    def of(
        cls,
        practice: Practice,
        connection: Connection,
        order: Order,
        now: datetime,
        *,
        newest: int | None = None,
    ) -> Sweeping:
        """Prepare an order; days that cases hold now are counted from through `connection`.

        Cases opened after the one of the number `newest` are left out.
        """
        program = practice.engine.program
        table = practice.schema.workflow(order.workflow)
        row = Sight(practice.schema, table, order.on)
        today = local_date(now, program.zone)
        asked = Asked(order.act, order.actor, order.reason, program.effective_on, today)
        tied = tuple(_ties(practice.engine, order.workflow))
        stroke = asked_for(
            row,
            asked,
            DayCounter(connection, program.calendar, table),
            definition=practice.definition,
            left=everything() if tied else _left(practice, connection, row),
        )
        question = order.question(practice)
        chosen = everything() if question is None else row.true(question)
        followers = Followers.of(practice, connection, order.workflow, order.on)
        callback = _callback(practice.engine, order)
        return cls(
            practice=practice,
            order=order,
            today=today,
            tied=tied,
            stroke=stroke,
            chosen=chosen,
            newest=newest,
            followers=followers,
            numbered=numbers_rows(connection),
            callback=callback,
        )

    @cached_property
    def sweep(self) -> Sweep:
        """The statements for the rows of a chunk."""
        return self._sweep(within(self.stroke.row.table))

    @cached_property
    def everywhere(self) -> Sweep:
        """The same, where the rows of the chunk are all that there are."""
        return self._sweep()

    @cached_property
    def careful(self) -> Sweep:
        """The same, where cases may have been opened meanwhile: those are left out."""
        table, tables = self.stroke.row.table, self.practice.schema.shared
        return self._sweep(within(table), runs.opened_before(tables, table, self.newest or 0))

    @cached_property
    def alone(self) -> bool:
        """Whether no case but those that it is carried out on is looked at."""
        by_itself = not self.tied and not self.followers.strokes
        return by_itself and self.stroke.alone and not looks_elsewhere(self.chosen)

    def _sweep(self, *rows: Condition) -> Sweep:
        stroke = self.stroke if self.callback is None else except_failed(self.stroke)
        chosen = both(*rows, self.chosen)
        noting = Noting.NOTHING  # of tied cases, as none of them is left to the sweep
        if self.followers.strokes and not self.tied:
            noting = Noting.ALL
        elif not self.tied:
            noting = Noting.worthwhile(stroke, chosen, numbered=self.numbered)
        return Sweep.of(stroke, chosen, self.practice.definition, noting)

    def holds(self, connection: Connection, now: datetime) -> bool:
        """Whether it would be made ready in the same way now.

        That is sure on the same day, while no other definition is stored: then no kin follow one.
        """
        if local_date(now, self.practice.engine.program.zone) != self.today:
            return False
        stored = definitions.every(connection, self.practice.schema.shared)
        return set(stored) <= {self.practice.definition}

    def count(self, connection: Connection, now: datetime) -> tuple[Survey, int]:
        """Count what the order would come to; also how many cases were decided singly for that."""
        found = survey(connection, self.stroke, self.chosen)
        free = is_true(self.stroke.free)
        asked = both(self.chosen, *apart_from(self.stroke))
        otherwise, besides = (
            sum(1 for _ in self._failed(connection, both(asked, half), {}))
            for half in (free, without(free))
        )
        found = attrs.evolve(found, granted=found.granted - otherwise)
        found = self._with(found, otherwise + besides)
        left = left_among(connection, self.stroke, self.chosen)
        singly = Singly(self.practice, connection, now)
        return found.plus(singly.count(self.order, left)), len(left)

    def carry_out(
        self, connection: Connection, chunk: Chunk, *, key: str, now: datetime, ours: bool
    ) -> Survey:
        """Carry the order out on the cases of a chunk; say what came of it.

        `ours` says that the transaction was begun for this alone.
        """
        newest = runs.newest(connection, self.practice.schema.shared)
        sweep, values = self._chosen(connection, chunk, newest, ours=ours)
        left = sweep.alone(connection, values)
        found = self._together(connection, sweep, values, Stamp(now, key))
        if self.callback and newest != runs.newest(connection, self.practice.schema.shared):
            raise Conflict.over("the list of cases")  # one that was not asked may be among them
        singly = Singly(self.practice, connection, now)
        return found.plus(singly.carry_out(self.order, left, key))

    def _chosen(
        self, connection: Connection, chunk: Chunk, newest: int, *, ours: bool
    ) -> tuple[Sweep, dict[str, str]]:
        """Return the statements for a chunk, and their parameters."""
        if newest != self.newest:
            return self.careful, chunk.values
        table = self.stroke.row.table
        if one_view(connection, ours=ours) and runs.holds_all(connection, table, chunk):
            return self.everywhere, {}
        return self.sweep, chunk.values

    def _together(
        self, connection: Connection, sweep: Sweep, values: dict[str, str], stamp: Stamp
    ) -> Survey:
        failed = list(self._failed(connection, sweep.rows, values))
        if sweep.noting is Noting.ALL or self.callback is not None:
            clear_notes(connection)
        note_failed(connection, self.practice.schema, failed)
        done = self.followers.carry_out(connection, sweep, values, stamp)
        return self._with(done, len(failed))

    def _failed(
        self, connection: Connection, rows: Condition, values: dict[str, str]
    ) -> Iterator[str]:
        """Yield the ids of the cases for which the host's condition is not true."""
        holds = self.callback
        if holds is None or self.tied:
            return iter(())
        found = cases_of(connection, self.stroke.row.table, rows, values)
        return (case.id for case in found if not holds(case))

    def _with(self, found: Survey, failed: int) -> Survey:
        """Return a survey with the refusals of the host's condition."""
        if not failed or self.callback is None:
            return found
        clauses = self.stroke.clauses
        tally = Tally(Code.RULE_BROKEN, callback_name(self.callback), clauses, failed)
        return attrs.evolve(found, refused=(*found.refused, tally))


# ---------------------------------------------------------------------------------------------


def _ties(engine: Engine, workflow: str) -> Iterator[str]:
    """Yield why one case after another may differ from all of them at once.

    It means the same if nothing that one case changes is read for another. They share at most
    their parent, so their parent must not change because of them.
    """
    flow = engine.program.plan(workflow).flow
    if workflow in {relation.workflow for relation in flow.relations.values()}:
        yield _OWN_KIND.format(flow=workflow)
    if flow.parent is not None:
        above = engine.program.plan(flow.parent)
        if workflow in {above.flow.relations[relation].workflow for relation in above.watches}:
            yield _WATCHED.format(parent=flow.parent, flow=workflow)


def _callback(engine: Engine, order: Order) -> Callback | None:
    if not isinstance(order.act, Fire):
        return None
    return engine.program.plan(order.workflow).step(order.act.transition).callback


def _left(practice: Practice, connection: Connection, row: Sight) -> Condition:
    """Return the condition that a case has to be decided by itself.

    Time has to come to it or its kin first, or its kin follow another definition.
    """
    pending = clock(practice, connection).near(row)
    return any_of([pending, with_others(connection, row, practice.definition)])
