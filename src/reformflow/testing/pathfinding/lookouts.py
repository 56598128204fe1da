"""A lookout over one case: what may be chosen about it, at what price, and by which means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.engine.computing import computed
from reformflow.engine.program import Plan, Recipe
from reformflow.engine.scene import Scene
from reformflow.errors import CalendarError
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    Case,
    Expression,
    Name,
    Quantifier,
    Recorded,
    Today,
    Unit,
    Value,
)
from reformflow.testing.pathfinding.agendas import Agenda
from reformflow.testing.pathfinding.candidates import Constants, candidates, days, numbers, shallow
from reformflow.testing.pathfinding.choosing import Chosen, Function, Variable, choose
from reformflow.testing.pathfinding.partial import OPEN, TRUE, Leaf, Slots, compiled
from reformflow.testing.pathfinding.ways import Map
from reformflow.testing.pathfinding.wishes import Wish
from reformflow.testing.pathfinding.worlds import World

_SOON, _CHILDREN, _STATE, _PARENT = range(1, 5)
_TURNED: Final = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30, Unit.YEARS: 365}


class Means(Enum):
    """How a column may come to hold something else."""

    WITH_ACT = auto()
    RECORD = auto()
    ACTS = auto()
    COMPUTED = auto()
    NONE = auto()


@attrs.frozen
class Intent:
    """What a choice comes to: facts for the act itself, facts to record, and what takes acts."""

    given: Mapping[str, Value]
    recorded: Mapping[str, Value]
    dear: tuple[tuple[Leaf, Value], ...]


class Lookout:
    """Looks at a case, or at one that is about to be opened, from before an act.

    `act` are the facts that the act records or may record, `must` those it has to.
    """

    def __init__(  # noqa: PLR0913 - all that there is to see
        self,
        world: World,
        case: Case,
        *,
        maps: Mapping[tuple[str, str], Map],
        agenda: Agenda,
        act: Iterable[str] = (),
        must: Iterable[str] = (),
        today: date | None = None,
    ) -> None:
        """Look at `case`; `today` fixes the day of the act."""
        self.world = world
        self.case = case
        self.new = not world.docket.exists(case.id)
        self.plan: Plan = world.engine.program.plan(case.workflow)
        self.flow: BoundWorkflow = self.plan.flow
        self._values = dict(case.values)
        if self.new:
            since = {f"{track}.since": world.on for track in self.flow.tracks}
            self._values |= {"opened.on": world.on, **since}
        self._maps = maps
        self._agenda = agenda
        self._act = frozenset(act)
        self._must = tuple(must)
        self._today = today
        self._scene = Scene(
            world.engine.program, world.docket, case, self._values, today or world.on
        )
        self._recipes = {recipe.computed.column: recipe for recipe in self.plan.recipes}
        self._above = None if case.parent is None else world.case(case.parent)

    def value(self, leaf: Leaf) -> Value:
        """Return what a leaf holds now."""
        match leaf:
            case Name(column=column, owner=owner) if owner == SELF:
                return self._values.get(column)
            case Name(column=column, owner=owner) if owner == PARENT and self._above is not None:
                return self._above.values.get(column)
            case Name():
                return None
            case _:
                return self._scene.value(leaf)

    def means(self, column: str) -> Means:
        """Say how a column of the case itself may come to hold something else."""
        fact = self.flow.facts.get(column)
        if column in self._recipes:
            return Means.COMPUTED
        if fact is None:
            part = column.rpartition(".")[2]
            movable = part in {"state", "on", "count"} and not self.new
            return Means.ACTS if movable else Means.NONE
        if fact.once and self._values[column] is not None:
            return Means.NONE
        if column in self._act:
            return Means.WITH_ACT
        if self.new:
            return Means.NONE
        if fact.by and self._in_time(column):
            return Means.RECORD
        return Means.NONE if self._settled(column) else Means.ACTS

    def changers(self, column: str, *, soon: bool = False) -> tuple[str, ...]:
        """Return the transitions that set a fact or record it, and may still come to fire.

        With `soon` only states on the ways that were chosen count.
        """
        return tuple(
            bound.id
            for bound in self.flow.transitions.values()
            if (
                column in dict(bound.sets)
                or column in bound.transition.records
                or column in bound.transition.may_record
            )
            and not bound.source.isdisjoint(self._still(bound.track, soon=soon))
        )

    def _still(self, track: str, *, soon: bool) -> frozenset[str]:
        """Return the states that a track may still come to, where it stands among them."""
        way = self._agenda.way_of(self.case.id, track) if soon else None
        if way:
            return way
        return self._maps[self.flow.id, track].after(str(self._values[f"{track}.state"]))

    def choices(self, wishes: Sequence[Wish], hopes: Sequence[Wish]) -> Iterator[Intent]:
        """Yield ways to fulfil wishes, those that take few acts first."""
        hard = list(wishes)
        constants = Constants(self._expressions((*hard, *hopes)))
        self._turn_back(constants, (*hard, *hopes))
        leaves = self._leaves(hard)
        must = [Name(column) for column in self._must if self._values[column] is None]
        close = frozenset([*leaves, *must])
        wanted = dict.fromkeys([*leaves, *must, *self._hoped(hopes)])
        variables = [self._variable(leaf, constants, hard, close) for leaf in wanted]
        functions = [self._function(leaf) for leaf in self._leaves([*hard, *hopes])]
        chosen = choose(
            [*hard, *(Wish(Recorded(leaf)) for leaf in must)],
            hopes,
            [variable for variable in variables if variable is not None],
            [function for function in functions if function is not None],
            lambda leaf: self._fixed(leaf, frozenset(leaves)),
        )
        return (self._intent(one, close) for one in chosen)

    # -----------------------------------------------------------------------------------------

    def _intent(self, chosen: Chosen, close: frozenset[Leaf]) -> Intent:
        """Return what a choice comes to; of what only hopes ask, nothing that can wait."""
        given: dict[str, Value] = {}
        recorded: dict[str, Value] = {}
        dear: list[tuple[Leaf, Value]] = []
        for leaf, value in chosen.items():
            if _is(self.value(leaf), value):
                continue
            own = isinstance(leaf, Name) and leaf.owner == SELF
            means = self.means(leaf.column) if own and isinstance(leaf, Name) else Means.ACTS
            now = leaf in close or (isinstance(leaf, Name) and self._cannot_wait(leaf.column))
            if means is Means.WITH_ACT and isinstance(leaf, Name) and now:
                given[leaf.column] = value
            elif means is Means.RECORD and isinstance(leaf, Name) and now:
                recorded[leaf.column] = value
            elif leaf in close:
                dear.append((leaf, value))
        dear.sort(key=lambda pair: isinstance(pair[0], Today))
        return Intent(given, recorded, tuple(dear))

    def _cannot_wait(self, column: str) -> bool:
        """Say whether a fact is best recorded now, even if it is needed only later."""
        fact = self.flow.facts[column]
        return self.new or not fact.by or fact.once or column in self.flow.during

    def _settled(self, column: str, *, soon: bool = False) -> bool:
        """Say whether a fact will not change any more, whatever is done.

        With `soon` only what lies on the ways that were chosen counts.
        """
        fact = self.flow.facts[column]
        if fact.once and self._values[column] is not None:
            return True
        if self.changers(column, soon=soon):
            return False
        return not fact.by or not self._ever_in_time(column, soon=soon)

    def _ever_in_time(self, column: str, *, soon: bool) -> bool:
        """Say whether a fact may be recorded in a state that its tracks can still come to."""
        during = self.flow.during.get(column)
        if during is None or self._in_time(column):
            return True
        slots = Slots()
        test = compiled(during, slots)
        for track in self.flow.tracks:
            leaf = Name(f"{track}.state")
            if leaf in slots.numbers:
                states = self._still(track, soon=soon)
                cells = [[s if one == leaf else OPEN for one in slots.numbers] for s in states]
                if not any(test(values) & TRUE for values in cells):
                    return False
        return True

    def _leaves(self, wishes: Iterable[Wish]) -> list[Leaf]:
        """Return what wishes read, and what the computed columns among it are computed from."""
        found: dict[Leaf, None] = {}
        waiting: list[Leaf] = [leaf for wish in wishes for leaf in leaves_of(wish)]
        while waiting:
            leaf = waiting.pop(0)
            if leaf in found:
                continue
            found[leaf] = None
            if isinstance(leaf, Name) and leaf.owner == SELF and leaf.column in self._recipes:
                sources = self._recipes[leaf.column].computed.sources
                waiting += [Name(source) for source in sorted(sources)]
        return list(found)

    def _expressions(self, wishes: Sequence[Wish]) -> Iterator[Expression]:
        """Yield what wishes say, and what the computed columns in them are computed by."""
        yield from (wish.expression for wish in wishes)
        for leaf in self._leaves(wishes):
            recipe = self._recipes.get(leaf.column) if isinstance(leaf, Name) else None
            if recipe is not None and recipe.computed.expression is not None:
                yield recipe.computed.expression
            for when in recipe.computed.dates if recipe is not None else ():
                if when.when is not None:
                    yield when.when

    def _hoped(self, hopes: Iterable[Wish]) -> Iterator[Leaf]:
        """Yield the facts that hopes read and that can still be recorded, now or later."""
        for leaf in self._leaves(hopes):
            if isinstance(leaf, Name) and leaf.owner == SELF and leaf.column in self.flow.facts:
                computed_ = leaf.column in self._recipes
                if not computed_ and not self._settled(leaf.column, soon=True):
                    yield leaf

    def _in_time(self, column: str) -> bool:
        test = self.plan.during.get(column)
        return test is None or self._scene.true(test)

    def _variable(
        self, leaf: Leaf, constants: Constants, wishes: Sequence[Wish], close: frozenset[Leaf]
    ) -> Variable | None:
        now, known = self.value(leaf), constants.of(leaf)
        seen = [self.value(other) for other in constants.partners(leaf)]
        today = self._today or self.world.on
        match leaf:
            case Today():
                if self._today is not None:
                    return None
                return Variable(leaf, days(today, known, seen), _SOON)
            case Aggregate(quantifier=quantifier):
                if self.new:
                    return None
                unknown = any(wish.want is None for wish in wishes)
                if quantifier in {Quantifier.ALL, Quantifier.ANY}:
                    others = [value for value in (True, False) if value is not now]
                    empty = [None] if unknown and now is not None else []
                    return Variable(leaf, (now, *others, *empty), _CHILDREN)
                return Variable(leaf, numbers(now, (*known, *seen)), _CHILDREN)
            case Name(column=column, owner=owner) if owner == PARENT and self._above is not None:
                flow = self.world.engine.program.plan(self._above.workflow).flow
                return self._dear(leaf, flow, self._above, (now, known, seen), column)
            case Name(column=column, owner=owner) if owner == SELF and column in self.flow.columns:
                means = self.means(column)
                if means is Means.COMPUTED or (means is Means.NONE and leaf in close):
                    return None
                if means is Means.ACTS and leaf in close:
                    return self._dear(leaf, self.flow, self.case, (now, known, seen), column)
                found = candidates(self.flow.columns[column], now, known, seen, today)
                return Variable(leaf, found)
        return None

    def _dear(
        self,
        leaf: Leaf,
        flow: BoundWorkflow,
        case: Case,
        told: tuple[Value, Sequence[Value], Sequence[Value]],
        column: str,
    ) -> Variable | None:
        now, known, seen = told
        price = _PARENT if case is self._above else _STATE
        if column not in flow.columns:
            return None
        track, _, part = column.rpartition(".")
        if part == "state" and track in flow.tracks:
            return Variable(leaf, self._states(flow, case, track, str(now)), price)
        if part in {"last", "since"} or column == "opened.on":
            return None
        found = candidates(flow.columns[column], now, known, seen, self.world.on)
        return Variable(leaf, found, price)

    def _states(self, flow: BoundWorkflow, case: Case, track: str, now: str) -> tuple[Value, ...]:
        """Return the states that a track may come to, near ones first, without dead ends."""
        ways = self._maps[flow.id, track]
        targets = self._agenda.targets_of(case.id, track)
        found = []
        for state in ways.after(now) - {now}:
            lost = sum(not ways.after(state) & states for states in targets)
            found.append((lost, ways.distances(frozenset({state}))[now], state))
        return (now, *(state for _, _, state in sorted(found)))

    def _fixed(self, leaf: Leaf, hard: frozenset[Leaf]) -> Any:  # noqa: ANN401 - any value
        """Return the value of what is not chosen; open where only later acts will decide it."""
        if leaf in hard:
            return self.value(leaf)
        if isinstance(leaf, Name) and leaf.owner == SELF and leaf.column in self.flow.facts:
            return self.value(leaf) if self._settled(leaf.column, soon=True) else OPEN
        return OPEN

    def _function(self, leaf: Leaf) -> Function | None:
        if not isinstance(leaf, Name) or leaf.owner != SELF:
            return None
        recipe = self._recipes.get(leaf.column)
        if recipe is None:
            return None
        sources = tuple(Name(source) for source in sorted(recipe.computed.sources))
        return Function(leaf, sources, lambda values: self._worked_out(recipe, sources, values))

    def _worked_out(
        self, recipe: Recipe, sources: Sequence[Name], chosen: Sequence[Value]
    ) -> Value:
        column = recipe.computed.column
        given = {source.column: value for source, value in zip(sources, chosen, strict=True)}
        if not self.new and all(_is(self._values[name], value) for name, value in given.items()):
            return self._values[column]
        try:
            calendar = self.world.engine.program.calendar
            return computed(calendar, recipe, {**self._values, **given}, self.world.on)
        except CalendarError:
            return None

    def _turn_back(self, constants: Constants, wishes: Iterable[Wish]) -> None:
        """Let a day compared with a computed date be a constant for what it is counted from."""
        for leaf in self._leaves(wishes):
            recipe = self._recipes.get(leaf.column) if isinstance(leaf, Name) else None
            for when, _ in recipe.dates if recipe is not None else ():
                if when.anchor is not None and when.unit in _TURNED:
                    back = timedelta(days=when.amount * _TURNED[when.unit])
                    known = [*constants.of(leaf), self.world.on]
                    moved = [day - back for day in known if isinstance(day, date)]
                    constants.add(Name(when.anchor), moved)


@lru_cache(maxsize=4_000)
def leaves_of(wish: Wish) -> tuple[Leaf, ...]:
    """Return the leaves of a wish; what stands inside an aggregate belongs to it."""
    found = [one for one in shallow(wish.expression) if isinstance(one, Name | Today | Aggregate)]
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------------------------------------


def _is(one: Value, other: Value) -> bool:
    return type(one) is type(other) and one == other
