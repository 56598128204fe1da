"""Rules that no case can meet are found, and parts of an act that exclude each other."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.contradictions import rules_exclude_each_other, rules_never_true
from support.checking import found as findings
from support.checking import parts

FLOW = """
    children: {matters: matter}
    facts:
      posts: {type: int, by: [office], minimum: 0, maximum: 100}
      units: {type: int, by: [office], minimum: 1}
      plan_on: {type: date, by: [office]}
      paper_on: {type: date}
      kind: {type: choice, choices: [whole, part], by: [office]}
      way: {type: choice, choices: [short, long, never]}
      note: {type: text, by: [office], max_length: 3}
      rounds: {type: int, by: [office], minimum: 0, maximum: 5, initial: 0}
      ends_on: {type: date, derived: {months: 1, after: plan_on}}
    tracks:
      progress:
        initial: draft
        states: {draft: , sent: , kept: , done: {final: true}}
    rules:
      asked:
        requires: 'RULE'
        clauses: [R1]
      other: {requires: 'OTHER', clauses: [R2]}
    transitions:
      send: {track: progress, from: draft, to: sent, by: [office], set: {way: '"short"'}}
      keep: {track: progress, from: sent, to: kept, by: [office], set: {way: '"long"'}}
      finish:
        track: progress
        from: [sent, kept]
        to: done
        by: [office]
        needs: [asked, other]
        records: [paper_on]
"""
MATTER = """
    facts:
      in_scope: {type: bool, by: [office]}
      size: {type: int, by: [office], minimum: 1, maximum: 9}
"""


def flow(rule: str = "posts > 3", other: str = "units > 3") -> str:
    return FLOW.replace("RULE", rule).replace("OTHER", other)


def since(day: str, item: str) -> str:
    return item.replace("clauses: [R1]", f"since: {day}\n        clauses: [R1]")


NEVER = ("rule_never_true", "item.rules.asked")
NEVER_HERE = ("rule_never_true", "item.transitions.finish.needs[0]")


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("posts > 5 and posts < 3", ("posts > 5", "posts < 3")),
        ("posts > 5 and units > 2 and posts < 3", ("posts > 5", "posts < 3")),
        ("posts > 100", ("asked",)),
        ("posts + units < 1", ("asked",)),
        ("posts * 2 == 3", ("asked",)),
        ('kind == "whole" and kind == "part"', ('kind == "whole"', 'kind == "part"')),
        ('way == "never"', ("asked",)),
        ('note == "long"', ("asked",)),
        ("plan_on is None and plan_on > paper_on", ("plan_on is None", "plan_on > paper_on")),
        ("ends_on < plan_on", ("asked",)),
        ("plan_on < today and today < plan_on", ("plan_on < today", "today < plan_on")),
        ("rounds > 5", ("asked",)),
        ("posts != posts", ("asked",)),
        ("False", ("asked",)),
        ("count(m for m in matters) < 0", ("asked",)),
        ("any(m.size > 9 for m in matters)", ("asked",)),
        (
            "all(m.in_scope for m in matters) and any(not m.in_scope for m in matters)",
            ("all(m.in_scope for m in matters)", "any(not m.in_scope for m in matters)"),
        ),
        ("sum(m.size for m in matters) < count(m for m in matters)", ("asked",)),
    ],
)
def test_a_rule_that_no_case_meets_is_found(rule: str, shown: tuple[str, ...]) -> None:
    found = findings(rules_never_true, item=flow(rule), matter=MATTER)
    assert [(one.code, one.path) for one in found] == [NEVER]
    assert found[0].witness.parts == shown
    assert found[0].clauses == ("R1",)


@pytest.mark.parametrize(
    "rule",
    [
        "posts > 5 or posts < 3",
        "posts == 100",
        "posts + units == 4",
        'note == "abc"',
        'way == "long"',
        'progress.state == "kept"',
        "ends_on > plan_on",
        "plan_on <= today and today <= plan_on",
        "rounds == 5",
        "count(m for m in matters) == 40",
        "any(m.size == 9 for m in matters) and any(m.size == 1 for m in matters)",
        "all(m.in_scope for m in matters) and any(m.in_scope for m in matters)",
        "sum(m.size for m in matters) == count(m for m in matters)",
        "send.on < today",
    ],
)
def test_a_rule_that_some_case_meets_is_none(rule: str) -> None:
    assert not parts(rules_never_true, item=flow(rule), matter=MATTER)
    assert not parts(rules_exclude_each_other, item=flow(rule), matter=MATTER)


def test_a_rule_may_hold_elsewhere_but_not_where_it_is_needed() -> None:
    found = parts(rules_never_true, item=flow('progress.state == "draft"'), matter=MATTER)
    assert found == {NEVER_HERE: ("asked",)}


def test_a_prohibition_for_some_time_is_meant() -> None:
    for_some_time = since("2021-05-01", flow("False"))
    assert not parts(rules_never_true, item=for_some_time, matter=MATTER)
    assert not parts(rules_exclude_each_other, item=for_some_time, matter=MATTER)


def test_what_cannot_be_met_while_it_is_in_force_is_found() -> None:
    rule = flow('today < date("2021-04-01")')
    late = since("2021-05-01", rule)
    assert parts(rules_never_true, item=late, matter=MATTER) == {NEVER: ("asked",)}
    early = since("2021-03-01", rule)
    assert not parts(rules_never_true, item=early, matter=MATTER)


HEAD = """
    policies:
      way: {options: [open, closed], default: closed}
      least: {options: {none: 0, some: 1}, default: none}
"""


def test_a_rule_that_an_option_switches_off_is_meant() -> None:
    switched = flow('policy.way == "open" and posts > 3')
    assert not parts(rules_never_true, HEAD, item=switched, matter=MATTER)
    broken = flow("posts < policy.least")
    assert parts(rules_never_true, HEAD, item=broken, matter=MATTER) == {NEVER: ("asked",)}


EXCLUDE = ("rules_exclude_each_other", "item.transitions.finish")


@pytest.mark.parametrize(
    ("rule", "other", "shown"),
    [
        ("posts > 5", "posts < 3 and units > 3", ("asked", "other")),
        ("posts > 5", "posts * 2 < units and units < 9", ("asked", "other")),
        ('kind == "whole"', 'kind != "whole"', ("asked", "other")),
        ("paper_on is None", "posts > 3", ("asked", "paper_on")),
        (
            "any(m.size > 3 for m in matters)",
            "all(m.size < 3 for m in matters)",
            ("asked", "other"),
        ),
        (
            "count(m for m in matters if m.in_scope) > 3",
            "count(m for m in matters) < 3",
            ("asked", "other"),
        ),
    ],
)
def test_parts_that_exclude_each_other_are_named(
    rule: str, other: str, shown: tuple[str, ...]
) -> None:
    workflows = {"item": flow(rule, other), "matter": MATTER}
    assert parts(rules_exclude_each_other, **workflows) == {EXCLUDE: shown}
    assert not parts(rules_never_true, **workflows)


def test_clauses_of_a_contradiction_are_cited() -> None:
    (found,) = findings(
        rules_exclude_each_other, item=flow("posts > 5", "posts < 3"), matter=MATTER
    )
    assert found.clauses == ("R1", "R2")


DATED = """
    facts:
      plan_on: {type: date, by: [office]}
      rounds: {type: int, by: [office], minimum: 0, maximum: 5, initial: 0}
    rules:
      late: {requires: 'today > date("2021-06-01")', clauses: [R1]}
      many: {requires: rounds > 4, clauses: [R2]}
    transitions:
      send:
        from: draft
        to: TARGETS
        by: [office]
        needs: [NEED]
        DATES
"""
EXCLUDE_SENDING = ("rules_exclude_each_other", "item.transitions.send")
BRANCHES = "[{state: sent, when: rounds < 3}, {state: done, when: rounds > 9}]"


def dated(need: str, dates: str, to: str = BRANCHES) -> str:
    return DATED.replace("NEED", need).replace("DATES", dates).replace("TARGETS", to)


@pytest.mark.parametrize(
    ("need", "dates", "shown"),
    [
        ("late", "due: {on: 2021-05-01, clauses: [R3]}", ("late", "due")),
        ("late", "window: {closes: {on: 2021-05-01}}", ("late", "window")),
        ("late", "due: {on: 2021-07-01}", None),
        ("late", "due: {on: 2021-05-01, late: reason}", None),
        ("late", "due: {on: 2021-05-01, extension: {by: treasury}}", None),
        ("late", "due: {days: 9, after: plan_on}", None),
        ("late", "window: {opens: {on: 2021-05-01}}", None),
        ("many", "reason: true", ("many", "to")),
    ],
)
def test_dates_branches_and_settings_exclude_rules(
    need: str, dates: str, shown: tuple[str, ...] | None
) -> None:
    expected = {} if shown is None else {EXCLUDE_SENDING: shown}
    assert parts(rules_exclude_each_other, item=dated(need, dates)) == expected


def test_what_is_set_has_to_fit_its_fact() -> None:
    item = dated("many", "set: {rounds: rounds + 1}", "sent")
    assert parts(rules_exclude_each_other, item=item) == {EXCLUDE_SENDING: ("many", "rounds")}


def test_each_contradiction_of_an_act_is_told() -> None:
    item = """
        facts:
          a: {type: int, by: [office]}
          b: {type: int, by: [office]}
        rules:
          one: {requires: a > 1}
          two: {requires: a < 1}
          three: {requires: b > 1}
          four: {requires: b < 1}
        transitions:
          send: {from: draft, to: sent, by: [office], needs: [one, two, three, four]}
    """
    found = [one.witness.parts for one in findings(rules_exclude_each_other, item=item)]
    assert sorted(found) == [("one", "two"), ("three", "four")]


def test_the_opening_is_an_act_too() -> None:
    item = """
        facts: {a: {type: int, by: [office]}}
        opening: {by: office, needs: [one, two], records: [a]}
        rules:
          one: {requires: a > 1}
          two: {requires: a < 1}
          three: {requires: a != a}
        transitions:
          send: {from: draft, to: sent, by: [office], needs: [three]}
    """
    assert parts(rules_exclude_each_other, item=item) == {
        ("rules_exclude_each_other", "item.opening"): ("one", "two")
    }
    assert parts(rules_never_true, item=item) == {
        ("rule_never_true", "item.rules.three"): ("three",)
    }
