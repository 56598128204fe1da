"""Acts over many cases inside one transaction: planned, begun as a run, done chunk by chunk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

import attrs

from reformflow.casework.bulk.orders import MIGRATE, OPEN, Order
from reformflow.casework.bulk.plans import Plan
from reformflow.casework.bulk.reports import Report
from reformflow.casework.bulk.singly import Singly
from reformflow.casework.bulk.sweeping import Sweeping
from reformflow.casework.practice import Practice
from reformflow.engine import callback_name
from reformflow.errors import KeyReused, RequestError, StoreError
from reformflow.model import Decision
from reformflow.store import (
    Chunk,
    Connection,
    Run,
    SharedTables,
    Sight,
    Survey,
    check_key,
    dumps,
    runs,
    selected,
    write_what_is_read,
)

_ELSEWHERE: Final = {
    MIGRATE: ("is a migration", "go on with `reformflow migrate run`, or Book.migrate"),
    OPEN: ("opens cases from rows", "give them again: `reformflow bulk open`, or open_many"),
}
"""Runs that are no orders, and how they go on."""

_CALLED = "{} is Python, and is asked about each case"
_SOME = "{cases} cases to which time has to come first, or that cannot be decided in SQL"


@attrs.frozen
class Begun:
    """A run, and those of its chunks that are not done yet."""

    report: Report
    left: tuple[Chunk, ...]

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

    def count(self, order: Order) -> tuple[Survey, tuple[str, ...]]:
        """Count what an order would come to; also why cases are decided one by one, if any are."""
        ready = Sweeping.of(self.practice, self.connection, order, self.now)
        counted, singly = ready.count(self.connection, self.now)
        some = (_SOME.format(cases=singly),) if singly and not ready.tied else ()
        called = () if ready.callback is None else (_CALLED.format(callback_name(ready.callback)),)
        return counted, (*ready.tied, *some, *called)

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

    def begin(self, plan: Plan, run: str | None, size: int) -> Begun:
        """Store a run and its chunks, or find the one that was begun under this id before.

        KeyReused if that asked for something else.
        """
        check_chunk(size)
        pieces = self.pieces(plan.workflow, size)
        return self.start(plan.order.plain(), run, plan.counted, pieces, newest=plan.newest)

    def start(
        self,
        request: dict[str, Any],
        run: str | None,
        counted: Survey,
        pieces: Iterable[Chunk],
        *,
        newest: int | None = None,
    ) -> Begun:
        """Store a run for a request, or find the one that was begun under this id before.

        Cases opened after that of the number `newest` (by default now) are not its. KeyReused if
        the run of this id asked for something else.
        """
        name = uuid4().hex if run is None else run
        digest = f"sha256:{hashlib.sha256(dumps(request).encode()).hexdigest()}"
        check_key(name)
        known = runs.find(self.connection, self._tables, name)
        if known is not None and known.digest != digest:
            message = f"the run {name!r} asked for something else"
            raise KeyReused(message, "give every run an id of its own; resume only the same one")
        if known is not None:
            chunks = runs.chunks(self.connection, self._tables, name)
        else:
            chunks = tuple(pieces)
            known = Run(
                id=name,
                workflow=request["workflow"],
                request=request,
                digest=digest,
                definition=self.practice.definition,
                selected=counted.selected,
                granted=counted.granted,
                newest=self.newest() if newest is None else newest,
                started_at=self.now,
            )
            runs.begin(self.connection, self._tables, known, chunks)
        return Begun.of(known, chunks)

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
        survey = ready.carry_out(self.connection, chunk, key=run, now=self.now, ours=self.ours)
        runs.close(self.connection, self._tables, run, chunk.number, survey)
        return attrs.evolve(chunk, survey=survey, done_at=self.now)

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


def check_chunk(size: int) -> None:
    """Raise RequestError for a chunk that cannot hold a case."""
    if size < 1:
        raise RequestError(f"{size} cases cannot be in a chunk", "take at least one")
