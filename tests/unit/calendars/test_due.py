"""Due dates of a specification, and clocks that stand still for a while."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reformflow.calendars import (
    add_days,
    add_working_days,
    calendar_named,
    due_date,
    remaining,
    resume,
    roll,
    shifted,
    working_days_between,
)
from reformflow.calendars.due import UNITS
from reformflow.errors import CalendarError
from reformflow.model.dates import Boundary, Roll, Unit

CHINA = calendar_named("china")
WEEKDAYS = calendar_named("weekdays")
DAYS = st.dates(date(2010, 1, 1), date(2024, 6, 30))
KINDS = st.sampled_from(["days", "working_days"])


@pytest.mark.parametrize(
    ("unit", "amount", "expected"),
    [
        ("on", 0, date(2021, 1, 31)),
        ("days", 10, date(2021, 2, 10)),
        ("days", -10, date(2021, 1, 21)),
        ("weeks", 2, date(2021, 2, 14)),
        ("weeks", -1, date(2021, 1, 24)),
        ("working_days", 9, date(2021, 2, 10)),
        ("working_days", 12, date(2021, 2, 20)),
        ("months", 1, date(2021, 2, 28)),
        ("years", -1, date(2020, 1, 31)),
        ("month_end", 0, date(2021, 1, 31)),
        ("month_end", 3, date(2021, 4, 30)),
        ("next", 0, date(2021, 3, 31)),
    ],
)
def test_each_unit_counts_from_the_anchor(unit: str, amount: int, expected: date) -> None:
    got = due_date(
        CHINA, anchor=date(2021, 1, 31), unit=unit, amount=amount, yearly=[(3, 31), (9, 30)]
    )
    assert got == expected


def test_every_unit_of_the_model_is_counted() -> None:
    """A definition's words are the calendar's words: units, rolls and boundaries alike."""
    assert set(UNITS) == {unit.value for unit in Unit}
    for unit in Unit:
        for how in Roll:
            for boundary in Boundary:
                amount = 0 if unit in {"on", "next"} else 1
                assert due_date(
                    CHINA,
                    anchor=date(2021, 1, 31),
                    unit=unit,
                    amount=amount,
                    roll=how,
                    boundary=boundary,
                    yearly=[(3, 31)],
                )


def test_the_order_is_count_then_roll_then_boundary() -> None:
    """11 February 2021 begins a holiday: rolled on to the 18th, exclusive makes it the 17th."""
    anchor = date(2021, 2, 1)

    def due(**how: str) -> date:
        return due_date(CHINA, anchor=anchor, unit="days", amount=10, **how)

    assert due() == date(2021, 2, 11)
    assert due(roll="next_working_day") == date(2021, 2, 18)
    assert due(roll="previous_working_day") == date(2021, 2, 10)
    assert due(boundary="exclusive") == date(2021, 2, 10)
    assert due(roll="next_working_day", boundary="exclusive") == date(2021, 2, 17)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"anchor": None}, "not known yet"),
        ({"anchor": datetime(2021, 2, 1, tzinfo=UTC)}, "an instant, not a day"),
        ({"unit": "workdays"}, "did you mean 'working_days'"),
        ({"unit": "on", "amount": 1}, "takes no amount"),
        ({"unit": "next", "amount": 2, "yearly": [(6, 30)]}, "takes no amount"),
        ({"unit": "next", "amount": 0}, "no yearly day"),
        ({"roll": "next"}, "unknown roll"),
        ({"boundary": "exclusiv"}, "did you mean 'exclusive'"),
        ({"unit": "working_days", "amount": 20_000}, "no data for"),
        ({"amount": 10**12}, "outside the years"),
        ({"unit": "on", "amount": 0, "anchor": date.min, "boundary": "exclusive"}, "outside"),
    ],
)
def test_what_cannot_be_counted_says_why(wrong: dict[str, object], says: str) -> None:
    arguments = {"anchor": date(2021, 2, 1), "unit": "days", "amount": 1} | wrong
    with pytest.raises(CalendarError) as caught:
        due_date(CHINA, **arguments)
    assert says in str(caught.value)
    assert caught.value.hint


@given(DAYS, st.integers(0, 100), KINDS)
def test_suspending_and_resuming_on_one_day_changes_nothing(day: date, n: int, unit: str) -> None:
    day = roll(CHINA, day, "next_working_day")
    due = due_date(CHINA, anchor=day, unit=unit, amount=n)
    left = remaining(CHINA, unit=unit, suspended_on=day, due=due)
    assert left == n
    assert resume(CHINA, unit=unit, resumed_on=day, remaining=left) == due
    assert shifted(CHINA, unit=unit, due=due, suspended_on=day, resumed_on=day) == due


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_each_day_suspended_moves_the_date_by_one_day(day: date, n: int, gone: int) -> None:
    due = add_days(day, n)
    left = remaining(CHINA, unit="months", suspended_on=day, due=due)
    resumed = add_days(day, gone)
    assert resume(CHINA, unit="months", resumed_on=resumed, remaining=left) == add_days(due, gone)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_each_working_day_suspended_moves_the_date_by_one(day: date, n: int, gone: int) -> None:
    """Both are any days, worked or not; only the due date is a working day."""
    due = roll(CHINA, add_days(day, n), "next_working_day")
    resumed = add_days(day, gone)
    left = remaining(CHINA, unit="working_days", suspended_on=day, due=due)
    moved = add_working_days(CHINA, due, working_days_between(CHINA, day, resumed))
    assert resume(CHINA, unit="working_days", resumed_on=resumed, remaining=left) == moved


@given(DAYS, st.integers(0, 60), st.lists(st.integers(0, 9), max_size=6), KINDS)
def test_many_short_suspensions_move_the_date_as_one_long_one(
    day: date, n: int, gaps: list[int], unit: str
) -> None:
    due = due_date(CHINA, anchor=day, unit=unit, amount=n)
    moved, now = due, day
    for gap in gaps:
        then, now = now, add_days(now, gap)
        assume(moved >= then)  # else it ran out in between, on days of rest
        moved = shifted(CHINA, unit=unit, due=moved, suspended_on=then, resumed_on=now)
    assert moved == shifted(CHINA, unit=unit, due=due, suspended_on=day, resumed_on=now)


@given(DAYS, st.integers(-60, 60), st.integers(0, 60), KINDS)
def test_a_suspension_is_never_shorter_than_nothing(
    day: date, n: int, gone: int, unit: str
) -> None:
    """Whatever is suspended, days left are not negative and a date never moves back."""
    due, resumed = add_days(day, n), add_days(day, gone)
    assert remaining(CHINA, unit=unit, suspended_on=day, due=due) >= 0
    moved = shifted(CHINA, unit=unit, due=due, suspended_on=day, resumed_on=resumed)
    assert moved >= due
    if n < 0:
        assert moved == due  # it had run out before


def test_a_weekend_of_suspension_is_free_in_working_days() -> None:
    friday, saturday, monday = date(2021, 3, 5), date(2021, 3, 6), date(2021, 3, 8)
    due = date(2021, 3, 10)
    left = remaining(WEEKDAYS, unit="working_days", suspended_on=friday, due=due)
    assert left == 3
    for day, expected in ((saturday, due), (monday, due + timedelta(days=1))):
        assert resume(WEEKDAYS, unit="working_days", resumed_on=day, remaining=left) == expected
    last = remaining(WEEKDAYS, unit="working_days", suspended_on=friday, due=friday)
    assert last == 0
    assert resume(WEEKDAYS, unit="working_days", resumed_on=saturday, remaining=last) == friday


def test_a_due_date_on_a_day_of_rest_survives_a_suspension_of_no_days() -> None:
    friday, sunday = date(2021, 3, 5), date(2021, 3, 7)
    how = {"unit": "working_days", "suspended_on": friday}
    assert shifted(WEEKDAYS, due=sunday, resumed_on=friday, **how) == sunday


def test_a_resumption_before_the_suspension_is_refused() -> None:
    with pytest.raises(CalendarError, match="before the suspension"):
        shifted(
            WEEKDAYS,
            unit="days",
            due=date(2021, 3, 9),
            suspended_on=date(2021, 3, 5),
            resumed_on=date(2021, 3, 4),
        )
