"""What is written reads back as the same value, whatever the value holds."""

from __future__ import annotations

import keyword
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.errors import DefinitionError
from reformflow.formats import dump, load, shipped, to_yaml
from reformflow.formats.folder import read_texts
from reformflow.language import parse
from reformflow.model import (
    Answerable,
    Basis,
    BeforeEffect,
    Boundary,
    Branch,
    CalendarChoice,
    Choice,
    Clause,
    Deadline,
    Document,
    Duty,
    Fact,
    FactType,
    Late,
    Modality,
    Opening,
    Option,
    Permit,
    Policy,
    PolicySetting,
    Reform,
    Relation,
    Role,
    Roll,
    Rule,
    Scope,
    Stage,
    Standing,
    State,
    Text,
    Track,
    Transition,
    Unit,
    When,
    Window,
    Workflow,
)
from support.repository import ROOT
from support.soak import DEAR

BASE = ROOT / "tests" / "definitions" / "bad" / "base"

# Texts that have fooled YAML readers, beside any others.
ODD = [
    "no",
    "on",
    "true",
    "null",
    "~",
    "",
    " ",
    "012",
    "0x1F",
    "1e3",
    ".5",
    ".inf",
    "1:30",
    "<<",
    "=",
    "2021-02-10",
    "2021-02-30",
    "policy.late",
    "- a",
    "a: b",
    "a #b",
    "#",
    "'",
    '"',
    "\\",
    "{",
    "[",
    "&a",
    "*a",
    "!t",
    "%YAML",
    "@",
    "`",
    "a\n",
    "\na",
    " a",
    "a ",
    "a\n\n b\n",
    "\t",
    "\r",
    "a\r\nb",
    "两集中",
    "𠮷",
    "\u2028",
    "\x85",
    "\u202e",
    "\ufeff",
    "\x1b",
    "---",
    "...",
    "?",
    ":",
    ",",
    "|",
    ">",
]
NAMING = "abcXYZ019 _-./:#'\"?&*,两集中𠮷"
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
text = st.sampled_from(ODD) | st.text(characters, max_size=30)
ids = st.from_regex(r"[a-z_]{1,8}|[\u4e00-\u9fa5]{1,4}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name)
)
codes = st.from_regex(r"[A-Z0-9]{1,3}(\.[0-9]{1,2}){0,2}", fullmatch=True)
names = ids | codes
days = st.dates()
numbers = st.integers(-(2**63), 2**63 - 1)
words = st.builds(Text, text, text) | st.builds(lambda one: Text(one, one), text)
labels = words.filter(bool)
rules = st.sampled_from(
    [
        "True",
        "False",
        "5",
        "today",
        "a > 1",
        "kind == \"no: 'x'\"",
        "policy.late == 2",
        'all(m.state == "live" for m in matters if m.in_scope)',
        "not (a and b) or c is None",
        'day >= date("2021-02-10")',
        'kind in {"a", "b"}',
        "a * 2 - 1 < parent.b",
    ]
).map(parse)


def some(item: Any, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(item, max_size=most).map(tuple)


def named(item: Any, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    unique = st.lists(item, max_size=most, unique_by=lambda value: value.id)
    return unique.map(tuple)


def setting(constant: Any) -> st.SearchStrategy[Any]:
    return constant | st.builds(PolicySetting, ids)


def word(enum: Any) -> st.SearchStrategy[str]:
    return setting(st.sampled_from([item.value for item in enum]))


def optional(item: Any) -> st.SearchStrategy[Any]:
    return st.none() | item


options = {"roll": word(Roll), "boundary": word(Boundary), "when": optional(rules)}
counted = st.sampled_from([u for u in Unit if u not in {Unit.ON, Unit.NEXT}])
days_of_year = st.lists(
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda d: (d.month, d.day)),
    min_size=1,
    max_size=3,
).map(tuple)


def dates(anchor: Any, least: int) -> st.SearchStrategy[When]:
    amounts = setting(st.integers(least, 100_000))
    return st.one_of(
        st.builds(When, st.just(Unit.ON), on=setting(days), **options),
        st.builds(When, counted, amount=amounts, anchor=anchor, **options),
        st.builds(When, st.just(Unit.NEXT), days_of_year=days_of_year, anchor=anchor, **options),
    )


when = dates(names, -100_000)
whens = some(when)
cited = some(names)
deadlines = st.builds(
    Deadline,
    dates=st.lists(when, min_size=1, max_size=2).map(tuple),
    late=word(Late),
    before_effect=word(BeforeEffect),
    answerable=some(st.builds(Answerable, names, optional(rules))),
    during=cited,
    suspended_in=cited,
    extension=optional(st.builds(Permit, cited, cited)),
    suspension=optional(st.builds(Permit, cited, cited)),
    says=labels,
    clauses=cited,
)
windows = st.builds(Window, whens, whens, word(Late), labels, cited)
gives = st.dictionaries(st.sampled_from(["due", "start", "number"]), names).map(
    lambda pairs: tuple(pairs.items())
)
sets = st.dictionaries(ids, rules, max_size=2).map(lambda pairs: tuple(pairs.items()))
duties = st.builds(
    Duty,
    id=ids,
    relation=names,
    first=whens,
    every=dates(st.just(""), 0),
    gives=gives,
    sets=sets,
    condition=optional(rules),
    lead_days=optional(st.integers(0, 400)),
    enabled=optional(rules),
    says=labels,
    clauses=cited,
)
basis = st.sampled_from(Basis)
plain = {"id": ids, "by": cited, "label": labels, "clauses": cited, "basis": basis}
plain |= {"during": optional(rules), "once": st.booleans()}
derived = optional(rules | st.lists(when, min_size=1, max_size=2).map(tuple))
choice_ids = st.text(NAMING, min_size=1, max_size=8)
choices = st.dictionaries(choice_ids, words, min_size=1, max_size=3).map(
    lambda pairs: tuple(Choice(*pair) for pair in pairs.items())
) | st.lists(choice_ids.map(Choice), min_size=1, max_size=3, unique=True).map(tuple)
facts = st.one_of(
    st.builds(Fact, type=st.just(FactType.BOOL), initial=optional(st.booleans()), **plain),
    st.builds(
        Fact,
        type=st.just(FactType.INT),
        initial=optional(numbers),
        minimum=optional(numbers),
        maximum=optional(numbers),
        derived=derived,
        **plain,
    ),
    st.builds(Fact, type=st.just(FactType.DATE), initial=optional(days), derived=derived, **plain),
    st.builds(
        Fact,
        type=st.just(FactType.TEXT),
        initial=optional(text),
        max_length=st.integers(1, 9999),
        **plain,
    ),
    st.builds(Fact, type=st.just(FactType.CHOICE), choices=choices, **plain),
)
states = st.builds(State, ids, labels, optional(names), st.booleans(), cited, basis)
tracks = st.builds(
    Track, ids, names, named(states), named(st.builds(Stage, ids, labels, cited)), labels
)
transitions = st.builds(
    Transition,
    id=ids,
    track=names,
    source=cited,
    to=some(st.builds(Branch, names, optional(rules))),
    by=cited,
    signed_by=cited,
    not_by=cited,
    needs=cited,
    due=optional(deadlines),
    window=optional(windows),
    records=cited,
    may_record=cited,
    sets=sets,
    automatic=st.booleans(),
    at=whens,
    after_due=optional(names),
    reason=st.booleans(),
    enabled=optional(rules),
    label=labels,
    clauses=cited,
    basis=basis,
)
rule_values = st.builds(Rule, ids, rules, labels, cited, optional(days), optional(days), basis)
workflows = st.builds(
    Workflow,
    id=ids,
    tracks=st.lists(tracks, min_size=1, max_size=2, unique_by=lambda t: t.id).map(tuple),
    transitions=named(transitions, 2),
    facts=named(facts),
    rules=named(rule_values),
    opening=st.builds(Opening, cited, cited, cited, cited, cited),
    children=named(st.builds(Relation, ids, names, cited)),
    duties=named(duties, 2),
    corrected_by=cited,
    label=labels,
    clauses=cited,
)
scalars = st.booleans() | numbers | days | text
policies = st.builds(
    Policy,
    id=ids,
    default=st.text(NAMING, min_size=1, max_size=9),
    options=st.dictionaries(st.text(NAMING, min_size=1, max_size=9), scalars, max_size=3).map(
        lambda pairs: tuple(Option(*pair) for pair in pairs.items())
    ),
    says=labels,
    clauses=cited,
    interprets=text,
    chosen=optional(st.text(NAMING, min_size=1, max_size=9)),
)
clauses = st.builds(
    Clause,
    id=codes,
    at=text,
    modality=st.sampled_from(Modality),
    says=labels,
    kind=text,
    standing=st.sampled_from(Standing),
    why=labels,
)
reforms = st.builds(
    Reform,
    id=st.from_regex(r"[a-z]{1,5}(-[0-9]{1,4}){0,2}", fullmatch=True),
    document=st.builds(Document, labels, text, labels, optional(days), optional(days), cited),
    workflows=st.lists(workflows, min_size=1, max_size=2, unique_by=lambda w: w.id).map(tuple),
    clauses=named(clauses),
    roles=named(st.builds(Role, ids, labels, st.sampled_from(Scope), cited, cited)),
    policies=named(policies),
    effective_from=optional(setting(days)),
    time_zone=st.sampled_from(["UTC", "Asia/Shanghai", "Europe/London"]),
    calendar=st.builds(
        CalendarChoice,
        st.sampled_from(["weekdays", "china", "every-day", "country:GB-ENG"]),
        some(days),
        some(days),
        some(st.integers(1, 9999)),
    ),
)


@DEAR
@given(reforms)
def test_every_reform_reads_back_as_the_same_value_and_is_written_the_same_again(
    reform: Reform,
) -> None:
    texts = to_yaml(reform)
    again, problems = read_texts({name: text.encode() for name, text in texts.items()})
    assert problems == ()
    assert again == reform
    assert to_yaml(again) == texts


@pytest.mark.parametrize("name", ["base", *shipped()])
def test_a_loaded_reform_is_dumped_and_loaded_without_loss(name: str, tmp_path: Path) -> None:
    reform = load(BASE if name == "base" else name)
    dump(reform, tmp_path / "copy")
    assert load(tmp_path / "copy") == reform


def test_chosen_policies_are_written_too(tmp_path: Path) -> None:
    reform = load(BASE).choosing(late="flag", returns="off")
    dump(reform, tmp_path)
    assert load(tmp_path) == reform


@given(text, text)
def test_texts_come_back_code_point_for_code_point(en: str, zh: str) -> None:
    reform = attrs.evolve(load(BASE), document=Document(Text(en or "x", zh)))
    texts = {name: text.encode() for name, text in to_yaml(reform).items()}
    again, _ = read_texts(texts)
    assert again is not None
    assert again.document.title == Text(en or "x", zh)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../up"},
        {"id": ""},
        {"time_zone": "nowhere"},
        {"document": Document(Text("a\0b"))},
        {"document": Document(Text("a\ud800b"))},
        {"workflows": ()},
        {"roles": (Role("a b"),)},
        {"roles": (Role("a"), Role("a"))},
        {"policies": (Policy("p", "a", (Option("a", 2**70),)),)},
    ],
)
def test_what_no_file_can_hold_is_refused_and_nothing_written(
    change: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(DefinitionError):
        dump(attrs.evolve(load(BASE), **change), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
