"""Plans: what an act over many cases would come to; and carrying it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Protocol

import attrs

from reformflow.casework.bulk.orders import BulkAct, Order
from reformflow.casework.bulk.reports import Report
from reformflow.casework.bulk.sizes import CHUNK
from reformflow.casework.bulk.sweeping import Sweeping
from reformflow.model import Decision
from reformflow.store import Survey, Tally

Progress = Callable[[Report], None]
"""Is told how far a run has come, after each of its chunks."""


class Home(Protocol):
    """Where a plan was made, and can be carried out."""

    def carry_out_plan(
        self,
        plan: Plan,
        *,
        run: str | None,
        chunk: int,
        executor: Executor | None,
        progress: Progress | None,
    ) -> Report:
        """Carry a plan out."""

    def planned_decisions(self, order: Order) -> Iterator[Decision]:
        """Yield what each selected case would be answered."""


@attrs.frozen
class Plan:
    """One act over many cases, and what it would come to; nothing has been done yet.

    `selected` cases are asked about; `granted` and `refused` of them add up to it. `reasons`
    count the refused cases by code, rule (or other subject) and clauses; a case that is refused
    for several reasons counts for each. `one_by_one` says why cases are decided one by one, as
    far as they are, with the same answers; it is empty if one statement decides them all. Cases
    opened after the plan was made, of numbers after `newest`, are not in it. `ready` is the order
    made ready to be carried out.
    """

    order: Order
    counted: Survey
    one_by_one: tuple[str, ...]
    ready: Sweeping = attrs.field(eq=False, repr=False)
    _home: Home = attrs.field(eq=False, repr=False)

    @property
    def workflow(self) -> str:
        """The workflow whose cases are asked about."""
        return self.order.workflow

    @property
    def newest(self) -> int:
        """The number of the newest case when it was made."""
        return self.ready.newest or 0

    @property
    def act(self) -> BulkAct:
        """What is asked of each case."""
        return self.order.act

    @property
    def selected(self) -> int:
        """How many cases are asked about."""
        return self.counted.selected

    @property
    def granted(self) -> int:
        """For how many of the selected cases the act would be granted."""
        return self.counted.granted

    @property
    def refused(self) -> int:
        """How many of the selected cases would be refused."""
        return self.selected - self.granted

    @property
    def reasons(self) -> tuple[Tally, ...]:
        """Why cases would be refused, and how many for each reason."""
        return self.counted.refused

    def decisions(self) -> Iterator[Decision]:
        """Yield what each selected case would be answered now, with all its reasons."""
        return self._home.planned_decisions(self.order)

    def run(
        self,
        run: str | None = None,
        *,
        chunk: int = CHUNK,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Carry the act out, `chunk` cases in one transaction; say what came of it.

        Each case is decided anew when its turn comes. A run that was cut off goes on where it
        was, begun again under the same id or by `resume_run`: a chunk is done once. Without an
        `executor` a run of one chunk is stored whole or not at all. `executor` does
        chunks side by side: threads, processes, or several machines. Raises KeyReused if the id
        was used for something else.
        """
        return self._home.carry_out_plan(
            self, run=run, chunk=chunk, executor=executor, progress=progress
        )
