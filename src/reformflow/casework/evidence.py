"""Evidence of what happened: sealing, checkpoints, proofs, and their verification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import attrs

from reformflow.store import Connection, Schema, Seal
from reformflow.store.seals import give_positions, hash_next

_Result = TypeVar("_Result")


class Run(Protocol):
    """Runs a unit of work, as often as it takes, each time in a transaction of its own."""

    def __call__(self, action: Callable[[Connection], _Result], /) -> _Result:
        """Return what the action returns."""


def seal(write: Run, schema: Schema, algorithm: str | None = None) -> Seal:
    """Give every new entry its position, and hash it; see `reformflow.store.seals`."""
    upto = write(lambda connection: give_positions(connection, schema, algorithm))
    added = 0
    while True:
        done = write(lambda connection: hash_next(connection, schema, upto))
        added += done.added
        if done.size >= upto:
            return attrs.evolve(done, added=added)
