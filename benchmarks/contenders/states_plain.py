"""Plain search: every state a tuple, every guard a closure, every successor made and looked up."""

from collections.abc import Callable, Iterator
from itertools import product
from time import perf_counter

from attrs import evolve, frozen

from reformflow.checks.reach.formulas import All, Formula, Is, Some
from reformflow.checks.reach.system import Command, Outcome, System

State = tuple[int, ...]
Test = Callable[[State], bool]


@frozen
class Found:
    """How many states were found, and whether these are all."""

    states: int
    complete: bool


def search(system: System, *, seconds: float = float("inf")) -> Found:
    """Search a system breadth first, for some seconds at most."""
    places = {variable.name: place for place, variable in enumerate(system.variables)}
    moves = [_move(command, places) for one in system.commands for command in _singly(one)]
    seen = {
        state
        for opening in system.openings
        for state in product(*(sorted(dict(opening.values)[name]) for name in places))
    }
    end = perf_counter() + seconds
    frontier = list(seen)
    while frontier:
        fresh: list[State] = []
        for state in frontier:
            for move in moves:
                for after in move(state):
                    if after not in seen:
                        seen.add(after)
                        fresh.append(after)
        if perf_counter() > end:
            return Found(len(seen), complete=False)
        frontier = fresh
    return Found(len(seen), complete=True)


# ---------------------------------------------------------------------------------------------


def _singly(command: Command) -> Iterator[Command]:
    """Yield a command; facts that are recorded by hand one by one, which comes to the same."""
    if command.needs or command.outcomes != (Outcome(),):
        yield command
    else:
        yield from (evolve(command, frees=(free,)) for free in command.frees)


def _test(formula: Formula, places: dict[str, int]) -> Test:
    match formula:
        case Is(variable=name, values=values):
            place = places[name]
            return lambda state: state[place] in values
        case All(parts=parts):
            tests = [_test(part, places) for part in parts]
            return lambda state: all(test(state) for test in tests)
        case Some(parts=parts):
            tests = [_test(part, places) for part in parts]
            return lambda state: any(test(state) for test in tests)
    raise TypeError(formula)


def _move(command: Command, places: dict[str, int]) -> Callable[[State], Iterator[State]]:
    """Return the successors of a command that records without conditions, and is not urgent."""
    begins = _test(command.before, places)
    needs = _test(All(tuple(need.holds for need in command.needs)), places)
    frees = [(places[free.variable], sorted(free.values)) for free in command.frees]
    ends = [
        (
            _test(outcome.when, places),
            [(places[name], sorted(values)) for name, values in outcome.writes],
        )
        for outcome in command.outcomes
    ]

    def move(state: State) -> Iterator[State]:
        if begins(state):
            for recorded in _written(state, frees):
                if needs(recorded):
                    for when, writes in ends:
                        if when(recorded):
                            yield from _written(recorded, writes)

    return move


def _written(state: State, writes: list[tuple[int, list[int]]]) -> Iterator[State]:
    for values in product(*(values for _, values in writes)):
        after = list(state)
        for (place, _), value in zip(writes, values, strict=True):
            after[place] = value
        yield tuple(after)
