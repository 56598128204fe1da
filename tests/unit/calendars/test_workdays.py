"""Which days are worked: names, overrides, and years nobody knows."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.calendars import Overrides, add_working_days, calendar_named
from reformflow.calendars.workdays import EveryDayCalendar, WeekdayCalendar
from reformflow.errors import CalendarError

NAMES = ("china", "weekdays", "every-day", "country:GB", "country:GB-ENG", "country:US")


@pytest.mark.parametrize("name", NAMES)
def test_a_calendar_is_a_value_that_keeps_its_name_through_pickle(name: str) -> None:
    calendar = calendar_named(name)
    calendar.is_working_day(date(2021, 2, 10))  # whatever it looks up is no part of the value
    assert calendar.name == name
    assert calendar == calendar_named(name)
    assert hash(calendar) == hash(calendar_named(name))
    copy = pickle.loads(pickle.dumps(calendar))  # noqa: S301 - our own bytes
    assert copy == calendar
    assert copy.is_working_day(date(2021, 2, 10))
    assert len(pickle.dumps(calendar)) < 300


def test_an_overridden_calendar_is_a_picklable_value_too() -> None:
    overrides = Overrides(days_off=[date(2021, 5, 3)], working_days=[], years=[2031])
    calendar = calendar_named("china", overrides)
    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301 - our own bytes
    assert hash(calendar) == hash(calendar_named("china", overrides))
    assert calendar.name == "china"
    assert calendar.is_weekend(date(2021, 2, 20))
    assert calendar != calendar_named("china")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("chnia", "china"),
        ("China", "china"),
        ("weekday", "weekdays"),
        ("everyday", "every-day"),
        ("country:UK", "country:GB"),
        ("country:gb", "country:GB"),
        ("country:GB-EN", "country:GB-ENG"),
    ],
)
def test_an_unknown_calendar_names_the_nearest_one(wrong: str, right: str) -> None:
    with pytest.raises(CalendarError) as caught:
        calendar_named(wrong)
    assert repr(wrong) in caught.value.message
    assert repr(right) in caught.value.hint


@pytest.mark.parametrize(
    "name", ["", "country:", "country:GB-", "country", "x" * 1_000, "\0"], ids=ascii
)
def test_a_malformed_name_is_refused_briefly(name: str) -> None:
    with pytest.raises(CalendarError) as caught:
        calendar_named(name)
    assert len(str(caught.value)) < 300


@given(st.dates())
def test_weekdays_are_monday_to_friday_and_every_day_is_every_day(day: date) -> None:
    assert WeekdayCalendar().is_working_day(day) == (day.strftime("%w") not in "06")
    assert EveryDayCalendar().is_working_day(day)
    assert not EveryDayCalendar().is_weekend(day)
    assert WeekdayCalendar().is_weekend(day) != WeekdayCalendar().is_working_day(day)


def test_single_days_are_overridden_and_the_rest_of_the_year_stays() -> None:
    calendar = calendar_named(
        "china", Overrides(days_off=[date(2021, 3, 1)], working_days=[date(2021, 2, 11)])
    )
    plain = calendar_named("china")
    assert not calendar.is_working_day(date(2021, 3, 1))
    assert calendar.is_working_day(date(2021, 2, 11))
    year = (date(2021, 1, 1) + timedelta(days=n) for n in range(365))
    differing = [day for day in year if calendar.is_working_day(day) != plain.is_working_day(day)]
    assert differing == [date(2021, 2, 11), date(2021, 3, 1)]


def test_an_unknown_year_becomes_known_by_overrides() -> None:
    day_off, make_up = date(2060, 2, 2), date(2060, 2, 7)  # a Monday and a Saturday
    overrides = Overrides(days_off=[day_off], working_days=[make_up], years=[2060])
    with pytest.raises(CalendarError, match="no data for 2060"):
        calendar_named("china").is_working_day(day_off)
    calendar = calendar_named("china", overrides)
    assert not calendar.is_working_day(day_off)
    assert calendar.is_working_day(make_up)
    assert calendar.is_working_day(date(2060, 2, 3))
    assert not calendar.is_working_day(date(2060, 2, 8))
    with pytest.raises(CalendarError, match="no data for 2061"):
        add_working_days(calendar, date(2060, 12, 30), 5)


def test_listed_days_alone_do_not_make_their_year_known() -> None:
    calendar = calendar_named("china", Overrides(days_off=[date(2060, 2, 2)]))
    assert not calendar.is_working_day(date(2060, 2, 2))
    with pytest.raises(CalendarError, match="no data for 2060"):
        calendar.is_working_day(date(2060, 2, 3))


def test_a_year_of_overrides_replaces_the_calendars_own_holidays() -> None:
    calendar = calendar_named("country:US", Overrides(years=[2019]))
    assert calendar.is_working_day(date(2019, 5, 27))  # Memorial Day, no longer listed
    assert not calendar.is_working_day(date(2020, 5, 25))
    assert not calendar.is_working_day(date(2019, 5, 26))


def test_every_day_stays_every_day_in_an_overridden_year() -> None:
    calendar = calendar_named("every-day", Overrides(days_off=[date(2021, 1, 1)], years=[2021]))
    assert not calendar.is_working_day(date(2021, 1, 1))
    assert calendar.is_working_day(date(2021, 1, 2))  # a Saturday


def test_no_overrides_leave_the_calendar_itself() -> None:
    assert calendar_named("china", Overrides()) == calendar_named("china")


def test_a_day_both_off_and_worked_is_refused() -> None:
    day = date(2021, 2, 11)
    with pytest.raises(CalendarError, match="2021-02-11 both"):
        Overrides(days_off=[day], working_days=[day])
