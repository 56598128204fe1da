"""Courses that show every outcome of opening a case: granted, and refused for each reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.engine.program import blank
from reformflow.model import Case, Open, Request, Value
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.courses import Course, replayed
from reformflow.testing.pathfinding.lookouts import Lookout
from reformflow.testing.pathfinding.pathfinder import Pathfinder
from reformflow.testing.pathfinding.probes import NOBODY, asked
from reformflow.testing.pathfinding.search import Search
from reformflow.testing.pathfinding.wishes import Wish
from reformflow.testing.pathfinding.worlds import World


def openings(finder: Pathfinder, workflow: str) -> Iterator[Course]:
    """Yield courses that end with openings of a workflow's cases, one for each new outcome.

    UnknownName if there is no such workflow.
    """
    flow = finder.engine.program.plan(workflow).flow
    track = next(iter(flow.tracks.values()))
    found = finder.reach(workflow, track.id, track.initial)
    if not isinstance(found, Course):
        return
    *way, request = found.asked
    if not isinstance(request, Request) or not isinstance(request.act, Open):
        return
    seen: set[tuple[str, str]] = set()
    first = replayed(finder.engine, way) if way else World.empty(finder.engine, request.on)
    for world in (first, *_above(finder, flow)):
        act = attrs.evolve(request.act, parent=_parent(world, flow))
        here = attrs.evolve(request, act=act, on=world.on, case=_new(world, flow))
        for probe in (here, *_amiss(finder, world, here, act, flow)):
            after = asked(world, probe)
            new = _outcomes(after) - seen if after is not None else set()
            if after is not None and new:
                seen |= new
                yield Course(here.case, workflow, after.steps)


# ---------------------------------------------------------------------------------------------


def _outcomes(world: World) -> set[tuple[str, str]]:
    last = world.last
    return {(refusal.code.value, refusal.subject) for refusal in last.refusals} or {("", "")}


def _above(finder: Pathfinder, flow: BoundWorkflow) -> Iterator[World]:
    """Yield worlds in which the parent stands in each of its states."""
    if flow.parent is None:
        return
    above = finder.engine.program.plan(flow.parent).flow
    for track in above.tracks.values():
        for state in track.states:
            course = finder.reach(above.id, track.id, state.id)
            if isinstance(course, Course):
                yield replayed(finder.engine, course.asked)


def _parent(world: World, flow: BoundWorkflow) -> str | None:
    """Return the newest case that could be the parent."""
    ids = [id for id in world.docket.ids() if world.case(id).workflow == flow.parent]  # noqa: A001
    return ids[-1] if ids else None


def _new(world: World, flow: BoundWorkflow) -> str:
    names = (f"{flow.id}-{number}" for number in count(1))
    return next(name for name in names if not world.docket.exists(name))


def _amiss(
    finder: Pathfinder, world: World, request: Request, act: Open, flow: BoundWorkflow
) -> Iterator[Request]:
    """Yield the same opening with something amiss."""
    yield attrs.evolve(request, actor=NOBODY)
    for name in act.facts:
        kept = {other: value for other, value in act.facts.items() if other != name}
        yield attrs.evolve(request, act=attrs.evolve(act, facts=kept))
    for facts in _broken(finder, world, act, flow):
        yield attrs.evolve(request, act=attrs.evolve(act, facts=facts))


def _broken(
    finder: Pathfinder, world: World, act: Open, flow: BoundWorkflow
) -> Iterator[dict[str, Value]]:
    """Yield facts with which a rule of the opening is false, or unknown."""
    plan = finder.engine.program.plan(flow.id)
    opening = flow.workflow.opening
    look = Lookout(
        world,
        Case(_new(world, flow), flow.id, blank(plan), act.unit, parent=act.parent),
        maps=Search(finder.engine, breadth=1, asks=1).maps,
        agenda=Agenda(),
        act=(*opening.records, *opening.may_record),
    )
    rules = [Wish(rule.expression) for rule in flow.opening_needs]
    for rule in rules:
        for want in (False, None):
            wish = Wish(rule.expression, want)
            for wishes in ((wish, *_others(rules, rule)), (wish,)):
                intent = next(iter(look.choices(wishes, ())), None)
                if intent is not None and not intent.dear:
                    yield dict(intent.given)
                    break


def _others(rules: Iterable[Wish], but: Wish) -> Iterator[Wish]:
    yield from (rule for rule in rules if rule != but)
