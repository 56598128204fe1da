"""What a clock is said to bring in time comes in time, in workflows of clocks made up by lot."""

from __future__ import annotations

from itertools import combinations, product
from json import dumps
from random import Random

from reformflow.binding import BoundReform, bind_expression
from reformflow.checks.proving import comes_in_time
from reformflow.language import parse
from reformflow.model import LeadsTo, Property, Unit
from reformflow.testing import check
from support.building import bound_of
from support.soak import amount

STATES = ("a", "b", "c", "d")
UNITS = (Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS)
LOTS = amount(100, 4000)


def made_up(chance: Random) -> BoundReform:
    """Return a workflow of a few states with acts, deadlines, silences and set days by lot."""
    lines: list[str] = []
    for _ in range(chance.randint(1, 3)):
        number, here = len(lines), chance.sample(STATES, chance.choice((1, 1, 1, 2)))
        there, otherwise = chance.choice(STATES), chance.choice(STATES)
        moves = f"from: [{', '.join(here)}], to: {there}"
        anchors = [*(f"t{other}" for other in range(number)), "opened"]
        after = chance.choice(("progress.since", chance.choice(anchors)))
        counted = f"{chance.choice(UNITS)}: {chance.randint(0, 3)}, after: {after}"
        counted += rarely(chance, ", roll: next_working_day") + rarely(
            chance, ", boundary: exclusive"
        )
        rule = rarely(chance, ", needs: told")
        if chance.random() < 0.3:
            lines.append(f"t{number}: {{{moves}, at: {{{counted}}}{rule}}}")
            continue
        counted += chance.choice(("", ", answerable: office"))
        counted += rarely(chance, ", extension: {by: office}")
        lines.append(f"t{number}: {{{moves}, by: office, due: {{{counted}}}}}")
        if chance.random() < 0.7:
            here = here if chance.random() < 0.8 else chance.sample(STATES, 1)
            moves = f"from: [{', '.join(here)}], to: {otherwise}"
            lines.append(f"t{number + 1}: {{{moves}, after_due: t{number}{rule}}}")
    transitions = "".join(f"\n          {line}" for line in lines)
    return bound_of(
        case=f"""
        label: Case
        opening: {{by: office}}
        facts: {{word: {{type: text, by: office}}}}
        tracks: {{progress: {{initial: a, states: {{a: {{}}, b: {{}}, c: {{}}, d: {{}}}}}}}}
        rules: {{told: {{requires: word is not None, clauses: R1}}}}
        transitions:{transitions}
        """
    )


def rarely(chance: Random, text: str) -> str:
    """Return a text in one of six times."""
    return text if chance.random() < 1 / 6 else ""


def quickest(bound: BoundReform) -> list[Property]:
    """Return what is proved to come in time, each with the least time for which it is."""
    found, flow = [], bound.workflows["case"]
    for here, unit, answered in product(STATES, UNITS, (False, True)):
        for goals in (*combinations(STATES, 1), tuple(state for state in STATES if state != here)):
            condition = parse(f'state == "{here}"')
            goal = parse(f"state in {{{', '.join(map(dumps, goals))}}}")
            lowered = [bind_expression(bound, flow.id, node) for node in (condition, goal)]
            expected = (LeadsTo(condition, goal, unit, most, None, answered) for most in range(6))
            proved = (one for one in expected if comes_in_time(flow, *lowered, one))
            first = next(proved, None)
            if here not in goals and first is not None:
                named = f"{here}_{'_'.join(goals)}_{unit}_{answered}".lower()
                found.append(Property(named, flow.id, first))
    return found


def test_what_a_clock_brings_comes_in_time() -> None:
    proved = 0
    for seed in range(LOTS):
        bound = made_up(Random(seed))
        if expected := quickest(bound):
            check(bound, *expected, walks=4)
        proved += len(expected)
    assert proved > LOTS // 4
