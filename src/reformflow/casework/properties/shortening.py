"""Shortening what breaks a property: to few steps, with few facts, on few days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

import attrs

from reformflow.model import Fire, Open, Record, Request

Step = TypeVar("Step")


def shortened(steps: Sequence[Step], breaks: Callable[[list[Step]], bool]) -> list[Step]:
    """Leave out every step, and every fact of a step, without which a property still breaks.

    Steps that need no day of their own come on the day of the step before. What is left is
    minimal, not the least there is (A. Zeller, R. Hildebrandt, Simplifying and isolating
    failure-inducing input, 2002, one element at a time).
    """
    kept = list(steps)
    for index in range(len(kept) - 1, -1, -1):
        fewer = kept[:index] + kept[index + 1 :]
        if breaks(fewer):
            kept = fewer
    for index in range(len(kept)):
        for simpler in _simpler(kept, index):
            changed = [*kept[:index], simpler(kept[index]), *kept[index + 1 :]]
            if breaks(changed):
                kept = changed
    return kept


# ---------------------------------------------------------------------------------------------


def _simpler(steps: Sequence[Step], index: int) -> Iterator[Callable[[Step], Step]]:
    """Yield the ways to make a step simpler, each to be tried on what it has become by then."""
    step, before = steps[index], steps[index - 1] if index else None
    if not isinstance(step, Request):
        return
    if isinstance(step.act, Open | Record | Fire):
        yield from (partial(_without, name=name) for name in step.act.facts)
    if isinstance(before, Request) and before.on < step.on:
        yield partial(_moved, on=before.on)


def _without(step: Step, name: str) -> Step:
    assert isinstance(step, Request)  # noqa: S101 - only requests are made simpler
    act = step.act
    assert isinstance(act, Open | Record | Fire)  # noqa: S101 - only these have facts
    facts = {other: value for other, value in act.facts.items() if other != name}
    return attrs.evolve(step, act=attrs.evolve(act, facts=facts))


def _moved(step: Step, on: date) -> Step:
    assert isinstance(step, Request)  # noqa: S101 - only requests are made simpler
    return attrs.evolve(step, on=on)
