"""The search for a course: goals are pursued with the engine as judge.

What a transition needs is read off its definition and fulfilled where it can be; whatever still
stands against it the engine says, in its refusals, and each of them names what mends it. The
search goes deep first and turns back where it comes to nothing; `breadth` says how many ways it
tries at each point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count, islice
from typing import Final, TypeVar, assert_never

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.engine import Engine
from reformflow.engine.authority import firing_roles
from reformflow.engine.program import blank
from reformflow.engine.scene import Scene
from reformflow.model import (
    Case,
    Code,
    Fire,
    Open,
    Value,
)
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.asking import Asking
from reformflow.testing.pathfinding.children import gatherings, shared
from reformflow.testing.pathfinding.foresight import foreseen, ranked
from reformflow.testing.pathfinding.goals import Await, Firing, Found, Fulfil, Gather, Goal, Reach
from reformflow.testing.pathfinding.lookouts import Intent, Lookout
from reformflow.testing.pathfinding.moves import goals_above, goals_for
from reformflow.testing.pathfinding.trails import Trail
from reformflow.testing.pathfinding.ways import Map
from reformflow.testing.pathfinding.wishes import Wish, counted, recorded, standing, wishes_of
from reformflow.testing.pathfinding.worlds import UNIT, World

Option = TypeVar("Option")
_DAY: Final = timedelta(days=1)
_ROUNDS: Final = 12
_WAYS: Final = 12
_DEPTH: Final = 40
_PERSONS: Final = (1, 2, 3)


class Search(Asking):
    """Pursues goals; each of its methods yields the worlds in which one is reached."""

    def __init__(self, engine: Engine, *, breadth: int, asks: int) -> None:
        """Search with the given breadth, asking the engine at most `asks` times."""
        super().__init__(engine, asks)
        self._breadth = breadth
        self._futile: set[tuple[Goal, int]] = set()
        plans = engine.program.plans
        self.maps = {
            (flow, track): Map(plan.flow, track)
            for flow, plan in plans.items()
            for track in plan.flow.tracks
        }

    def pursue(self, world: World, goal: Goal, agenda: Agenda) -> Iterator[World]:
        """Yield the worlds in which a goal is reached."""
        inner = agenda.pursuing(goal)
        place = (goal, world.signature())
        if inner is None or len(inner.goals) > _DEPTH or place in self._futile:
            return
        reached = False
        for after in self._pursued(world, goal, inner):
            reached = True
            yield after
        if not reached:
            self._futile.add(place)

    def _pursued(self, world: World, goal: Goal, inner: Agenda) -> Iterator[World]:
        match goal:
            case Reach(case=case, track=track):
                since = len(world.visited(case, track)) - 1
                yield from self._reach(world, goal, inner, since, frozenset())
            case Firing():
                since = world.fired(goal.case, goal.transition)
                yield from self._fire(world, goal, inner, since, Trail(_ROUNDS))
            case Fulfil():
                yield from self._fulfil(world, goal, inner, Trail(_ROUNDS))
            case Gather():
                yield from self._gather(world, goal, inner, Trail(_ROUNDS * 4))
            case Found():
                yield from self._found(world, goal, inner, Trail(_ROUNDS))
            case Await(on=on):
                after = world.at(on)
                if after is not None:
                    yield after
            case _:
                assert_never(goal)

    def _flow(self, world: World, case: str) -> BoundWorkflow:
        return self.engine.program.plan(world.case(case).workflow).flow

    def _scene(self, world: World, case: str) -> Scene:
        found = world.case(case)
        return Scene(self.engine.program, world.docket, found, found.values, world.on)

    # -- states ---------------------------------------------------------------------------------

    def _reach(
        self, world: World, goal: Reach, agenda: Agenda, since: int, avoid: frozenset[str]
    ) -> Iterator[World]:
        visited = world.visited(goal.case, goal.track)
        if not goal.states.isdisjoint(visited[since:]):
            yield world
            return
        state = str(visited[-1])
        if state in avoid:
            return
        flow = self._flow(world, goal.case)
        ways = self.maps[flow.id, goal.track].ways(state, goal.states, avoid)
        case = world.case(goal.case)
        above = None if case.parent is None else world.case(case.parent)
        near = ranked(flow, goal.track, case, above, islice(ways, _WAYS))
        for first, *rest in self._worthwhile(near):
            later = [wishes_of(flow.transitions[one.transition], one.target) for one in rest]
            by = frozenset({state, first.target, *(one.target for one in rest)})
            heading = agenda.heading(goal.case, goal.track, goal.states, by)
            hoping = heading.hoping(goal.case, tuple(wish for some in later for wish in some))
            step = Firing(goal.case, first.transition, first.target)
            for after in self.pursue(world, step, hoping):
                yield from self._reach(after, goal, agenda, since, avoid | {state})

    # -- transitions ------------------------------------------------------------------------------

    def _fire(
        self, world: World, goal: Firing, agenda: Agenda, since: int, trail: Trail
    ) -> Iterator[World]:
        case = world.case(goal.case)
        bound = self._flow(world, case.id).transitions[goal.transition]
        by_itself = bound.transition.by_itself
        if by_itself and world.fired(case.id, bound.id) > since:
            yield world
            return
        onward = trail.on(world)
        if onward is None:
            return
        wishes = (*wishes_of(bound, goal.target), *goal.wishes)
        if case.values[f"{bound.track}.state"] not in bound.source:
            there = Reach(case.id, bound.track, bound.source)
            for after in self.pursue(world, there, agenda.hoping(case.id, wishes)):
                yield from self._fire(after, goal, agenda, since, onward)
            return
        day = self._day_of(bound)
        wishes = (standing(bound.track, bound.source), *wishes)
        wishes = (*wishes, recorded(day)) if day else wishes
        held = case.values[day] if day else None
        look = self._lookout(world, case, bound, agenda, _due_day(world, bound, held))
        hoping = agenda.hoping(case.id, wishes)
        for intent in self._worthwhile(look.choices(wishes, agenda.hopes_for(case.id))):
            if intent.dear or intent.recorded:
                for after in self._carry(world, case.id, intent, hoping):
                    yield from self._fire(after, goal, agenda, since, onward)
            elif by_itself:
                waited = world.at(_due_day(world, bound, held) or world.on + _DAY)
                if waited is not None and waited is not world:
                    yield from self._fire(waited, goal, agenda, since, onward)
            else:
                yield from self._ask_to_fire(world, goal, intent.given, agenda, onward)

    def _lookout(
        self, world: World, case: Case, bound: BoundTransition, agenda: Agenda, today: date | None
    ) -> Lookout:
        transition = bound.transition
        return Lookout(
            world,
            case,
            maps=self.maps,
            agenda=agenda,
            act=(*transition.records, *transition.may_record),
            must=transition.records,
            today=today,
        )

    def _day_of(self, bound: BoundTransition) -> str:
        if bound.at is not None:
            return bound.at
        waited = bound.transition.after_due
        return f"{waited}.due" if waited is not None else ""

    def _ask_to_fire(
        self, world: World, goal: Firing, facts: Mapping[str, Value], agenda: Agenda, trail: Trail
    ) -> Iterator[World]:
        case = world.case(goal.case)
        bound = self._flow(world, case.id).transitions[goal.transition]
        since = world.fired(case.id, bound.id)
        for role in islice(firing_roles(bound), self._breadth):
            for person in _PERSONS:
                act = Fire(bound.id, facts)
                after = self.ask(world, case.id, act, self.somebody(role, person=person))
                if after is None:
                    return
                if after.last.granted:
                    if goal.target in {None, _came_to(after, case.id, bound)}:
                        yield after
                    break
                refusals = after.last.refusals
                self.refusals[case.workflow, bound.id] = refusals
                if not any(refusal.code is Code.SAME_PERSON for refusal in refusals):
                    mended = self.mended(world, case.id, bound, refusals)
                    if mended is not None:
                        yield from self._fire(mended, goal, agenda, since, trail)
                    break

    # -- wishes -----------------------------------------------------------------------------------

    def _fulfil(self, world: World, goal: Fulfil, agenda: Agenda, trail: Trail) -> Iterator[World]:
        case = world.case(goal.case)
        if self.holds(world, goal.case, goal.wishes):
            yield world
            return
        onward = trail.on(world)
        if onward is None:
            return
        look = Lookout(world, case, maps=self.maps, agenda=agenda)
        hoping = agenda.hoping(goal.case, goal.wishes)
        for intent in self._worthwhile(look.choices(goal.wishes, agenda.hopes_for(goal.case))):
            for after in self._carry(world, goal.case, intent, hoping):
                yield from self._fulfil(after, goal, agenda, onward)

    def holds(self, world: World, case: str, wishes: Sequence[Wish]) -> bool:
        """Say whether wishes hold now."""
        scene = self._scene(world, case)
        return all(scene.value(wish.expression) is wish.want for wish in wishes)

    def _carry(self, world: World, case: str, intent: Intent, agenda: Agenda) -> Iterator[World]:
        """Yield the worlds after the acts of an intent; facts wait for what is dearer."""
        if not intent.dear:
            after = self.record(world, case, intent.recorded)
            if after is not None and after is not world:
                yield after
            return
        flow = self._flow(world, case)
        limited = {name: v for name, v in intent.recorded.items() if name in flow.during}
        begun = self.record(world, case, limited) or world
        goals = [goals_for(begun, case, leaf, value, self.maps) for leaf, value in intent.dear]
        yield from self._all(begun, goals, agenda)

    def _all(
        self, world: World, goals: Sequence[Sequence[Goal]], agenda: Agenda
    ) -> Iterator[World]:
        """Yield the worlds in which one of each group of goals is reached, in order."""
        if not goals:
            yield world
            return
        for goal in goals[0]:
            for after in islice(self.pursue(world, goal, agenda), self._breadth):
                yield from self._all(after, goals[1:], agenda)

    # -- families ---------------------------------------------------------------------------------

    def _gather(self, world: World, goal: Gather, agenda: Agenda, trail: Trail) -> Iterator[World]:
        now = self._scene(world, goal.case).value(goal.aggregate)
        if type(now) is type(goal.value) and now == goal.value:
            yield world
            return
        onward = trail.on(world)
        if onward is None:
            return
        relation = self._flow(world, goal.case).relations[goal.aggregate.relation]
        condition, element = counted(goal.aggregate)
        answers: dict[str, tuple[Value, Value]] = {}
        for child in world.children(goal.case, relation.workflow):
            scene = self._scene(world, child)
            answers[child] = (scene.value(condition), scene.value(element))
        options = list(gatherings(goal.aggregate, goal.value, answers))
        if self._breadth > 1:  # a second try leaves alone the children on whose behalf all this is
            options.sort(key=lambda option: agenda.is_about(option[0]))
        for child, wishes in self._worthwhile(options):
            for after in self._child(world, goal, agenda, child, wishes):
                yield from self._gather(after, goal, agenda, onward)

    def _child(
        self, world: World, goal: Gather, agenda: Agenda, child: str, wishes: tuple[Wish, ...]
    ) -> Iterator[World]:
        """Yield the worlds in which wishes hold of a child, or of a new one if none is named."""
        hopes = shared(goal.aggregate, agenda.hopes_for(goal.case))
        if child:
            hoping = agenda.hoping(child, hopes)
            yield from islice(self.pursue(world, Fulfil(child, wishes), hoping), self._breadth)
            return
        relation = self._flow(world, goal.case).relations[goal.aggregate.relation]
        opening = Found(relation.workflow, goal.case, (*wishes, *hopes))
        for opened in islice(self.pursue(world, opening, agenda), self._breadth):
            hoping = agenda.hoping(opened.opened[-1], hopes)
            there = Fulfil(opened.opened[-1], wishes)
            yield from islice(self.pursue(opened, there, hoping), self._breadth)

    def _worthwhile(self, options: Iterable[Option]) -> Iterator[Option]:
        """Yield options until enough of them have been tried; those out of question are free."""
        tried = 0
        for option in options:
            left = self.left
            yield option
            tried += self.left < left
            if tried >= self._breadth:
                return

    def _found(self, world: World, goal: Found, agenda: Agenda, trail: Trail) -> Iterator[World]:
        plan = self.engine.program.plan(goal.workflow)
        opening = plan.flow.workflow.opening
        onward = trail.on(world)
        if onward is None:
            return
        names = (f"{goal.workflow}-{number}" for number in count(1))
        case = Case(
            id=next(name for name in names if not world.docket.exists(name)),
            workflow=goal.workflow,
            values=blank(plan),
            unit=UNIT,
            parent=goal.parent,
        )
        look = Lookout(
            world,
            case,
            maps=self.maps,
            agenda=agenda,
            act=(*opening.records, *opening.may_record),
            must=opening.records,
        )
        wishes = tuple(Wish(rule.expression) for rule in plan.flow.opening_needs)
        hopes = (*goal.wishes, *foreseen(plan.flow, self.maps, goal.wishes))
        for intent in self._worthwhile(look.choices(wishes, hopes)):
            if intent.dear:
                for after in self._all(
                    world,
                    [goals_above(goal.parent, leaf, value) for leaf, value in intent.dear],
                    agenda,
                ):
                    yield from self._found(after, goal, agenda, onward)
                continue
            act = Open(goal.workflow, UNIT, case.id, goal.parent, intent.given)
            for role in opening.by[: self._breadth]:
                asked = self.ask(world, case.id, act, self.somebody(role))
                if asked is not None and asked.last.granted:
                    yield attrs.evolve(asked, opened=(*world.opened, case.id))
                    break
                if asked is not None:
                    self.refusals[goal.workflow, ""] = asked.last.refusals


# ---------------------------------------------------------------------------------------------


def _due_day(world: World, bound: BoundTransition, held: Value) -> date | None:
    """Return the day on which a timed transition is tried next, None while that is not known."""
    if not isinstance(held, date):
        return None
    return max(world.on, held if bound.at else held + _DAY)


def _came_to(world: World, case: str, bound: BoundTransition) -> Value:
    """Return the state to which the transition that was just asked for has led."""
    column = f"{bound.track}.state"
    entry = world.last.entry
    return entry.changes.get(column, world.values(case)[column]) if entry else None
