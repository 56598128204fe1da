"""No number of an accepted expression leaves 64 bits, whatever its facts hold."""

from __future__ import annotations

from itertools import product
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.binding import bind, bind_question
from reformflow.binding.spans import CALCULATED, span_of
from reformflow.errors import DefinitionError, RequestError
from reformflow.language.parse import MAX_INT
from support.building import Play, faults_of, reform_of

CASE = """
children: {{parts: part}}
opening: {{by: office}}
facts:
  free: {{type: int, by: office}}
  idle: {{type: int, by: office}}
  least: {{type: int, by: office, minimum: 5}}
  high: {{type: int, by: office, minimum: 4000000000000000000}}
  wide: {{type: int, by: office, minimum: -4000000000000000000, maximum: 4000000000000000000}}
  full: {{type: int, by: office, minimum: -9223372036854775807, maximum: 9223372036854775807}}
  few: {{type: int, by: office, minimum: 0, maximum: 9}}
  doubled: {{type: int, derived: wide + wide}}
  more: {{type: int, derived: {derived}}}
tracks:
  progress: {{initial: draft, states: {{draft: , sent: {{final: true}}}}}}
rules:
  r: {{requires: '{rule}'}}
transitions:
  go: {{from: draft, to: sent, by: office, needs: [r]}}
  tally: {{from: draft, to: draft, by: office, set: {{least: {value}}}}}
"""
PART = """
facts:
  cost: {type: int, by: office}
  grand: {type: int, by: office, minimum: 0, maximum: 9300000000000}
tracks: {progress: {initial: open, states: {open: , done: {final: true}}}}
transitions: {end: {from: open, to: done, by: office}}
"""


def case(rule: str = "few > 1", value: str = "least + 1", derived: str = "few - 1") -> str:
    return CASE.format(rule=rule, value=value, derived=derived)


@pytest.mark.parametrize(
    "rule",
    [
        "free * 9000000 - free * 200000 < free",
        "least - free + 3 > 0",
        "wide + wide > 0",
        "wide * 2 - free > 0 and wide * 2 < 1",
        "full > 9223372036854775806",
        "high >= few",
        "doubled + few > 0",
        "full * 0 == 0",
        "sum(p.cost for p in parts) * 9 > 1",
        "sum(p.cost * 9 for p in parts if p.cost * 9000000 > 0) > count(p for p in parts)",
        "any(p.cost * 2 > free * 3 for p in parts)",
        "more - few > 0",
    ],
)
def test_what_stays_within_64_bits_is_taken(rule: str) -> None:
    assert faults_of(case=case(rule), part=PART) == set()


@pytest.mark.parametrize(
    "rule",
    [
        "free * 9300000 > 0",
        "-9300000 * free > 0",
        "full + 1 > 0",
        "full - few > 0",
        "0 - 2 - full < 0",
        "wide * 3 > 0",
        "wide + wide + wide > 0",
        "high + wide + few > 0",
        "(wide + wide + wide) - (wide + wide + wide) == 0",
        "doubled + doubled > 0",
        "sum(p.cost for p in parts) * 10 > 1",
        "sum(p.cost * 10 for p in parts) > 1",
        "sum(p.grand for p in parts) > 1",
        "any(p.grand * 9000000 > 0 for p in parts)",
        "sum(p.cost for p in parts if p.grand * 9000000 > 0) > 1",
        "few > 1 or not (full + 1 > 0)",
    ],
)
def test_what_could_leave_them_is_a_fault_of_the_definition(rule: str) -> None:
    assert faults_of(case=case(rule), part=PART) == {("case.rules.r.requires", "number")}


def test_the_fault_says_what_to_do() -> None:
    with pytest.raises(DefinitionError, match=r"12000000000000000000: more than.*narrower minimum"):
        bind(reform_of(case=case("wide * 3 > 0"), part=PART))


def test_what_is_derived_or_set_is_looked_at_as_well() -> None:
    assert faults_of(case=case(derived="full + 1"), part=PART) == {
        ("case.facts.more.derived", "number")
    }
    assert faults_of(case=case(value="full - few - 1"), part=PART) == {
        ("case.transitions.tally.set.least", "number")
    }


def test_a_duty_sets_no_more_than_a_fact_can_hold() -> None:
    """Nobody acts when a period begins, so nobody could be refused."""
    part = PART.replace("minimum: 0, maximum: 9300000000000", "minimum: 0, maximum: 9")
    duty = (
        "duties: {report: {opens: parts, first: {days: 9, after: opened}, every: {days: 9},"
        " set: {grand: %s}}}\n"
    )
    assert faults_of(case=case() + duty % "few", part=part) == set()
    assert faults_of(case=case() + duty % "few + 1", part=part) == {
        ("case.duties.report.set.grand", "number")
    }


def test_only_facts_that_are_calculated_with_are_bounded() -> None:
    bound = bind(reform_of(case=case("free + 1 > few and idle > 3"), part=PART)).workflows["case"]
    facts = {name: (fact.minimum, fact.maximum) for name, fact in bound.facts.items()}
    assert facts["free"] == (-CALCULATED, CALCULATED)
    assert facts["least"] == (5, CALCULATED)
    assert facts["idle"] == (None, None)
    assert bound.columns["free"].fact is bound.facts["free"]


def test_a_fact_that_a_parent_adds_up_is_bounded_in_its_own_workflow() -> None:
    bound = bind(reform_of(case=case("sum(p.cost for p in parts) > 1"), part=PART))
    assert bound.workflows["part"].facts["cost"].maximum == CALCULATED


def test_a_number_beyond_the_bounds_is_refused_at_the_door() -> None:
    play = Play(case=case("free + 1 > few"), part=PART)
    play.open()
    play.record(free=CALCULATED, idle=MAX_INT)
    with pytest.raises(RequestError, match="the most is 1000000000000"):
        play.record(free=CALCULATED + 1)


def test_an_initial_value_beyond_the_usual_bounds_means_none() -> None:
    text = case("free - 1 > few").replace(
        "free: {type: int, by: office}", "free: {type: int, initial: 7000000000000}"
    )
    free = bind(reform_of(case=text, part=PART)).workflows["case"].facts["free"]
    assert (free.minimum, free.maximum) == (-CALCULATED, MAX_INT)


def test_a_question_reads_the_bounds_that_facts_have() -> None:
    bound = bind(reform_of(case=case("free + 1 > few"), part=PART))
    bind_question(bound, "case", "free * 9000000 > 3")
    with pytest.raises(RequestError, match="more than 64 bits"):
        bind_question(bound, "case", "idle * 2 > 3")


def test_facts_derived_from_each_other_many_times_are_looked_at_once_each() -> None:
    chain = "".join(
        f"  d{number}: {{type: int, derived: d{number - 1} - d{number - 1}}}\n"
        for number in range(1, 60)
    )
    first = "  d0: {type: int, minimum: 0, maximum: 0, by: office}\n"
    text = case("d59 + 1 > 0").replace("  few:", f"{first}{chain}  few:")
    assert faults_of(case=text, part=PART) == set()


NUMBERS = st.sampled_from(["few", "wide", "full", "free", "high", "0", "1", "3", "1000000", "-7"])
SUMS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        )
        | st.tuples(inner, st.sampled_from(["2", "1000", "-3"])).map(lambda p: f"({p[0]} * {p[1]})")
    ),
    max_leaves=6,
)


@given(SUMS)
def test_no_value_at_the_bounds_gets_further_than_was_said(text: str) -> None:
    """Each part of an accepted sum, with its facts at their bounds, fits into 64 bits."""
    try:
        bound = bind(reform_of(case=case(f"{text} > few"), part=PART))
    except DefinitionError:
        return
    facts = bound.workflows["case"].facts
    names = [name for name in ("few", "wide", "full", "free", "high") if name in text]
    ends = [span_of(facts[name]) for name in names]
    corners = [dict(zip(names, corner, strict=True)) for corner in product(*ends)]
    code = compile(text, "sum", "eval")
    for corner in corners:
        values: dict[str, Any] = {name: _Held(value) for name, value in corner.items()}
        eval(code, {}, values)  # noqa: S307 - our own text


class _Held(int):
    """A number that notices when arithmetic leaves 64 bits."""

    def __new__(cls, value: int) -> Self:
        assert abs(value) <= MAX_INT
        return super().__new__(cls, value)

    def __add__(self, other: int) -> _Held:
        return _Held(int(self) + int(other))

    def __sub__(self, other: int) -> _Held:
        return _Held(int(self) - int(other))

    def __mul__(self, other: int) -> _Held:
        return _Held(int(self) * int(other))

    def __neg__(self) -> _Held:
        return _Held(-int(self))

    def __rsub__(self, other: int) -> _Held:
        return _Held(int(other) - int(self))

    __radd__ = __add__
    __rmul__ = __mul__
