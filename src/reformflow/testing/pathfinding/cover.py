"""A few courses that together show everything of a workflow that can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.engine import Engine
from reformflow.model import Code, Fire, Reform, Request
from reformflow.testing.pathfinding.courses import Course, replayed
from reformflow.testing.pathfinding.deeper import deeper
from reformflow.testing.pathfinding.marks import FIRED, Mark, answered, shown, wanted
from reformflow.testing.pathfinding.pathfinder import Pathfinder
from reformflow.testing.pathfinding.probes import asked, days, probes, spoiled
from reformflow.testing.pathfinding.search import Search
from reformflow.testing.pathfinding.wishes import Wish
from reformflow.testing.pathfinding.worlds import REASON, World, somebody


@attrs.frozen
class Cover:
    """Courses, what they show, and what none was found for.

    `missing` may be out of reach: a rule that is never false where it is asked, or a date that
    has passed before anybody can act.
    """

    workflow: str
    courses: tuple[Course, ...]
    shown: tuple[Mark, ...]
    missing: tuple[Mark, ...]


def paths(reform: Reform | Engine | Pathfinder, workflow: str) -> Cover:
    """Return few courses for all transitions, refusals and sides of dates of a workflow.

    UnknownName if there is no such workflow.
    """
    finder = reform if isinstance(reform, Pathfinder) else Pathfinder(reform)
    flow = finder.engine.program.plan(workflow).flow
    marks = dict.fromkeys(wanted(flow))
    found = [(course, _shown(finder, course, flow) & marks.keys()) for course in _all(finder, flow)]
    held = set().union(*(some for _, some in found))
    more = deeper(finder, flow, [mark for mark in marks if mark not in held])
    found += [(course, _shown(finder, course, flow) & marks.keys()) for course in more]
    chosen = _fewest(found)
    held = {mark for _, some in chosen for mark in some}
    return Cover(
        workflow,
        tuple(_trimmed(finder.engine, [course for course, _ in chosen], flow, held)),
        tuple(mark for mark in marks if mark in held),
        tuple(mark for mark in marks if mark not in held),
    )


# ---------------------------------------------------------------------------------------------


def _shown(finder: Pathfinder, course: Course, flow: BoundWorkflow) -> set[Mark]:
    first = min(step.on for step in course.asked)
    return set(shown(World.empty(finder.engine, first), course, flow))


def _fewest(found: Sequence[tuple[Course, set[Mark]]]) -> list[tuple[Course, set[Mark]]]:
    """Choose courses greedily, those that add most first, then leave out what others show."""
    chosen: list[tuple[Course, set[Mark]]] = []
    held: set[Mark] = set()
    left = list(found)
    while left:
        best = max(left, key=lambda one: (len(one[1] - held), -len(one[0].steps)))
        if not best[1] - held:
            break
        chosen.append(best)
        held |= best[1]
        left.remove(best)
    for one in list(chosen):
        others = set().union(*(other[1] for other in chosen if other is not one))
        if one[1] <= others:
            chosen.remove(one)
    return chosen


def _trimmed(
    engine: Engine, courses: Sequence[Course], flow: BoundWorkflow, wanted_: set[Mark]
) -> Iterator[Course]:
    """Yield courses without refused requests that show nothing new, and without an idle end."""
    left = set(wanted_)
    for course in courses:
        first = min(step.on for step in course.asked)
        places = shown(World.empty(engine, first), course, flow)
        needed = {place for mark, place in places.items() if mark in left}
        left -= places.keys()
        steps = [
            step
            for place, step in enumerate(course.steps[: max(needed) + 1])
            if step.granted or place in needed
        ]
        yield attrs.evolve(course, steps=tuple(steps))


def _all(finder: Pathfinder, flow: BoundWorkflow) -> Iterator[Course]:
    """Yield the course to each transition and target, and what branches off before its end."""
    courses: list[tuple[Course, BoundTransition]] = []
    for bound in reversed(tuple(flow.transitions.values())):
        for target in _targets(bound):
            course = finder.fire(flow.id, bound.id, target)
            if isinstance(course, Course):
                courses.append((course, bound))
    acts = [course.asked[-1] for course, bound in courses if not bound.transition.by_itself]
    others = [act for act in acts if isinstance(act, Request)]
    for course, bound in courses:
        if bound.transition.by_itself:
            yield _by_hand(finder.engine, course, bound)
        else:
            yield from _around(finder, course, flow, bound, others)


def _targets(bound: BoundTransition) -> tuple[str | None, ...]:
    return tuple(dict.fromkeys(state for state, _ in bound.to)) or (None,)


def _by_hand(engine: Engine, course: Course, bound: BoundTransition) -> Course:
    """Ask for a transition at the end that nobody fires by hand."""
    world = replayed(engine, course.asked)
    role = next(iter(engine.program.bound.roles))
    request = Request(course.case, Fire(bound.id), somebody(engine, role), world.on, REASON)
    after = asked(world, request)
    return course if after is None else attrs.evolve(course, steps=after.steps)


def _around(
    finder: Pathfinder,
    course: Course,
    flow: BoundWorkflow,
    bound: BoundTransition,
    others: Sequence[Request],
) -> Iterator[Course]:
    """Yield the course with everything that can be refused on its way, and what branches off."""
    *way, last = course.asked
    if not isinstance(last, Request):
        yield course
        return
    search = Search(finder.engine, breadth=1, asks=10_000)
    seen: set[Mark] = set()
    world = World.empty(finder.engine, min(step.on for step in course.asked))
    for step in way:
        world = _step(world, step)
        if world.docket.exists(course.case):
            world = _probed(world, attrs.evolve(last, on=world.on), flow, seen)
    elsewhere = (attrs.evolve(act, case=course.case, on=world.on) for act in others)
    for probe in (*probes(search, world, last), *elsewhere):
        world = _probed(world, probe, flow, seen)
    done = asked(world, last)
    if done is not None:
        yield attrs.evolve(
            course, steps=_probed(done, attrs.evolve(last, on=done.on), flow, seen).steps
        )
    for there in days(world, last):
        request = attrs.evolve(last, on=there.on)
        hurried = _probed(there, attrs.evolve(request, reason=None), flow, seen)
        after = asked(hurried, request)
        if after is not None:
            yield attrs.evolve(course, steps=after.steps)
    for after in _spoiled(search, world, last, seen, bound):
        yield attrs.evolve(course, steps=after.steps)


def _spoiled(
    search: Search, world: World, last: Request, seen: set[Mark], bound: BoundTransition
) -> Iterator[World]:
    """Yield worlds in which the request was refused for rules that nothing has broken yet."""
    for rule in bound.needs:
        for want, code in ((False, Code.RULE_BROKEN), (None, Code.NOT_RECORDED)):
            if Mark(bound.id, code.value, rule.id) not in seen:
                there = spoiled(search, world, last, Wish(rule.expression, want))
                on = None if there is None else attrs.evolve(last, on=there.on)
                after = None if there is None or on is None else asked(there, on)
                if after is not None and not after.last.granted:
                    yield after


def _step(world: World, step: object) -> World:
    if isinstance(step, Request):
        return asked(world, step) or world
    return world.at(getattr(step, "on", world.on)) or world


def _probed(world: World, request: Request, flow: BoundWorkflow, seen: set[Mark]) -> World:
    """Return the world with a request that is refused for a new reason, or as it was."""
    after = asked(world, request)
    if after is None or after.last.granted:
        return world
    new = {mark for mark in answered(world, after, flow) if mark.kind != FIRED} - seen
    seen |= new
    return after if new else world
