"""Reasons against many cases at once: what they are called where cases are counted.

A refusal names what one case lacks. Counted over many cases, only the kind of refusal and what it
is about are the same for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.model import Code, Text
from reformflow.words.labels import Labels
from reformflow.words.phrases import say
from reformflow.words.spoken import expression_sentence

REASONS: Final[Mapping[Code, Text]] = {
    Code.NOT_FROM_HERE: Text(
        "not in a state for {subject}",
        "所处状态不能办理{subject}",
    ),
    Code.NOT_AUTHORISED: Text("no authority for {subject}", "无权办理{subject}"),
    Code.SAME_PERSON: Text("the actor did {subject}", "经办人办理过{subject}"),
    Code.NOT_SIGNED: Text("not signed by all: {subject}", "会签未齐：{subject}"),
    Code.ALREADY_SIGNED: Text("signed already: {subject}", "已会签：{subject}"),
    Code.RULE_BROKEN: Text("requirement not met: {subject}", "不符合要求：{subject}"),
    Code.NOT_RECORDED: Text(
        "not all recorded that is needed for: {subject}",
        "所需内容尚未记录齐全：{subject}",
    ),
    Code.TOO_EARLY: Text("too early for {subject}", "尚不能办理{subject}"),
    Code.LATE: Text("too late for {subject}", "已过期限：{subject}"),
    Code.NOT_EXTENDED: Text(
        "past its date and not extended: {subject}",
        "已过期限且未经延期：{subject}",
    ),
    Code.REASON_MISSING: Text("no reason stated for {subject}", "未说明理由：{subject}"),
    Code.IN_THE_FUTURE: Text("the day given lies in the future", "所填日期在将来"),
    Code.BEFORE_LAST_ENTRY: Text(
        "the day given lies before what came last: {subject}",
        "所填日期早于上一条记录：{subject}",
    ),
    Code.NOT_BY_HAND: Text("comes about by itself: {subject}", "由系统自动得出：{subject}"),
    Code.NOT_NOW: Text("cannot be recorded now: {subject}", "现在不能记录：{subject}"),
    Code.ALREADY_RECORDED: Text(
        "recorded once only, and has been: {subject}",
        "只记录一次，现已有记录：{subject}",
    ),
    Code.ALREADY_OPEN: Text("open already: {subject}", "已立案：{subject}"),
    Code.NO_DATE: Text("has no due date yet: {subject}", "目前没有期限：{subject}"),
    Code.NOT_RUNNING: Text(
        "the clock is not in the state for this: {subject}",
        "期限计时状态不符：{subject}",
    ),
    Code.NOT_LATER: Text(
        "the new last day is not later: {subject}",
        "延期后的日期不晚于现有期限：{subject}",
    ),
    Code.TOO_LONG: Text(
        "extended by more than is allowed: {subject}",
        "超过可以延期的限度：{subject}",
    ),
    Code.EXTENDED_ALREADY: Text(
        "extended as often as it may be: {subject}",
        "延期次数已用完：{subject}",
    ),
    Code.DEPENDED_ON: Text(
        "what came later rests on it: {subject}", "后续记录以它为基础：{subject}"
    ),
    Code.NOT_DECIDED: Text("could not be decided: {subject}", "无法作出判断：{subject}"),
}
"""What a refusal of each code is called, whatever the case."""


def reason_label(
    flow: BoundWorkflow, bound: BoundReform, code: Code, subject: str, lang: str
) -> str:
    """Name a reason for which some cases of `flow` are refused; a rule by what it requires."""
    return say(REASONS[code], lang, subject=_about(Labels(bound, flow, lang), subject))


# ---------------------------------------------------------------------------------------------


def _about(labels: Labels, subject: str) -> str:
    rule = labels.flow.rules.get(subject)
    if rule is None or subject in labels.flow.transitions:
        return labels.subject(subject)
    said = rule.says.read(labels.lang).rstrip(".。 ")
    return said or expression_sentence(labels.flow, labels.bound, rule.expression, labels.lang)
