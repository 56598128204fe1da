"""Runs whose rows arrive one after another: how many there are is not known before the last.

The chunk that comes next stands there without a row number up to which it goes, not done, so
that the run is not complete. It is taken away when no row was left.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from reformflow.store.bulk import runs
from reformflow.store.bulk.runs import Chunk
from reformflow.store.tables import SharedTables

_DIGITS: Final = 12


def first() -> Chunk:
    """Return the chunk that is awaited when a run begins."""
    return Chunk(1, _text(0), "")


def next_of(
    connection: sa.Connection, tables: SharedTables, run: str, number: int
) -> Chunk | None:  # fmt: skip
    """Return a chunk of a run, done or awaited; None if the run is complete without it."""
    here = tables.bulk_chunks.c
    found = connection.scalar(sa.select(here.number).where(here.run == run, here.number == number))
    return None if found is None else runs.chunk(connection, tables, run, number)


def arrived(
    connection: sa.Connection, tables: SharedTables, run: str, number: int, last: int, digest: str
) -> None:
    """Note up to which row a claimed chunk goes, and what its rows were; await the next."""
    chunks, whole = tables.bulk_chunks, tables.bulk_runs
    mine = (chunks.c.run == run, chunks.c.number == number)
    connection.execute(sa.update(chunks).where(*mine).values(upto=f"{_text(last)} {digest}"))
    row = {"run": run, "number": number + 1, "after": _text(last), "upto": ""}
    connection.execute(sa.insert(chunks), row)
    connection.execute(sa.update(whole).where(whole.c.run == run).values(selected=last))


def end(connection: sa.Connection, tables: SharedTables, run: str, number: int) -> None:
    """Await no more chunks; nothing happens if the chunk has come meanwhile."""
    here = tables.bulk_chunks
    mine = (here.c.run == run, here.c.number == number, here.c.done_at.is_(None))
    connection.execute(sa.delete(here).where(*mine))


def rows_of(chunk: Chunk) -> tuple[int, int, str]:
    """Return the first and last row of a chunk that is done, and the digest of its rows."""
    last, _, digest = chunk.upto.partition(" ")
    return int(chunk.after) + 1, int(last), digest


# ---------------------------------------------------------------------------------------------


def _text(row: int) -> str:
    return f"{row:0{_DIGITS}}"
