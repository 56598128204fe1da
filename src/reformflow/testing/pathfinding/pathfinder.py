"""The pathfinder: courses that reach a state, or fire a transition, on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.engine import Engine
from reformflow.errors import UnknownName
from reformflow.language.reading import walk
from reformflow.model import Kind, Literal, Reform, Refusal, Value
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.asking import Spent
from reformflow.testing.pathfinding.courses import Course, NotFound, confirmed
from reformflow.testing.pathfinding.goals import Firing, Found, Fulfil, Goal, Reach
from reformflow.testing.pathfinding.search import Search
from reformflow.testing.pathfinding.wishes import Wish, standing, wishes_of
from reformflow.testing.pathfinding.worlds import World

_EFFORTS: Final = ((1, 1_000), (2, 3_000), (4, 6_000))
"""How broadly to search, and how often to ask at most, one try after the other."""

_SHORT: Final = 500

_BEFORE: Final = timedelta(days=30)
_ANY_DAY: Final = date(2024, 1, 1)

Reached = tuple[str, str, str]
"""Workflow, track and state, or workflow, transition and the state that it led to."""


class Pathfinder:
    """Finds courses through the workflows of one reform, and remembers what they came by."""

    def __init__(self, reform: Reform | Engine) -> None:
        """Find courses by the rules of a reform, or those of an engine."""
        self.engine = reform if isinstance(reform, Engine) else Engine(reform)
        self._states: dict[Reached, Course] = {}
        self._fired: dict[Reached, Course] = {}

    def reach(self, workflow: str, track: str, state: str) -> Course | NotFound:
        """Return a course on which a track of a case comes to a state.

        UnknownName if there is no such workflow, track or state.
        """
        tracks = self.engine.program.plan(workflow).flow.tracks
        if track not in tracks:
            raise UnknownName.of("track", track, tracks)
        states = [one.id for one in tracks[track].states]
        if state not in states:
            raise UnknownName.of("state", state, states)
        there = frozenset({state})
        if (workflow, track, state) not in self._states:
            found = self._search(
                workflow, lambda case: Reach(case, track, there), (standing(track, there),)
            )
            if isinstance(found, NotFound):
                return attrs.evolve(found, goal=f"{track}.{state}")
        return self._states[workflow, track, state]

    def fire(self, workflow: str, transition: str, target: str | None = None) -> Course | NotFound:
        """Return a course whose last step fires a transition, leading to `target` if given.

        UnknownName if there is no such workflow, transition or target.
        """
        bound = self.engine.program.plan(workflow).step(transition).bound
        targets = [state for state, _ in bound.to]
        if target is not None and target not in targets:
            raise UnknownName.of("target", target, targets)
        if self._known(workflow, transition, target) is None:
            wishes = (standing(bound.track, bound.source), *wishes_of(bound, target))
            found = self._search(
                workflow, lambda case: Firing(case, transition, target), wishes, transition
            )
            if isinstance(found, NotFound):
                return attrs.evolve(
                    found, goal=f"{transition} → {target}" if target else transition
                )
        known = self._known(workflow, transition, target)
        return known or NotFound(workflow, transition)

    def fulfil(self, workflow: str, wishes: tuple[Wish, ...], *, breadth: int) -> Course | None:
        """Return a course after which wishes about a case hold; None if a short search has none.

        They are looked at from the beginning: what cannot be mended later is chosen with them.
        """
        search = Search(self.engine, breadth=breadth, asks=breadth * _SHORT)
        try:
            for world in self._begun(search, workflow, wishes, None):
                case = world.opened[-1]
                agenda = Agenda().hoping(case, wishes)
                for after in search.pursue(world, Fulfil(case, wishes), agenda):
                    return self._course(after, case, workflow)
        except Spent:
            pass
        return None

    # -----------------------------------------------------------------------------------------

    def _known(self, workflow: str, transition: str, target: str | None) -> Course | None:
        if target is not None:
            return self._fired.get((workflow, transition, target))
        found = [c for (w, t, _), c in self._fired.items() if (w, t) == (workflow, transition)]
        return min(found, key=lambda course: len(course.steps), default=None)

    def _search(
        self,
        workflow: str,
        goal: Callable[[str], Goal],
        wishes: tuple[Wish, ...],
        transition: str = "",
    ) -> Course | NotFound:
        refusals: tuple[Refusal, ...] = ()
        for breadth, asks in _EFFORTS:
            for start in self._starts():
                search = Search(self.engine, breadth=breadth, asks=asks)
                try:
                    for world in self._begun(search, workflow, wishes, start):
                        case = world.opened[-1]
                        if self._take(world, case, workflow, goal(case)):
                            return self._course(world, case, workflow)
                        agenda = Agenda().hoping(case, wishes)
                        for after in search.pursue(world, goal(case), agenda):
                            if self._take(after, case, workflow, goal(case)):
                                return self._course(after, case, workflow)
                except Spent:
                    pass
                refusals = search.refusals.get((workflow, transition), ()) or refusals
        return NotFound(workflow, "", refusals)

    def _begun(
        self, search: Search, workflow: str, wishes: tuple[Wish, ...], start: date | None
    ) -> Iterator[World]:
        chain = [workflow]
        plans = self.engine.program.plans
        while (parent := plans[chain[0]].flow.parent) is not None and parent not in chain:
            chain.insert(0, parent)
        world = World.empty(self.engine, start or self._starts()[0])
        yield from self._opened(search, world, chain, wishes)

    def _opened(
        self, search: Search, world: World, chain: list[str], wishes: tuple[Wish, ...]
    ) -> Iterator[World]:
        """Open a case of each workflow of a chain, each under the one before it."""
        if not chain:
            yield world
            return
        parent = world.opened[-1] if world.opened else None
        opening = Found(chain[0], parent, wishes if len(chain) == 1 else ())
        for after in search.pursue(world, opening, Agenda()):
            yield from self._opened(search, after, chain[1:], wishes)

    def _course(self, world: World, case: str, workflow: str) -> Course:
        return Course(case, workflow, tuple(step for step in world.steps if step.granted))

    def _take(self, world: World, case: str, workflow: str, goal: Goal) -> bool:
        """Remember what a course came by, if it is confirmed; say whether that is the goal."""
        course = self._course(world, case, workflow)
        states, fired = _came_by(self.engine, course)
        match goal:
            case Reach(track=track, states=wanted):
                there = any((workflow, track, state) in states for state in wanted)
            case Firing(transition=transition, target=target):
                there = any(
                    (w, t) == (workflow, transition) and target in {None, to} for w, t, to in fired
                )
            case _:
                there = False
        if not there or not confirmed(self.engine, course):
            return False
        for known, new in ((self._states, states), (self._fired, fired)):
            for reached, shorter in new.items():
                if reached not in known or len(known[reached].steps) > len(shorter.steps):
                    known[reached] = shorter
        return True

    def _starts(self) -> list[date]:
        """Return the days on which to begin: before all days that the definition names."""
        found: set[date] = set()
        for plan in self.engine.program.plans.values():
            for rule in plan.flow.rules.values():
                nodes = walk(rule.expression)
                values = [node.value for node in nodes if isinstance(node, Literal)]
                found |= {value for value in values if isinstance(value, date)}
            for item in plan.flow.computed:
                found |= {when.day for when in item.dates if when.day is not None}
        effective = self.engine.program.effective_on
        first = min(found | ({effective} if effective else set()), default=_ANY_DAY) - _BEFORE
        return list(dict.fromkeys([first, effective or first]))


def reach(reform: Reform | Engine, workflow: str, track: str, state: str) -> Course | NotFound:
    """Return a course on which a track of a case comes to a state.

    Who asks more than once makes a `Pathfinder`, which remembers. UnknownName if there is no
    such workflow, track or state.
    """
    return Pathfinder(reform).reach(workflow, track, state)


def fire(
    reform: Reform | Engine, workflow: str, transition: str, target: str | None = None
) -> Course | NotFound:
    """Return a course whose last step fires a transition, leading to `target` if given.

    UnknownName if there is no such workflow, transition or target.
    """
    return Pathfinder(reform).fire(workflow, transition, target)


# ---------------------------------------------------------------------------------------------


def _came_by(engine: Engine, course: Course) -> tuple[dict[Reached, Course], dict[Reached, Course]]:
    """Return the shortest beginning of a course for all that it came by, with any case."""
    states: dict[Reached, Course] = {}
    fired: dict[Reached, Course] = {}
    flows: dict[str, str] = {}
    values: dict[str, dict[str, Value]] = {}
    plans = engine.program.plans
    for number, step in enumerate(course.steps, start=1):
        for entry in step.entries:
            if entry.kind is Kind.OPENED:
                flows[entry.case] = entry.name
                values[entry.case] = dict(plans[entry.name].flow.initial)
            flow = plans[flows[entry.case]].flow
            values[entry.case].update(entry.changes)
            here = course.until(number, entry.case, flow.id)
            for track in flow.tracks:
                column = f"{track}.state"
                states.setdefault((flow.id, track, str(values[entry.case][column])), here)
            if entry.kind is Kind.FIRED and entry.name in flow.transitions:
                bound = flow.transitions[entry.name]
                to = str(values[entry.case][f"{bound.track}.state"]) if bound.to else ""
                fired.setdefault((flow.id, entry.name, to), here)
    return states, fired
