"""What is found by searching a definition is what its cases can come to, no more and no less."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from random import Random

import pytest

from reformflow.binding import bind
from reformflow.checks.reach import Explored, explored
from reformflow.checks.reach.formulas import Is, both
from reformflow.engine import Engine
from reformflow.formats import load
from reformflow.model import Case, Correct, Reform, Request, Value
from reformflow.testing.walks import Walk
from support.finite import drawn, states_of
from support.repository import ROOT
from support.soak import amount, course

SHIPPED = sorted(path.parent for path in (ROOT / "workflows").glob("*/reform.yaml"))


def found(search: Explored, workflow: str = "w") -> set[tuple[Value, ...]]:
    """Return every reachable state, written out."""
    space = search.spaces[workflow]
    variables = space.system.variables
    return {
        tuple(v.shown[number] for v, number in zip(variables, numbers, strict=True))
        for numbers in product(*(range(len(v.shown)) for v in variables))
        if space.holds(
            both(*(Is(v.name, frozenset({n})) for v, n in zip(variables, numbers, strict=True)))
        )
    }


def exactly_decidable(reform: Reform) -> bool:
    """Say whether recording is ordered: where each fact waits for another, too much is found."""
    reads = {
        fact.id: {other for other in ("sure", "paid", "colour") if f"'{other}'" in str(fact.during)}
        for fact in reform.workflows[0].facts
        if fact.by
    }
    return not any(
        one in reads[other]
        for one in reads
        for other in reads.get(one, ())
        if other in reads and other != one
    )


@pytest.mark.parametrize("number", range(amount(25, 500)))
def test_the_states_found_are_those_that_the_engine_can_bring_about(number: int) -> None:
    reform = drawn(Random(course("reach", number)))
    bound = bind(reform)
    search = explored(bound)
    columns = [variable.name for variable in search.spaces["w"].system.variables]
    real = states_of(bound, columns)
    assert real <= found(search)
    if exactly_decidable(reform):
        assert real == found(search)


class Uncorrected(Walk):
    """A walk that mends nothing: what is taken back is not what a definition allows."""

    def request(self) -> Request:
        while isinstance((request := super().request()).act, Correct):
            pass
        return request


def within(search: Explored, case: Case) -> bool:
    """Say whether a case is in a state that was found."""
    space, ground = search.spaces[case.workflow], search.grounds[case.workflow]
    return space.holds(
        both(
            *(
                Is(v.name, ground.domains[v.name].holding(case.values[v.name]))
                for v in space.system.variables
            )
        )
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_whatever_happens_to_cases_of_a_shipped_reform_was_found(path: Path) -> None:
    bound = bind(load(path))
    search = explored(bound)
    start = bound.effective_on or date(2021, 2, 1)
    for number in range(amount(3, 60)):
        chance = Uncorrected(
            Engine(bound), Random(course(path.name, number)).getrandbits(32), start
        )
        for _ in chance.play(amount(150, 400)):
            pass
        for name in chance.docket.ids():
            case = chance.docket.case(name)
            assert within(search, case), (name, case)
