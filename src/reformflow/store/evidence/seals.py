"""Sealing the history: a position for every entry, and the tree over them.

Positions are given under a lock, to what has been committed by then: whatever is committed later
comes later. Then the leaves are hashed, some at a time; `seals` holds the root after each time,
and the row of size 0 is the lock. What is sealed is never written again, but for the last tile
of each level. Both steps can be broken off.
"""

from __future__ import annotations

import re
from typing import Final

import attrs
import sqlalchemy as sa

from reformflow.errors import RequestError, StoreError
from reformflow.evidence import Digest, Growth, Tile, root_at, subtrees
from reformflow.evidence.tiles import HEIGHT, Tiles
from reformflow.store.evidence.documents import sealed_entries
from reformflow.store.evidence.positions import place_fresh
from reformflow.store.schema import Schema

ALGORITHM: Final = "sha256"
"""The digest of a history that nobody has chosen another one for."""

_AT_ONCE: Final = 20_000
"""So many entries are read, hashed and committed at once."""

_ROOT: Final = re.compile("[0-9a-f]{64}")
"""The one spelling of a root."""

_CHANGED: Final = "somebody has changed it: verify against a checkpoint"


@attrs.frozen
class Seal:
    """How far the history is sealed: entries, root, digest; `added` of them by the last call."""

    size: int
    root: bytes
    algorithm: str
    added: int = 0


def head(connection: sa.Connection, schema: Schema) -> Seal | None:
    """Return how far the history is sealed, None if nobody has begun."""
    found = seals(connection, schema, limit=1)
    return found[0] if found else None


def seals(
    connection: sa.Connection,
    schema: Schema,
    *,
    above: int = -1,
    upto: int | None = None,
    limit: int | None = None,
) -> tuple[Seal, ...]:
    """Return the seals of some sizes, the last first; StoreError if one has no root."""
    here = schema.shared.seals.c
    query = (
        sa.select(here.size, here.root, here.algorithm)
        .where(here.size > above, sa.true() if upto is None else here.size <= upto)
        .order_by(here.size.desc())
    )
    found: list[Seal] = []
    for size, root, algorithm in connection.execute(query.limit(limit)):
        if not isinstance(root, str) or not _ROOT.fullmatch(root):
            raise StoreError(f"the seal of size {size} cannot be read", _CHANGED)
        found.append(Seal(size, bytes.fromhex(root), algorithm))
    return tuple(found)


def stored_tiles(connection: sa.Connection, schema: Schema) -> Tiles:
    """Return where the tiles of the tree are read, each once; a missing one is empty."""
    here = schema.shared.seal_tiles.c
    query = sa.select(here.hashes).where(
        here.level == sa.bindparam("b_level"), here.number == sa.bindparam("b_number")
    )
    known: dict[tuple[int, int], bytes] = {}

    def read(level: int, number: int) -> bytes:
        if (level, number) not in known:
            found = connection.scalar(query, {"b_level": level, "b_number": number})
            known[level, number] = bytes(found) if isinstance(found, bytes) else b""
        return known[level, number]

    return read


def stored_root(connection: sa.Connection, schema: Schema, size: int, digest: Digest) -> bytes:
    """Return the root over the first `size` leaves, from the stored tiles."""
    find = subtrees(stored_tiles(connection, schema), digest)
    return root_at(size, find, digest)


def give_positions(connection: sa.Connection, schema: Schema, algorithm: str | None) -> int:
    """Give a position to every entry that has none; return how many there are now.

    The first call chooses the digest. RequestError if a later one asks for another.
    """
    _lock(connection, schema, algorithm)
    places = schema.shared.seal_positions
    last: int = connection.scalar(sa.select(sa.func.max(places.c.position))) or 0
    place_fresh(connection, schema, last)
    return connection.scalar(sa.select(sa.func.max(places.c.position))) or 0


def hash_next(connection: sa.Connection, schema: Schema, upto: int) -> Seal:
    """Hash the next entries that have a position up to `upto`, as many as go at once.

    StoreError if the entry of a position is gone or cannot be read.
    """
    algorithm = _lock(connection, schema, None)
    before = head(connection, schema)
    size = 0 if before is None else before.size
    growth = Growth.resumed(size, stored_tiles(connection, schema), Digest.of(algorithm))
    if before is not None and growth.root != before.root:
        message = f"the tree does not lead to the root of the seal of size {size}"
        raise StoreError(message, _CHANGED)
    last = min(upto, size + _AT_ONCE)
    if last > size:
        full = _grow(connection, schema, growth, last)
        _store_tiles(connection, schema, size, [*full, *growth.partial()])
        row = {"size": growth.size, "algorithm": algorithm, "root": growth.root.hex()}
        connection.execute(sa.insert(schema.shared.seals), row)
    return Seal(growth.size, growth.root, algorithm, growth.size - size)


# ---------------------------------------------------------------------------------------------


def _lock(connection: sa.Connection, schema: Schema, algorithm: str | None) -> str:
    """Keep others from sealing until the transaction ends; return the digest that is in use."""
    table = schema.shared.seals
    query = sa.select(table.c.algorithm).where(table.c.size == 0).with_for_update()
    chosen: str | None = connection.scalar(query)
    if chosen is None:
        chosen = algorithm or ALGORITHM
        row = {"size": 0, "algorithm": chosen, "root": Digest.of(chosen).empty.hex()}
        connection.execute(sa.insert(table), row)
    if algorithm not in {None, chosen}:
        message = f"this history is sealed with {chosen}, not with {algorithm}"
        raise RequestError(message, "a history keeps the digest of its first seal")
    return chosen


def _grow(connection: sa.Connection, schema: Schema, growth: Growth, last: int) -> list[Tile]:
    """Take the entries up to position `last`, and return the tiles that they fill."""
    full: list[Tile] = []
    for raw in sealed_entries(connection, schema, after=growth.size, upto=last):
        if raw.position != growth.size + 1 or raw.fault:
            message = f"entry {raw.seq} of {raw.case!r} {raw.fault or 'is not where it was'}"
            raise StoreError(message, _CHANGED)
        full += growth.take(growth.digest.leaf(raw.spelling))
    if growth.size < last:
        message = f"nothing stands at position {growth.size + 1}"
        raise StoreError(message, _CHANGED)
    return full


def _store_tiles(connection: sa.Connection, schema: Schema, size: int, tiles: list[Tile]) -> None:
    """Store tiles; those that were there before, not full, are written again."""
    table = schema.shared.seal_tiles
    begun = {(level, size >> HEIGHT * (level + 1)) for level, _, _ in tiles}
    again = [tile for tile in tiles if tile[:2] in begun]
    for level, number, _ in again:
        here = (table.c.level == level) & (table.c.number == number)
        connection.execute(sa.delete(table).where(here))
    names = ("level", "number", "hashes")
    connection.execute(sa.insert(table), [dict(zip(names, tile, strict=True)) for tile in tiles])
