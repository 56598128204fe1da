"""Other countries' working days, from the library `holidays` (extra `calendars`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from inspect import signature
from types import ModuleType
from typing import Any, Final

import attrs

from reformflow.calendars.years import no_data
from reformflow.errors import MissingExtra

_ESTIMATED: Final = "estimated"


def _library() -> ModuleType:
    try:
        import holidays
    except ModuleNotFoundError as error:
        if error.name != "holidays":
            raise
        raise MissingExtra.of("calendars", purpose="a calendar `country:…`") from error
    return holidays


def countries() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the countries with a calendar, each with those of its subdivisions.

    Raises `MissingExtra` if the library is not installed.
    """
    supported = _library().list_supported_countries(include_aliases=False)
    return {str(code): tuple(map(str, parts)) for code, parts in supported.items()}


def country_meant(alias: str) -> str:
    """Return the code of the country that is also called `alias` (`UK` is `GB`), or nothing."""
    library = _library()
    if alias.upper() not in library.list_supported_countries(include_aliases=True):
        return ""
    return str(library.country_holidays(alias.upper(), expand=False).country)


@attrs.frozen
class CountryCalendar:
    """A country's weekends and public holidays, as observed (a Monday for a Sunday and so on).

    `country` and `subdivision` are ISO 3166 codes; without a subdivision only the holidays of
    the whole country count. A year is known only if its days are settled: `CalendarError` for
    years outside the library's span, for years with a holiday whose day is an estimate, and, in
    countries that set make-up days by yearly decree, for years after the last decree.
    """

    country: str
    subdivision: str = ""
    _off: dict[int, frozenset[date]] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    @property
    def name(self) -> str:
        """The name this calendar is chosen by."""
        part = f"-{self.subdivision}" if self.subdivision else ""
        return f"country:{self.country}{part}"

    def is_weekend(self, day: date) -> bool:
        """Say whether `day` is a weekly day of rest of that country (not always Sat/Sun)."""
        return bool(self._empty.is_weekend(day))

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked; raise `CalendarError` for a year that is not settled."""
        off = self._off.get(day.year)
        if off is None:
            off = self._off[day.year] = self._days_off(day.year)
        return day not in off

    def _days_off(self, year: int) -> frozenset[date]:
        table = self._table(year)
        reason = _unsettled(table, year)
        if reason:
            raise no_data(self.name, year, reason=reason)
        span = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        return frozenset(
            day for day in map(date.fromordinal, span) if not table.is_working_day(day)
        )

    @cached_property
    def _empty(self) -> Any:  # noqa: ANN401 - the library's class, not imported here
        return _library().country_holidays(self.country, expand=False)

    def _table(self, year: int) -> Any:  # noqa: ANN401 - the library's class
        kind = type(self._empty)
        marks = [name for name in signature(kind).parameters if name.endswith("_show_estimated")]
        return kind(
            subdiv=self.subdivision or None,
            years=year,
            expand=False,
            observed=True,
            # An estimated day says so only if asked, and is looked for by the English word.
            language="en_US" if "en_US" in kind.supported_languages else None,
            **dict.fromkeys(marks, True),
        )

    def __reduce__(self) -> tuple[type[CountryCalendar], tuple[str, str]]:
        """Pickle the value without the years looked up so far."""
        return (CountryCalendar, (self.country, self.subdivision))


def _unsettled(table: Any, year: int) -> str:  # noqa: ANN401 - the library's class
    """Say why the year's days are not settled, or nothing if they are."""
    if not table.start_year <= year <= table.end_year:
        return f"its data covers {table.start_year} to {table.end_year}"
    if any(_ESTIMATED in name for name in table.values()):
        return "some of its holidays are only estimated"
    if table.has_substituted_holidays and year > (last := max(table.special_public_holidays)):
        return f"make-up days are set by decree, known up to {last}"
    return ""
