"""China's calendar against the raw functions of the library its notices come from."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import pytest

from reformflow.calendars.china import ChinaCalendar
from reformflow.errors import CalendarError

CHINA = ChinaCalendar()
LAST_YEAR = max(chinese_calendar.holidays).year


def test_spring_festival_of_2021_and_its_make_up_days() -> None:
    festival = [date(2021, 2, 11) + timedelta(days=n) for n in range(7)]
    assert not any(map(CHINA.is_working_day, festival))
    assert CHINA.is_working_day(date(2021, 2, 10))
    assert CHINA.is_working_day(date(2021, 2, 18))
    assert CHINA.is_working_day(date(2021, 2, 20))  # a Saturday worked instead
    assert CHINA.is_weekend(date(2021, 2, 20))
    assert CHINA.is_working_day(date(2021, 2, 7))  # a Sunday worked instead
    assert not CHINA.is_working_day(date(2021, 2, 21))


@pytest.mark.parametrize("year", [2004, 2020, 2021, LAST_YEAR])
def test_every_day_of_a_year_agrees_with_the_library(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert CHINA.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(LAST_YEAR + 1, 1, 4), date.max])
def test_a_year_without_a_notice_is_an_error_that_says_how_to_add_it(day: date) -> None:
    with pytest.raises(CalendarError) as caught:
        CHINA.is_working_day(day)
    assert f"no data for {day.year}" in caught.value.message
    for word in ("`years`", "`days_off`", "`working_days`", str(day.year)):
        assert word in caught.value.hint


def test_the_holiday_libraries_are_not_loaded_before_they_are_needed() -> None:
    """Importing the package and naming China's calendar reads no table of holidays."""
    program = (
        "import sys, reformflow.calendars as c; c.calendar_named('china');"
        "sys.exit(bool({'chinese_calendar', 'holidays'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
