"""Probes: requests that are refused on purpose, at the point where a transition could fire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

import attrs

from reformflow.binding import BoundTransition
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Actor, Fire, Request, Value
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.asking import Spent
from reformflow.testing.pathfinding.goals import Fulfil
from reformflow.testing.pathfinding.lookouts import Lookout
from reformflow.testing.pathfinding.marks import beside, dates_of
from reformflow.testing.pathfinding.search import Search
from reformflow.testing.pathfinding.wishes import Wish, standing, wishes_of
from reformflow.testing.pathfinding.worlds import World

NOBODY: Final = Actor("nobody", frozenset())
"""Somebody without any role."""

_ASKS: Final = 400


def probes(search: Search, world: World, request: Request) -> Iterator[Request]:
    """Yield variations of a request that could be granted, each with something amiss."""
    bound = _bound(world, request)
    act = request.act
    if not isinstance(act, Fire):
        return
    values = world.values(request.case)
    yield attrs.evolve(request, actor=NOBODY)
    yield attrs.evolve(request, reason=None)
    yield attrs.evolve(request, act=Fire(bound.id))
    for name in act.facts:
        kept = {other: value for other, value in act.facts.items() if other != name}
        yield attrs.evolve(request, act=Fire(bound.id, kept))
    for other in bound.transition.not_by:
        if isinstance(who := values.get(f"{other}.by"), str) and who:
            yield attrs.evolve(request, actor=Actor(who, request.actor.grants))
    if isinstance(last := values[f"{bound.track}.last"], date):
        yield attrs.evolve(request, on=last - timedelta(days=1))
    for given in _amiss(search, world, request, bound):
        yield attrs.evolve(request, act=Fire(bound.id, {**act.facts, **given}))


def days(world: World, request: Request) -> Iterator[World]:
    """Yield the worlds on the days beside the dates that a request has to keep."""
    bound = _bound(world, request)
    values = world.values(request.case)
    for column in dates_of(bound):
        if isinstance(bound_on := values[column], date):
            for day in beside(bound_on):
                there = world.at(day) if day >= world.on else None
                if there is not None:
                    yield there


def spoiled(engine_search: Search, world: World, request: Request, wish: Wish) -> World | None:
    """Return a world in which a rule is not true, others if possible are; None if none is found."""
    bound = _bound(world, request)
    place = standing(bound.track, bound.source)
    others = tuple(one for one in wishes_of(bound) if one.expression != wish.expression)
    for wishes in ((wish, place, *others), (wish, place)):
        search = Search(engine_search.engine, breadth=2, asks=_ASKS)
        try:
            found = search.pursue(world, Fulfil(request.case, wishes), Agenda())
            for after in islice(found, 1):
                return after
        except Spent:
            continue
    return None


def asked(world: World, request: Request) -> World | None:
    """Return the world after a request; None if the engine cannot decide it at all."""
    try:
        return world.take(request, world.engine.fire(world.docket, request))
    except (RequestError, CalendarError):
        return None


# ---------------------------------------------------------------------------------------------


def _bound(world: World, request: Request) -> BoundTransition:
    flow = world.engine.program.plan(world.case(request.case).workflow).flow
    act = request.act
    name = act.transition if isinstance(act, Fire) else ""
    return flow.transitions[name]


def _amiss(
    search: Search, world: World, request: Request, bound: BoundTransition
) -> Iterator[dict[str, Value]]:
    """Yield facts for the act with which one of its rules is false, or unknown."""
    transition = bound.transition
    look = Lookout(
        world,
        world.case(request.case),
        maps=search.maps,
        agenda=Agenda(),
        act=(*transition.records, *transition.may_record),
    )
    rules = wishes_of(bound)
    for rule in rules:
        for want in (False, None):
            others = tuple(one for one in rules if one != rule)
            for wishes in ((Wish(rule.expression, want), *others), (Wish(rule.expression, want),)):
                intent = next(iter(look.choices(wishes, ())), None)
                if intent is not None and not intent.dear and not intent.recorded:
                    yield dict(intent.given)
                    break
