"""Runs: acts over many cases, in chunks that are done once each, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.errors import UnknownName
from reformflow.model import Code
from reformflow.store.bulk.survey import NOTHING, Survey, Tally
from reformflow.store.bulk.where import Condition
from reformflow.store.schema import WorkflowTable
from reformflow.store.tables import SharedTables


@attrs.frozen
class Run:
    """One act over many cases as it was begun: what was asked, and what its plan counted.

    `newest` is the number of the newest case then; cases that are opened later are not its.
    """

    id: str
    workflow: str
    request: dict[str, Any]
    digest: str
    definition: str
    selected: int
    granted: int
    newest: int
    started_at: datetime


@attrs.frozen
class Chunk:
    """The cases of a run with ids after `after` up to `upto`; `survey` says what came of them."""

    number: int
    after: str
    upto: str
    survey: Survey | None = None
    done_at: datetime | None = None

    @property
    def values(self) -> dict[str, str]:
        """The parameters of `within` for this chunk."""
        return {"b_after": self.after, "b_upto": self.upto}


def within(table: WorkflowTable) -> Condition:
    """Return the condition that a row is in a chunk, whose `values` are its parameters."""
    here = table.table.c.id
    after: sa.BindParameter[str] = sa.bindparam("b_after", type_=sa.Unicode())
    upto: sa.BindParameter[str] = sa.bindparam("b_upto", type_=sa.Unicode())
    return sa.and_(here > after, here <= upto)


def holds_all(connection: sa.Connection, table: WorkflowTable, chunk: Chunk) -> bool:
    """Say whether all cases of a workflow are in a chunk."""
    return not chunk.after and connection.scalar(sa.select(sa.func.max(table.table.c.id))) == (
        chunk.upto
    )


def opened_before(tables: SharedTables, table: WorkflowTable, newest: int) -> Condition:
    """Return the condition that a case was there when `newest` was the newest."""
    catalog = tables.catalog.c
    mine = (catalog.id == table.table.c.id, catalog.number <= newest)
    return sa.select(sa.literal(1)).where(*mine).correlate(table.table).exists()


def newest(connection: sa.Connection, tables: SharedTables) -> int:
    """Return the number of the newest case, 0 if there is none."""
    return connection.scalar(sa.select(sa.func.max(tables.catalog.c.number))) or 0


def begin(connection: sa.Connection, tables: SharedTables, run: Run) -> None:
    """Store a run, to which its chunks are to be added."""
    values = attrs.asdict(run, recurse=False)
    values["run"] = values.pop("id")
    connection.execute(sa.insert(tables.bulk_runs), values)


def add(connection: sa.Connection, tables: SharedTables, run: Run, chunks: Iterable[Chunk]) -> None:
    """Store the chunks into which a run is cut, all done or all not done yet."""
    rows = [
        {"run": run.id, "number": chunk.number, "after": chunk.after, "upto": chunk.upto}
        | ({} if chunk.done_at is None else {"done_at": chunk.done_at, **_outcome(chunk)})
        for chunk in chunks
    ]
    if rows:
        connection.execute(sa.insert(tables.bulk_chunks), rows)


def find(connection: sa.Connection, tables: SharedTables, run: str) -> Run | None:
    """Return a run, None if there is none of that id."""
    here = tables.bulk_runs
    row = connection.execute(sa.select(here).where(here.c.run == run)).one_or_none()
    return None if row is None else _run(row)


def known(connection: sa.Connection, tables: SharedTables, run: str) -> Run:
    """Return a run; UnknownName if there is none of that id."""
    found = find(connection, tables, run)
    if found is None:
        raise UnknownName.of("run", run, [other.id for other in every(connection, tables)])
    return found


def every(connection: sa.Connection, tables: SharedTables) -> tuple[Run, ...]:
    """Return all runs, the first begun first."""
    here = tables.bulk_runs
    rows = connection.execute(sa.select(here).order_by(here.c.started_at, here.c.run))
    return tuple(map(_run, rows))


def chunks(connection: sa.Connection, tables: SharedTables, run: str) -> tuple[Chunk, ...]:
    """Return the chunks of a run in order."""
    here = tables.bulk_chunks
    rows = connection.execute(sa.select(here).where(here.c.run == run).order_by(here.c.number))
    return tuple(map(_chunk, rows))


def chunk(connection: sa.Connection, tables: SharedTables, run: str, number: int) -> Chunk:
    """Return one chunk of a run."""
    here = tables.bulk_chunks.c
    query = sa.select(tables.bulk_chunks).where(here.run == run, here.number == number)
    return _chunk(connection.execute(query).one())


def claim(
    connection: sa.Connection, tables: SharedTables, run: str, number: int, at: datetime
) -> bool:
    """Take a chunk, so that nobody else can do it; False if it is done already."""
    here = tables.bulk_chunks
    mine = (here.c.run == run, here.c.number == number, here.c.done_at.is_(None))
    return connection.execute(sa.update(here).where(*mine).values(done_at=at)).rowcount == 1


def close(connection: sa.Connection, tables: SharedTables, run: str, chunk: Chunk) -> None:
    """Store what came of a chunk that was claimed."""
    here = tables.bulk_chunks
    mine = (here.c.run == run, here.c.number == chunk.number)
    connection.execute(sa.update(here).where(*mine).values(_outcome(chunk)))


def cut(connection: sa.Connection, table: WorkflowTable, size: int) -> Iterator[Chunk]:
    """Cut all cases of a workflow into chunks of `size`, in the order of their ids."""
    here = table.table.c.id
    after: sa.BindParameter[str] = sa.bindparam("b_after")
    ends = sa.select(here).where(here > after).order_by(here).offset(size - 1).limit(1)
    rest = sa.select(sa.func.max(here)).where(here > after)
    number, start = 1, ""
    while True:
        end = connection.scalar(ends, {"b_after": start})
        if end is None:
            break
        yield Chunk(number, start, end)
        number, start = number + 1, end
    end = connection.scalar(rest, {"b_after": start})
    if end is not None:
        yield Chunk(number, start, end)


# ---------------------------------------------------------------------------------------------


def _outcome(chunk: Chunk) -> dict[str, Any]:
    """Return the columns that say what came of a chunk."""
    survey = chunk.survey or NOTHING
    return {
        "granted": survey.granted,
        "refused": survey.selected - survey.granted,
        "reasons": [[t.code.value, t.subject, list(t.clauses), t.cases] for t in survey.refused],
    }


def _run(row: sa.Row[Any]) -> Run:
    return Run(
        id=row.run,
        workflow=row.workflow,
        request=row.request,
        digest=row.digest,
        definition=row.definition,
        selected=row.selected,
        granted=row.granted,
        newest=row.newest,
        started_at=row.started_at,
    )


def _chunk(row: sa.Row[Any]) -> Chunk:
    survey = None
    if row.granted is not None:
        tallies = tuple(
            Tally(Code(code), subject, tuple(clauses), cases)
            for code, subject, clauses, cases in row.reasons
        )
        survey = Survey(row.granted + row.refused, row.granted, tallies)
    return Chunk(row.number, row.after, row.upto, survey, row.done_at)
