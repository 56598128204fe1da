"""Counting days against slow, independent oracles."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from reformflow.calendars import (
    Overrides,
    add_days,
    add_months,
    add_working_days,
    add_years,
    calendar_named,
    month_end,
    next_of,
    roll,
    working_days_between,
)
from reformflow.calendars.workdays import EveryDayCalendar, WeekdayCalendar
from reformflow.errors import CalendarError

CHINA = calendar_named("china")
ONE_DAY = timedelta(days=1)
CHINESE_DAYS = st.dates(date(2006, 1, 1), date(2024, 12, 31))
YEARLY = st.lists(
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda d: (d.month, d.day)), min_size=1
)


def stepped(day: date, n: int) -> date:
    """Walk day by day, asking the raw library, until the n-th working day is passed."""
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not chinese_calendar.is_workday(day):
            day += step
    return day


@given(CHINESE_DAYS, st.integers(-60, 60))
def test_adding_working_days_is_stepping_day_by_day(day: date, n: int) -> None:
    assert add_working_days(CHINA, day, n) == stepped(day, n)


@given(CHINESE_DAYS, st.integers(-40, 200))
def test_working_days_between_are_those_after_the_start_up_to_the_end(day: date, n: int) -> None:
    end = day + timedelta(days=n)
    days = (day + timedelta(days=k) for k in range(1, n + 1))
    assert working_days_between(CHINA, day, end) == sum(map(chinese_calendar.is_workday, days))


@given(CHINESE_DAYS, st.integers(1, 200))
def test_counting_and_adding_working_days_are_inverse(day: date, n: int) -> None:
    assert working_days_between(CHINA, day, add_working_days(CHINA, day, n)) == n


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2021, 2, 10), 1, date(2021, 2, 18)),
        (date(2021, 2, 10), 3, date(2021, 2, 20)),  # a Saturday that is worked
        (date(2021, 2, 10), 4, date(2021, 2, 22)),
        (date(2021, 2, 18), -1, date(2021, 2, 10)),
        (date(2021, 2, 14), 0, date(2021, 2, 14)),  # none to count: the day itself, worked or not
        (date(2021, 2, 14), -1, date(2021, 2, 10)),
    ],
)
def test_working_days_over_spring_festival(start: date, n: int, expected: date) -> None:
    assert add_working_days(CHINA, start, n) == expected


def test_ten_thousand_working_days_are_two_thousand_weeks() -> None:
    monday = date(2021, 1, 4)
    assert add_working_days(WeekdayCalendar(), monday, 10_000) == monday + timedelta(weeks=2_000)
    assert add_working_days(WeekdayCalendar(), monday, -10_000) == monday - timedelta(weeks=2_000)


@given(st.dates(), st.integers(-4_000_000, 4_000_000))
def test_days_are_added_or_refused(day: date, n: int) -> None:
    """Also: where every day is worked, working days are calendar days."""
    try:
        expected = day + timedelta(days=n)
    except OverflowError:
        for add in (add_days, lambda d, k: add_working_days(EveryDayCalendar(), d, k)):
            with pytest.raises(CalendarError, match="outside the years 1 to 9999"):
                add(day, n)
    else:
        assert add_days(day, n) == expected
        if abs(n) < 1_000:
            assert add_working_days(EveryDayCalendar(), day, n) == expected


@given(st.dates(), st.integers(-130_000, 130_000))
def test_months_and_years_are_those_of_dateutil(day: date, n: int) -> None:
    for add, delta in ((add_months, {"months": n}), (add_years, {"years": n})):
        try:
            expected = day + relativedelta(**delta)
        except (ValueError, OverflowError):
            with pytest.raises(CalendarError, match="outside the years"):
                add(day, n)
        else:
            assert add(day, n) == expected


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(-1_000, 1_000))
def test_a_month_end_is_the_day_before_a_first(day: date, n: int) -> None:
    end = month_end(day, n)
    assert (end + ONE_DAY).day == 1
    assert end.day == gregorian.monthrange(end.year, end.month)[1]
    assert (end.year - day.year) * 12 + end.month - day.month == n


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (add_months(date(2021, 1, 31), 1), date(2021, 2, 28)),
        (add_months(date(2020, 1, 31), 1), date(2020, 2, 29)),
        (add_months(date(2021, 3, 31), -1), date(2021, 2, 28)),
        (add_years(date(2020, 2, 29), 1), date(2021, 2, 28)),
        (add_years(date(2020, 2, 29), 4), date(2024, 2, 29)),
        (add_years(date(1896, 2, 29), 4), date(1900, 2, 28)),
        (month_end(date(2021, 2, 10)), date(2021, 2, 28)),
        (month_end(date(2024, 1, 5), 1), date(2024, 2, 29)),
        (month_end(date(9999, 12, 1)), date(9999, 12, 31)),
    ],
)
def test_month_ends_and_leap_days_clamp(got: date, expected: date) -> None:
    assert got == expected


@given(st.dates(date(1890, 1, 1), date(2110, 12, 31)), YEARLY)
def test_the_next_yearly_day_is_found_by_walking(day: date, yearly: list[tuple[int, int]]) -> None:
    walked = day + ONE_DAY
    while True:
        names = {(walked.month, walked.day)}
        if names == {(2, 28)} and not gregorian.isleap(walked.year):
            names.add((2, 29))
        if names & set(yearly):
            break
        walked += ONE_DAY
    assert next_of(day, yearly) == walked


def test_the_next_yearly_day_is_strictly_after() -> None:
    halves = [(6, 30), (12, 31)]
    assert next_of(date(2021, 6, 29), halves) == date(2021, 6, 30)
    assert next_of(date(2021, 6, 30), halves) == date(2021, 12, 31)
    assert next_of(date(2021, 12, 31), halves) == date(2022, 6, 30)
    assert next_of(date(9998, 12, 31), halves) == date(9999, 6, 30)
    with pytest.raises(CalendarError, match="outside the years"):
        next_of(date(9999, 12, 31), halves)


@pytest.mark.parametrize(
    "yearly", [[], [(2, 30)], [(4, 31)], [(0, 1)], [(13, 1)], [(1, 0)], [(1, 1), (6, 31)]]
)
def test_what_is_no_day_of_the_year_is_refused(yearly: list[tuple[int, int]]) -> None:
    with pytest.raises(CalendarError):
        next_of(date(2021, 1, 1), yearly)


@given(CHINESE_DAYS)
def test_rolling_finds_the_nearest_working_day_on_its_side(day: date) -> None:
    later, earlier = roll(CHINA, day, "next_working_day"), roll(CHINA, day, "previous_working_day")
    assert roll(CHINA, day, "none") == day
    assert earlier <= day <= later
    for found in (later, earlier):
        assert chinese_calendar.is_workday(found)
    between = [earlier + timedelta(days=n) for n in range(1, (later - earlier).days)]
    assert not any(map(chinese_calendar.is_workday, between))


def test_an_unknown_roll_names_the_nearest() -> None:
    with pytest.raises(CalendarError, match="did you mean 'next_working_day'"):
        roll(CHINA, date(2021, 2, 14), "next_workday")


@given(st.sampled_from([-1, 1]), st.integers(10_000_000, 10**30))
def test_an_absurd_amount_is_refused_at_once(sign: int, n: int) -> None:
    day = date(2021, 1, 1)
    for add in (add_days, add_months, add_years, month_end):
        with pytest.raises(CalendarError):
            add(day, sign * n)
    # Refused before the calendar is asked: it would have run out of years, after thousands of days.
    with pytest.raises(CalendarError, match="outside the years"):
        add_working_days(CHINA, day, sign * n)


@pytest.mark.parametrize(
    ("day", "n"),
    [(date(9999, 12, 30), 3), (date(9999, 12, 25), 6), (date(1, 1, 2), -3), (date(1, 1, 8), -6)],
)
def test_working_days_stop_at_the_ends_of_time(day: date, n: int) -> None:
    with pytest.raises(CalendarError, match="outside the years"):
        add_working_days(WeekdayCalendar(), day, n)


@given(st.dates(date(2060, 1, 1), date(2060, 11, 1)), st.integers(1, 40), st.data())
def test_overridden_years_are_counted_by_their_lists(
    day: date, n: int, data: st.DataObject
) -> None:
    year = st.dates(date(2060, 1, 1), date(2060, 12, 31))
    off = data.draw(st.frozensets(year, max_size=30))
    worked = data.draw(st.frozensets(year, max_size=10)) - off
    calendar = calendar_named("china", Overrides(off, worked, frozenset({2060})))
    left, walked = n, day
    while left:
        walked += ONE_DAY
        assume(walked.year == 2060)
        left -= walked in worked or (walked.weekday() < 5 and walked not in off)
    assert add_working_days(calendar, day, n) == walked


def test_results_are_plain_dates_even_from_a_datetime() -> None:
    instant = datetime(2021, 2, 10, 23, 30)  # noqa: DTZ001 - a wrong argument on purpose
    for n in (0, 1):
        assert type(add_days(instant, n)) is date
        assert type(add_months(instant, n)) is date
        assert type(add_working_days(CHINA, instant, n)) is date
