"""Histories: what a reform is tried with. Courses that show all its parts first, then walks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.engine import Engine
from reformflow.model import Correct, Extend, Fire, Open, Record, Resume, Sign, Suspend
from reformflow.sheets import Tick
from reformflow.testing.intrusions import Intruder
from reformflow.testing.pathfinding import Asked, Cover, Pathfinder, paths
from reformflow.testing.walks import Walk

_BEFORE: Final = timedelta(days=30)
_ANY_DAY: Final = date(2021, 1, 1)


@attrs.frozen
class History:
    """What is asked from an empty beginning on, and the ids of all that it is about."""

    steps: tuple[Asked, ...]
    about: frozenset[str]

    @classmethod
    def of(cls, steps: Iterable[Asked]) -> History:
        """Return the history of some steps."""
        asked = tuple(steps)
        return cls(asked, frozenset(name for step in asked for name in _named(step)))


def histories(
    engine: Engine, *, workflows: Iterable[str] | None = None, walks: int = 40, steps: int = 60
) -> Iterator[History]:
    """Yield courses through some workflows, else all, then `walks` random ones of `steps` each.

    Intrusions are put into all of them. They are the same ones every time. UnknownName for a
    workflow that there is not.
    """
    finder = Pathfinder(engine)
    wanted = workflows if workflows is not None else engine.program.plans
    yield from courses(engine, [paths(finder, workflow) for workflow in wanted])
    intruder = Intruder(engine)
    start = (engine.program.effective_on or _ANY_DAY) - _BEFORE
    for seed in range(walks):
        yield History.of(intruder.intruding(_walked(Walk(engine, seed, start), steps)))


def courses(
    engine: Engine, covers: Sequence[Cover], *, about: frozenset[str] = frozenset()
) -> Iterator[History]:
    """Yield the courses that cover some workflows, with intrusions.

    With `about` only those on which one of these transitions fires, and intrusions about them.
    """
    intruder = Intruder(engine, only=about)
    found = [course for cover in covers for course in cover.courses]
    for course in found:
        intruder.learn(course.asked)
    for course in found:
        fired = {name for step in course.steps if step.granted for name in _named(step.asked)}
        if not about or fired & about:
            yield History.of(intruder.intruding(course.asked))


def nearest_first(found: Sequence[History], about: frozenset[str]) -> list[int]:
    """Return the numbers of histories, first of those that are about most of some ids."""
    return sorted(range(len(found)), key=lambda number: -len(found[number].about & about))


# ---------------------------------------------------------------------------------------------


def _walked(walk: Walk, steps: int) -> Iterator[Asked]:
    """Yield what a walk asks, up to a correction: that changes what the history says."""
    for request, decision in walk.play(steps):
        if request is None:
            yield Tick(walk.on, decision.case)
        elif isinstance(request.act, Correct):
            return
        else:
            yield request


def _named(step: Asked) -> Iterator[str]:
    if isinstance(step, Tick):
        return
    match step.act:
        case Open(workflow=workflow, facts=facts):
            yield from ("open", workflow, *facts)
        case Fire(transition=transition, facts=facts):
            yield from (transition, *facts)
        case Record(facts=facts):
            yield from facts
        case Sign(transition=name) | Extend(transition=name) | Suspend(transition=name):
            yield name
        case Resume(transition=name):
            yield name
        case Correct():
            return
