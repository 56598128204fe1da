"""Every refusal is said whole, in both languages, from the labels of the definition."""

from __future__ import annotations

import re
from datetime import date

import attrs
import pytest

from reformflow.binding import BoundReform, BoundWorkflow, bind
from reformflow.formats import load, shipped
from reformflow.language import parse
from reformflow.model import Code, Kind, Lateness, Refusal, Text
from reformflow.words.deadlines import deadline_sentence
from reformflow.words.labels import Labels, quoted
from reformflow.words.phrases import KIND, REFUSED, REMEDY
from reformflow.words.refusals import (
    clause_citation,
    expression_sentence,
    lateness_sentence,
    refusal_sentence,
    refusal_words,
)
from support.repository import ROOT

BASE = ROOT / "tests" / "definitions" / "bad" / "base"
LANGUAGES = ("en", "zh")
DAY = date(2021, 3, 31)

# A refusal of every code, as the engine makes it.
REFUSALS = {
    Code.NOT_FROM_HERE: Refusal(Code.NOT_FROM_HERE, "finish", values=(("progress.state", "open"),)),
    Code.NOT_AUTHORISED: Refusal(Code.NOT_AUTHORISED, "start", must_act=("bureau",)),
    Code.SAME_PERSON: Refusal(Code.SAME_PERSON, "start", values=(("start.by", "li"),)),
    Code.NOT_SIGNED: Refusal(Code.NOT_SIGNED, "finish", must_act=("office",)),
    Code.ALREADY_SIGNED: Refusal(Code.ALREADY_SIGNED, "finish", must_act=("office",)),
    Code.RULE_BROKEN: Refusal(
        Code.RULE_BROKEN,
        "no_growth",
        ("R2.1",),
        Text("no growth", "不得增加"),
        (("after", 5), ("before", 3)),
    ),
    Code.NOT_RECORDED: Refusal(
        Code.NOT_RECORDED, "no_growth", ("R2.1",), Text("no growth", "不得增加"), (), ("before",)
    ),
    Code.TOO_EARLY: Refusal(Code.TOO_EARLY, "finish", values=(("finish.opens", DAY),)),
    Code.LATE: Refusal(Code.LATE, "finish", values=(("finish.due", DAY),)),
    Code.NOT_EXTENDED: Refusal(
        Code.NOT_EXTENDED, "finish", values=(("finish.due", DAY),), must_act=("office",)
    ),
    Code.REASON_MISSING: Refusal(Code.REASON_MISSING, "finish", values=(("finish.due", DAY),)),
    Code.IN_THE_FUTURE: Refusal(Code.IN_THE_FUTURE, "on", values=(("on", DAY), ("today", DAY))),
    Code.BEFORE_LAST_ENTRY: Refusal(
        Code.BEFORE_LAST_ENTRY, "finish", values=(("progress.last", DAY),)
    ),
    Code.NOT_BY_HAND: Refusal(Code.NOT_BY_HAND, "grown", values=(("grown", None),)),
    Code.NOT_NOW: Refusal(Code.NOT_NOW, "note", values=(("note", None),)),
    Code.ALREADY_RECORDED: Refusal(Code.ALREADY_RECORDED, "kind", values=(("kind", "whole"),)),
    Code.ALREADY_OPEN: Refusal(Code.ALREADY_OPEN, "c1"),
    Code.NO_DATE: Refusal(Code.NO_DATE, "finish", missing=("finish.due",)),
    Code.NOT_RUNNING: Refusal(Code.NOT_RUNNING, "finish"),
    Code.NOT_LATER: Refusal(Code.NOT_LATER, "finish", values=(("finish.due", DAY),)),
    Code.TOO_LONG: Refusal(Code.TOO_LONG, "finish", values=(("finish.due", DAY),)),
    Code.EXTENDED_ALREADY: Refusal(Code.EXTENDED_ALREADY, "finish", values=(("finish.due", DAY),)),
    Code.DEPENDED_ON: Refusal(Code.DEPENDED_ON, "entry 3", values=(("after", 5),)),
    Code.NOT_DECIDED: Refusal(Code.NOT_DECIDED, "CalendarError"),
}


@pytest.fixture(scope="module")
def bound() -> BoundReform:
    return bind(load(BASE))


@pytest.fixture(scope="module")
def flow(bound: BoundReform) -> BoundWorkflow:
    return bound.workflows["case"]


def test_every_code_and_kind_has_its_sentences() -> None:
    assert set(REFUSED) == set(REMEDY) == set(REFUSALS) == set(Code)
    assert set(KIND) == set(Kind)
    for text in (*REFUSED.values(), *REMEDY.values(), *KIND.values()):
        assert text.en
        assert text.zh


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", list(Code))
def test_a_refusal_says_why_and_what_to_do(
    code: Code, lang: str, bound: BoundReform, flow: BoundWorkflow
) -> None:
    words = refusal_words(flow, bound, REFUSALS[code], lang)
    for sentence in (words.refused, words.remedy):
        assert sentence.endswith("。" if lang == "zh" else ".")
        assert not re.search(r"[{}]|\bNone\b|\.\.|。。|\(\)|（）", sentence), sentence
        assert bool(re.search("[一-龥]", sentence)) or lang == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", list(Code))
def test_a_refusal_without_any_details_is_still_a_sentence(
    code: Code, lang: str, bound: BoundReform, flow: BoundWorkflow
) -> None:
    bare = Refusal(code, REFUSALS[code].subject)
    assert "{" not in refusal_sentence(flow, bound, bare, lang)


def test_a_broken_rule_shows_its_message_the_values_and_who_records_them(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    refusal = REFUSALS[Code.RULE_BROKEN]
    english = refusal_words(flow, bound, refusal, "en")
    assert english.refused == "Requirement not met: no growth (“after” is 5; “before” is 3)."
    assert "“before” (by Bureau of the case's own unit)" in english.remedy
    chinese = refusal_words(flow, bound, refusal, "zh")
    assert chinese.refused == "不符合要求：不得增加（“after”为5；“before”为3）。"


def test_what_is_missing_is_named_with_who_records_it(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    words = refusal_words(flow, bound, REFUSALS[Code.NOT_RECORDED], "en")
    assert words.refused == "Not recorded yet: “before”; needed for: no growth."
    assert words.remedy == "Record “before” (by Bureau of the case's own unit)."
    with_act = Refusal(Code.NOT_RECORDED, "start", missing=("started_on",))
    assert refusal_words(flow, bound, with_act, "zh").remedy == (
        "请记录“started_on”（办理“start”时填写）。"
    )


def test_whoever_may_not_open_a_case_is_told_what_kind_of_case(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    refusal = Refusal(Code.NOT_AUTHORISED, "case", must_act=("office",))
    assert (
        refusal_words(flow, bound, refusal, "zh").refused
        == "经办人无权办理“案件”，应由办公室办理。"
    )


def test_what_nobody_may_do_is_not_sent_to_nobody(bound: BoundReform, flow: BoundWorkflow) -> None:
    words = refusal_words(flow, bound, Refusal(Code.NOT_AUTHORISED, "finish"), "en")
    assert words.refused.endswith("it is for nobody.")
    assert not words.remedy


def test_what_is_missing_at_the_opening_is_needed_for_what_is_opened(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    """Such a refusal is about the case, whose id tells nobody what the fact is for."""
    refusal = Refusal(Code.NOT_RECORDED, "2021-17", missing=("before",))
    assert refusal_words(flow, bound, refusal, "zh").refused == "尚未记录：“before”；用于：“案件”。"


def test_in_place_of_a_computed_fact_its_sources_are_asked_for(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    refusal = Refusal(Code.NOT_RECORDED, "finish", missing=("grown",))
    assert refusal_words(flow, bound, refusal, "en").remedy == (
        "Record “after” (by Bureau of the case's own unit or Office),"
        " “before” (by Bureau of the case's own unit)."
    )


def test_an_act_from_a_wrong_state_names_what_is_possible_from_here(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    words = refusal_words(flow, bound, REFUSALS[Code.NOT_FROM_HERE], "zh")
    assert words.refused == "现在不能办理“finish”：“Progress”状态为“open”，应先处于“draft”。"
    assert words.remedy == "当前可办理：“start”（由Bureau办理）。"


def test_a_refusal_is_never_read_as_a_template(bound: BoundReform, flow: BoundWorkflow) -> None:
    refusal = attrs.evolve(REFUSALS[Code.RULE_BROKEN], says=Text("{subject} {0}", "{x!r}"))
    assert "{subject} {0}" in refusal_sentence(flow, bound, refusal, "en")
    assert "{x!r}" in refusal_sentence(flow, bound, refusal, "zh")


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        ("after <= before", "“after” is at most “before”", "“after”不超过“before”"),
        ("3 < before", "“before” is more than 3", "“before”多于3"),
        ("not grown", "“grown” is false", "“grown”为否"),
        ("grown == True", "“grown” is true", "“grown”为是"),
        ('sort == "a"', "“sort” is “first”", "“sort”为“甲”"),
        (
            'kind in {"whole", "part"}',
            "“kind” is one of “whole”, “part”",
            "“kind”为“whole”、“part”之一",
        ),
        ("note is not None", "“note” is recorded", "“note”已记录"),
        (
            'today <= date("2021-03-31")',
            "the day of the act is not after 2021-03-31",
            "办理日期不晚于2021年3月31日",
        ),
        (
            "grown and (before > 1 or after > 1)",
            "“grown” is true and (“before” is more than 1 or “after” is more than 1)",
            "“grown”为是，且（“before”多于1，或“after”多于1）",
        ),
        (
            "count(r for r in reports if r.period > 2) >= 3",
            "the number of “report” for which “period” is more than 2 is at least 3",
            "满足““period”多于2”的“report”数不少于3",
        ),
        (
            "sum(r.period for r in reports) >= 3",
            "the sum of “period” over every “report” is at least 3",
            "全部“report”的“period”之和不少于3",
        ),
        (
            'all(r.state == "handed_in" for r in reports)',
            "for every “report”: the state of “report” is “handed_in”",
            "每个“report”都满足：“report”状态为“handed_in”",
        ),
    ],
)
def test_an_expression_is_said(
    rule: str, english: str, chinese: str, bound: BoundReform, flow: BoundWorkflow
) -> None:
    changed = attrs.evolve(
        bound.reform.workflow("case"),
        rules=(
            attrs.evolve(flow.workflow.rules[0], requires=parse(rule)),
            *flow.workflow.rules[1:],
        ),
    )
    others = tuple(w for w in bound.reform.workflows if w.id != "case")
    again = bind(attrs.evolve(bound.reform, workflows=(changed, *others)))
    own = again.workflows["case"]
    expression = own.rules["no_growth"].expression
    assert expression_sentence(own, again, expression, "en") == english
    assert expression_sentence(own, again, expression, "zh") == chinese


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reform", shipped())
def test_every_rule_and_deadline_that_ships_can_be_said(reform: str, lang: str) -> None:
    bound = bind(load(reform))
    for flow in bound.workflows.values():
        said = [expression_sentence(flow, bound, r.expression, lang) for r in flow.rules.values()]
        said += [deadline_sentence(flow, bound, item, lang) for item in flow.deadlines.values()]
        assert all(said)
        assert not [sentence for sentence in said if re.search(r"\bNone\b|\{", sentence)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reform", shipped())
def test_every_column_of_a_case_has_a_name_for_people(reform: str, lang: str) -> None:
    bound = bind(load(reform))
    for flow in bound.workflows.values():
        labels = Labels(bound, flow, lang)
        for column in flow.columns:
            assert quoted(column) != labels.column(column) or column in flow.facts


def test_lateness_says_by_how_much_and_who_answers(bound: BoundReform, flow: BoundWorkflow) -> None:
    late = Lateness("finish", DAY, 1, "office")
    assert lateness_sentence(flow, bound, late, "en") == (
        "“finish” was 1 day late (due 2021-03-31); answerable: Office"
    )
    assert lateness_sentence(flow, bound, late, "zh") == (
        "“finish”逾期1天（期限2021年3月31日），责任方：办公室"
    )
    early = Lateness("finish", DAY, -2)
    assert (
        lateness_sentence(flow, bound, early, "en") == "“finish” was 2 days early (from 2021-03-31)"
    )


def test_a_deadline_is_said_with_its_ways_and_its_consequence(
    bound: BoundReform, flow: BoundWorkflow
) -> None:
    said = deadline_sentence(flow, bound, flow.deadlines["finish"], "en")
    assert said == (
        "“finish” is due by 2021-03-31 if “kind” is “whole”; otherwise 5 working days after the day"
        " of “start”, or the next working day; later it needs a stated reason and is marked late;"
        " answerable: Bureau or Office"
    )


def test_a_citation_has_the_place_and_the_own_words_summary(bound: BoundReform) -> None:
    first, unknown = clause_citation(bound.reform, ["R1", "R99"], "zh")
    assert str(first) == "R1 (一) 由办公室决定"
    assert str(unknown) == "R99"
