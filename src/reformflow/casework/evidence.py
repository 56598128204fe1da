"""Evidence of what happened: sealing, checkpoints, proofs, the feed, and their verification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import attrs

from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.evidence import (
    Checkpoint,
    PrivateKey,
    PublicKey,
    Sealed,
    check_growth,
    check_proof,
)
from reformflow.model import Case, Entry
from reformflow.store import Connection, Schema
from reformflow.store.dialects import see_committed
from reformflow.store.evidence.audit import Audit
from reformflow.store.evidence.feed import checkpoint, growth, histories, proof, published
from reformflow.store.evidence.seals import Seal, give_positions, hash_next
from reformflow.store.evidence.verify import Flaw, flaws_after

_Result = TypeVar("_Result")

Given = Checkpoint | str
"""A checkpoint, or the text of its note."""

Step = Callable[[Callable[[Connection], tuple[Flaw, ...]]], tuple[Flaw, ...]]
"""Runs one step of a verification."""


@attrs.frozen
class Evidence:
    """The sealed history of one book."""

    units: Units
    practice: Practice

    def seal(self, algorithm: str | None = None) -> Seal:
        """Give every new entry its position, and hash it into the tree."""
        schema = self.practice.schema
        upto = self._sealing(lambda c: give_positions(c, schema, algorithm))
        added = 0
        while True:
            done = self._sealing(lambda c: hash_next(c, schema, upto))
            added += done.added
            if done.size >= upto:
                return attrs.evolve(done, added=added)

    def checkpoint(self, key: PrivateKey | str | None, origin: str) -> str:
        """Return a note of what the history has come to."""
        if isinstance(key, str):
            key = PrivateKey.read(key)
        name = origin or (key.name if key else f"reformflow/{self.practice.reform.id}")
        found = self.units.read(lambda c: checkpoint(c, self.practice.schema, name))
        return found.note(key)

    def prove(self, case: str, entry: int, under: str | None, key: PrivateKey | str | None) -> str:
        """Return the proof that an entry is in a checkpoint's history, a new one's by default."""
        note = under or self.checkpoint(key, "")
        found = Checkpoint.read(note)
        made = self.units.read(lambda c: proof(c, self.practice.schema, case, entry, found, note))
        return str(check_proof(str(made)))

    def prove_growth(self, since: Given, key: PrivateKey | str | None) -> str:
        """Return the proof that the sealed history begins with that of a checkpoint."""
        old, note = _checkpoint(since, None), self.checkpoint(key, "")
        new = Checkpoint.read(note)
        schema = self.practice.schema
        made = str(self.units.read(lambda c: growth(c, schema, old, new, note)))
        check_growth(made, old)
        return made

    def feed(self, after: int) -> Iterator[Sealed]:
        """Yield sealed entries, page by page, each page in a transaction of its own."""
        schema = self.practice.schema
        while page := self.units.read(partial(published, schema=schema, after=after)):
            yield from page
            after = page[-1].position

    def histories(self, cases: Sequence[Case]) -> tuple[tuple[Case, tuple[Entry, ...]], ...]:
        """Return some cases of one workflow, each with its history."""
        schema = self.practice.schema
        return self.units.read(partial(histories, schema=schema, cases=cases))

    def _sealing(self, action: Callable[[Connection], _Result]) -> _Result:
        """Run one step of sealing, which locks out others who seal, and nobody else."""

        def step(connection: Connection) -> _Result:
            see_committed(connection)
            return action(connection)

        return self.units.write(step)


def verify(
    read: Step,
    schema: Schema,
    checkpoint: Given | None = None,
    *,
    since: Given | None = None,
    key: PublicKey | str | None = None,
) -> Iterator[Flaw]:
    """Yield every flaw, as `Book.verify` says. `read` runs each step in one unchanging view."""
    if isinstance(key, str):
        key = PublicKey.read(key)
    given = () if checkpoint is None else (_checkpoint(checkpoint, key),)
    before = None if since is None else _checkpoint(since, key)
    if before is None:
        yield from _every_case(read, schema)
    audit = Audit(schema, given, before)
    while not audit.done:
        yield from read(audit.page)


# ---------------------------------------------------------------------------------------------


def _every_case(read: Step, schema: Schema) -> Iterator[Flaw]:
    rest: list[str | None] = [None]

    def step(connection: Connection) -> tuple[Flaw, ...]:
        found, last = flaws_after(connection, schema, rest[0])
        rest[:] = [] if last is None else [last]
        return found

    while rest:
        yield from read(step)


def _checkpoint(given: Given, key: PublicKey | None) -> Checkpoint:
    return given if isinstance(given, Checkpoint) else Checkpoint.read(given, key)
