"""Migrating cases to another definition: what it would come to, and doing it chunk by chunk."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import attrs

from reformflow.binding import Renames
from reformflow.calendars import local_date
from reformflow.casework.bulk.orders import MIGRATE
from reformflow.casework.clock import Clock
from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.casework.versions.crossing import Crossing
from reformflow.casework.versions.foreseeing import Group, groups
from reformflow.errors import KeyReused, RequestError, StoreError
from reformflow.model import Actor, Code, storage_problem
from reformflow.store import (
    Chunk,
    Connection,
    Run,
    Stamp,
    Survey,
    Tally,
    alike,
    carry_over,
    definitions,
    dumps,
    within,
)
from reformflow.store.bulk import runs

_SHOWN = 3


@attrs.frozen
class Errand:
    """Who migrates cases, on which day, and why."""

    actor: Actor
    on: date
    reason: str | None = None

    def check(self, today: date) -> None:
        """Raise RequestError for a day that has not come yet, or what cannot be stored."""
        if (
            not self.actor.id
            or storage_problem(self.actor.id)
            or storage_problem(self.reason or "")
        ):
            message = "the actor or the reason cannot be stored"
            raise RequestError(message, "say who migrates the cases, and why")
        if self.on > today:
            message = f"{self.on.isoformat()} has not come yet: today is {today.isoformat()}"
            raise RequestError(message, "give a day up to today")


@attrs.frozen
class Migrated:
    """What came of a migration: of the `selected` cases, how many were moved and how many not.

    `left` are those that follow the old definition now: refused ones, and cases that were opened
    under it meanwhile. `status` is `complete` when there are none.
    """

    run: str
    selected: int
    moved: int
    refused: int
    left: int
    chunks: int
    done: int

    @property
    def status(self) -> str:
        """Say `complete` when no case follows the old definition any more, else `running`."""
        return "complete" if self.done == self.chunks and not self.left else "running"


@attrs.frozen
class Migration:
    """The cases of one definition on their way to another: the plan, and its carrying out.

    `groups` holds what it means for whom; nothing is changed until `run`.
    """

    before: Practice
    after: Practice
    renames: Renames
    errand: Errand
    groups: tuple[Group, ...]
    _units: Units = attrs.field(repr=False)
    _now: Clock = attrs.field(repr=False)

    @property
    def cases(self) -> int:
        """How many cases follow the old definition."""
        return sum(group.cases for group in self.groups)

    @property
    def stranded(self) -> tuple[Group, ...]:
        """The groups that cannot go on under the new definition as it is."""
        return tuple(group for group in self.groups if group.obstacles)

    def run(
        self,
        run: str | None = None,
        *,
        chunk: int = 10_000,
        progress: Callable[[Migrated], None] | None = None,
    ) -> Migrated:
        """Move the cases, some thousand in one transaction, each with an entry in its history.

        A run that was broken off goes on when it is run again, under its name `run` or another.
        Raises RequestError while a case would be stranded, StoreError if the tables are not
        brought to the new definition yet, KeyReused if the name stands for another run.
        """
        self._check(chunk)
        name = run or secrets.token_hex(8)
        crossing = Crossing.of(self.before, self.after, self.renames)
        for workflow in crossing.passages:
            self._units.write(partial(self._begin, name, workflow, chunk))
        for workflow in crossing.passages:
            for piece in self._units.read(partial(self._chunks, name, workflow)):
                if piece.done_at is None:
                    self._units.write(partial(self._move, crossing, name, workflow, piece))
                    if progress is not None:
                        progress(self._report(name, crossing))
        return self._report(name, crossing)

    def _check(self, chunk: int) -> None:
        if chunk < 1:
            raise RequestError(f"a chunk cannot hold {chunk} cases", "give 1 or more")
        stranded = self.stranded
        if stranded:
            told = "; ".join(
                f"{group.cases} of {group.workflow!r} like {group.example!r}:"
                f" {', '.join(f'{o.column} = {o.value}' for o in group.obstacles)}"
                for group in stranded[:_SHOWN]
            )
            count = sum(group.cases for group in stranded)
            hint = "rename the states, correct the values, or widen the new definition"
            raise RequestError(f"{count} cases cannot go on: {told}", hint)
        new = self.after
        if not self._units.read(lambda c: definitions.stored(c, new.schema.shared, new.definition)):
            message = "the database is not brought to the new definition yet"
            raise StoreError(message, "`reformflow upgrade`, or connect with upgrade=True")

    def _request(self, workflow: str) -> dict[str, Any]:
        return {
            "kind": MIGRATE,
            "workflow": workflow,
            "old": self.before.definition,
            "new": self.after.definition,
            "renames": dict(self.renames),
            "actor": {"id": self.errand.actor.id},
            "on": self.errand.on.isoformat(),
            "reason": self.errand.reason,
        }

    def _begin(self, name: str, workflow: str, chunk: int, connection: Connection) -> None:
        schema = self.after.schema
        request = self._request(workflow)
        digest = f"sha256:{hashlib.sha256(dumps(request).encode()).hexdigest()}"
        known = runs.find(connection, schema.shared, _part(name, workflow))
        if known is not None:
            if known.digest != digest:
                message = f"the run {name!r} was begun with another migration"
                raise KeyReused(message, "give this one a name of its own")
            return
        table = schema.workflow(workflow)
        pinned = definitions.pinned(connection, schema, workflow)
        count = pinned.get(self.before.definition, 0)
        pieces = list(runs.cut(connection, table, chunk)) if count else []
        begun = Run(
            id=_part(name, workflow),
            workflow=workflow,
            request=request,
            digest=digest,
            definition=self.after.definition,
            selected=count,
            granted=count,
            newest=runs.newest(connection, schema.shared),
            started_at=self._now(),
        )
        runs.begin(connection, schema.shared, begun)
        runs.add(connection, schema.shared, begun, pieces)

    def _move(
        self, crossing: Crossing, name: str, workflow: str, piece: Chunk, connection: Connection
    ) -> None:
        """Move the cases of one chunk, together with the row that says so."""
        schema, now = self.after.schema, self._now()
        if not runs.claim(connection, schema.shared, _part(name, workflow), piece.number, now):
            return
        move = crossing.move(workflow, self.errand.on)
        stamp = Stamp(now, _part(name, workflow))
        selected = moved = 0
        left: dict[str, int] = {}
        for some in alike(connection, move, within(move.table), piece.values):
            selected += some.cases
            passed = crossing.passed(workflow, some, self.errand.on)
            for column in dict.fromkeys(obstacle.column for obstacle in passed.obstacles):
                left[column] = left.get(column, 0) + some.cases
            if not passed.obstacles:
                moved += some.cases
                carry_over(
                    connection,
                    move,
                    some,
                    passed.changes,
                    chunk=piece.values,
                    actor=self.errand.actor.id,
                    reason=self.errand.reason,
                    stamp=stamp,
                )
        tallies = tuple(Tally(Code.NOT_DECIDED, column, (), n) for column, n in left.items())
        survey = Survey(selected, moved, tallies)
        done = attrs.evolve(piece, survey=survey, done_at=now)
        runs.close(connection, schema.shared, _part(name, workflow), done)

    def _chunks(self, name: str, workflow: str, connection: Connection) -> tuple[Chunk, ...]:
        return runs.chunks(connection, self.after.schema.shared, _part(name, workflow))

    def _report(self, name: str, crossing: Crossing) -> Migrated:
        return self._units.read(lambda connection: self._told(connection, name, crossing))

    def _told(self, connection: Connection, name: str, crossing: Crossing) -> Migrated:
        schema = self.after.schema
        selected = left = 0
        pieces: list[Chunk] = []
        for workflow in crossing.passages:
            selected += runs.known(connection, schema.shared, _part(name, workflow)).selected
            pieces += runs.chunks(connection, schema.shared, _part(name, workflow))
            pinned: Mapping[str, int] = definitions.pinned(connection, schema, workflow)
            left += pinned.get(self.before.definition, 0)
        told = [piece.survey for piece in pieces if piece.survey is not None]
        return Migrated(
            run=name,
            selected=selected,
            moved=sum(survey.granted for survey in told),
            refused=sum(survey.selected - survey.granted for survey in told),
            left=left,
            chunks=len(pieces),
            done=len(told),
        )


def foresee(
    units: Units,
    before: Practice,
    after: Practice,
    renames: Renames,
    errand: Errand,
    *,
    now: Clock,
) -> Migration:
    """Return what migrating the cases of one definition to another would come to.

    UnknownName or RequestError for renames that do not fit, a day that has not come yet, or an
    actor who cannot be stored.
    """
    if before.definition == after.definition:
        raise RequestError("both definitions are the same", "there is nothing to migrate")
    if before.reform.id != after.reform.id:
        message = f"{after.reform.id!r} is another reform than {before.reform.id!r}"
        raise RequestError(message, "only definitions of one reform follow one another")
    errand.check(local_date(now(), after.reform.time_zone))
    crossing = Crossing.of(before, after, renames)
    found = units.read(lambda connection: groups(connection, crossing, errand.on))
    return Migration(before, after, renames, errand, found, units, now)


# ---------------------------------------------------------------------------------------------


def _part(run: str, workflow: str) -> str:
    """Return the name of the part of a run that is about one workflow."""
    return f"{run}/{workflow}"
