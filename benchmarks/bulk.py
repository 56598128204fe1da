"""Fire a transition over very many cases: reformflow beside hand-written SQL, and one by one.

All contenders make the same entries and change the same rows; each is first proven to do so. They
take turns on fresh tables, in every database that is there.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import click
from attrs import evolve, frozen
from rich.console import Console
from rich.status import Status

from contenders import bulk_spread, bulk_sql
from contenders.bulk_orm import OneByOne
from contenders.bulk_ours import Ours, Planned
from contenders.bulk_proof import prove
from contenders.harbour import APPLY, OPEN_PIER, Task, definition, fill
from measuring.databases import KINDS, Database, Unreachable, opened
from measuring.processes import installed
from measuring.report import Figure, show, skipped
from measuring.rounds import Job, interleaved
from reformflow.casework.bulk.plans import CHUNK

LIMIT = "SQL by hand"
PARTS = "… in chunks"
PYTHON = "a rule in Python"
OURS = "reformflow"
LOOP = "ORM, one by one"
HUNDREDS = "ORM, 100 together"

#: The goals: shares of a rate, how many times faster, how many times as long, and MiB.
SHARE = 0.8
TIMES = 80.0
STEADY = 0.8
PLAN = 3.0
ASKED = 0.4
MEMORY = {"sqlite": 110.0, "postgresql": 60.0}
MIB = 2**20

#: What can be measured by itself: permits, which look at themselves, piers, which ask for berths.
MEASURES = ("permits", "plan", "piers")

SIDE_BY_SIDE = {
    f"{bulk_spread.WORKERS} processes": bulk_spread.processes,
    f"Dask, {bulk_spread.WORKERS} workers": bulk_spread.dask,
}


@frozen
class Amounts:
    """How many cases: in all, in the smaller run, with children, and one by one."""

    rounds: int
    large: int = 50_000
    small: int = 10_000
    piers: int = 20_000
    one_by_one: int = 500


FULL = Amounts(rounds=3, large=1_000_000, piers=100_000, one_by_one=1_000)


@frozen
class Bench:
    """The measurements in one database; `told` says what is being done."""

    database: Database
    amounts: Amounts
    told: Callable[[str], None]
    only: frozenset[str] = frozenset(MEASURES)

    def figures(self) -> Iterator[Figure]:
        """Measure what is asked for."""
        if not self.only.isdisjoint({"permits", "plan"}):
            yield from self.permits()
        if "piers" in self.only:
            self.fill(OPEN_PIER, self.amounts.piers)
            yield from self.rates(OPEN_PIER, self.amounts.piers)

    def permits(self) -> Iterator[Figure]:
        """Measure what looks at the case alone."""
        amounts = self.amounts
        if "permits" not in self.only:
            self.fill(APPLY, amounts.large)
            yield from self.plan()
            return
        self.fill(APPLY, amounts.small)
        smaller = self.seconds({OURS: self.ours(APPLY, amounts.small)})[OURS]
        self.fill(APPLY, amounts.large)
        rates = list(self.rates(APPLY, amounts.large))
        yield from rates
        larger = next(one.value for one in rates if one.contender == OURS)
        steady = f"{self.database.kind}: rate, to that at {amounts.small:,}"
        yield at_least(Figure(OURS, steady, larger * smaller, "×"), STEADY)
        if "plan" in self.only:
            yield from self.plan()
        yield from self.memory()
        if self.database.kind != "sqlite":  # which takes one writer at a time
            yield from self.side_by_side()

    def fill(self, task: Task, cases: int) -> None:
        """Begin again with so many cases."""
        self.told(f"opening {cases:,} {task.workflow}s")
        self.database.forget()
        fill(self.database, task, cases)

    def rates(self, task: Task, cases: int) -> Iterator[Figure]:
        """Yield the cases per second of each contender, and how ours compare."""
        self.told(f"firing {task.transition} over {cases:,} cases, by each in turn")
        by_hand = partial(bulk_sql.fired, self.database, task, definition())
        in_parts = partial(bulk_sql.fired_in_parts, self.database, task, definition())
        loop = partial(OneByOne, self.database, task, definition())
        few = self.amounts.one_by_one
        jobs = {
            LIMIT: self.job(partial(partial, by_hand), call, cases),
            PARTS: self.job(partial(partial, in_parts, cases=cases, part=CHUNK), call, cases),
            OURS: self.ours(task, cases),
            LOOP: self.job(loop, lambda one: one.fire(few), few),
            HUNDREDS: self.job(partial(loop, together=100), lambda one: one.fire(few), few),
        }
        if task is APPLY:
            asking = partial(Ours, self.database, task, asking=True)
            jobs[PYTHON] = self.job(asking, Ours.run, cases)
        rate = {name: 1 / seconds for name, seconds in self.seconds(jobs).items()}
        name = f"{self.database.kind}: {cases:,} {task.workflow}s"
        for one, value in rate.items():
            share = value / rate[LIMIT]
            figure = Figure(one, name, value, "cases/s", share)
            if one == OURS:
                goal = f"≥ {SHARE:g} × limit"
                figure = evolve(figure, goal=goal, met=share >= SHARE)
            yield figure
        faster = Figure(OURS, f"{name}, to ORM", rate[OURS] / rate[LOOP], "×")
        yield at_least(faster, TIMES)
        if PYTHON in rate:
            asked = Figure(PYTHON, f"{name}, to {OURS}", rate[PYTHON] / rate[OURS], "×")
            yield at_least(asked, ASKED)

    def plan(self) -> Iterator[Figure]:
        """Yield how long it takes to count all cases and every reason against them."""
        self.told("counting what it would come to")
        self.database.restore()  # else all have fired, and every one would be refused
        counting = bulk_sql.Counting(self.database, APPLY)
        planning = Planned(self.database, APPLY)
        size = self.amounts.large
        with counting, planning:
            jobs = {
                LIMIT: Job(lambda _: counting, bulk_sql.Counting.count, size=size),
                OURS: Job(lambda _: planning, Planned.plan, size=size),
            }
            seconds = self.seconds(jobs)
        name = f"{self.database.kind}: plan of {size:,}"
        for one, value in seconds.items():
            ratio = value / seconds[LIMIT]
            figure = Figure(one, name, value * size * 1e3, "ms", ratio)
            if one == OURS:
                figure = evolve(figure, goal=f"≤ {PLAN:g} × limit", met=ratio <= PLAN)
            yield figure

    def memory(self) -> Iterator[Figure]:
        """Yield the most memory of a fresh process that runs one plan.

        It is the second one, which finds its modules compiled.
        """
        self.told("running a plan in a process of its own")
        database = self.database
        told = (database.kind, database.url, database.prefix, APPLY.workflow)
        command = [sys.executable, "-m", "contenders.bulk_ours", *told]
        here = Path(__file__).parent
        with TemporaryDirectory(prefix="compiled") as compiled:
            for _ in range(2):
                database.restore()
                done = subprocess.run(  # noqa: S603 - our own program
                    command,
                    cwd=here,
                    env=installed(compiled),
                    check=True,
                    capture_output=True,
                    text=True,
                )
        name = f"{database.kind}: memory, {self.amounts.large:,} cases"
        figure = Figure(OURS, name, int(done.stdout) / MIB, "MiB")
        most = MEMORY.get(database.kind)
        if most is not None:
            figure = evolve(figure, goal=f"≤ {most:g}", met=figure.value <= most)
        yield figure

    def side_by_side(self) -> Iterator[Figure]:
        """Yield the rates of one chunk after the other and of several at once."""
        self.told(f"carrying out {bulk_spread.WORKERS} chunks at once")
        size, busy = self.amounts.large, bulk_spread.Busy()
        chunk = size // (4 * bulk_spread.WORKERS)
        with ExitStack() as begun:
            executors: dict[str, Executor | None] = {OURS: None}
            for name, begin in SIDE_BY_SIDE.items():
                try:
                    executors[name] = begun.enter_context(begin())
                except ModuleNotFoundError as error:
                    skipped(name, f"{error.name} is not installed")
            jobs = {}
            for name, executor in executors.items():
                prepare = partial(Ours, self.database, APPLY, executor, chunk)
                jobs[name] = self.job(prepare, partial(busy.counted, name), size)
            seconds = self.seconds(jobs)
        at_once = f"{self.database.kind}: {bulk_spread.WORKERS} chunks at once"
        for name, value in seconds.items():
            yield Figure(name, at_once, 1 / value, "cases/s")
        for name, cores in busy.cores.items():
            yield Figure(name, f"{at_once}, busy", median(cores), "cores")

    def ours(self, task: Task, cases: int) -> Job:
        """Return the job of running a plan."""
        return self.job(partial(Ours, self.database, task), Ours.run, cases)

    def job(self, prepare: Callable[[], Any], run: Callable[[Any], object], size: int) -> Job:
        """Return a job on fresh tables; the clock on the wall counts the server's work too."""

        def prepared(_: int) -> object:
            self.database.restore()
            return prepare()

        return Job(prepared, run, size=size, clock=perf_counter)

    def seconds(self, jobs: dict[str, Job]) -> dict[str, float]:
        """Return the seconds per case of each job."""
        return interleaved(jobs, rounds=self.amounts.rounds)


def call(run: Callable[[], object]) -> object:
    """Do what is ready to be done."""
    return run()


def at_least(figure: Figure, goal: float) -> Figure:
    """Judge a figure that shall reach a goal."""
    return evolve(figure, goal=f"≥ {goal:g}", met=figure.value >= goal)


def measured(kinds: tuple[str, ...], amounts: Amounts, only: frozenset[str]) -> Iterator[Figure]:
    """Measure in each database that can be reached; the others are skipped aloud."""
    with Status("", console=Console(stderr=True)) as status:
        for kind in kinds:
            try:
                with opened(kind) as database:
                    prove(database)
                    told = partial(_tell, status, kind)
                    yield from Bench(database, amounts, told, only).figures()
            except Unreachable as why:
                skipped(kind, str(why))


def _tell(status: Status, kind: str, doing: str) -> None:
    status.update(f"{kind}: {doing}")
    if not status.console.is_terminal:
        print(f"{kind}: {doing}", file=sys.stderr, flush=True)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--full", is_flag=True, help="A million cases in place of fifty thousand.")
@click.option(
    "--database",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of database; may be repeated.",
)
@click.option(
    "--only", multiple=True, type=click.Choice(MEASURES), help="Only this; may be repeated."
)
def main(
    *, as_json: bool, rounds: int, full: bool, kinds: tuple[str, ...], only: tuple[str, ...]
) -> None:
    """Measure and print."""
    amounts = evolve(FULL if full else Amounts(rounds), rounds=rounds)
    figures = list(measured(kinds or KINDS, amounts, frozenset(only or MEASURES)))
    notes = [
        f"Medians of {rounds} rounds, in turns, by the clock on the wall. The limit is {LIMIT}.",
        f"One by one: {amounts.one_by_one:,} of the cases. benchmarks/README.md says more.",
    ]
    show(figures, title="Very many cases", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
