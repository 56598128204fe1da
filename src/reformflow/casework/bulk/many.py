"""Acts over many cases, for whoever has transactions: a host's one, or a book's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from reformflow.casework.bulk.sizes import CHUNK, ROWS
from reformflow.casework.practice import Practice
from reformflow.errors import EmbeddingError
from reformflow.model import Actor, Decision, Facts

if TYPE_CHECKING:
    from reformflow.casework.bulk.openings import Intake, Opening, Rows
    from reformflow.casework.bulk.orders import BulkAct, Order
    from reformflow.casework.bulk.plans import Plan, Progress
    from reformflow.casework.bulk.reports import Report
    from reformflow.casework.bulk.ticking import Passed
    from reformflow.casework.bulk.transaction import Begun, Bulk
    from reformflow.store import Chunk

_Result = TypeVar("_Result")


class Many(ABC):
    """Planning acts over many cases, and carrying them out as runs that can be resumed.

    Whoever never asks for one does not load what they need.
    """

    @property
    @abstractmethod
    def practice(self) -> Practice:
        """The reform, compiled, with its tables."""

    def plan(  # noqa: PLR0913 - the parts of a request over many cases
        self,
        act: str | BulkAct,
        *,
        workflow: str | None = None,
        actor: Actor,
        on: date,
        where: str = "",
        facts: Facts | None = None,
        reason: str | None = None,
    ) -> Plan:
        """Count what an act over many cases would come to, and do nothing yet.

        `act` is the id of a transition, recorded with `facts`, or a `Fire`, `Record` or
        `Extend`. `workflow` may be left out where only one can be meant. `where` is an
        expression of the rule language; the cases for which it is true are selected. Raises
        UnknownName for what does not exist, RequestError for what no case could be asked.
        """
        from reformflow.casework.bulk.orders import Order

        order = Order.of(
            self.practice,
            act,
            workflow=workflow,
            actor=actor,
            on=on,
            where=where,
            facts=facts,
            reason=reason,
        )
        return self._over(lambda bulk: bulk.plan(order, self), writes=False)

    def resume_run(
        self,
        run: str,
        *,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Carry out what is left of a run; say what came of all of it.

        UnknownName if there is no such run, StoreError if it was begun under another definition.
        """
        with self._whole():
            begun = self._over(lambda bulk: bulk.begun(run), writes=False)
            return self._go_on(begun, executor, progress)

    def report(self, run: str) -> Report:
        """Return how far a run has come; UnknownName if there is none of that id."""
        return self._over(lambda bulk: bulk.report(run), writes=False)

    def runs(self) -> tuple[Report, ...]:
        """Return all runs, the first begun first."""
        return self._over(lambda bulk: bulk.reports(), writes=False)

    def let_time_pass(self, on: date, *, chunk: int = CHUNK) -> Passed:
        """Carry out what time has brought up to and including `on`; count it.

        It comes to what `tick` comes to. Where cases do not depend on one another, all that is
        due on one day fires in one statement, `chunk` cases in one transaction; the others are
        taken case by case. Done again, it finds nothing. Raises as `tick` does.
        """
        from reformflow.casework.bulk.ticking import Passed, apart, brought
        from reformflow.casework.bulk.transaction import Bulk

        self.tick(on, cases=())  # a day that has not come yet is refused
        program = self.practice.engine.program
        made: Counter[tuple[str, str]] = Counter()
        for workflow in apart(program):
            for piece in self._over(partial(_pieces, workflow=workflow, size=chunk), writes=False):
                made += self._over(
                    partial(Bulk.let_pass, workflow=workflow, chunk=piece, on=on), writes=True
                )
        for decision in self.tick(on):
            made.update(brought(program, decision))
        return Passed(on, made)

    @abstractmethod
    def tick(self, on: date, *, cases: Iterable[str] | None = None) -> list[Decision]:
        """Carry out what time has brought up to and including a day, case by case."""

    def carry_out_plan(
        self,
        plan: Plan,
        *,
        run: str | None = None,
        chunk: int = CHUNK,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Carry a plan out; see `Plan.run`."""
        with self._whole():
            at_once = executor is None
            begun = self._over(
                lambda bulk: bulk.begin(plan, run, chunk, at_once=at_once), writes=True
            )
            return self._go_on(begun, executor, progress)

    def open_many(  # noqa: PLR0913 - what `open` takes once for all, and how to run it
        self,
        workflow: str,
        rows: Iterable[Opening],
        *,
        actor: Actor,
        on: date,
        run: str | None = None,
        chunk: int = ROWS,
        progress: Progress | None = None,
    ) -> Report:
        """Open a case for each of many rows, as `open` would one after the other.

        `rows` may be a generator: `chunk` of them are held at a time, and stored together.
        A run that was cut off goes on when the same rows are given again under its id; a row is
        done once. Raises KeyReused if the id was used for something else, or if other rows come,
        and RequestError or CalendarError, with the number of the row, for one that nobody could
        decide; nothing of its chunk is stored.
        """
        from reformflow.casework.bulk.openings import Intake, Rows
        from reformflow.casework.bulk.transaction import check_chunk

        check_chunk(chunk)
        intake = Intake(workflow, actor, on)
        with self._whole():
            report = self._over(partial(intake.begin, run=run), writes=True)
            for done in self._opened(intake, report.run, Rows(rows), chunk):
                report = report.grown(done)
                if progress is not None:
                    progress(report)
            return self.report(report.run)

    def planned_decisions(self, order: Order) -> Iterator[Decision]:
        """Yield what each selected case would be answered now, some at a time."""
        from reformflow.casework.bulk.transaction import Bulk

        cut = partial(_pieces, workflow=order.workflow, size=CHUNK)
        pieces = self._over(cut, writes=False)
        for piece in pieces:
            yield from self._over(partial(Bulk.decisions, order=order, chunk=piece), writes=False)

    @abstractmethod
    def _over(self, action: Callable[[Bulk], _Result], *, writes: bool) -> _Result:
        """Do something about many cases in one transaction."""

    def _whole(self) -> AbstractContextManager[object]:
        """Return what holds a run together: nothing, where every chunk is stored by itself."""
        return nullcontext()

    def _chunks(
        self,
        run: str,
        chunks: Iterable[Chunk],
        executor: Executor | None,
    ) -> Iterator[Chunk]:
        """Carry out chunks of a run one after the other, and yield each when it is done."""
        if executor is not None:
            message = "an executor cannot work in a transaction that is the host's"
            raise EmbeddingError(message, "leave it out, or run the plan from a book")
        from reformflow.casework.bulk.transaction import Bulk

        ready = self._over(lambda bulk: bulk.ready(run), writes=False)
        for chunk in chunks:
            yield self._over(
                partial(Bulk.carry_out, ready=ready, run=run, chunk=chunk), writes=True
            )

    def _opened(self, intake: Intake, run: str, rows: Rows, size: int) -> Iterator[Chunk]:
        """Open the cases of a run that are left, and yield each chunk when it is done."""
        from reformflow.casework.bulk import openings

        number = 1
        find = partial(openings.piece, run=run)
        while (piece := self._over(partial(find, number=number), writes=False)) is not None:
            if piece.done_at is not None:
                rows.skip(piece, run)
                number += 1
                continue
            some = rows.take(size)
            if not some:
                self._over(partial(openings.finish, run=run, number=number), writes=True)
                continue
            admit = partial(intake.admit, run=run, number=number, first=rows.seen, rows=some)
            done = self._over(admit, writes=True)
            if done is None:
                rows.give_back(some)  # somebody else does the same run: look what is done now
                continue
            number += 1
            yield done
        rows.check_end(run)

    def _go_on(self, begun: Begun, executor: Executor | None, progress: Progress | None) -> Report:
        report = begun.report
        left = self._chunks(report.run, begun.left, executor) if begun.left else ()
        for chunk in chain(begun.done, left):
            report = report.after(chunk)
            if progress is not None:
                progress(report)
        in_order = executor is None and report.status == "complete"
        return report if in_order or not begun.left else self.report(report.run)


# ---------------------------------------------------------------------------------------------


def _pieces(bulk: Bulk, workflow: str, size: int) -> tuple[Chunk, ...]:
    return tuple(bulk.pieces(workflow, size))
