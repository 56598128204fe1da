"""The states of a system that can be reached, and those from which others can be reached.

Commands are applied in turn, each to all states found so far, until nothing is new. No second
copy of the variables is needed for that: a command forgets what it writes, and then knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Protocol

import attrs

from reformflow.checks.reach.bitsets import FITTING, BitSets
from reformflow.checks.reach.diagrams import Diagrams
from reformflow.checks.reach.formulas import Formula, Kin, both, kin_of, settled
from reformflow.checks.reach.system import Command, Opening, System, Values
from reformflow.model import Value

States = Any
"""A set of states: it knows the operators & | and ~."""

Asked = Callable[[Kin], bool]
"""Answers whether some case of another workflow can be so."""


class Sets(Protocol):
    """A way of keeping sets of states."""

    nothing: States
    everything: States

    def of(self, formula: Formula) -> States:
        """Return the states in which a formula holds; it asks nothing about kin."""

    def among(self, variable: str, values: Values) -> States:
        """Return the states in which a variable holds one of some values."""

    def without(self, variables: Iterable[str], states: States, where: States) -> States:
        """Return what differs at most in these variables from a state in both sets."""

    def any(self, states: States) -> bool:
        """Say whether there is any state in a set."""

    def one(self, states: States) -> Mapping[str, int]:
        """Return one state of a set: the number of each variable's value."""

    def count(self, states: States) -> int:
        """Return how many states there are in a set."""

    def too_many(self, states: States) -> bool:
        """Say whether a set has become too large to go on."""


@attrs.frozen
class Step:
    """One step of a path: what happened, and the values after it.

    `command` is a transition, RECORD for facts that are recorded, None for the opening.
    """

    command: str | None
    values: Mapping[str, Value]


class Space:
    """The states of one system.

    It is not `complete` if there were too many; then all that is not absurd counts as reached.
    """

    def __init__(self, system: System, sets: Sets | None = None) -> None:
        """Begin with no state reached; `sets` keeps them, chosen by the system's size if None."""
        self.system = system
        self.sets: Sets = sets or fitting(system)
        self.reached: States = self.sets.nothing
        self.complete = True
        self._found: list[tuple[str | None, States]] = []
        self._answers: dict[Kin, bool] = {}
        self._moves: dict[str, _Move] = {}
        self._leading: dict[Formula, States] = {}
        self._following: dict[Formula, States] = {}

    def grow(self, asked: Asked) -> bool:
        """Add what can be reached, given the answers about kin; say whether anything was new."""
        if not (self.complete and self._answer(asked)):
            return False
        self._leading.clear()
        self._following.clear()
        before = self.reached
        for opening in self.system.openings:
            self._add(None, self.opened(opening))
        seen: dict[str, States] = dict.fromkeys(self._moves, self.sets.nothing)
        while any(known != self.reached for known in seen.values()):
            for name, move in self._moves.items():
                known = seen[name]
                if known != self.reached:
                    seen[name] = self.reached
                    self._add(name, move.after(self.reached & ~known))
            if self.sets.too_many(self.reached):
                return self._give_up()
        return bool(before != self.reached)

    def opened(self, opening: Opening) -> States:
        """Return the states in which a case can begin in one way."""
        found = self.states(*(need.holds for need in opening.needs))
        for name, values in opening.values:
            found &= self.sets.among(name, values)
        return found

    def states(self, *formulas: Formula) -> States:
        """Return the states in which all formulas hold, reached or not."""
        return self.sets.of(settled(both(*formulas), self._answers.__getitem__))

    def holds(self, *formulas: Formula) -> bool:
        """Say whether a state is reached in which all formulas hold."""
        return self.sets.any(self.reached & self.states(*formulas))

    def after(self, command: str, states: States) -> States:
        """Return the states to which a command leads from some states."""
        return self._moves[command].after(states)

    def recorded(self, command: str, states: States) -> States:
        """Return the states in which a command's needs are asked: once it has begun."""
        return self._moves[command].recorded(states)

    def leading_to(self, ends: Formula) -> States:
        """Return the reached states from which one can be reached in which `ends` holds."""
        return self._spread(ends, self._leading, lambda move, to: move.before(to) & self.reached)

    def following(self, begin: Formula) -> States:
        """Return the reached states in which `begin` holds, and those that they lead to."""
        return self._spread(begin, self._following, lambda move, states: move.after(states))

    def path_to(self, states: States) -> tuple[Step, ...]:
        """Return a way from an opening to one of some states, () if none of them is reached."""
        steps: list[Step] = []
        wanted, place = states, self._earliest(states, len(self._found))
        while place is not None:
            name, known = self._found[place]
            state = self.sets.one(known & wanted)
            steps.append(Step(name, self.shown(state)))
            if name is None:
                break
            wanted = self._moves[name].before(self._exactly(state))
            place = self._earliest(wanted, place)
        return tuple(reversed(steps))

    def shown(self, state: Mapping[str, int]) -> dict[str, Value]:
        """Return the values that stand for a state."""
        return {item.name: item.shown[state[item.name]] for item in self.system.variables}

    # -----------------------------------------------------------------------------------------

    def _add(self, name: str | None, states: States) -> None:
        reached = self.reached | states
        if reached != self.reached:
            self.reached = reached
            self._found.append((name, reached))

    def _earliest(self, states: States, limit: int) -> int | None:
        """Return when the first of some states was found; states only ever come to be more."""
        found = self._found[:limit]
        places = (n for n, (_, known) in enumerate(found) if self.sets.any(known & states))
        return next(places, None)

    def _give_up(self) -> bool:
        """Take every combination of values for reachable: nothing is impossible then."""
        self.complete = False
        self.reached = self.sets.everything
        for variable in self.system.variables:
            values = frozenset(range(len(variable.shown)))
            self.reached &= self.sets.among(variable.name, values)
        self._found.append((None, self.reached))
        return True

    def _spread(
        self, begin: Formula, known: dict[Formula, States], step: Callable[[_Move, States], States]
    ) -> States:
        """Return the reached states in which a formula holds, and all to which steps lead."""
        if not self.complete:
            return self.reached
        if begin not in known:
            found = self.reached & self.states(begin)
            seen: dict[str, States] = dict.fromkeys(self._moves, self.sets.nothing)
            while any(states != found for states in seen.values()):
                for name, move in self._moves.items():
                    if seen[name] != found:
                        seen[name] = found
                        found |= step(move, found)
            known[begin] = found
        return known[begin]

    def _exactly(self, state: Mapping[str, int]) -> States:
        found = self.sets.everything
        for name, number in state.items():
            found &= self.sets.among(name, frozenset({number}))
        return found

    def _answer(self, asked: Asked) -> bool:
        """Ask about kin, and prepare the commands; say whether the answers are other ones."""
        kin = frozenset().union(*map(kin_of, _formulas(self.system)))
        answers = {one: asked(one) for one in kin}
        if self._moves and answers == self._answers:
            return False
        self._answers = answers
        hurried = self.sets.nothing
        for command in self.system.commands:
            begin = self.states(command.before) & ~hurried
            if command.urgent is not None:
                hurried |= self.states(command.urgent)
            self._moves[command.name] = self._move(command, begin)
        return True

    def _move(self, command: Command, begin: States) -> _Move:
        needs = self.states(*(need.holds for need in command.needs))
        if not command.frees:
            needs &= begin  # nothing is recorded in between
        frees = []
        for (when, once), alike in groupby(command.frees, key=lambda free: (free.when, free.once)):
            group = [(free.variable, free.values) for free in alike]
            for part in ([pair] for pair in group) if once else [group]:
                allowed = self.states(when)
                if once:
                    allowed &= self.sets.among(part[0][0], _UNSET)
                frees.append(self._change(allowed, part))
        ends = [
            self._change(self.states(outcome.when) & needs, outcome.writes)
            for outcome in command.outcomes
        ]
        return _Move(self.sets, begin, tuple(frees), tuple(ends))

    def _change(self, allowed: States, writes: Iterable[tuple[str, Values]]) -> _Change:
        values = self.sets.everything
        for name, numbers in writes:
            values &= self.sets.among(name, numbers)
        return tuple(name for name, _ in writes), allowed, values


def fitting(system: System) -> Sets:
    """Return the quicker way of keeping the states of a system."""
    return BitSets(system) if system.size <= FITTING else Diagrams(system)


# ---------------------------------------------------------------------------------------------

_UNSET: Values = frozenset({0})

_Change = tuple[tuple[str, ...], States, States]
"""Variables that change in states of the first set, so that they come to be in the second."""


@attrs.frozen
class _Move:
    """A command, ready to be applied: where it begins, what is recorded, and how it ends."""

    sets: Sets
    begin: States
    frees: tuple[_Change, ...]
    ends: tuple[_Change, ...]

    def recorded(self, states: States) -> States:
        """Return the states upon which the command may begin, once facts are recorded."""
        found = states & self.begin
        if not self.sets.any(found):
            return found
        for names, allowed, values in self.frees:
            given = self.sets.without(names, found, allowed) & values
            # Where all may be given a value, that may also be the one they have.
            found = given if allowed == self.sets.everything else found | given
        return found

    def after(self, states: States) -> States:
        """Return the states that follow upon some states."""
        found = self.recorded(states) if self.frees else states
        reached = self.sets.nothing
        for names, allowed, values in self.ends:
            reached |= self.sets.without(names, found, allowed) & values
        return reached

    def before(self, states: States) -> States:
        """Return the states upon which one of some states follows."""
        found = self.sets.nothing
        for names, allowed, values in self.ends:
            found |= self.sets.without(names, states, values) & allowed
        for names, allowed, values in reversed(self.frees):
            given = self.sets.without(names, found, values) & allowed
            found = given if allowed == self.sets.everything else found | given
        return found & self.begin


def _formulas(system: System) -> Iterator[Formula]:
    for opening in system.openings:
        yield from (need.holds for need in opening.needs)
    for command in system.commands:
        yield command.before
        yield from (free.when for free in command.frees)
        yield from (need.holds for need in command.needs)
        yield from (outcome.when for outcome in command.outcomes)
        if command.urgent is not None:
            yield command.urgent
