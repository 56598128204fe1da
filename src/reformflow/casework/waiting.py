"""What time has brought: which cases wait for it, and in which order they are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from reformflow.binding import BoundDuty
from reformflow.casework.practice import Practice
from reformflow.errors import CalendarError
from reformflow.model import Case, Cases, Decision
from reformflow.store import Connection, StoredCases

if TYPE_CHECKING:
    from reformflow.store import Clock

_NAMED: Final = 8
"""How many cases an error names."""


def waiting(
    practice: Practice, reader: Cases, candidates: Iterable[Case], on: date
) -> tuple[str, ...]:
    """Return those of the candidates to which time may have brought something, earliest first.

    A case whose automatic transitions watch the day itself is always among them, and so is one
    whose next date cannot be counted: whether it lies before `on` shows when time passes.
    """
    found: list[tuple[date, int, str]] = []
    for case in candidates:
        try:
            day = practice.engine.next_date(reader, case.id)
        except CalendarError:
            day = on
        if day is not None and day <= on:
            found.append((day, len(found), case.id))
        elif practice.engine.program.plan(case.workflow).flow.watches_today:
            found.append((on, len(found), case.id))
    return tuple(id_ for _, _, id_ in sorted(found))


def clock(practice: Practice, connection: Connection) -> Clock:
    """Return what tells in the database where time may have brought something."""

    def opens(duty: BoundDuty, first: date, known: date, count: int) -> date | None:
        try:
            return practice.engine.next_opening(duty, first, known, count)
        except CalendarError:
            return None

    from reformflow.store import Clock

    return Clock(connection, opens)


def candidates(
    practice: Practice, connection: Connection, reader: StoredCases, on: date
) -> Iterator[Case]:
    """Yield the stored cases to which time may have brought something by a day, with company.

    The database finds them: a few too many, and never one too few.
    """
    from reformflow.store import Sight

    tells = clock(practice, connection)
    for workflow, table in practice.schema.workflows.items():
        if practice.engine.timed(workflow):
            for some in reader.chosen(workflow, tells.own(Sight(practice.schema, table, on))):
                reader.gather(some)
                yield from some


def pass_time(
    look: Callable[[Sequence[Decision]], Iterable[str]], tick: Callable[[str], Decision | None]
) -> tuple[list[Decision], dict[str, CalendarError]]:
    """Let time pass round by round until it brings nothing more; return what came about.

    `look` finds who waits, given what the round before has brought; `tick` takes one case.
    A case whose dates cannot be counted holds nobody up: it is returned with its error.
    """
    made: list[Decision] = []
    stuck: dict[str, CalendarError] = {}
    last: list[Decision] = []
    while True:
        found, last = look(last), []
        for case in found:
            try:
                decision = None if case in stuck else tick(case)
            except CalendarError as error:
                stuck[case] = error
            else:
                last += [] if decision is None else [decision]
        made += last
        if not last:
            return made, stuck


def let_pass(
    look: Callable[[Sequence[Decision]], Iterable[str]], tick: Callable[[str], Decision | None]
) -> list[Decision]:
    """Let time pass for all; then CalendarError naming the cases that could not follow."""
    made, stuck = pass_time(look, tick)
    if stuck:
        names = ", ".join(map(repr, list(stuck)[:_NAMED])) + ", …" * (len(stuck) > _NAMED)
        first = next(iter(stuck.values()))
        raise CalendarError(f"time cannot pass for {names}: {first.message}", first.hint)
    return made
