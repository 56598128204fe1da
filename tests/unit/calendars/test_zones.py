"""Which day it is, and when it is over, in zones whose clocks jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reformflow.calendars import end_of_day, local_date, zone_named
from reformflow.errors import CalendarError

SECOND = timedelta(seconds=1)
ZONES = (
    "Asia/Shanghai",
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "America/Toronto",
    "Africa/Cairo",
    "Asia/Beirut",
    "Europe/London",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/Juneau",
)


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("Asia/Shanghai", date(2021, 2, 10), "2021-02-10T16:00"),
        ("UTC", date(2024, 2, 29), "2024-03-01T00:00"),
        ("America/New_York", date(2021, 3, 13), "2021-03-14T05:00"),
        ("America/New_York", date(2021, 3, 14), "2021-03-15T04:00"),  # a day of 23 hours
        ("America/New_York", date(2021, 11, 7), "2021-11-08T05:00"),  # a day of 25 hours
        ("Africa/Cairo", date(2023, 4, 27), "2023-04-27T22:00"),  # midnight is skipped
        ("Africa/Cairo", date(2023, 10, 26), "2023-10-26T22:00"),  # 23:00 to 24:00 comes twice
        ("America/Havana", date(2021, 11, 6), "2021-11-07T04:00"),  # the first of two midnights
        ("America/St_Johns", date(2010, 11, 6), "2010-11-07T03:30"),  # 00:01 goes back to 23:01
        ("America/Toronto", date(1919, 3, 30), "1919-03-31T04:30"),  # 23:30 jumps to 00:30
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00"),  # a day that never was
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-31T10:00"),
    ],
)
def test_known_days_end_when_they_ended(zone: str, day: date, utc: str) -> None:
    assert end_of_day(day, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(st.sampled_from(ZONES), st.dates(date(1860, 1, 1), date(2060, 1, 1)))
@example("America/Juneau", date(1867, 10, 17))  # a day lived twice
@example("America/Juneau", date(1867, 10, 18))
@example("America/Toronto", date(1919, 3, 30))
@example("America/St_Johns", date(2010, 11, 6))
@example("America/Havana", date(2021, 11, 6))
@example("Africa/Cairo", date(2023, 4, 27))
@example("Africa/Cairo", date(2023, 10, 26))
@example("Pacific/Apia", date(2011, 12, 29))
def test_a_day_is_over_for_good_and_not_a_second_early(zone: str, day: date) -> None:
    """Walk two days in small steps: before the end never a later day alone, after it always."""
    assume((zone, day) != ("Pacific/Apia", date(2011, 12, 30)))  # never was, so never shown
    end = end_of_day(day, zone)
    assert end.utcoffset() == timedelta(0)
    assert local_date(end - SECOND, zone) == day
    for minutes in range(0, 49 * 60, 13):
        assert local_date(end + timedelta(minutes=minutes), zone) > day


@given(st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_the_day_does_not_depend_on_how_the_instant_is_written(naive: datetime, zone: str) -> None:
    instant = naive.replace(tzinfo=UTC)
    elsewhere = instant.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    assert local_date(instant, zone) == local_date(elsewhere, zone)
    assert local_date(instant, zone) == instant.astimezone(zone_named(zone)).date()


def test_the_last_second_of_a_day_in_shanghai_is_still_that_day() -> None:
    last = datetime(2021, 2, 10, 15, 59, 59, tzinfo=UTC)
    assert local_date(last, "Asia/Shanghai") == date(2021, 2, 10)
    assert local_date(last + SECOND, "Asia/Shanghai") == date(2021, 2, 11)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(CalendarError, match="no offset from UTC"):
        local_date(datetime(2021, 2, 10, 12), "Asia/Shanghai")  # noqa: DTZ001 - the bad input


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Asia/Shangai", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("America/NewYork", "America/New_York"),
        ("Europe/Londn", "Europe/London"),
    ],
)
def test_an_unknown_zone_names_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(CalendarError) as caught:
        zone_named(wrong)
    assert repr(right) in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "",
        "America",
        "../etc/passwd",
        "/etc/passwd",
        "/dev/zero",
        "\0",
        "\ud800",
        "x" * 1_000,
        "zone.tab",
        "localtime",
        "posixrules",
        "right/UTC",
        "posix/UTC",
    ],
    ids=ascii,
)
def test_what_is_no_zone_is_refused_whatever_file_it_names(name: str) -> None:
    with pytest.raises(CalendarError) as caught:
        zone_named(name)
    assert len(str(caught.value)) < 300


def test_days_at_the_ends_of_time_end_where_an_instant_exists() -> None:
    assert end_of_day(date.min, "Asia/Shanghai").date() == date.min
    assert end_of_day(date(9999, 12, 30), "Asia/Shanghai").date() == date(9999, 12, 30)
    for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
        with pytest.raises(CalendarError, match="too near the end"):
            end_of_day(date.max, zone)


@pytest.mark.parametrize(
    ("instant", "zone"),
    [
        (datetime(9999, 12, 31, 20, tzinfo=UTC), "Asia/Shanghai"),
        (datetime(1, 1, 1, 2, tzinfo=UTC), "America/New_York"),
    ],
    ids=["last", "first"],
)
def test_instants_at_the_ends_of_time_are_errors_with_a_name(instant: datetime, zone: str) -> None:
    with pytest.raises(CalendarError, match="too near the end"):
        local_date(instant, zone)
