"""China's working days: weekends, statutory holidays and the make-up days that are worked.

The yearly notices of the State Council's general office are read from the library
`chinesecalendar`, on first use only.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Final

import attrs

from reformflow.calendars.years import no_data

_SATURDAY: Final = 5


@attrs.frozen
class _Notices:
    """The days the yearly notices name, and the years they cover, both ends included."""

    days_off: frozenset[date]
    make_up_days: frozenset[date]
    first_year: int
    last_year: int


@attrs.frozen
class ChinaCalendar:
    """Mainland China: a day is worked if a notice says so, or on a weekday that is no holiday.

    Knows the years of the installed `chinesecalendar` and raises `CalendarError` for others. The
    notice of a year may still move the last days of December of the year before: once it is out,
    update the library or list those days as overrides.
    """

    @property
    def name(self) -> str:
        """The name this calendar is chosen by."""
        return "china"

    def is_weekend(self, day: date) -> bool:
        """Say whether `day` is a Saturday or a Sunday, worked or not."""
        return day.weekday() >= _SATURDAY

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked; raise `CalendarError` for a year without a notice."""
        notices = self._notices
        if not notices.first_year <= day.year <= notices.last_year:
            span = f"{notices.first_year} to {notices.last_year}"
            raise no_data(self.name, day.year, reason=f"its data covers {span}")
        if day in notices.make_up_days:
            return True
        return day.weekday() < _SATURDAY and day not in notices.days_off

    @cached_property
    def _notices(self) -> _Notices:
        import chinese_calendar as library

        # The library's own is_workday() searches all its years on every call; its public tables
        # give the same answers (a test compares every day).
        days_off = frozenset[date](library.holidays)
        return _Notices(
            days_off=days_off,
            make_up_days=frozenset[date](library.workdays),
            first_year=min(days_off).year,
            last_year=max(days_off).year,
        )

    def __reduce__(self) -> tuple[type[ChinaCalendar], tuple[()]]:
        """Pickle the value without the tables, which the receiver reads for itself."""
        return (ChinaCalendar, ())
