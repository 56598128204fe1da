"""Weak properties let changed definitions live on; strong ones notice what they speak of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from reformflow.model import Actor, Fire, Open, Record, Request
from reformflow.testing import PropertyBroken, implies, never
from reformflow.testing.examples import Example
from reformflow.testing.mutants import Fate, hunt, mutants
from reformflow.testing.mutants.hunting import EXAMPLES, INVALID
from support.building import reform_of

REFORM = reform_of(
    case="""
        label: Case
        opening: {by: office}
        facts: {size: {type: int, by: office, minimum: 0, during: drafting}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        rules:
          small: {requires: size <= 3, clauses: R1}
          drafting: {requires: state == "draft", clauses: R1}
        transitions:
          send: {from: draft, to: sent, by: office, needs: small}
          decide: {from: sent, to: done, by: treasury, not_by: send}
    """
)
STRONG = (
    implies('state != "draft"', "size <= 3", workflow="case", name="small"),
    never('state == "done" and send.on is None', workflow="case", name="sent first"),
    never("send.by == decide.by", workflow="case", name="two persons"),
)
ABOUT = [
    "case: rules small requires True",
    "case: rules drafting requires True",
    "case: transitions send needs without small",
    "case: transitions decide not_by without send",
    "case: transitions decide source with draft",
]


def fates(*properties: object, about: list[str]) -> dict[str, Fate]:
    found = hunt(REFORM, properties, chosen=about, walks=30)  # type: ignore[arg-type]
    return {fate.name: fate for fate in found}


def test_the_mutants_that_are_hunted_exist() -> None:
    assert set(ABOUT) <= {one.name for one in mutants(REFORM)}


def test_strong_properties_notice_every_weakening_they_speak_of() -> None:
    found = fates(*STRONG, about=ABOUT)
    assert {name for name, fate in found.items() if fate.lives} == set()
    assert found["case: transitions decide not_by without send"].killed_by == "two persons"
    assert found["case: transitions send needs without small"].killed_by == "small"


def test_what_nothing_speaks_of_lives_on_with_its_place() -> None:
    found = fates(STRONG[0], about=ABOUT)
    alive = [fate for fate in found.values() if fate.lives]
    assert {fate.name for fate in alive} == {
        "case: transitions decide not_by without send",
        "case: transitions decide source with draft",
    } - {fate.name for fate in found.values() if fate.killed_by}
    assert {fate.path for fate in alive} <= {"case.transitions.decide"}


def test_a_definition_that_does_not_load_any_more_is_noticed_by_that() -> None:
    name = "case: transitions send dropped"
    assert fates(STRONG[0], about=[name])[name].killed_by == INVALID


def test_an_example_that_is_answered_otherwise_notices_what_no_property_speaks_of() -> None:
    add = "case: transitions decide by with office"
    assert fates(STRONG[0], about=[add])[add].lives
    office, day = Actor.holding("ann", "office"), date(2023, 3, 1)
    acts = (Open("case", unit="north"), Record({"size": 1}), Fire("send"), Fire("decide"))
    steps = [Request("c", act, office, day) for act in acts]
    (found,) = hunt(REFORM, [STRONG[0]], examples=[Example(tuple(steps))], chosen=[add], walks=1)
    assert found.killed_by == EXAMPLES
    (found,) = hunt(
        REFORM, [STRONG[0]], examples=[Example(tuple(steps[:3]))], chosen=[add], walks=1
    )
    assert found.lives


def test_what_shows_only_under_another_option_is_noticed_by_an_example_under_it() -> None:
    reform = reform_of(
        head="""
        policies: {strict: {options: [no_limit, limit], default: no_limit, clauses: R1}}
        """,
        case="""
        label: Case
        opening: {by: office, records: size}
        facts: {size: {type: int, by: office}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {final: true}}}}
        rules: {small: {requires: policy.strict == "no_limit" or size <= 3, clauses: R1}}
        transitions: {send: {from: draft, to: sent, by: office, needs: small}}
        """,
    )
    office, day = Actor.holding("ann", "office"), date(2023, 3, 1)
    acts = (Open("case", unit="north", facts={"size": 4}), Fire("send"))
    steps = [Request("c", act, office, day) for act in acts]
    name = 'case: rules small requires policy.strict == "no_limit" or size <= 4'
    (found,) = hunt(reform, [], examples=[Example(tuple(steps))], chosen=[name], walks=0)
    assert found.killed_by == EXAMPLES


def test_a_citation_is_no_behaviour() -> None:
    citing = [one.name for one in mutants(REFORM) if one.cites]
    assert "case: rules small clauses without R1" in citing
    assert "case: rules small requires True" not in citing


def test_an_executor_comes_to_the_same() -> None:
    with ThreadPoolExecutor(2) as executor:
        found = hunt(REFORM, STRONG, chosen=ABOUT, walks=30, executor=executor)
        assert {fate.name: fate for fate in found} == fates(*STRONG, about=ABOUT)


def test_a_property_that_does_not_even_hold_of_the_reform_is_an_error() -> None:
    with pytest.raises(PropertyBroken):
        list(hunt(REFORM, [never('state == "sent"', workflow="case")], chosen=ABOUT))
