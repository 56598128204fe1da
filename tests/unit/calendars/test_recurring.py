"""The periods of recurring duties."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from reformflow.calendars import add_working_days, calendar_named, recurrence, roll
from reformflow.errors import CalendarError

CHINA = calendar_named("china")
DAYS = st.dates(date(2010, 1, 1), date(2019, 12, 31))


def dues(n: int, **how: object) -> list[date]:
    periods = recurrence(CHINA, until=date(2024, 12, 31), **how)
    return [due for _, _, due in islice(periods, n)]


def test_month_ends_do_not_drift() -> None:
    assert dues(4, first=date(2021, 1, 31), unit="months", amount=1) == [
        date(2021, 1, 31),
        date(2021, 2, 28),
        date(2021, 3, 31),
        date(2021, 4, 30),
    ]


def test_a_leap_day_comes_back() -> None:
    yearly = dues(5, first=date(2016, 2, 29), unit="years", amount=1)
    assert yearly[1] == date(2017, 2, 28)
    assert yearly[4] == date(2020, 2, 29)


def test_a_report_after_sixty_days_and_every_thirty_thereafter() -> None:
    """The status reports of a directive of 2017: 15 December, then every 30 calendar days."""
    assert dues(3, first=date(2017, 12, 15), unit="days", amount=30) == [
        date(2017, 12, 15),
        date(2018, 1, 14),
        date(2018, 2, 13),
    ]


def test_half_years_and_month_ends() -> None:
    halves = [(6, 30), (12, 31)]
    assert dues(3, first=date(2021, 3, 1), unit="next", yearly=halves) == [
        date(2021, 3, 1),
        date(2021, 6, 30),
        date(2021, 12, 31),
    ]
    assert dues(3, first=date(2021, 1, 31), unit="month_end", amount=1) == [
        date(2021, 1, 31),
        date(2021, 2, 28),
        date(2021, 3, 31),
    ]


def test_a_period_starts_on_the_day_after_the_one_before_is_due() -> None:
    got = recurrence(
        CHINA,
        first=date(2021, 6, 30),
        unit="next",
        yearly=[(6, 30), (12, 31)],
        opens=date(2021, 2, 1),
        until=date(2022, 1, 1),
    )
    assert list(got) == [
        (1, date(2021, 2, 1), date(2021, 6, 30)),
        (2, date(2021, 7, 1), date(2021, 12, 31)),
        (3, date(2022, 1, 1), date(2022, 6, 30)),
    ]


@pytest.mark.parametrize(("until", "periods"), [(9, 0), (10, 1), (11, 2), (40, 2), (41, 3)])
def test_a_period_is_there_from_its_first_day_on(until: int, periods: int) -> None:
    """Period 1 starts on its own due date, 10 January, unless told otherwise."""
    first = date(2021, 1, 10)
    end = date(2021, 1, 1) + timedelta(days=until - 1)
    assert len(list(recurrence(CHINA, first=first, unit="days", amount=30, until=end))) == periods


def test_due_dates_are_rolled_one_by_one_and_do_not_drift() -> None:
    got = dues(3, first=date(2021, 1, 14), unit="months", amount=1, roll="next_working_day")
    assert got == [date(2021, 1, 14), date(2021, 2, 18), date(2021, 3, 15)]  # festival, Sunday


@given(DAYS, st.integers(1, 40), st.integers(1, 12))
def test_period_k_is_counted_from_the_first_date(first: date, amount: int, k: int) -> None:
    """Against dateutil for months, multiplication for days, one long count for working days."""
    steps = amount * (k - 1)
    months = min(steps, 48)
    assert dues(k, first=first, unit="days", amount=amount)[-1] == first + timedelta(days=steps)
    assert dues(months + 1, first=first, unit="months", amount=1)[-1] == first + relativedelta(
        months=months
    )
    assert dues(k, first=first, unit="working_days", amount=amount)[-1] == add_working_days(
        CHINA, first, steps
    )


@given(
    DAYS,
    st.sampled_from(["days", "working_days", "weeks", "months", "years", "month_end"]),
    st.integers(1, 5),
    st.sampled_from(["none", "next_working_day", "previous_working_day"]),
)
def test_periods_are_numbered_in_order_and_none_starts_after_it_is_due(
    first: date, unit: str, amount: int, how: str
) -> None:
    """The first date is rolled like the others: `recurrence` takes it as it is given."""
    first = roll(CHINA, first, how)
    until = first + timedelta(days=300)
    periods = list(recurrence(CHINA, first=first, unit=unit, amount=amount, roll=how, until=until))
    assert [number for number, _, _ in periods] == list(range(1, len(periods) + 1))
    for _, start, due in periods:
        assert start <= due
        assert start <= until
    days = [due for _, _, due in periods]
    assert days == sorted(days)
    assert days[-1] >= until or how == "previous_working_day"


@pytest.mark.parametrize(
    "how",
    [
        {"unit": "days", "amount": 0},
        {"unit": "months", "amount": -1},
        {"unit": "on"},
        {"unit": "fortnights", "amount": 1},
        {"unit": "next"},
        {"unit": "next", "yearly": [(2, 30)]},
        {"unit": "next", "amount": 2, "yearly": [(6, 30)]},
        {"unit": "days", "amount": 1, "roll": "nxt"},
    ],
)
def test_what_cannot_recur_is_refused_before_the_first_period(how: dict[str, object]) -> None:
    with pytest.raises(CalendarError):
        recurrence(CHINA, first=date(2021, 1, 1), until=date(2021, 12, 31), **how)


def test_the_end_of_time_is_an_error_and_not_a_loop() -> None:
    periods = recurrence(CHINA, first=date(9990, 1, 1), unit="years", amount=5, until=date.max)
    with pytest.raises(CalendarError, match="outside the years"):
        list(periods)
