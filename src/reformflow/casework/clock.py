"""The clock by which requests are entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the instant at which requests are entered; aware."""


def utc_now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)
