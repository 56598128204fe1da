"""Carrying out an act over many cases: who does the chunks, and how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import click

from reformflow.cli.texts import tell
from reformflow.cli.workers import end_with_parent
from reformflow.errors import MissingExtra, StoreError

if TYPE_CHECKING:
    from reformflow.casework import Report

_PATIENCE: Final = 10
"""So many seconds a scheduler has to answer."""


@contextmanager
def executing(workers: int, scheduler: str | None) -> Iterator[Executor | None]:
    """Give who carries out chunks: nobody else, so many processes, or a Dask cluster.

    MissingExtra without Dask; StoreError if no scheduler answers.
    """
    if scheduler is not None:
        with _cluster(scheduler) as executor:
            yield executor
    elif workers > 1:
        # A forked process would share our connections; a new one opens its own.
        with ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent) as pool:
            yield pool
    else:
        yield None


@contextmanager
def progress(url: str, lang: str) -> Iterator[Callable[[Report], None]]:
    """Give what is called after each chunk: a bar with rate and rest, if that is a terminal.

    Whoever interrupts the run is told how it goes on.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from reformflow.casework.bulk.orders import OPEN

    seen: list[Report] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    screen = Console(file=sys.stderr)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None, pace="")

        def told(report: Report) -> None:
            seen.append(report)
            done = report.granted + report.refused
            bar.update(task, description=report.run, total=report.selected, completed=done)
            bar.update(task, pace=_pace(bar.tasks[0].speed, bar.tasks[0].time_remaining, lang))
            del seen[:-1]

        try:
            yield told
        except KeyboardInterrupt:
            for report in seen:
                rows = report.request["kind"] == OPEN
                on = tell("bulk_rows" if rows else "bulk_go_on", lang, url=url, run=report.run)
                click.echo(on, err=True)
            raise


# ---------------------------------------------------------------------------------------------


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise MissingExtra.of("dask", purpose="--scheduler") from error
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=_PATIENCE, set_as_default=False
        )
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address}: {error}"
        raise StoreError(
            message, "start one with `dask scheduler`, and workers beside it"
        ) from error
    with client:
        yield client.get_executor()  # type: ignore[no-untyped-call]


def _pace(speed: float | None, rest: float | None, lang: str) -> str:
    if speed is None or rest is None:
        return ""
    minutes, seconds = divmod(round(rest), 60)
    return tell("bulk_pace", lang, rate=f"{speed:,.0f}", rest=f"{minutes}:{seconds:02}")
