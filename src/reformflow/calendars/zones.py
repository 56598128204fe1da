"""Days and instants: which day it is in a zone, and when a day is over there.

Zones are those of the IANA time zone database, from the system or the package `tzdata`. Their
clocks may skip or repeat midnight, or a whole day; nothing here counts 24 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from reformflow.errors import CalendarError, RequestError, nearest

# Files of the database that are no zones of their own: they depend on the machine, or count leap
# seconds.
_NO_ZONES: Final = frozenset({"localtime", "posixrules", "Factory"})
_NO_FOLDERS: Final = ("posix/", "right/")
_SHOWN: Final = 64
_SECOND: Final = timedelta(seconds=1)


@cache
def zone_named(name: str) -> ZoneInfo:
    """Return the zone called `name`; raise `CalendarError` with the nearest name if unknown."""
    if name not in _NO_ZONES and not name.startswith(_NO_FOLDERS):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass  # No such file, no zone in it, or no name of a file at all.
    shown = name[:_SHOWN]
    known = (zone for zone in available_timezones() if zone not in _NO_ZONES)
    raise CalendarError(message=f"unknown time zone {shown!r}", hint=nearest(shown, known))


def local_date(instant: datetime, zone: str) -> date:
    """Return the day it is in `zone` at an aware `instant`.

    Raises `CalendarError` for an instant without an offset and for an unknown zone.
    """
    if instant.utcoffset() is None:
        raise CalendarError(
            message=f"{instant.isoformat()} has no offset from UTC",
            hint="give an aware datetime, for example with tzinfo=UTC",
        )
    return _day_at(instant, zone_named(zone))


def check_day(day: object) -> None:
    """Raise RequestError for what is not a day: a text, or an instant."""
    if isinstance(day, datetime) or not isinstance(day, date):
        hint = "take the instant's day in the reform's zone: local_date(instant, zone)"
        if isinstance(day, str):
            hint = "write date(2025, 3, 31), or date.fromisoformat of a text"
        raise RequestError(message=f"{day!r} is not a day", hint=hint)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the UTC instant at which `day` is over in `zone` for good.

    From it on the zone shows later days only, and just before it shows `day` (if the zone has
    that day at all). Raises `CalendarError` for an unknown zone and for the last representable
    day.
    """
    place = zone_named(zone)
    try:
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=place)
        first, second = sorted(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        if midnight.astimezone(UTC).astimezone(place).replace(tzinfo=None) != midnight.replace(
            tzinfo=None
        ):
            return _turn(day, place, before=first, after=second)
        # Midnight comes twice where the clock is set back over it: the day is over at the second
        # if it came back in between.
        return second if _day_at(second - _SECOND, place) <= day else first
    except OverflowError as error:
        raise _outside(day) from error


def _turn(day: date, place: ZoneInfo, *, before: datetime, after: datetime) -> datetime:
    """Find the instant after which the zone shows later days, where it skips midnight."""
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _day_at(middle, place) > day:
            after = middle
        else:
            before = middle
    return after


def _day_at(instant: datetime, place: ZoneInfo) -> date:
    try:
        return instant.astimezone(place).date()
    except OverflowError as error:
        raise _outside(instant.date()) from error


def _outside(day: date) -> CalendarError:
    return CalendarError(
        message=f"{day.isoformat()} is too near the end of the calendar to convert",
        hint=f"use a day between {date.min.isoformat()} and {date.max.isoformat()}",
    )
