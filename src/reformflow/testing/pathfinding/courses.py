"""Courses: requests and days in their order, from an empty beginning to where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Refusal, Request
from reformflow.sheets import Tick
from reformflow.testing.pathfinding.worlds import Step, World

Asked = Request | Tick
"""One step: a request, or time that comes to a day for all cases."""


@attrs.frozen
class Course:
    """A course that the engine has confirmed; `case` is the one that it is about.

    Refused requests change nothing; a course that leads somewhere has none.
    """

    case: str
    workflow: str
    steps: tuple[Step, ...]

    def __bool__(self) -> bool:
        """Be true: a course is something that was found."""
        return True

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The requests and days, without what became of them."""
        return tuple(step.asked for step in self.steps)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Everybody who acts, in the order in which they first do."""
        requests = [step.asked for step in self.steps if isinstance(step.asked, Request)]
        return tuple(dict.fromkeys(request.actor for request in requests))

    def until(self, steps: int, case: str = "", workflow: str = "") -> Course:
        """Return the beginning of this course, as that of another case if one is named."""
        return Course(case or self.case, workflow or self.workflow, self.steps[:steps])


@attrs.frozen
class NotFound:
    """No course was found; `refusals` are the last that stood in the way, if any did."""

    workflow: str
    goal: str
    refusals: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        """Be false: nothing was found."""
        return False


def replayed(engine: Engine, asked: Iterable[Asked]) -> World:
    """Return the world after requests and days, from an empty beginning."""
    steps = list(asked)
    days = [step.on for step in steps]
    world = World.empty(engine, min(days, default=date.min))
    for step in steps:
        world = stepped(world, step)
    return world


def stepped(world: World, step: Asked) -> World:
    """Return the world after one step."""
    if isinstance(step, Tick):
        return world.at(step.on) or world
    return world.take(step, world.engine.fire(world.docket, step))


def confirmed(engine: Engine, course: Course) -> bool:
    """Say whether the engine, asked anew, gives the same answers to a course."""
    again = replayed(engine, course.asked)
    return _answers(again.steps) == _answers(course.steps)


def docket_of(engine: Engine, course: Course) -> Docket:
    """Return the cases at the end of a course."""
    return replayed(engine, course.asked).docket


# ---------------------------------------------------------------------------------------------


def _answers(steps: Sequence[Step]) -> list[tuple[object, ...]]:
    return [(step.asked, step.granted, step.refusals, step.entries) for step in steps]
