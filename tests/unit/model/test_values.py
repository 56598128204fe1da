"""The values of the model: frozen, comparable, and small computations of their own."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import attrs
import pytest

from reformflow import model
from reformflow.errors import RequestError, UnknownName
from reformflow.model import (
    Actor,
    Case,
    Code,
    Decision,
    Document,
    Entry,
    Grant,
    Kind,
    Option,
    Policy,
    PolicySetting,
    Record,
    Reform,
    Refusal,
    Refused,
    Request,
    Text,
    Transition,
    When,
    fold,
)
from support.building import day

VALUES = [item for item in vars(model).values() if inspect.isclass(item) and attrs.has(item)]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_cannot_be_changed(kind: Any) -> None:
    """A definition that is read by several threads stays what it is."""
    made = kind.__new__(kind)
    names = [field.name for field in attrs.fields(kind)] or ["anything"]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(made, names[0], 1)


def test_there_are_values_to_try() -> None:
    assert len(VALUES) > 40


def entry(seq: int, **changes: Any) -> Entry:
    return Entry("c", seq, Kind.RECORDED, "", "ann", day("03-01"), changes)


def test_a_case_is_the_fold_of_its_entries() -> None:
    case = Case("c", "w", {"a": None, "b": 1})
    folded = fold(case, [entry(1, a=1), entry(2, b=None), entry(3, a=2)])
    assert (folded.values, folded.revision) == ({"a": 2, "b": None}, 3)
    assert case.values == {"a": None, "b": 1}


@pytest.mark.parametrize("numbers", [[2], [1, 1], [1, 3], [0]])
def test_a_gap_in_history_is_an_error(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="history of 'c'"):
        fold(Case("c", "w", {}), [entry(number) for number in numbers])


def test_the_definition_of_a_case_is_that_of_its_last_entry() -> None:
    case = Case("c", "w", {}, definition="old")
    assert fold(case, [entry(1)]).definition == "old"
    assert fold(case, [attrs.evolve(entry(1), definition="new")]).definition == "new"


def test_a_role_held_for_a_unit_is_held_there_only_and_one_for_all_everywhere() -> None:
    local = Actor.holding("a", "bureau", "office", unit="north")
    assert local.holds("bureau", "north")
    assert not local.holds("bureau", "south")
    assert not local.holds("bureau", "")
    everywhere = Actor("b", frozenset({Grant("office")}))
    assert everywhere.holds("office", "north")
    assert everywhere.holds_any(["bureau", "office"], "")
    assert not everywhere.holds_any([], "north")


def test_a_decision_without_reasons_against_it_is_granted() -> None:
    assert Decision("c").granted
    assert Decision("c").raise_for_refusal() == Decision("c")
    refused = Decision("c", refusals=(Refusal(Code.LATE, "send"), Refusal(Code.NOT_SIGNED, "x")))
    assert not refused.granted
    with pytest.raises(Refused, match="late: send; not_signed: x") as caught:
        refused.raise_for_refusal()
    assert caught.value.refusals == refused.refusals
    assert caught.value.decision == refused
    assert pickle.loads(pickle.dumps(caught.value)).decision == refused  # noqa: S301
    with pytest.raises(Refused, match="send; x"):
        refused.raise_for_refusal(lambda refusal: refusal.subject)


def test_a_text_falls_back_on_its_other_language() -> None:
    assert (Text("a", "甲").read("en"), Text("a", "甲").read("zh")) == ("a", "甲")
    assert (Text("a").read("zh"), Text(zh="甲").read("en")) == ("a", "甲")
    assert not Text()
    assert Text(zh="甲")


LATE = Policy("late", "no", (Option("no", False), Option("yes", True)))
START = Policy("start", "early", (Option("early", day("02-01")), Option("late", day("03-01"))))


def reform(**changes: Any) -> Reform:
    document = Document(Text("t"), issued_on=day("02-20"))
    return attrs.evolve(Reform("r", document, (), policies=(LATE, START)), **changes)


def test_a_policy_has_its_default_until_another_option_is_chosen() -> None:
    assert (LATE.choice, LATE.value) == ("no", False)
    chosen = reform().choosing(late="yes")
    assert chosen.policy("late").value is True
    assert chosen.policy("start").choice == "early"
    assert reform().policy("late").value is False
    assert chosen.choosing(start="late").policy("late").value is True


def test_a_policy_or_option_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownName, match="'late'"):
        reform().choosing(lat="yes")
    with pytest.raises(UnknownName, match="option of policy 'late'"):
        reform().choosing(late="yess")
    with pytest.raises(UnknownName, match="unknown workflow"):
        reform().workflow("w")


def test_the_document_takes_effect_as_written_or_as_a_policy_says_or_on_its_issue() -> None:
    assert reform().effective_on == day("02-20")
    assert reform(effective_from=day("04-01")).effective_on == day("04-01")
    by_policy = reform(effective_from=PolicySetting("start"))
    assert by_policy.effective_on == day("02-01")
    assert by_policy.choosing(start="late").effective_on == day("03-01")
    assert reform(document=Document(Text("t"))).effective_on is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"automatic": True}, True),
        ({"at": (When(model.Unit.ON, day("03-01")),)}, True),
        ({"after_due": "x"}, True),
    ],
)
def test_a_transition_fires_by_itself_in_three_ways(change: dict[str, Any], expected: Any) -> None:
    assert Transition("t", "p", ("a",), **change).by_itself is expected


REQUEST: dict[str, Any] = {
    "case": "c",
    "act": Record({}),
    "actor": Actor("li"),
    "on": day("03-01"),
    "reason": "why",
    "key": "k",
}


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("case", 7, "7 is no text"),
        ("case", None, "None is no text"),
        ("actor", "li", "'li' is no Actor .*Actor.holding"),
        ("actor", None, "None is no Actor"),
        ("actor", Actor(5), "5 is no text"),  # type: ignore[arg-type]
        ("reason", 3, "3 is no text"),
        ("key", 0, "0 is no text"),
    ],
)
def test_a_request_has_parts_of_the_right_type(part: str, value: object, told: str) -> None:
    """A number in place of an id is the most usual mistake of a host with tables of its own."""
    Request(**REQUEST)
    with pytest.raises(RequestError, match=told):
        Request(**{**REQUEST, part: value})
