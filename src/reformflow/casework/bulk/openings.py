"""Opening many cases from rows that arrive one after another, in chunks that are done once each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, Final

import attrs

from reformflow.casework.bulk.orders import OPEN, plain_actor
from reformflow.casework.bulk.reports import Report
from reformflow.casework.bulk.singly import Count
from reformflow.casework.bulk.transaction import Bulk
from reformflow.engine import Docket, check_request
from reformflow.errors import CalendarError, KeyReused, RequestError
from reformflow.model import Actor, Decision, Facts, Open, Request
from reformflow.store import (
    NOTHING,
    Chunk,
    StoredCases,
    Survey,
    carry_out_all,
    check_sizes,
    dumps,
    plain,
)
from reformflow.store.bulk import batches, runs

_TOGETHER: Final = 1000
"""So many rows are looked up, and written, together."""

_OTHERS: Final = "give every run an id of its own; go on with one by the same rows"


@attrs.frozen
class Opening:
    """One case to be opened: its id, and what is said of it alone."""

    case: str
    unit: str = ""
    subject: str = ""
    parent: str | None = None
    facts: Facts = attrs.field(factory=dict)


@attrs.frozen
class Intake:
    """What many openings have in common: the workflow, by whom, on which day."""

    workflow: str
    actor: Actor
    on: date

    def begin(self, bulk: Bulk, run: str | None) -> Report:
        """Store a run without rows so far, or find the one that was begun under this id.

        UnknownName for a workflow that does not exist; KeyReused if the run asked for something
        else.
        """
        bulk.practice.schema.workflow(self.workflow)
        check_request(Request("any", Open(self.workflow), self.actor, self.on))
        request = {
            "workflow": self.workflow,
            "kind": OPEN,
            "act": {},
            "actor": plain_actor(self.actor),
            "on": self.on.isoformat(),
            "where": "",
            "reason": None,
        }
        return bulk.start(request, run, batches.first()).report

    def admit(
        self, bulk: Bulk, run: str, number: int, first: int, rows: Sequence[Opening]
    ) -> Chunk | None:
        """Open the cases of the chunk that is awaited; None if it has come already.

        `first` is the number of the first row. RequestError or CalendarError names the row that
        cannot be decided.
        """
        bulk.own(run)
        connection, tables = bulk.connection, bulk.practice.schema.shared
        if not runs.claim(connection, tables, run, number, bulk.now):
            return None
        survey = NOTHING
        for start in range(0, len(rows), _TOGETHER):
            some = rows[start : start + _TOGETHER]
            survey = survey.plus(self._open(bulk, run, first + start, some))
        last = first + len(rows) - 1
        batches.arrived(connection, tables, run, number, last, _digest(rows, first))
        done = Chunk(number, "", "", survey, bulk.now)
        runs.close(connection, tables, run, done)
        return done

    def _open(self, bulk: Bulk, run: str, first: int, rows: Sequence[Opening]) -> Survey:
        """Decide some rows in order, each on what those before left behind, and write them."""
        practice = bulk.practice
        reader = StoredCases(bulk.connection, practice.schema, pinned=practice.definition)
        parents = {row.parent: None for row in rows if row.parent is not None}
        reader.together(parents | {row.case: None for row in rows})
        docket, count = Docket(base=reader), Count()
        made: list[Decision] = []
        for number, row in enumerate(rows, first):
            act = Open(self.workflow, row.unit, row.subject, row.parent, row.facts)
            request = Request(row.case, act, self.actor, self.on, recorded_at=bulk.now, key=run)
            try:
                decision = practice.engine.fire(docket, request)
                check_sizes(decision)
            except (RequestError, CalendarError) as error:
                message = f"row {number} ({row.case!r}): {error.message}"
                raise attrs.evolve(error, message=message) from error
            if decision.granted:
                made.append(docket.take(decision))
            count.add(decision if decision.granted else self._of_all(decision))
        carry_out_all(reader.direct, practice.schema, reader, made)
        return count.survey()

    def _of_all(self, decision: Decision) -> Decision:
        """Return a refusal with the workflow in place of the case, to be counted with others."""
        refusals = tuple(
            attrs.evolve(refusal, subject=self.workflow)
            if refusal.subject == decision.case
            else refusal
            for refusal in decision.refusals
        )
        return attrs.evolve(decision, refusals=refusals)


class Rows:
    """Rows as they come, counted from 1; `seen` is the number of those first given out last."""

    def __init__(self, rows: Iterable[Opening]) -> None:
        """Take rows from any iterable, some at a time."""
        self._rest: Iterator[Opening] = iter(rows)
        self._taken = 0
        self.seen = 0

    def take(self, number: int) -> list[Opening]:
        """Return the next rows, none if there are no more; `seen` is the number of the first."""
        self.seen = self._taken + 1
        taken = enumerate(islice(self._rest, number), self.seen)
        some = [_checked(row, place) for place, row in taken]
        self._taken += len(some)
        return some

    def give_back(self, rows: Sequence[Opening]) -> None:
        """Let rows come again that were taken last."""
        self._rest = chain(rows, self._rest)
        self._taken -= len(rows)

    def skip(self, chunk: Chunk, run: str) -> None:
        """Pass over the rows of a chunk that is done; KeyReused if they are others now."""
        first, last, digest = batches.rows_of(chunk)
        rows = self.take(last - first + 1)
        if _digest(rows, first) != digest:
            message = f"rows {first} to {last} are not those that the run {run!r} has opened"
            raise KeyReused(message, _OTHERS)

    def check_end(self, run: str) -> None:
        """Raise KeyReused if there are more rows than a complete run has had."""
        if self.take(1):
            message = f"row {self.seen} is one more than the run {run!r} has had"
            raise KeyReused(message, _OTHERS)


def piece(bulk: Bulk, run: str, number: int) -> Chunk | None:
    """Return a chunk of a run, done or awaited; None if the run is complete without it."""
    return batches.next_of(bulk.connection, bulk.practice.schema.shared, run, number)


def finish(bulk: Bulk, run: str, number: int) -> None:
    """Note that no row is left for the chunk that is awaited."""
    batches.end(bulk.connection, bulk.practice.schema.shared, run, number)


# ---------------------------------------------------------------------------------------------


def _checked(row: object, number: int) -> Opening:
    if isinstance(row, Opening):
        return row
    message = f"row {number} is no opening: {row!r}"
    raise RequestError(message, "give values of reformflow.casework.Opening")


def _digest(rows: Sequence[Opening], first: int) -> str:
    """Return the digest of what rows say; RequestError for one that cannot be written down."""
    whole = hashlib.sha256()
    for number, row in enumerate(rows, first):
        facts: dict[str, Any] = {name: plain(value) for name, value in row.facts.items()}
        try:
            said = dumps([row.case, row.unit, row.subject, row.parent, facts])
            whole.update(said.encode() + b"\n")
        except (TypeError, ValueError) as error:
            raise RequestError(f"row {number} cannot be stored: {error}") from error
    return f"sha256:{whole.hexdigest()}"
