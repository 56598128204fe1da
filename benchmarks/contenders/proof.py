"""Proof, before anything is timed, that a contender does the whole job.

A machine that skips a guard, forgets an entry or never calls the host back would win every figure.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contenders import Contender
from contenders.lifecycle import (
    CALLS,
    FACTS,
    STATES,
    STEPS,
    Entry,
    Facts,
    Listener,
)

EXPECTED: tuple[Entry, ...] = tuple(
    (step.trigger, step.source, step.target, step.due) for step in STEPS
)
LATE = tuple((step.trigger, date(step.due.year, step.due.month + 1, 1)) for step in STEPS)


class NotTheSameJob(Exception):
    """A contender does less, or something else, than the lifecycle asks for."""


def prove(one: Contender[Any]) -> None:
    """Raise ``NotTheSameJob`` unless ``one`` fires, refuses, remembers and calls back rightly."""
    begin(one)
    walked = [one.open(FACTS), one.open(FACTS)]
    one.walk(walked, CALLS)
    for case in walked:
        expect(one, "walks the whole line", one.state(case) == STATES[-1])
        expect(one, "keeps every entry", tuple(one.history(case)) == EXPECTED)
    for position in range(len(STEPS)):
        prove_guard(one, position)
    if one.observed is not None:
        listener = Listener()
        one.observed(listener)([one.open(FACTS), one.open(FACTS)], CALLS)
        expect(one, "calls back after every transition", listener.heard == 2 * len(STEPS))


def begin(one: Contender[Any]) -> None:
    """Let the machine forget earlier cases."""
    if one.begin is not None:
        one.begin()


def prove_guard(one: Contender[Any], position: int) -> None:
    """Prove that each part of the guard at ``position`` refuses alone, and all three together."""
    step = STEPS[position]
    needed = {step.first, step.second}
    wrong: Sequence[tuple[Facts, tuple[str, date], int]] = (
        (FACTS, LATE[position], 1),
        ({**FACTS, step.first: False}, CALLS[position], 1),
        ({name: True for name in FACTS if name != step.second}, CALLS[position], 1),
        ({name: True for name in FACTS if name not in needed}, LATE[position], 3),
    )
    for facts, (trigger, on), failing in wrong:
        case = one.open(facts)
        one.walk([case], CALLS[:position])
        if one.refuse is not None:
            one.refuse([case], trigger, on)
        elif not one.live_only:
            one.walk([case], ((trigger, on),))
        unmoved = one.state(case) == STATES[position] and len(one.history(case)) == position
        known = sorted(name for name in needed if facts.get(name))
        expect(one, f"refuses {trigger} on {on} when only {known} are true", unmoved)
        if one.reasons is not None:
            expect(one, "names what failed", len(one.reasons(case, trigger, on)) == failing)


def expect(one: Contender[Any], what: str, holds: bool) -> None:  # noqa: FBT001 - a plain claim
    """Raise ``NotTheSameJob`` with the claim that does not hold."""
    if not holds:
        raise NotTheSameJob(f"{one.name}: the claim “{what}” does not hold")
