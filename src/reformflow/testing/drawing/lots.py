"""Lots: choices read off bytes, so that chance and a search for small examples draw alike.

Zero bytes stand for the simplest choice, and so does what comes after the last byte. Hypothesis
makes bytes smaller and so finds simple examples by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Final, TypeVar

Item = TypeVar("Item")

_BYTE: Final = 256
_PAGE: Final = 256


class Lot:
    """Draws from bytes, in their order; `more` is asked for further ones where there are none."""

    def __init__(self, data: bytes, more: Callable[[], bytes] | None = None) -> None:
        """Draw from `data`."""
        self._data = data
        self._at = 0
        self._more = more

    @classmethod
    def seeded(cls, seed: int | str) -> Lot:
        """Return a lot that never ends; the same seed, the same choices."""
        page = partial(Random(seed).randbytes, _PAGE)  # noqa: S311 - no secret
        return cls(page(), page)

    def byte(self) -> int:
        """Draw a byte, 0 after the last one."""
        if self._at >= len(self._data):
            if self._more is None:
                return 0
            self._data, self._at = self._more(), 0
        self._at += 1
        return self._data[self._at - 1]

    def part(self, size: int) -> Lot:
        """Return a lot over the next bytes, so that what it draws moves nothing that follows."""
        return Lot(bytes(self.byte() for _ in range(size)))

    def number(self, below: int) -> int:
        """Draw a number from 0 up to, not including, `below`."""
        drawn, range_ = self.byte(), _BYTE
        while range_ < below:
            drawn, range_ = drawn * _BYTE + self.byte(), range_ * _BYTE
        return drawn * below // range_

    def pick(self, items: Sequence[Item]) -> Item:
        """Draw one of some items; the first is the simplest."""
        return items[self.number(len(items))]

    def chance(self, share: float) -> bool:
        """Say yes in a share of all cases; no is simpler."""
        return self.byte() >= _BYTE - _BYTE * share

    def some(self, items: Sequence[Item], most: int) -> list[Item]:
        """Draw at least one and at most `most` of some items, none twice."""
        left = list(items)
        number = 1 + self.number(most)
        return [left.pop(self.number(len(left))) for _ in range(min(number, len(left)))]
