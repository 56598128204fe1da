"""Checking the history against its seals, and the seals against checkpoints kept elsewhere.

Every sealed entry is hashed again and compared with its leaf; the tree over the leaves is grown
again and compared with the stored tiles, with the root of every seal, and with the checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import sqlalchemy as sa

from reformflow.errors import EmbeddingError, StoreError
from reformflow.evidence import (
    Checkpoint,
    Digest,
    Growth,
    consistency,
    is_consistent,
    subtrees,
)
from reformflow.evidence.digests import SIZE
from reformflow.evidence.tiles import WIDTH, Tile, Tiles
from reformflow.store.evidence.documents import Raw, sealed_entries
from reformflow.store.evidence.seals import head, seals, stored_root, stored_tiles
from reformflow.store.evidence.verify import Flaw, flaws_of
from reformflow.store.schema import Schema

_PAGE: Final = 5_000


@attrs.define
class Audit:
    """One verification of the seals, page by page; `done` when there are no more.

    It begins with the first entry, or after the `since` of an earlier checkpoint: then the tree
    has to begin with that of the checkpoint, and the cases of all later entries are compared
    with their histories too. Each page may be read in a transaction of its own: what is sealed
    does not change.
    """

    schema: Schema
    checkpoints: tuple[Checkpoint, ...] = ()
    since: Checkpoint | None = None
    size: int = -1
    done: bool = False
    _growth: Growth | None = None

    def page(self, connection: sa.Connection) -> tuple[Flaw, ...]:
        """Return the flaws of the next entries."""
        try:
            return tuple(self._page(connection))
        except (StoreError, EmbeddingError) as error:
            self.done = True
            return (Flaw("", "seals", str(error)),)

    def _page(self, connection: sa.Connection) -> Iterator[Flaw]:
        if self._growth is None:
            yield from self._begin(connection)
            if self._growth is None:
                self.done = True
                return
        growth = self._growth
        start, upto = growth.size, min(self.size, growth.size + _PAGE)
        yield from self._grow(connection, growth, upto)
        if self.since is not None:
            places = self.schema.shared.seal_positions.c
            span = (places.position > start) & (places.position <= upto)
            touched = connection.scalars(sa.select(places.case_id).where(span).distinct())
            yield from flaws_of(connection, self.schema, touched.all())
        if upto == self.size:
            tiles = stored_tiles(connection, self.schema)
            yield from (flaw for tile in growth.partial() for flaw in _tile_flaws(tile, tiles))
            self.done = True

    def _begin(self, connection: sa.Connection) -> Iterator[Flaw]:
        """Find out how much there is, and whether it reaches the checkpoints."""
        top = head(connection, self.schema)
        given = self.checkpoints if self.since is None else (*self.checkpoints, self.since)
        self.size = 0 if top is None else top.size
        for checkpoint in given:
            if checkpoint.size > self.size:
                message = f"counts {checkpoint.size} entries, but only {self.size} are sealed"
                yield Flaw("", "checkpoint", message)
            elif top is not None and checkpoint.algorithm != top.algorithm:
                message = f"is of {checkpoint.algorithm}, the seals of {top.algorithm}"
                yield Flaw("", "checkpoint", message)
        if top is None:
            return
        places = self.schema.shared.seal_positions.c
        last = connection.scalar(sa.select(sa.func.max(places.position))) or 0
        if last < self.size:
            yield Flaw("", "seals", f"count {self.size} entries, but the last position is {last}")
            self.size = last
        digest = Digest.of(top.algorithm)
        if self.since is None:
            self._growth = Growth(digest)
            yield from self._root_flaws(connection, self._growth, -1)
            return
        if self.since.size > self.size:
            return
        if stored_root(connection, self.schema, self.since.size, digest) != self.since.root:
            yield _unlike(self.since)
            return
        tiles = stored_tiles(connection, self.schema)
        yield from self._before(self.since, tiles, digest)
        self._growth = Growth.resumed(self.since.size, tiles, digest)

    def _before(self, since: Checkpoint, tiles: Tiles, digest: Digest) -> Iterator[Flaw]:
        """Compare `since` with the checkpoints that are older: it has to have grown from them."""
        for old in self.checkpoints:
            if old.size <= since.size:
                path = consistency(old.size, since.size, subtrees(tiles, digest), digest)
                ends = (old.size, old.root), (since.size, since.root)
                if not is_consistent(*ends, path, digest):
                    yield _unlike(old)

    def _grow(self, connection: sa.Connection, growth: Growth, upto: int) -> Iterator[Flaw]:
        """Hash the entries up to a position; go on with the stored leaf where one is wrong."""
        tiles = stored_tiles(connection, self.schema)
        ends = sorted({upto, *self._ends(connection, growth.size, upto)})
        page = sealed_entries(connection, self.schema, after=growth.size, upto=upto)
        found = next(page, None)
        for end in ends:
            start = growth.size
            while growth.size < end:
                position = growth.size + 1
                here = found if found is not None and found.position == position else None
                if here is not None:
                    found = next(page, None)
                stored = _stored_leaf(tiles, position)
                own = b"" if here is None or here.fault else growth.digest.leaf(here.spelling)
                if own != stored or not own:
                    yield _leaf_flaw(position, here)
                for tile in growth.take(stored or own or bytes(SIZE)):
                    yield from _tile_flaws(tile, tiles)
            yield from self._root_flaws(connection, growth, start)

    def _ends(self, connection: sa.Connection, above: int, upto: int) -> Iterator[int]:
        """Yield the sizes at which a root is known."""
        here = self.schema.shared.seals.c.size
        yield from connection.scalars(sa.select(here).where(here > above, here <= upto))
        yield from (one.size for one in self.checkpoints if above < one.size <= upto)

    def _root_flaws(self, connection: sa.Connection, growth: Growth, above: int) -> Iterator[Flaw]:
        for seal in seals(connection, self.schema, above=above, upto=growth.size):
            if seal.size == growth.size and seal.root != growth.root:
                yield Flaw("", "seals", f"the root of {seal.size} entries is another")
            if seal.algorithm != growth.digest.algorithm:
                yield Flaw("", "seals", f"that of {seal.size} entries names another digest")
        for checkpoint in self.checkpoints:
            if above < checkpoint.size == growth.size and checkpoint.root != growth.root:
                yield _unlike(checkpoint)


# ---------------------------------------------------------------------------------------------


def _unlike(checkpoint: Checkpoint) -> Flaw:
    message = f"the first {checkpoint.size} entries are not those that it was made of"
    return Flaw("", "checkpoint", message)


def _stored_leaf(tiles: Tiles, position: int) -> bytes:
    """Return the leaf of a position, empty if it is not there whole."""
    number, at = divmod(position - 1, WIDTH)
    leaf = tiles(0, number)[at * SIZE : (at + 1) * SIZE]
    return leaf if len(leaf) == SIZE else b""


def _leaf_flaw(position: int, here: Raw | None) -> Flaw:
    if here is None:
        return Flaw("", "seals", f"nothing stands at position {position}")
    fault = here.fault or "is not what was sealed"
    return Flaw(here.case, "history", f"entry {here.seq} {fault}")


def _tile_flaws(tile: Tile, tiles: Tiles) -> Iterator[Flaw]:
    level, number, hashes = tile
    if tiles(level, number) != hashes:
        yield Flaw("", "seals", f"tile {number} of level {level} is not what was sealed")
