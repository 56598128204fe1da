"""Bit sets and decision diagrams hold the same states, forwards, backwards and along paths."""

from __future__ import annotations

import sys
from itertools import pairwise, product
from random import Random

import pytest

from reformflow.binding import bind
from reformflow.checks.reach import explored
from reformflow.checks.reach.bitsets import BitSets
from reformflow.checks.reach.diagrams import Diagrams
from reformflow.checks.reach.formulas import Formula, Is, Kin, both
from reformflow.checks.reach.space import Sets, Space
from reformflow.checks.reach.system import System
from reformflow.errors import MissingExtra
from support.finite import drawn
from support.soak import amount, course

WAYS = (BitSets, Diagrams)


def system_of(number: int) -> System:
    return explored(bind(drawn(Random(course("space", number))))).spaces["w"].system


def grown(system: System, way: type[Sets]) -> Space:
    space = Space(system, way(system))
    assert space.grow(unasked)
    return space


def unasked(kin: Kin) -> bool:
    raise AssertionError(kin)


def exactly(system: System, numbers: tuple[int, ...]) -> Formula:
    variables = zip(system.variables, numbers, strict=True)
    return both(*(Is(variable.name, frozenset({number})) for variable, number in variables))


def every(system: System) -> list[tuple[int, ...]]:
    return list(product(*(range(len(variable.shown)) for variable in system.variables)))


@pytest.mark.parametrize("number", range(amount(8, 200)))
def test_both_ways_of_keeping_states_find_the_same(number: int) -> None:
    system = system_of(number)
    bits, diagrams = (grown(system, way) for way in WAYS)
    assert bits.sets.count(bits.reached) == diagrams.sets.count(diagrams.reached)
    ends = Is("one.state", frozenset({2}))
    backwards = [space.leading_to(ends) for space in (bits, diagrams)]
    for numbers in every(system):
        state = exactly(system, numbers)
        assert bits.holds(state) == diagrams.holds(state)
        one, other = (
            space.sets.any(back & space.states(state))
            for space, back in zip((bits, diagrams), backwards, strict=True)
        )
        assert one == other


@pytest.mark.parametrize("number", range(amount(8, 200)))
def test_what_leads_to_an_end_is_what_reaches_it_step_by_step(number: int) -> None:
    system = system_of(number)
    space = grown(system, BitSets)
    wanted = Is("one.state", frozenset({2}))
    ends = space.reached & space.states(wanted)
    expected = 0
    for numbers in every(system):
        found = space.states(exactly(system, numbers)) & space.reached
        begin, known = found, 0
        while found != known:
            known = found
            for command in system.commands:
                found |= space.after(command.name, found)
        expected |= begin if found & ends else 0
    assert space.leading_to(wanted) == expected


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", range(amount(8, 200)))
def test_each_step_of_a_path_follows_from_the_one_before(number: int, way: type[Sets]) -> None:
    system = system_of(number)
    space = grown(system, way)
    for state in "abc":
        wanted = space.states(Is("two.state", frozenset({"abc".index(state)})))
        path = space.path_to(wanted)
        assert bool(path) == space.sets.any(space.reached & wanted)
        assert not path or path[-1].values["two.state"] == state
        assert [step.command for step in path[:1]] in ([], [None])
        for before, step in pairwise(path):
            start, end = (self_states(space, one.values) for one in (before, step))
            assert space.sets.any(space.after(str(step.command), start) & end)


def self_states(space: Space, values: object) -> object:
    assert isinstance(values, dict)
    numbers = tuple(v.shown.index(values[v.name]) for v in space.system.variables)
    return space.states(exactly(space.system, numbers))


def test_without_cudd_the_diagrams_are_kept_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dd.cudd", None)
    system = system_of(1)
    assert type(Diagrams(system).nothing).__module__ == "dd.autoref"
    spaces = [grown(system, way) for way in WAYS]
    assert len({space.sets.count(space.reached) for space in spaces}) == 1


def test_without_dd_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dd.cudd", "dd.autoref"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match="extra 'checks'"):
        Diagrams(system_of(1))
