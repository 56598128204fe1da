"""I10: time brings what it brings on its day: never early, at most once, whatever the clock does.

A trace is what a machine's clock shows over the life of a few cases: it jumps, goes backwards,
crosses midnights that come twice or never, leap days and years. What must come about is counted
here by hand, in calendar days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest

from reformflow.casework import Book, connect
from reformflow.errors import RequestError
from reformflow.model import Reform
from support.errands import CHIEF, CLERK, errand
from support.soak import amount, chance

TRACES = amount(10, 560)
STEPS = 14
ZONES = [
    "Asia/Shanghai",
    "America/New_York",  # clocks change at two in the morning
    "America/Sao_Paulo",  # clocks changed at midnight
    "Africa/Cairo",  # midnight comes twice
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",  # left out a whole day
    "Pacific/Kiritimati",  # the earliest
    "Etc/GMT+12",  # the latest
    "Asia/Kathmandu",
]
MOMENTS = [
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2018, 11, 4, 3, tzinfo=UTC),
    datetime(2020, 2, 28, 23, 59, tzinfo=UTC),
    datetime(2021, 3, 14, 7, tzinfo=UTC),
    datetime(2021, 11, 7, 6, tzinfo=UTC),
    datetime(2023, 12, 31, 16, tzinfo=UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2024, 4, 25, 22, tzinfo=UTC),
    datetime(2024, 10, 31, 21, tzinfo=UTC),
]
DAY = timedelta(days=1)


@attrs.define
class Trace:
    """One life: an errand that silence ends, and a plan that reports every week."""

    book: Book
    clock: list[datetime]
    zone: ZoneInfo
    rng: Random
    name: str
    sent_on: date | None = None
    reports_from: date | None = None
    furthest: date = date.min
    since_sent: date = date.min
    agreed: bool = False

    @property
    def today(self) -> date:
        return self.clock[0].astimezone(self.zone).date()

    def begin(self) -> None:
        facts = {"first_report_on": self.today}
        self.book.open(f"{self.name}p", "plan", actor=CHIEF, on=self.today)
        errand(self.book, f"{self.name}e", on=self.today)
        if self.book.record(f"{self.name}p", facts, actor=CHIEF, on=self.today).granted:
            self.reports_from = self.today

    def move(self) -> None:
        """Let the clock go on, jump or go back."""
        hours = self.rng.choice([0.02, 1, 6, 11, 24, 24 * 3, 24 * 11, 24 * 40, -1, -25, -24 * 9])
        self.clock[0] += timedelta(hours=hours * self.rng.uniform(0.9, 1.1))

    def act(self) -> None:
        """Send the errand, or send it back, if that is granted on this day."""
        case, today = f"{self.name}e", self.today
        if self.sent_on is None:
            if self.book.fire(case, "send", actor=CLERK, on=today, reason="晚").granted:
                self.sent_on = self.since_sent = today
        elif self.rng.random() < 0.3:
            back = self.book.fire(case, "return_it", actor=CHIEF, on=today, reason="改")
            if back.granted:
                self.sent_on = None

    def look(self) -> None:
        """Let time pass for today, never for tomorrow, and count what it has brought."""
        cases = [f"{self.name}p", f"{self.name}e"]
        with pytest.raises(RequestError, match="has not come yet"):
            self.book.tick(self.today + DAY, cases=cases)
        brought = self.book.tick(self.today, cases=cases)
        assert all(entry.on <= self.today for each in brought for entry in each.entries)
        assert self.book.tick(self.today, cases=cases) == []
        self.furthest = max(self.furthest, self.today)
        self.since_sent = max(self.since_sent, self.today)
        self.check_silence()
        self.check_reports()

    def check_silence(self) -> None:
        """Ten days after it was sent are over on the eleventh; then it is agreed, once."""
        history = self.book.history(f"{self.name}e")
        silences = [entry for entry in history if entry.name == "agree_by_silence"]
        self.agreed = self.sent_on is not None and self.since_sent > self.sent_on + 10 * DAY
        if self.sent_on is not None and self.agreed:
            assert [entry.on for entry in silences] == [self.sent_on + 11 * DAY]
            assert self.book.case(f"{self.name}e").values["progress.state"] == "done"
        else:
            assert silences == []

    def check_reports(self) -> None:
        """A report opens at once, and another on the day after each was due, a week later."""
        if self.reports_from is None:
            return
        weeks = max(1, -((self.reports_from - self.furthest).days // 7))
        reports = [
            case.values["due_on"]
            for case in self.book.cases("report")
            if case.parent == f"{self.name}p"
        ]
        assert len(reports) == weeks
        assert all(isinstance(later, date) for later in reports)
        assert reports[0] == self.reports_from + 7 * DAY
        assert {later - earlier for earlier, later in pairwise(reports)} <= {7 * DAY}


@pytest.mark.parametrize("zone", ZONES)
def test_time_is_never_early_and_brings_nothing_twice(errands: Reform, zone: str) -> None:
    rng = chance("clocks", zone)
    clock = [MOMENTS[0]]
    reform = attrs.evolve(errands, time_zone=zone)
    with connect("sqlite://", reform, clock=lambda: clock[0]) as book:
        agreed = 0
        for number in range(TRACES):
            clock[0] = rng.choice(MOMENTS) + timedelta(hours=rng.uniform(-30, 30))
            trace = Trace(book, clock, ZoneInfo(zone), rng, f"{number}/")
            trace.begin()
            for _ in range(STEPS):
                trace.look()
                trace.move()
                trace.look()
                trace.act()
            agreed += trace.agreed
        assert agreed > TRACES // 4
        assert book.verify() == ()


def test_a_book_that_is_a_day_ahead_is_noticed(errands: Reform) -> None:
    clock = [MOMENTS[0]]
    with connect("sqlite://", errands, clock=lambda: clock[0] + DAY) as book:
        trace = Trace(book, clock, ZoneInfo(errands.time_zone), chance("ahead"), "a/")
        trace.begin()
        with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
            trace.look()
