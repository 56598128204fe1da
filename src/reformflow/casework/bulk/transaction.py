"""Acts over many cases inside one transaction: planned, begun as a run, done chunk by chunk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

import attrs

from reformflow.casework.bulk.orders import MIGRATE, OPEN, Order
from reformflow.casework.bulk.plans import Home, Plan
from reformflow.casework.bulk.reports import Report
from reformflow.casework.bulk.singly import Singly
from reformflow.casework.bulk.sweeping import Sweeping
from reformflow.casework.practice import Practice
from reformflow.engine import callback_name
from reformflow.errors import KeyReused, RequestError, StoreError
from reformflow.model import Decision
from reformflow.store import (
    NOTHING,
    Chunk,
    Connection,
    Run,
    SharedTables,
    Sight,
    Survey,
    check_key,
    dumps,
    selected,
    write_what_is_read,
)
from reformflow.store.bulk import runs

_ELSEWHERE: Final = {
    MIGRATE: ("is a migration", "go on with `reformflow migrate run`, or Book.migrate"),
    OPEN: ("opens cases from rows", "give them again: `reformflow bulk open`, or open_many"),
}
"""Runs that are no orders, and how they go on."""

_CALLED = "{} is Python, and is asked about each case"
_SOME = "{cases} cases to which time has to come first, or that cannot be decided in SQL"


@attrs.frozen
class Begun:
    """A run, and those of its chunks that are not done yet; `done` are those just done with it."""

    report: Report
    left: tuple[Chunk, ...]
    done: tuple[Chunk, ...] = ()

    @classmethod
    def of(cls, run: Run, chunks: Sequence[Chunk]) -> Begun:
        """Return a run with its chunks as they are now."""
        left = tuple(chunk for chunk in chunks if chunk.done_at is None)
        return cls(Report.of(run, chunks), left)


@attrs.frozen
class Bulk:
    """What can be done about orders in one transaction; `now` is when it is entered.

    `ours` says that the transaction was begun for this alone, and is no host's.
    """

    practice: Practice
    connection: Connection
    now: datetime
    ours: bool = False

    @property
    def _tables(self) -> SharedTables:
        return self.practice.schema.shared

    def plan(self, order: Order, home: Home) -> Plan:
        """Count what an order would come to, and why it would be refused."""
        ready = Sweeping.of(self.practice, self.connection, order, self.now)
        counted, singly = ready.count(self.connection, self.now)
        some = (_SOME.format(cases=singly),) if singly and not ready.tied else ()
        called = () if ready.callback is None else (_CALLED.format(callback_name(ready.callback)),)
        ready = attrs.evolve(ready, newest=self.newest())
        return Plan(order, counted, (*ready.tied, *some, *called), ready, home)

    def decisions(self, order: Order, chunk: Chunk) -> tuple[Decision, ...]:
        """Return what the selected cases of a chunk would be answered."""
        table = self.practice.schema.workflow(order.workflow)
        row = Sight(self.practice.schema, table, order.on)
        ids = selected(self.connection, row, chunk, order.question(self.practice))
        return tuple(Singly(self.practice, self.connection, self.now).decisions(order, ids))

    def newest(self) -> int:
        """Return the number of the newest case."""
        return runs.newest(self.connection, self._tables)

    def pieces(self, workflow: str, size: int) -> Iterator[Chunk]:
        """Yield the chunks into which the cases of a workflow are cut now."""
        return runs.cut(self.connection, self.practice.schema.workflow(workflow), size)

    def begin(self, plan: Plan, run: str | None, size: int, *, at_once: bool) -> Begun:
        """Store a run and its chunks, or find the one that was begun under this id before.

        With `at_once`, a run of one chunk is carried out as well, and stored whole or not at
        all. KeyReused if the run of this id asked for something else.
        """
        check_chunk(size)
        if at_once and self.ours and plan.ready.alone:
            write_what_is_read(self.connection)
        asked = self._asked(plan.order.plain(), run, plan.counted, plan.newest)
        known = self._known(asked)
        if known is not None:
            return known
        pieces = tuple(self.pieces(plan.workflow, size))
        if at_once and len(pieces) == 1 and plan.ready.holds(self.connection, self.now):
            runs.begin(self.connection, self._tables, asked)
            done = tuple(self._done(plan.ready, asked.id, piece) for piece in pieces)
            runs.add(self.connection, self._tables, asked, done)
            return Begun(Report.of(asked, pieces), (), done)
        return self._begun(asked, pieces)

    def start(self, request: dict[str, Any], run: str | None, first: Chunk) -> Begun:
        """Store a run that no plan precedes, or find the one that was begun under this id before.

        KeyReused if the run of this id asked for something else.
        """
        asked = self._asked(request, run, NOTHING, self.newest())
        return self._known(asked) or self._begun(asked, (first,))

    def ready(self, run: str) -> Sweeping:
        """Return a run's order made ready; StoreError if it was begun under another definition."""
        known = self.own(run)
        if known.request["kind"] in _ELSEWHERE:
            what, hint = _ELSEWHERE[known.request["kind"]]
            raise RequestError(f"the run {run!r} {what}", hint)
        order = Order.from_plain(known.request)
        return Sweeping.of(self.practice, self.connection, order, self.now, newest=known.newest)

    def own(self, run: str) -> Run:
        """Return a run; StoreError if it was begun under another definition."""
        known = runs.known(self.connection, self._tables, run)
        if known.definition != self.practice.definition:
            message = f"the run {run!r} was begun under the definition {known.definition}"
            raise StoreError(message, "resume it with that definition, or plan a new run")
        return known

    def carry_out(self, ready: Sweeping, run: str, chunk: Chunk) -> Chunk:
        """Carry out one chunk of a run, unless that is done."""
        if self.ours and ready.alone:
            write_what_is_read(self.connection)
        if not runs.claim(self.connection, self._tables, run, chunk.number, self.now):
            return runs.chunk(self.connection, self._tables, run, chunk.number)
        done = self._done(ready, run, chunk)
        runs.close(self.connection, self._tables, run, done)
        return done

    def let_pass(self, workflow: str, chunk: Chunk, on: date) -> Counter[tuple[str, str]]:
        """Let time pass for a chunk of the cases of a workflow that stands apart."""
        from reformflow.casework.bulk.ticking import Ticking

        return Ticking(self.practice, self.connection, workflow, self.now).carry_out(chunk, on)

    def begun(self, run: str) -> Begun:
        """Return a run as it is now; UnknownName if there is none of that id."""
        known = runs.known(self.connection, self._tables, run)
        return Begun.of(known, runs.chunks(self.connection, self._tables, run))

    def report(self, run: str) -> Report:
        """Return how far a run has come; UnknownName if there is none of that id."""
        return self.begun(run).report

    def reports(self) -> tuple[Report, ...]:
        """Return all runs, the first begun first."""
        return tuple(self.report(run.id) for run in runs.every(self.connection, self._tables))

    def _asked(
        self, request: dict[str, Any], run: str | None, counted: Survey, newest: int
    ) -> Run:  # fmt: skip
        """Return the run of a request as it would be begun now."""
        name = uuid4().hex if run is None else run
        check_key(name)
        return Run(
            id=name,
            workflow=request["workflow"],
            request=request,
            digest=f"sha256:{hashlib.sha256(dumps(request).encode()).hexdigest()}",
            definition=self.practice.definition,
            selected=counted.selected,
            granted=counted.granted,
            newest=newest,
            started_at=self.now,
        )

    def _known(self, asked: Run) -> Begun | None:
        """Return the run that was begun under the same id before, if there is one."""
        known = runs.find(self.connection, self._tables, asked.id)
        if known is None:
            return None
        if known.digest != asked.digest:
            message = f"the run {asked.id!r} asked for something else"
            raise KeyReused(message, "give every run an id of its own; resume only the same one")
        return Begun.of(known, runs.chunks(self.connection, self._tables, known.id))

    def _begun(self, asked: Run, chunks: tuple[Chunk, ...]) -> Begun:
        runs.begin(self.connection, self._tables, asked)
        runs.add(self.connection, self._tables, asked, chunks)
        return Begun.of(asked, chunks)

    def _done(self, ready: Sweeping, run: str, chunk: Chunk) -> Chunk:
        """Carry the order out on the cases of a chunk; return it with what came of it."""
        survey = ready.carry_out(self.connection, chunk, key=run, now=self.now, ours=self.ours)
        return attrs.evolve(chunk, survey=survey, done_at=self.now)


def check_chunk(size: int) -> None:
    """Raise RequestError for a chunk that cannot hold a case."""
    if size < 1:
        raise RequestError(f"{size} cases cannot be in a chunk", "take at least one")
