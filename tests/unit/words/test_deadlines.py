"""Deadlines and the conditions they hang on, said word for word in both languages."""

from __future__ import annotations

import pytest

from reformflow.model import Code, Refusal
from reformflow.words.deadlines import deadline_sentence
from reformflow.words.labels import Labels
from reformflow.words.refusals import expression_sentence, refusal_sentence
from support.building import bound_of

FLOW = """
facts:
  told_on: {type: date, by: office, label: {en: told on, zh: 来函日}}
  free: {type: bool, by: office, label: {en: free, zh: 空闲}}
  other: {type: bool, by: office, label: {en: other, zh: 其他}}
  posts: {type: int, by: office, label: {en: posts, zh: 名额}}
"""
DUE = "transitions: {go: {label: {en: go, zh: 办}, from: draft, to: done, by: office, due: %s}}\n"


@pytest.mark.parametrize(
    ("due", "english", "chinese"),
    [
        ("{days: 0, after: told_on}", "“told on”", "“来函日”当日"),
        (
            '{next: ["06-30", "12-31"], after: told_on}',
            "the next 06-30 or 12-31 after “told on”",
            "“来函日”之后最近的6月30日或12月31日",
        ),
        ("{days: 3, after: effective}", "3 days after 2021-02-20", "2021年2月20日后3天"),
        (
            "{days: 3, after: told_on, boundary: exclusive}",
            "3 days after “told on” (that day itself is too late)",
            "“来函日”后3天（不含当日）",
        ),
        (
            "{working_days: 1, before: told_on}",
            "1 working day before “told on”",
            "“来函日”前1个工作日",
        ),
        (
            "{months: 2, after: opened, roll: next_working_day}",
            "2 months after the day the case was opened, or the next working day",
            "立案日期后2个月（遇休息日顺延）",
        ),
        (
            "{month_end: 0, after: told_on}",
            "the end of the month of “told on”",
            "“来函日”当月月底",
        ),
        (
            "{month_end: 2, after: told_on}",
            "the end of the month 2 months after “told on”",
            "“来函日”后2个月的月底",
        ),
        (
            "{days: 0, after: told_on, when: free}",
            "“told on” if “free” is true",
            "“来函日”当日（适用条件：“空闲”为是）",
        ),
    ],
)
def test_a_date_is_said_as_it_is_counted(due: str, english: str, chinese: str) -> None:
    bound = bound_of(case=FLOW + DUE % due)
    flow = bound.workflows["case"]
    [deadline] = flow.deadlines.values()
    assert deadline_sentence(flow, bound, deadline, "en") == (
        f"“go” is due by {english}; later it is refused"
    )
    assert deadline_sentence(flow, bound, deadline, "zh") == (
        f"“办”的期限为{chinese}；逾期不予办理"
    )


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        (
            "free == other",
            "“free” is true exactly if “other” is true",
            "当且仅当“其他”为是时“空闲”为是",
        ),
        (
            "free != other",
            "either “free” is true or “other” is true, not both",
            "“空闲”为是与“其他”为是只居其一",
        ),
        ("free != True", "“free” is false", "“空闲”为否"),
        ("free in {True}", "“free” is yes", "“空闲”为是"),
        ("told_on == today", "“told on” is the day of the act", "“来函日”为办理日期"),
        ("told_on < today", "“told on” is before the day of the act", "“来函日”早于办理日期"),
        ("1 + posts * 2 > 3", "1 + (“posts” * 2) is more than 3", "1 + (“名额” * 2)多于3"),
        (
            "not (free and other)",
            "it is not so that (“free” is true and “other” is true)",
            "并非（“空闲”为是，且“其他”为是）",
        ),
    ],
)
def test_a_condition_is_said(rule: str, english: str, chinese: str) -> None:
    text = FLOW + f"rules: {{it: {{requires: '{rule}'}}}}\n"
    bound = bound_of(
        case=text + "transitions: {go: {from: draft, to: done, by: office, needs: it}}\n"
    )
    flow = bound.workflows["case"]
    expression = flow.rules["it"].expression
    assert expression_sentence(flow, bound, expression, "en") == english
    assert expression_sentence(flow, bound, expression, "zh") == chinese


def test_what_is_settled_beforehand_is_said_to_hold_always_or_never() -> None:
    """Policies may settle a rule before there is any case."""
    text = "rules: {sure: {requires: 1 == 1}, vain: {requires: 1 == 2}}\n"
    go = "transitions: {go: {from: draft, to: done, by: office, needs: [sure, vain]}}\n"
    bound = bound_of(case=FLOW + text + go)
    flow = bound.workflows["case"]
    said = [
        expression_sentence(flow, bound, flow.rules[rule].expression, lang)
        for rule in ("sure", "vain")
        for lang in ("en", "zh")
    ]
    assert said == ["always", "总是成立", "never", "总不成立"]


def test_a_column_of_kin_says_whose_it_is() -> None:
    part = """
    facts: {size: {type: int, by: office, label: {en: size, zh: 规模}}}
    rules: {big: {requires: size > parent.posts}}
    transitions: {go: {from: draft, to: done, by: office, needs: big}}
    """
    rule = "children: {parts: part}\nrules: {all_big: {requires: all(p.size > 1 for p in parts)}}\n"
    go = "transitions: {go: {from: draft, to: done, by: office, needs: all_big}}\n"
    bound = bound_of(case=FLOW + rule + go, part=part)
    below, above = (Labels(bound, bound.workflows[name], "en") for name in ("part", "case"))
    assert below.column("parent.posts") == "“posts” of its “case”"
    assert above.column("p.size") == "“size” of each “part”"


def test_who_must_act_is_told_with_whose_unit() -> None:
    bound = bound_of(case=FLOW + DUE % "{on: 2021-03-10}")
    flow = bound.workflows["case"]
    refusal = Refusal(Code.NOT_AUTHORISED, "go", must_act=("office", "bureau"))
    said = refusal_sentence(flow, bound, refusal, "en")
    assert "One or Four of the case's own unit" in said
