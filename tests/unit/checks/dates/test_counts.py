"""A count is exact from a known day, and bounded by what it comes to from any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.binding import BoundWhen
from reformflow.calendars import Calendar, calendar_named
from reformflow.checks.dates.counts import Count
from reformflow.model import Unit

EFFECTIVE = date(2021, 2, 20)
CHINA = calendar_named("china")
WEEKDAYS = calendar_named("weekdays")


def count(
    unit: str,
    amount: int = 0,
    *,
    calendar: Calendar = WEEKDAYS,
    roll: str = "none",
    boundary: str = "inclusive",
    days_of_year: tuple[tuple[int, int], ...] = (),
) -> Count:
    when = BoundWhen(Unit(unit), amount, "opened.on", None, days_of_year, roll, boundary, when=None)
    found = Count.of(when, calendar, EFFECTIVE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("found", "least", "most"),
    [
        (count("days", 10), 10, 10),
        (count("days", 10, boundary="exclusive"), 9, 9),
        (count("weeks", -2), -14, -14),
        (count("months", 1), 28, 31),
        (count("years", 1), 365, 366),
        (count("month_end", 0), 0, 30),
        (count("next", days_of_year=((6, 30), (12, 31))), 1, 184),
        (count("working_days", 5), 5, 7),
        (count("days", 1, roll="next_working_day"), 1, 3),
        (count("days", 1, roll="previous_working_day"), -1, 1),
    ],
)
def test_the_bounds_of_a_count(found: Count, least: int, most: int) -> None:
    assert (found.least, found.most) == (least, most)


COUNTS = [
    count("days", 10),
    count("months", 1),
    count("months", -2),
    count("month_end", 1),
    count("working_days", 5),
    count("working_days", 5, calendar=CHINA),
    count("days", 30, calendar=CHINA, roll="next_working_day"),
    count("next", days_of_year=((2, 29), (12, 31))),
]
DAYS = st.integers(0, 1500).map(lambda number: date(2021, 1, 1) + timedelta(days=number))


@given(st.sampled_from(COUNTS), DAYS)
def test_every_day_lies_within_the_bounds(found: Count, anchor: date) -> None:
    day = found.day(anchor)
    assert day is not None
    assert found.least <= (day - anchor).days <= found.most


@given(st.sampled_from(COUNTS), DAYS)
def test_the_first_and_the_last_anchor_are_just_those(found: Count, day: date) -> None:
    first, last = found.first_anchor(day), found.last_anchor(day)
    one = timedelta(days=1)
    assert first is not None
    assert last is not None
    assert (found.day(first) or date.min) >= day > (found.day(first - one) or date.min)
    assert (found.day(last) or date.max) <= day < (found.day(last + one) or date.max)


def test_a_year_without_data_is_not_known() -> None:
    assert count("working_days", 5, calendar=CHINA).day(date(2050, 3, 1)) is None
    when = BoundWhen(Unit.WORKING_DAYS, 5, "opened.on", None, (), "none", "inclusive", when=None)
    assert Count.of(when, CHINA, date(2050, 1, 1)) is None


def test_the_ends_of_time_are_not_known() -> None:
    assert count("days", 10).day(date.max) is None
    assert count("days", 10).first_anchor(date.min) is None
