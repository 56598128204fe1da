"""What guards say is kept as far as finite states can tell it; the rest counts as possible."""

from __future__ import annotations

import pytest

from reformflow.checks.reach import explored
from support.building import bound_of


def can(rule: str, *, facts: str = "") -> bool:
    """Say whether a transition with one rule can ever fire."""
    text = f"""
    facts: {{{facts}}}
    rules: {{rule: {{requires: '{rule}'}}}}
    transitions:
      send: {{from: draft, to: sent, by: office, needs: [rule]}}
    """
    return fires(bound_of(w=text), "send")


def fires(bound: object, transition: str, workflow: str = "w") -> bool:
    space = explored(bound).spaces[workflow]  # type: ignore[arg-type]
    return space.sets.any(space.after(transition, space.reached))


N = "n: {type: int, by: office, minimum: 0, maximum: 9}"
FLAG = "{type: bool, by: office}"
EITHER = """yes: {type: bool, initial: true}, late: {type: date, derived: [
    {days: 1, after: a, when: yes}, {days: 1, after: d}]}"""
LATE = "late: {type: date, derived: {days: 1, after: d}}"


@pytest.mark.parametrize(
    ("rule", "facts", "possible"),
    [
        ("n > 3", N, True),
        ("n > 9", N, False),
        ("3 > n and n > 4", N, False),
        ("n > 3 and n < 5", N, True),
        ("n > 3 and n < 4", N, False),
        ("n in {1, 2} and n not in {2, 3}", N, True),
        ("n in {1, 2} and n not in {1, 2}", N, False),
        ("not n > 3", N, True),
        ("n > 3", "n: {type: int}", False),
        ("n is None", "n: {type: int}", True),
        ("n is not None", "n: {type: int}", False),
        ("n > m", f"{N}, m: {{type: int}}", False),
        ("n > m", f"{N}, m: {{type: int, by: office}}", True),
        ("n - 10 > 0", N, True),
        ("flag", "flag: {type: bool, initial: false}", False),
        ("flag", "flag: {type: bool, initial: true}", True),
        ("not flag", "flag: {type: bool}", False),
        ("flag or not flag", "flag: {type: bool}", False),
        ("flag == (n > 3)", f"{N}, flag: {{type: bool, by: office}}", True),
        ("(a == b) and a and not b", f"a: {FLAG}, b: {FLAG}", False),
        ('t == "a" and t == "b"', "t: {type: text, by: office}", False),
        ('t != "a" and t != "b"', "t: {type: text, by: office}", True),
        ('d < date("2021-03-01") and d > date("2021-02-27")', "d: {type: date, by: office}", True),
        ('d < date("2021-03-01") and d > date("2021-02-28")', "d: {type: date, by: office}", False),
        ("d <= today", "d: {type: date, by: office}", True),
        ("d <= today", "d: {type: date}", False),
        ('today > date("2030-01-01")', "", True),
        ('state == "sent"', "", False),
        ("since <= today", "", True),
        ("send.on is None", "", True),
        ("send.on is not None", "", False),
        ("big", f"{N}, big: {{type: bool, derived: n > 5}}", True),
        ("big and n < 5", f"{N}, big: {{type: bool, derived: n > 5}}", False),
        ("late is not None", f"d: {{type: date}}, {LATE}", False),
        ("late is not None", f"a: {{type: date}}, d: {{type: date, by: office}}, {EITHER}", False),
        ("late is None", f"d: {{type: date}}, {LATE}", True),
        ("late is not None", f"d: {{type: date, by: office}}, {LATE}", True),
    ],
)  # fmt: skip
def test_a_rule_over_the_case_itself(rule: str, facts: str, *, possible: bool) -> None:
    assert can(rule, facts=facts) is possible


@pytest.mark.parametrize(
    ("rule", "possible"), [("n == 0", False), ("n == 5", True), ("n > 99", True), ("n < 1", False)]
)
def test_counters_move_from_span_to_span(rule: str, *, possible: bool) -> None:
    text = f"""
    facts: {{n: {{type: int, initial: 1}}}}
    rules: {{rule: {{requires: {rule}}}}}
    transitions:
      again: {{from: draft, by: office, set: {{n: n + 2}}}}
      send: {{from: draft, to: sent, by: office, needs: [rule]}}
    """
    assert fires(bound_of(w=text), "send") is possible


def test_what_a_transition_sets_must_have_a_value() -> None:
    text = """
    facts: {a: {type: int}, b: {type: int}}
    transitions:
      send: {from: draft, to: sent, by: office, set: {b: a + 1}}
    """
    assert not fires(bound_of(w=text), "send")
    assert fires(bound_of(w=text.replace("{type: int},", "{type: int, by: office},")), "send")


def test_facts_given_with_an_act_count_in_its_rules_and_facts_set_do_not() -> None:
    text = """
    facts: {a: {type: bool}}
    rules: {rule: {requires: a}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [rule], records: [a]}
    """
    assert fires(bound_of(w=text), "send")
    assert not fires(bound_of(w=text.replace("records: [a]", 'set: {a: "True"}')), "send")


def test_a_fact_recorded_once_stays() -> None:
    text = """
    facts: {a: {type: bool, by: office, once: true, during: before}}
    rules: {before: {requires: state == "draft"}, yes: {requires: a}, no: {requires: not a}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [yes]}
      end: {from: sent, to: done, by: office, needs: [no], may_record: [a]}
    """
    assert not fires(bound_of(w=text), "end")
    assert fires(bound_of(w=text.replace("once: true, ", "")), "end")


def test_what_fires_by_itself_leaves_no_time_for_anything_else() -> None:
    text = """
    facts: {a: {type: bool, by: office}}
    rules: {rule: {requires: a}, other: {requires: not a}}
    transitions:
      go: {from: draft, to: sent, automatic: true}
      end: {from: draft, to: done, by: office}
    """
    assert not fires(bound_of(w=text), "end")
    assert fires(
        bound_of(w=text.replace("automatic: true", "automatic: true, needs: [rule]")), "end"
    )


def test_a_clock_that_can_never_run_never_fires() -> None:
    text = """
    facts: {d: {type: date}}
    transitions:
      end: {from: draft, to: done, by: office, due: {days: 3, after: d}}
      lapse: {from: draft, to: sent, after_due: end}
      stop: {from: sent, to: done, at: {days: 3, after: lapse}}
    """
    bound = bound_of(w=text)
    assert [fires(bound, name) for name in ("end", "lapse", "stop")] == [True, False, False]
    bound = bound_of(w=text.replace("{type: date}", "{type: date, by: office}"))
    assert [fires(bound, name) for name in ("end", "lapse", "stop")] == [True, True, True]


PARENT = """
    children: {parts: w}
    tracks:
      life:
        initial: draft
        states: {draft: , sent: , lost: }
    facts: {a: {type: bool, by: office}}
    transitions:
      begin: {from: draft, to: sent, by: office}
    rules: {all_done: {requires: 'RULE'}}
"""


@pytest.mark.parametrize(
    ("rule", "possible"),
    [
        ('parent.state == "sent"', True),
        ('parent.state == "lost"', False),
        ('parent.state != "lost"', True),
        ('parent.state == "sent" and parent.state == "draft"', False),
        ("parent.a is None", True),
        ("parent.a and not parent.a", False),
    ],
)
def test_a_parent_can_be_what_it_can_come_to(rule: str, *, possible: bool) -> None:
    child = f"""
    rules: {{rule: {{requires: '{rule}'}}}}
    transitions:
      send: {{from: draft, to: sent, by: office, needs: [rule]}}
    """
    parent = PARENT.replace("RULE", "a")
    assert fires(bound_of(top=parent, w=child), "send") is possible


@pytest.mark.parametrize(
    ("rule", "possible"),
    [
        ('all(p.state == "done" for p in parts)', True),  # of none
        ('any(p.state == "done" for p in parts)', False),
        ('any(p.state == "sent" for p in parts)', True),
        ('not all(p.state == "sent" for p in parts)', True),
        ('not all(p.state != "done" for p in parts)', False),
        ("count(p for p in parts) >= 2", True),
        ('count(p for p in parts if p.state == "done") >= 1', False),
        ('count(p for p in parts if p.state == "done") < 1', True),
        ('count(p for p in parts if p.state == "done") == 0', True),
        ("2 <= count(p for p in parts)", True),
    ],
)
def test_children_can_be_what_they_can_come_to(rule: str, *, possible: bool) -> None:
    child = "transitions:\n  send: {from: draft, to: sent, by: office}\n"
    parent = PARENT.replace("RULE", rule).replace(
        "by: office}\n    rules", "by: office, needs: [all_done]}\n    rules"
    )
    assert fires(bound_of(top=parent, w=child), "begin", "top") is possible


def test_parent_and_child_that_wait_for_each_other_never_move() -> None:
    child = """
    rules: {rule: {requires: 'parent.state == "sent"'}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: [rule]}
    """
    parent = PARENT.replace("RULE", 'any(p.state == "sent" for p in parts)').replace(
        "by: office}\n    rules", "by: office, needs: [all_done]}\n    rules"
    )
    bound = bound_of(top=parent, w=child)
    assert not fires(bound, "send")
    assert not fires(bound, "begin", "top")
