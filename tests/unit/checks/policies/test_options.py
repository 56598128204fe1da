"""What only other options break is found, with the fewest options that break it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import attrs
import pytest

from reformflow.checks import check
from reformflow.checks.policies import Options
from reformflow.checks.rules.contradictions import rules_exclude_each_other, rules_never_true
from reformflow.checks.structure.traps import traps
from reformflow.model import Finding
from support.building import reform_of
from support.checking import subject_of

HEAD = """
    policies:
      least: {options: {none: 0, some: 5, many: 50}, default: none}
      most: {options: {hundred: 100, forty: 40, four: 4}, default: hundred}
      way: {options: [open, closed], default: open}
      words: {options: [same, distinct], default: same}
"""
ITEM = """
    facts:
      posts: {type: int, by: [office], minimum: 0, maximum: 60}
      kind: {type: choice, choices: [whole, part], by: [office]}
    rules:
      enough: {requires: posts >= policy.least, clauses: [R1]}
      not_too_many: {requires: posts <= policy.most, clauses: [R2]}
      kept: {requires: 'policy.way == "open" or kind == "whole"', clauses: [R3]}
    transitions:
      send: {from: draft, to: sent, by: [office], needs: [enough, not_too_many, kept]}
      finish: {from: sent, to: done, by: [office]}
"""
RULES = Options((rules_never_true, rules_exclude_each_other))


def told(findings: list[Finding]) -> dict[tuple[tuple[str, str], ...], tuple[str, tuple[str, ...]]]:
    return {one.policies: (one.code, one.witness.parts) for one in findings}


def found(item: str = ITEM, head: str = HEAD) -> list[Finding]:
    return list(RULES(subject_of(head, item=item)))


def test_two_options_that_exclude_each_other_only_together_are_found() -> None:
    together = ("rules_exclude_each_other", ("enough", "not_too_many"))
    assert told(found()) == {
        (("least", "some"), ("most", "four")): together,
        (("least", "many"), ("most", "forty")): together,
        (("least", "many"), ("most", "four")): together,
    }


def test_an_option_that_breaks_something_by_itself_is_named_alone() -> None:
    item = ITEM.replace("maximum: 60", "maximum: 45").replace("not_too_many, ", "")
    assert told(found(item)) == {(("least", "many"),): ("rule_never_true", ("enough",))}


def test_what_is_found_anyway_is_not_told_again() -> None:
    item = ITEM.replace("kind ==", "posts > 60 and kind ==").replace('policy.way == "open" or ', "")
    (anyway,) = list(rules_never_true(subject_of(HEAD, item=item)))
    assert anyway.path == "item.rules.kept"
    assert not any(one.path == anyway.path for one in found(item))


def test_sound_options_break_nothing() -> None:
    item = ITEM.replace("posts <= policy.most", "posts <= policy.most + 50")
    assert not found(item)


def test_options_that_make_no_difference_are_not_named() -> None:
    other = 'other: {requires: \'policy.words == "same" or kind != "whole"\'}'
    item = ITEM.replace("not_too_many, kept]", "kept, other]")
    item = item.replace("    transitions:", f"      {other}\n    transitions:")
    assert told(found(item)) == {
        (("way", "closed"), ("words", "distinct")): ("rules_exclude_each_other", ("kept", "other"))
    }


def test_structure_is_looked_at_under_each_option_too() -> None:
    item = ITEM.replace("enough, not_too_many, kept", "enough").replace(
        "finish: {from: sent", "finish: {enabled: policy.way == 'open', from: sent"
    )
    found_there = list(Options((traps,))(subject_of(HEAD, item=item)))
    assert [(one.path, one.policies) for one in found_there] == [
        ("item.tracks.progress.states.sent", (("way", "closed"),))
    ]


def test_an_option_under_which_the_reform_does_not_hold_up_is_a_finding() -> None:
    head = HEAD + "      when_due: {options: {day: 3, week: 0}, default: day}\n"
    item = (
        ITEM
        + """
      later:
        from: draft
        by: [office]
        due: {on: 2021-06-01, extension: {by: office, at_most: {days: policy.when_due}}}
    """
    )
    broken = [one for one in found(item, head) if one.policies == (("when_due", "week"),)]
    assert [(one.code, one.path) for one in broken] == [
        ("step", "item.transitions.later.due.extension.at_most")
    ]


def test_the_chosen_options_are_where_it_starts_from() -> None:
    reform = reform_of(HEAD, item=ITEM).choosing(least="some", most="forty")
    findings = check(reform, checks=[RULES])
    assert {one.policies for one in findings} == {
        (("least", "many"),),
        (("most", "four"),),
    }


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_side_by_side_the_same_is_found(kind: type) -> None:
    with kind(2) as executor:
        subject = attrs.evolve(subject_of(HEAD, item=ITEM), executor=executor)
        assert list(RULES(subject)) == found()
