"""I11: whatever fails, before or after any statement or commit, leaves the old state or the new.

Each request is sent again and again, each time with another statement failing; a failure is an
error of the database, or the connection breaks with it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import attrs
import pytest

from reformflow.casework import Book
from reformflow.errors import StoreError
from reformflow.model import Decision
from support.databases import Place
from support.errands import CHIEF, MONDAY, day, errand, granted, sent
from support.soak import SOAKING, chance
from support.wires import Tap, Wire, commits, tapped

Prepare = Callable[[Book, str], None]
Ask = Callable[[Book, str], Decision | list[Decision]]


@attrs.define
class Heard(Tap):
    """Keeps what was sent."""

    sent: list[str] = attrs.field(factory=list)

    def before(self, wire: Wire, sql: str) -> str:
        self.sent.append(sql)
        return sql


@attrs.define
class Breaks(Tap):
    """Fails before or after one statement, counted from 1, once."""

    fatal: int
    when: str
    cut: bool
    heard: int = 0

    def before(self, wire: Wire, sql: str) -> str:
        self.heard += 1
        if self.when == "before" and self.heard == self.fatal:
            raise self._failure(wire)
        return sql

    def after(self, wire: Wire, sql: str) -> None:
        if self.when == "after" and self.heard == self.fatal:
            raise self._failure(wire)

    def _failure(self, wire: Wire) -> Exception:
        return wire.cut() if self.cut else wire.error()


@attrs.define
class Tears(Breaks):
    """Does so too, and lets each statement after the first that writes be a unit of its own."""

    written: bool = False

    def before(self, wire: Wire, sql: str) -> str:
        if self.written and not commits(sql):
            wire.store_so_far()
        self.written = self.written or sql.startswith(("INSERT", "UPDATE"))
        return Breaks.before(self, wire, sql)


def family(book: Book, name: str) -> None:
    """Open a plan and its only errand, so that ending the errand moves both."""
    granted(book.open(f"{name}-p", "plan", actor=CHIEF, on=MONDAY))
    errand(book, f"{name}-e", parent=f"{name}-p")
    sent(book, f"{name}-e")


def plan(book: Book, name: str) -> None:
    granted(book.open(f"{name}-p", "plan", actor=CHIEF, on=MONDAY))


def agree(book: Book, name: str) -> Decision:
    return book.fire(f"{name}-e", "agree", actor=CHIEF, on=day(3), key=f"{name}-k")


def open_below(book: Book, name: str) -> Decision:
    return errand(book, f"{name}-e", parent=f"{name}-p", key=f"{name}-k")


def correct(book: Book, name: str) -> Decision:
    entry, facts = 1, {"posts": 7}
    return book.correct(
        f"{name}-e", entry, facts=facts, reason="错", actor=CHIEF, on=day(3), key=f"{name}-k"
    )


def silence(book: Book, name: str) -> list[Decision]:
    """Let time agree to the errand, which ends the plan as well: no key, but never twice."""
    return book.tick(day(20), cases=[f"{name}-e"])


REQUESTS: dict[str, tuple[Prepare, Ask]] = {
    "agree": (family, agree),
    "open": (plan, open_below),
    "correct": (family, correct),
    "silence": (family, silence),
}


def told(book: Book, name: str) -> dict[str, Any]:
    """Return all that is stored about the cases of one try, under names that all tries share."""
    found: dict[str, Any] = {}
    for case in book.cases():
        if case.id.startswith(f"{name}-"):
            found[case.id] = (case.revision, dict(case.values), book.history(case.id))
    return {key: repr(value).replace(name, "#") for key, value in found.items()}


MODES = [("before", False), ("after", False), ("before", True), ("after", True)]


def faults(heard: Heard, rng: Random) -> list[tuple[int, str, bool]]:
    """Return which statement fails in each try, when, and whether the connection goes with it.

    The quick amount tries each statement that writes in one of the ways, each commit in all of
    them, and half of those that read.
    """
    found = []
    for number, sql in enumerate(heard.sent, start=1):
        modes = MODES if SOAKING or commits(sql) else [rng.choice(MODES)]
        if not SOAKING and sql.startswith(("SELECT", "SET", "PRAGMA")) and rng.random() < 0.5:
            continue
        found += [(number, when, cut) for when, cut in modes]
    return found


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_fault_anywhere_leaves_the_old_state_or_the_new(book: Book, request_: str) -> None:
    assert hunted(book, request_, Breaks) > 8


def test_a_unit_of_work_that_is_stored_in_parts_is_noticed(book: Book, place: Place) -> None:
    with pytest.raises(AssertionError):
        hunted(book, "agree", Tears)
    place.give_up()


def hunted(book: Book, request_: str, breaking: type[Breaks]) -> int:
    """Send a request with a fault in each place; returns in how many."""
    prepare, ask = REQUESTS[request_]
    prepare(book, "fine")
    with tapped(book, heard := Heard()):
        ask(book, "fine")
    new = list(told(book, "fine").values())
    tries = faults(heard, chance(request_, book.practice.schema.prefix and "server"))
    assert sum(map(commits, heard.sent)) >= 1
    for number, (fatal, when, cut) in enumerate(tries):
        name = f"try{number}"
        prepare(book, name)
        old = list(told(book, name).values())
        breaks = breaking(fatal, when, cut)
        error: StoreError | None = None
        with tapped(book, breaks):
            try:
                ask(book, name)
            except StoreError as trouble:
                error = trouble
        assert breaks.heard >= fatal
        left = list(told(book, name).values())
        assert left in ([old, new] if error else [new]), (fatal, when, cut, error)
        if error is not None and request_ != "silence" and "nothing" in error.hint:
            assert left == old, error  # what time brings is several units of work
        ask(book, name)
        assert list(told(book, name).values()) == new
    return len(tries)
