"""Trying again: after which errors, how often, and for how long."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Final

from reformflow.store import SQLAlchemyError, Trouble, clashed, lost, trouble

PATIENCE: Final = 30.0
"""For how many seconds a unit of work is tried again while others are in its way."""

_FIRST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.25


def pauses(patience: float) -> Iterator[bool]:
    """Wait a little longer each time, by chance, so that rivals do not meet again.

    Yields whether there is patience left, of so many seconds.
    """
    end = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while time.monotonic() < end:
        time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, no secret
        pause = min(pause * 2, _LONGEST_PAUSE)
        yield True
    yield False


def passing(error: SQLAlchemyError) -> bool:
    """Say whether trying again may help."""
    return trouble(error) is Trouble.BUSY or clashed(error) or lost(error)
