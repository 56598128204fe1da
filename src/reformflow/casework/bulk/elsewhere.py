"""Carrying out chunks of a run in other threads, processes or machines.

What travels is the database's address, the run's id and the chunk; everything else is read from
the database, so that a worker needs nothing but the library and its driver.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, as_completed
from datetime import UTC, datetime
from threading import Lock

import attrs

from reformflow.casework.bulk.sweeping import Sweeping
from reformflow.casework.bulk.transaction import Bulk
from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.engine import Callback
from reformflow.errors import StoreError
from reformflow.store import (
    Chunk,
    Connection,
    MetaData,
    SharedTables,
    definitions,
    engine_for,
)
from reformflow.store.bulk import runs

_RESUME = "what is done is stored: resume the run"


@attrs.frozen
class Place:
    """Where a run's database is, and which conditions of the host's own hold for it.

    These travel by name: a worker must be able to import them.
    """

    url: str = attrs.field(repr=False)
    prefix: str
    schema: str | None
    patience: float
    callbacks: tuple[tuple[str, Callback], ...] = ()


def spread(executor: Executor, place: Place, run: str, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Give the chunks of a run to an executor, and yield each when it is done.

    After an error no more chunks are begun. StoreError if the executor itself broke.
    """
    waiting: set[Future[Chunk]] = set()
    try:
        for chunk in chunks:
            waiting.add(executor.submit(carry_out, place, run, chunk))
        for done in as_completed(waiting):
            yield done.result()
    except (BrokenExecutor, CancelledError) as error:
        raise StoreError(f"the workers of the run {run!r} broke: {error}", _RESUME) from error
    finally:
        for future in waiting:
            future.cancel()
        _DESKS.clear(place, run)  # where the workers were threads of this process


def carry_out(place: Place, run: str, chunk: Chunk) -> Chunk:
    """Carry out one chunk of a run, wherever this is called."""
    desk = _DESKS.find(place, run)
    return desk.units.write(
        lambda connection: desk.bulk(connection).carry_out(desk.ready, run, chunk)
    )


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Desk:
    """What one process needs for the chunks of one run."""

    units: Units
    practice: Practice
    ready: Sweeping

    def bulk(self, connection: Connection) -> Bulk:
        return Bulk(self.practice, connection, datetime.now(UTC), ours=True)


class _Desks:
    """The desks of one process: a worker keeps its connections from chunk to chunk."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[Place, str, int], _Desk] = {}

    def find(self, place: Place, run: str) -> _Desk:
        """Return the desk for a run, and make room for it."""
        key = (place, run, os.getpid())  # connections are not taken into another process
        with self._lock:
            if key not in self._kept:
                self._kept[key] = _desk(place, run)
                for old in list(self._kept)[:-_KEPT]:
                    self._close(old)
            return self._kept[key]

    def clear(self, place: Place, run: str) -> None:
        """Close the connections of a run that is over."""
        with self._lock:
            self._close((place, run, os.getpid()))

    def _close(self, key: tuple[Place, str, int]) -> None:
        desk = self._kept.pop(key, None)
        if desk is not None and key[-1] == os.getpid():
            desk.units.engine.dispose()


_DESKS = _Desks()
_KEPT = 4


def _desk(place: Place, run: str) -> _Desk:
    units = Units(engine_for(place.url), place.patience)
    practice = units.read(lambda connection: _practice(connection, place, run))
    now = datetime.now(UTC)
    ready = units.read(lambda connection: Bulk(practice, connection, now).ready(run))
    return _Desk(units, practice, ready)


def _practice(connection: Connection, place: Place, run: str) -> Practice:
    """Return the definition that a run was begun under."""
    tables = SharedTables.of(MetaData(), prefix=place.prefix, schema=place.schema)
    known = runs.known(connection, tables, run)
    reform = definitions.load(connection, tables, known.definition)
    return Practice.of(
        reform, prefix=place.prefix, schema=place.schema, callbacks=dict(place.callbacks)
    )
