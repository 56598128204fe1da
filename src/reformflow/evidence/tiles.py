"""The tree in tiles: up to 256 hashes of one level side by side, as in C2SP's tlog-tiles.

Tile level 0 holds the leaves, level 1 the roots of its full tiles, and so on. Only the last tile
of each level is not full, so a tree grows by writing a few tiles and never reads the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from reformflow.errors import StoreError
from reformflow.evidence.digests import SIZE, Digest

HEIGHT: Final = 8
WIDTH: Final = 2**HEIGHT
"""Hashes in a full tile."""

Tile = tuple[int, int, bytes]
"""The level, the number from 0, and the hashes of a tile."""

Tiles = Callable[[int, int], bytes]
"""Gives the hashes of a tile by level and number."""


@attrs.define
class Growth:
    """A tree at its right edge: takes leaves, and gives the tiles that they complete.

    `size` counts all leaves so far, also those that were there before it was `resumed`.
    """

    digest: Digest
    size: int = 0
    _edge: list[bytearray] = attrs.field(factory=list)
    """For each level the hashes of its last tile, as far as it goes."""

    @classmethod
    def resumed(cls, size: int, tiles: Tiles, digest: Digest) -> Growth:
        """Go on from the first `size` leaves of a tree; StoreError if a tile is not whole."""
        edge: list[bytearray] = []
        level, count = 0, size
        while count:
            number, some = divmod(count, WIDTH)
            hashes = tiles(level, number)[: some * SIZE] if some else b""
            if len(hashes) != some * SIZE:
                message = f"tile {number} of level {level} is not whole"
                raise StoreError(message, "somebody has changed it: verify against a checkpoint")
            edge.append(bytearray(hashes))
            level, count = level + 1, number
        return cls(digest, size, edge)

    def take(self, leaf: bytes) -> list[Tile]:
        """Add the hash of a leaf; return the tiles that are full now."""
        self.size += 1
        full: list[Tile] = []
        level, count, found = 0, self.size, leaf
        while True:
            if level == len(self._edge):
                self._edge.append(bytearray())
            here = self._edge[level]
            here += found
            if len(here) < WIDTH * SIZE:
                return full
            count //= WIDTH
            hashes = bytes(here)
            full.append((level, count - 1, hashes))
            here.clear()
            level, found = level + 1, top(hashes, self.digest)

    def partial(self) -> Iterator[Tile]:
        """Yield the last tile of each level, unless it is empty."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                yield level, self.size >> HEIGHT * (level + 1), bytes(hashes)

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        found: bytes | None = None
        for hashes in self._edge:
            rest = len(hashes)
            while rest:
                some = (rest // SIZE & -(rest // SIZE)) * SIZE  # the lowest power of two in it
                left = top(bytes(hashes[rest - some : rest]), self.digest)
                found = left if found is None else self.digest.node(left, found)
                rest -= some
        return self.digest.empty if found is None else found


def top(hashes: bytes, digest: Digest) -> bytes:
    """Return the root over a power of two of hashes that stand side by side."""
    while len(hashes) > SIZE:
        hashes = b"".join(
            digest.node(hashes[at : at + SIZE], hashes[at + SIZE : at + 2 * SIZE])
            for at in range(0, len(hashes), 2 * SIZE)
        )
    return hashes


def subtrees(tiles: Tiles, digest: Digest) -> Callable[[int, int], bytes]:
    """Return where the hashes of complete subtrees are found, in tiles."""

    def found(level: int, index: int) -> bytes:
        tile, within = divmod(level, HEIGHT)
        number, first = divmod(index << within, WIDTH)
        return top(tiles(tile, number)[first * SIZE : (first + (1 << within)) * SIZE], digest)

    return found
