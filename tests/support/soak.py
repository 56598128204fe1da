"""How much a test of faults tries: a quick amount in the gate, the full one in `make soak`.

`REFORMFLOW_SOAK=1` asks for the full amounts. `REFORMFLOW_SEED` chooses another course of chance;
without it the gate takes the same course every time.
"""

from __future__ import annotations

import os
import random
from typing import Final

from hypothesis import settings

SOAKING = bool(os.environ.get("REFORMFLOW_SOAK"))
SEED = os.environ.get("REFORMFLOW_SEED", "1")


def amount(quick: int, full: int) -> int:
    """Return how many of something to try."""
    return full if SOAKING else quick


DEAR: Final = settings(max_examples=max(settings.default.max_examples // 5, 10))
"""How much a property test tries whose examples take long: a fifth of what others do."""


def course(*of: object) -> str:
    """Return the seed of one test, and print how to repeat its course."""
    seed = "/".join(map(str, (SEED, *of)))
    print(f"seed {seed}: REFORMFLOW_SEED={SEED} repeats it")  # noqa: T201 - shown on failure
    return seed


def chance(*of: object) -> random.Random:
    """Return the course of chance of one test."""
    return random.Random(course(*of))
