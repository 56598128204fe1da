"""Courses on which facts are recorded by hand, when they may be and when they may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reformflow.binding import BoundWorkflow
from reformflow.engine import Engine
from reformflow.model import Code, Record, Request
from reformflow.testing.pathfinding.candidates import plain
from reformflow.testing.pathfinding.courses import Course, stepped
from reformflow.testing.pathfinding.marks import conceivable
from reformflow.testing.pathfinding.probes import asked
from reformflow.testing.pathfinding.worlds import REASON, World, somebody

Left = dict[str, set[bool | None]]
"""For each fact that may be recorded only at times, the answers that nothing has shown yet."""


def recordings(engine: Engine, workflow: str, courses: Iterable[Course]) -> Iterator[Course]:
    """Yield beginnings of courses that end with records of facts, one for each new answer.

    Only of facts whose recording has a condition. UnknownName if there is no such workflow.
    """
    flow = engine.program.plan(workflow).flow
    left: Left = {fact: set(conceivable(when)) for fact, when in flow.during.items()}
    for course in courses:
        world = World.empty(engine, min(step.on for step in course.asked))
        for step in course.asked:
            world = stepped(world, step)
            for case in world.docket.ids():
                if world.case(case).workflow == workflow:
                    after = _recorded(world, case, flow, left)
                    if after is not world:
                        yield Course(case, workflow, after.steps)


# ---------------------------------------------------------------------------------------------


def _recorded(world: World, case: str, flow: BoundWorkflow, left: Left) -> World:
    """Return the world after records of a case that show something new, or as it was."""
    for name in [name for name, answers in left.items() if answers]:
        fact = flow.facts[name]
        act = Record({name: plain(fact, world.on)})
        actor = somebody(world.engine, fact.by[0], world.case(case).unit)
        after = asked(world, Request(case, act, actor, world.on, REASON))
        answer = None if after is None else _answer(after, name)
        if after is not None and answer in left[name]:
            left[name].discard(answer)
            world = after
    return world


def _answer(world: World, fact: str) -> bool | None:
    """Return how the condition came out under which a fact may be recorded."""
    refused = (one for one in world.last.refusals if one.code is Code.NOT_NOW)
    against = next((one for one in refused if one.subject == fact), None)
    if against is None:
        return True
    return None if against.missing else False
