"""Whoever writes a rule as another language would is told what to write instead."""

from __future__ import annotations

import pytest

from reformflow.errors import DefinitionError
from reformflow.language.parse import ExpressionError, parse
from support.building import bound_of

SLIPS = [
    ("a = 1", "compare with =="),
    ("a >= 1 && b", "write and, or, not"),
    ("a >= 1 || b", "write and, or, not"),
    ("!a", "write and, or, not"),
    ("a >= 5%", "100 * cut >= 5 * before"),
    ("a >= 0.05 * b", "100 * cut >= 5 * before"),
    ("a / 20 >= b", "100 * cut >= 5 * before"),
    ("a // 20 >= b", "100 * cut >= 5 * before"),
    ("a % 2 == b", "100 * cut >= 5 * before"),
    ("on >= 2021-06-01", 'date("2021-02-10")'),
    ("on >= 2021-12-31 ?", 'date("2021-02-10")'),
    ("a ? b : c", "a transition branches"),
    ("b if a else c", "a transition branches"),
    ("a ＞= 1", "write > in place of the full-width ＞"),
    ("（a）", "write ( in place of the full-width （"),
    ("kind == “a”", 'write " in place of “'),
    ('kind == "“a”" = 1', "compare with =="),
    ("a == None", "`x is None`"),
    ("a is True", "write =="),
    ("-a > 1", "write 0 - x"),
    ("len(kids) > 1", "count(…) and sum(…)"),
    ("count(kids) > 1", "write count(m for m in"),
    ("sum(kids) > 1", "write sum(m.cost for m in"),
    ("any(kids)", "write any(m.state == "),
    ("a in {b}", "or compare with =="),
    ("a in [1]", 'in {"a", "b"}'),
    ("[1]", "a set stands after in"),
    ("a[0] == 1", "name one fact"),
]


@pytest.mark.parametrize(("text", "hint"), SLIPS)
def test_a_slip_gets_the_hint_that_mends_it(text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert hint in caught.value.hint


def test_texts_in_quotes_are_not_taken_for_slips() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse('a == "x = 1 && 5% ＞" b')
    assert caught.value.hint == ""


FLOW = """
facts:
  kind: {{type: choice, choices: [whole, part], by: office}}
  size: {{type: int, by: office}}
  seen: {{type: bool, by: office}}
  day: {{type: date, by: office}}
rules: {{r: {{requires: '{rule}'}}}}
transitions:
  send: {{from: draft, to: done, by: office, needs: ['{need}'], due: {{days: 1, after: {anchor}}}}}
"""


def told(rule: str = "seen", need: str = "r", anchor: str = "opened") -> str:
    with pytest.raises(DefinitionError) as caught:
        bound_of(case=FLOW.format(rule=rule, need=need, anchor=anchor))
    return str(caught.value)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("kind == whole", 'a choice stands in quotes: "whole"'),
        ("seen == true", "write True"),
        ("size == null", "write None"),
        ("size * size > 1", "recorded as a fact of its own"),
        ("day + 5 > today", "dates are computed by derived facts"),
        ("parent.size > 1", "not the child of exactly one other"),
    ],
)
def test_a_name_or_type_that_does_not_fit_gets_its_hint(rule: str, hint: str) -> None:
    assert hint in told(rule=rule)


def test_an_expression_that_looks_two_levels_up_is_told_how_to_go_on() -> None:
    top = "children: {mids: mid}"
    mid = """
        facts: {size: {type: int, by: office}}
        rules: {r: {requires: parent.parent.size > 1}}
    """
    with pytest.raises(DefinitionError) as caught:
        bound_of(top=top, mid=mid)
    assert "hand the value down as a fact of the parent" in str(caught.value)


def test_an_expression_among_the_needs_is_sent_to_the_rules() -> None:
    assert "put the expression under `rules`" in told(need="size > 1")


@pytest.mark.parametrize(
    ("anchor", "hint"), [("draft", "count from <track>.since"), ("parent.day", "of this case")]
)
def test_what_no_day_is_counted_from_gets_a_hint(anchor: str, hint: str) -> None:
    assert hint in told(anchor=anchor)


@pytest.mark.parametrize("name", ["count", "sum", "today", "parent"])
def test_a_word_of_the_language_names_no_fact(name: str) -> None:
    flow = FLOW.format(rule="seen", need="r", anchor="opened").replace("  size:", f"  {name}:")
    with pytest.raises(DefinitionError) as caught:
        bound_of(case=flow)
    assert f"'{name}' is a word of the rule language" in str(caught.value)
    assert f"for example {name}_1" in str(caught.value)
