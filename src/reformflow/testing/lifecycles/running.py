"""Running a machine: every course first, then steps by lot."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from reformflow.casework.properties import shortened
from reformflow.testing.pathfinding import Asked

Machine = type[Any]
"""A class of lifecycle machines."""

RULES = 10
"""So many rules make up a run, unless its settings say otherwise; each takes many steps."""


_TRIES, _TRIES_BESIDE = 2_000, 60
"""How often fewer steps are tried: beside a book, each try may take a new one."""

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)
"""The phases of a run: what breaks is made shorter by its steps, so Hypothesis need not."""


def run_lifecycle(machine: Machine, *, settings: settings | None = None) -> None:
    """Run a machine: along each of its courses, then by lot as Hypothesis does.

    What an invariant raises is raised, with the steps that lead there. `settings` are those of
    its test case if they are not given; without the phase `explicit` there are no courses.
    """
    chosen = settings or machine.TestCase.settings
    if Phase.explicit in chosen.phases:
        for course in machine.plot.courses:
            _follow(machine, course)
    run_state_machine_as_test(machine, settings=chosen)


class LifecycleCase:
    """The test case of a machine, one for each class; `unittest` and pytest run it."""

    def __get__(self, machine: object, owner: Machine) -> type[unittest.TestCase]:
        """Return the test case of a class of machines."""
        return _case_of(owner)  # type: ignore[arg-type] # a class can be hashed


def shortest(run: Any) -> Any:  # noqa: ANN401 - a machine
    """Return a run that breaks the same with the fewest steps that were found, or the run itself.

    What only a rule of the user's own does cannot be taken again.
    """
    machine, kind = type(run), type(run.broken)
    tries = iter(range(_TRIES if machine.plot.alone else _TRIES_BESIDE))

    def breaks(steps: list[Asked]) -> bool:
        return next(tries, None) is not None and isinstance(_taken(machine, steps).broken, kind)

    if run.broken is None or not breaks(run.steps):
        return run
    return _taken(machine, shortened(run.steps, breaks))


# ---------------------------------------------------------------------------------------------


def _follow(machine: Machine, course: tuple[Asked, ...]) -> None:
    """Follow a course; raise what breaks on it, with the fewest steps that were found."""
    run = _taken(machine, course)
    if run.broken is not None:
        found = shortest(run)
        found.broken.add_note(found.told())
        raise found.broken


def _taken(machine: Machine, steps: Sequence[Asked]) -> Any:  # noqa: ANN401 - a machine
    """Return a new run that has taken some steps, as far as nothing broke."""
    run = machine()
    try:
        run.play(steps)
    except Exception:
        if run.broken is None:
            raise
    finally:
        run.close()
    return run


@cache
def _case_of(machine: Machine) -> type[unittest.TestCase]:
    class Case(unittest.TestCase):
        settings = settings(
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
            stateful_step_count=RULES,
        )

        def runTest(self) -> None:  # noqa: N802 - the name that unittest looks for
            run_lifecycle(machine, settings=self.settings)

        runTest.is_hypothesis_test = True  # type: ignore[attr-defined]

    Case.__name__ = Case.__qualname__ = f"{machine.__name__}.TestCase"
    Case.__module__ = machine.__module__
    return Case
