"""Working-day calendars: the value a reform counts with, and the names it is chosen by.

A calendar says of each day whether it is worked. It never guesses: a year it has no data for is a
`CalendarError`, and `Overrides` are the way to add that year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

import attrs

from reformflow.calendars.china import ChinaCalendar
from reformflow.calendars.country import CountryCalendar, countries, country_meant
from reformflow.errors import CalendarError, nearest

_SATURDAY: Final = 5
_COUNTRY: Final = "country:"


class Calendar(Protocol):
    """What date arithmetic asks of a calendar; implementations are immutable, hashable values."""

    @property
    def name(self) -> str:
        """The name the calendar is chosen by, such as `china` or `country:GB-ENG`."""

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked; raise `CalendarError` for a year without data."""

    def is_weekend(self, day: date) -> bool:
        """Say whether `day` is one of the weekly days of rest, holidays apart; never raises.

        Years that overrides specify wholly are made of these and of the listed days.
        """


@attrs.frozen
class WeekdayCalendar:
    """Monday to Friday are worked, without any public holiday, in every year."""

    @property
    def name(self) -> str:
        """The name this calendar is chosen by."""
        return "weekdays"

    def is_weekend(self, day: date) -> bool:
        """Say whether `day` is a Saturday or a Sunday."""
        return day.weekday() >= _SATURDAY

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is a Monday to Friday."""
        return day.weekday() < _SATURDAY


@attrs.frozen
class EveryDayCalendar:
    """Every day is worked: working days are calendar days."""

    @property
    def name(self) -> str:
        """The name this calendar is chosen by."""
        return "every-day"

    def is_weekend(self, day: date) -> bool:  # noqa: ARG002 - the protocol's signature
        """Say no: this calendar has no weekly day of rest."""
        return False

    def is_working_day(self, day: date) -> bool:  # noqa: ARG002 - the protocol's signature
        """Say yes."""
        return True


def _days(days: Iterable[date]) -> frozenset[date]:
    return frozenset(days)


def _years(years: Iterable[int]) -> frozenset[int]:
    return frozenset(years)


@attrs.frozen
class Overrides:
    """Days laid over a calendar: extra days off, make-up working days, and whole years.

    A year in `years` is wholly specified by the listed days and the weekends, so a year the
    calendar has no data for becomes known. A day that is both off and worked raises
    `CalendarError`.
    """

    days_off: frozenset[date] = attrs.field(default=frozenset(), converter=_days)
    working_days: frozenset[date] = attrs.field(default=frozenset(), converter=_days)
    years: frozenset[int] = attrs.field(default=frozenset(), converter=_years)

    def __attrs_post_init__(self) -> None:
        """Refuse a day listed on both sides."""
        both = sorted(self.days_off & self.working_days)
        if both:
            raise CalendarError(
                message=f"overrides list {both[0].isoformat()} both as day off and working day",
                hint="keep it in one of the two lists",
            )

    def __bool__(self) -> bool:
        """Say whether anything is overridden."""
        return bool(self.days_off or self.working_days or self.years)


@attrs.frozen
class OverriddenCalendar:
    """A calendar with overrides laid over it; a listed day wins over everything else."""

    base: Calendar
    overrides: Overrides

    @property
    def name(self) -> str:
        """The name of the calendar underneath."""
        return self.base.name

    def is_weekend(self, day: date) -> bool:
        """Say whether `day` is a weekly day of rest of the calendar underneath."""
        return self.base.is_weekend(day)

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked; raise `CalendarError` for a year nobody specifies."""
        if day in self.overrides.working_days:
            return True
        if day in self.overrides.days_off:
            return False
        if day.year in self.overrides.years:
            return not self.base.is_weekend(day)
        return self.base.is_working_day(day)


def calendar_named(name: str, overrides: Overrides | None = None) -> Calendar:
    """Return the calendar called `name`, with `overrides` laid over it.

    Names: `china`, `weekdays`, `every-day`, and `country:GB`, `country:GB-ENG`, `country:US` …
    (ISO 3166 codes of a country and a subdivision). Raises `CalendarError` for an unknown name,
    with the nearest known one, and `MissingExtra` where `country:` needs the extra `calendars`.
    """
    base = _base_named(name)
    return OverriddenCalendar(base=base, overrides=overrides) if overrides else base


def _base_named(name: str) -> Calendar:
    match name:
        case "china":
            return ChinaCalendar()
        case "weekdays":
            return WeekdayCalendar()
        case "every-day":
            return EveryDayCalendar()
        case _ if name.startswith(_COUNTRY):
            return _country_named(name)
        case _:
            raise _unknown(name, ("china", "weekdays", "every-day", "country:GB", "country:US"))


def _country_named(name: str) -> CountryCalendar:
    country, dash, subdivision = name.removeprefix(_COUNTRY).partition("-")
    known = countries()
    if country not in known:
        meant = country_meant(country)
        raise _unknown(name, (f"{_COUNTRY}{code}" for code in ([meant] if meant else known)))
    if dash and subdivision not in known[country]:
        raise _unknown(name, (f"{_COUNTRY}{country}-{part}" for part in known[country]))
    return CountryCalendar(country=country, subdivision=subdivision)


def _unknown(name: str, known: Iterable[str]) -> CalendarError:
    shown = name[:64]
    return CalendarError(message=f"unknown calendar {shown!r}", hint=nearest(shown, known))
