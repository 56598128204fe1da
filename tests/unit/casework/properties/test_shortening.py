"""What breaks a property is told by the fewest steps, facts and days that still break it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reformflow.casework.properties import shortened
from reformflow.model import Actor, Record, Request
from support.building import day

ANN = Actor("ann")
FIRST = day("03-01")


def recorded(on: int, **facts: int) -> Request:
    return Request("case", Record(facts), ANN, FIRST + timedelta(days=on))


def told(steps: Sequence[Request]) -> list[tuple[int, dict[str, object]]]:
    found = []
    for step in steps:
        assert isinstance(step.act, Record)
        found.append(((step.on - FIRST).days, dict(step.act.facts)))
    return found


def test_steps_facts_and_days_that_do_not_matter_are_left_out() -> None:
    steps = [recorded(0, a=1, b=2), recorded(1, c=3), recorded(4, d=4, e=5), recorded(9, f=6)]

    def breaks(tried: list[Request]) -> bool:
        facts = [facts for _, facts in told(tried)]
        return any("b" in one for one in facts) and any("d" in one for one in facts)

    assert told(shortened(steps, breaks)) == [(0, {"b": 2}), (0, {"d": 4})]


def test_a_day_that_matters_is_kept() -> None:
    steps = [recorded(0, a=1), recorded(1, c=1), recorded(5, b=1)]

    def breaks(tried: list[Request]) -> bool:
        return len(tried) >= 2 and (tried[-1].on - tried[0].on).days >= 3

    assert told(shortened(steps, breaks)) == [(0, {}), (5, {})]


NUMBERS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), max_size=3)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.integers(1, 8))
def test_what_is_left_still_breaks_and_lacks_nothing_that_could_be_left_out(
    given: list[dict[str, int]], least: int
) -> None:
    steps = [recorded(number, **facts) for number, facts in enumerate(given)]

    def breaks(tried: list[Request]) -> bool:
        return sum(value for _, facts in told(tried) for value in facts.values()) >= least  # type: ignore[misc]

    left = shortened(steps, breaks) if breaks(steps) else []
    assert breaks(left) == breaks(steps)
    for number in range(len(left)):
        assert not breaks([*left[:number], *left[number + 1 :]])
