"""What the formats of process mining have in common: traces of events, and when they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from reformflow.model import Case, Entry

Trace = tuple[Case, tuple[Entry, ...]]
"""A case and its history."""

TIMES: Final = ("on", "recorded")
"""When an event was: on the day of the act, at its beginning, or when it was entered."""


def activity(entry: Entry) -> str:
    """Return the name of an event: what was done, and what that was about."""
    return f"{entry.kind.value} {entry.name}".strip()


def moment(entry: Entry, zone: ZoneInfo, of: str) -> str:
    """Return the instant of an event, ISO 8601; `of` is one of `TIMES`."""
    if of == "recorded" and entry.recorded_at is not None:
        return instant(entry.recorded_at)
    return midnight(entry.on, zone)


def midnight(day: date, zone: ZoneInfo) -> str:
    """Return the instant at which a day begins in a zone, ISO 8601."""
    return datetime.combine(day, time(), zone).isoformat()


def instant(at: datetime) -> str:
    """Return an instant in UTC, ISO 8601."""
    return at.astimezone(UTC).isoformat()
