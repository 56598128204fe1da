"""From a value that is wanted to the goals of which each brings it about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reformflow.model import PARENT, SELF, Aggregate, Name, Today, Value
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.goals import Await, Firing, Fulfil, Gather, Goal, Reach
from reformflow.testing.pathfinding.lookouts import Lookout
from reformflow.testing.pathfinding.partial import Leaf
from reformflow.testing.pathfinding.ways import Map
from reformflow.testing.pathfinding.wishes import Wish, holding, recorded
from reformflow.testing.pathfinding.worlds import World

Maps = Mapping[tuple[str, str], Map]


def goals_for(world: World, case: str, leaf: Leaf, value: Value, maps: Maps) -> Sequence[Goal]:
    """Return the goals of which each makes a leaf, seen from a case, hold a value."""
    match leaf:
        case Aggregate():
            return [Gather(case, leaf, value)]
        case Name(column=column, owner=owner) if owner == SELF:
            return _moves(world, case, column, value, maps)
        case _:
            return goals_above(world.case(case).parent, leaf, value)


def goals_above(parent: str | None, leaf: Leaf, value: Value) -> Sequence[Goal]:
    """Return the goals for what does not belong to a case itself: its parent, and the day."""
    match leaf:
        case Today() if isinstance(value, date):
            return [Await(value)]
        case Name(column=column, owner=owner) if owner == PARENT and parent is not None:
            held = () if value is None else (Fulfil(parent, (recorded(column),)),)
            return [Fulfil(parent, (holding(column, value),)), *held]
        case _:
            return []


# ---------------------------------------------------------------------------------------------


def _moves(world: World, case: str, column: str, value: Value, maps: Maps) -> Sequence[Goal]:
    flow = world.engine.program.plan(world.case(case).workflow).flow
    stem, _, part = column.rpartition(".")
    if column in flow.facts:
        return _of_fact(world, case, column, value, maps)
    if part == "state":
        return [Reach(case, stem, frozenset({str(value)}))]
    if part == "on" and stem in flow.transitions:
        return [Firing(case, stem)]
    if part == "count":
        day = world.engine.next_date(world.docket, case)
        return [] if day is None else [Await(max(day, world.on))]
    return []


def _of_fact(world: World, case: str, column: str, value: Value, maps: Maps) -> Sequence[Goal]:
    """Return the goals for a fact that nobody can record by hand now."""
    look = Lookout(world, world.case(case), maps=maps, agenda=Agenda())
    flow = look.flow
    found: list[Goal] = []
    if flow.facts[column].by and column in flow.during:
        found.append(Fulfil(case, (Wish(flow.during[column]),)))
    for changer in look.changers(column):
        transition = flow.transitions[changer].transition
        by_hand = column in (*transition.records, *transition.may_record)
        found.append(Firing(case, changer, None, (holding(column, value),) if by_hand else ()))
    return found
