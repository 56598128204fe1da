"""Running a simulation many times, here or by an executor, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, as_completed
from functools import lru_cache
from random import Random
from typing import Final

import attrs

from reformflow.casework.simulation.model import Durations
from reformflow.casework.simulation.results import Outcome
from reformflow.casework.simulation.running import Run
from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import Reform, Request

BATCH: Final = 10
"""So many runs are handed to a worker at once."""


def simulate(
    reform: Reform,
    openings: Iterable[Request],
    durations: Durations,
    *,
    runs: int,
    seed: int = 0,
    executor: Executor | None = None,
) -> Iterator[Outcome]:
    """Yield what came of each run; with an executor in any order.

    `openings` open the cases, those of other workflows included; each run goes by a course of
    chance of its own, that depends on `seed` and its number only. RequestError if no case of the
    workflow is opened.
    """
    job = _Job(reform, tuple(openings), durations, seed)
    if not job.cases:
        message = f"no case of {durations.workflow!r} is opened"
        raise RequestError(message, "name its workflow, or add its cases to the roster")
    batches = [range(first, min(first + BATCH, runs)) for first in range(0, runs, BATCH)]
    if executor is None:
        for batch in batches:
            yield from _batch(job, batch)
        return
    waiting = {executor.submit(_batch, job, batch) for batch in batches}
    for done in as_completed(waiting):
        yield from done.result()


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Job:
    """What all runs have in common; it travels to workers."""

    reform: Reform
    openings: tuple[Request, ...]
    durations: Durations
    seed: int

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that run."""
        workflow = self.durations.workflow
        found = [r.case for r in self.openings if getattr(r.act, "workflow", "") == workflow]
        return tuple(found)


def _batch(job: _Job, numbers: range) -> list[Outcome]:
    engine, opened = _opened(_Same(job))
    return [_run(engine, opened, job, number) for number in numbers]


def _run(engine: Engine, opened: Docket, job: _Job, number: int) -> Outcome:
    chance = Random(f"{job.seed}/{number}")  # noqa: S311 - nothing secret
    run = Run(engine, job.durations, Docket(base=opened), chance)
    flow = engine.program.bound.workflows[job.durations.workflow]
    return Outcome.of(number, run.course(job.cases), flow, job.cases)


@attrs.frozen(hash=False, eq=False)
class _Same:
    """A job as a key: the same if it opens the same cases under the same reform."""

    job: _Job

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.job == other.job

    def __hash__(self) -> int:
        return hash((self.job.seed, len(self.job.openings)))


@lru_cache(maxsize=1)
def _opened(same: _Same) -> tuple[Engine, Docket]:
    """Return the engine and the opened cases, made once in each worker."""
    engine, docket = Engine(same.job.reform), Docket()
    for request in same.job.openings:
        docket.take(engine.happened(docket, request).decision)
    return engine, docket
