"""Other countries' calendars: known examples, settled years, and the missing extra."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import holidays
import pytest

from reformflow.calendars import add_working_days, calendar_named
from reformflow.calendars.country import CountryCalendar
from reformflow.errors import CalendarError, MissingExtra


def test_three_working_days_over_memorial_day() -> None:
    friday = date(2019, 5, 24)
    assert add_working_days(calendar_named("country:US"), friday, 3) == date(2019, 5, 30)


def test_three_working_days_over_christmas_in_england() -> None:
    thursday = date(2016, 12, 22)
    assert add_working_days(calendar_named("country:GB-ENG"), thursday, 3) == date(2016, 12, 29)


def test_a_subdivision_has_its_own_holidays() -> None:
    st_andrews = date(2022, 11, 30)
    assert not calendar_named("country:GB-SCT").is_working_day(st_andrews)
    assert calendar_named("country:GB-ENG").is_working_day(st_andrews)
    assert calendar_named("country:GB").is_working_day(st_andrews)


def test_a_new_year_observed_in_the_year_before_is_a_day_off() -> None:
    """1 January 2022 is a Saturday: the United States rest on Friday, 31 December 2021."""
    assert not calendar_named("country:US").is_working_day(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("code", "part"), [("GB", "ENG"), ("US", None), ("DE", "BY"), ("IL", None)]
)
def test_every_day_of_some_years_agrees_with_the_library(code: str, part: str | None) -> None:
    ours = CountryCalendar(code, part or "")
    theirs = holidays.country_holidays(code, subdiv=part, years=range(2015, 2024))
    for n in range(365 * 7):
        day = date(2016, 1, 1) + timedelta(days=n)
        rest = theirs.is_weekend(day) or day in theirs
        assert ours.is_working_day(day) == (not rest), day


def test_the_weekend_is_the_countrys_own() -> None:
    egypt = calendar_named("country:EG")
    friday, sunday = date(2023, 3, 10), date(2023, 3, 12)
    assert egypt.is_weekend(friday)
    assert not egypt.is_working_day(friday)
    assert not egypt.is_weekend(sunday)
    assert egypt.is_working_day(sunday)


@pytest.mark.parametrize(
    ("name", "year", "reason"),
    [
        ("country:US", 1700, "its data covers"),
        ("country:US", 2101, "its data covers"),
        ("country:SA", 2050, "only estimated"),
        ("country:TR", 2050, "only estimated"),
        ("country:CN", 2060, "set by decree"),
    ],
)
def test_a_year_whose_days_are_guesses_is_an_error(name: str, year: int, reason: str) -> None:
    with pytest.raises(CalendarError) as caught:
        calendar_named(name).is_working_day(date(year, 6, 1))
    assert f"no data for {year}: " in caught.value.message
    assert reason in caught.value.message
    assert f"list {year} in its `years`" in caught.value.hint


def test_china_by_country_agrees_with_its_own_calendar() -> None:
    """The two libraries are kept by different people: where both know 2021, they say the same."""
    country, china = calendar_named("country:CN"), calendar_named("china")
    for n in range(365):
        day = date(2021, 1, 1) + timedelta(days=n)
        assert country.is_working_day(day) == china.is_working_day(day), day


def test_without_the_extra_the_error_prints_the_install_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    for ask in (
        lambda: calendar_named("country:GB"),
        lambda: CountryCalendar("GB").is_working_day(date(2021, 1, 1)),
    ):
        with pytest.raises(MissingExtra, match=r"pip install 'reformflow\[calendars\]'"):
            ask()
    assert calendar_named("china").is_working_day(date(2021, 2, 20))
