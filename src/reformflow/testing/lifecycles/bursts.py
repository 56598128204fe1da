"""Bursts: the bytes that one rule of a machine draws, for several steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from reformflow.testing.drawing import Lot

STEPS: Final = 12
_STEP: Final = 24


@attrs.frozen(repr=False)
class Burst:
    """What a few steps are drawn from; a step that begins with a zero byte is left out."""

    data: bytes

    def __repr__(self) -> str:
        """Say how many steps there are; which ones, the ledger tells."""
        return f"<{sum(1 for _ in self)} steps>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, ARG002, FBT001
        printer.text(repr(self))

    def __iter__(self) -> Iterator[Lot]:
        """Yield a lot for each step."""
        for start in range(0, len(self.data), _STEP):
            if self.data[start]:
                yield Lot(self.data[start + 1 : start + _STEP])


def bursts(steps: int = STEPS) -> st.SearchStrategy[Burst]:
    """Draw a burst of at most so many steps."""
    return st.binary(min_size=steps * _STEP, max_size=steps * _STEP).map(Burst)
