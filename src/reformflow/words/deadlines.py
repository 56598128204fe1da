"""Deadlines as sentences: by when, counted from what, and what being late leads to."""

from __future__ import annotations

from reformflow.binding.bound import BoundDeadline, BoundReform, BoundWhen, BoundWorkflow
from reformflow.language.folding import TRUE
from reformflow.model import Boundary, Late, Roll, Unit
from reformflow.words import phrases
from reformflow.words.labels import Labels, plain
from reformflow.words.phrases import say
from reformflow.words.spoken import expression_sentence


def deadline_sentence(
    flow: BoundWorkflow, bound: BoundReform, deadline: BoundDeadline, lang: str
) -> str:
    """Say by when a transition is due, what is the consequence of lateness, and who answers."""
    labels = Labels(bound, flow, lang)
    dates = [date_sentence(flow, bound, when, lang) for when in dates_in_force(flow, deadline.due)]
    transition = labels.subject(deadline.transition)
    if not dates:
        return say(phrases.NO_DUE, lang, transition=transition)
    listed = phrases.ELSE_DATE.read(lang).join(dates)
    text = say(phrases.DUE, lang, transition=transition, dates=listed)
    by = deadline.extension.by if deadline.late is Late.EXTENSION and deadline.extension else ()
    text += phrases.FACTS.read(lang)
    text += say(phrases.LATE_MODE[deadline.late], lang, roles=labels.roles(by))
    if deadline.answerable:
        roles = labels.roles(dict.fromkeys(role for role, _ in deadline.answerable))
        text += say(phrases.ANSWERS, lang, role=roles)
    return text


def date_sentence(flow: BoundWorkflow, bound: BoundReform, when: BoundWhen, lang: str) -> str:
    """Say one date specification."""
    text = _counted(Labels(bound, flow, lang), when)
    text += phrases.ROLL[Roll(when.roll)].read(lang)
    if when.boundary == Boundary.EXCLUSIVE.value:
        text += phrases.EXCLUSIVE.read(lang)
    if when.when is None or when.when == TRUE:
        return text
    condition = expression_sentence(flow, bound, when.when, lang)
    return say(phrases.DATE_IF, lang, date=text, condition=condition)


def dates_in_force(flow: BoundWorkflow, column: str) -> tuple[BoundWhen, ...]:
    """Return the specifications of a computed date that can apply, given the policies chosen."""
    return tuple(
        when
        for computed in flow.computed
        if computed.column == column
        for _, when in computed.applicable
    )


# ---------------------------------------------------------------------------------------------


def _counted(labels: Labels, when: BoundWhen) -> str:
    lang = labels.lang
    if when.unit is Unit.ON:
        return plain(when.day, lang)
    anchor = _anchor(labels, when)
    if when.amount == 0 and when.unit is not Unit.NEXT:
        same = phrases.SAME_MONTH if when.unit is Unit.MONTH_END else phrases.SAME_DAY
        return say(same, lang, anchor=anchor)
    if when.unit is Unit.NEXT:
        return say(phrases.NEXT_DAY, lang, anchor=anchor, days=_days_of_year(when, lang))
    side = phrases.BEFORE if when.amount < 0 else phrases.AFTER
    amount = abs(when.amount)
    count = say((phrases.ONE if amount == 1 else phrases.MANY)[when.unit], lang, amount=amount)
    text = phrases.MONTH_ENDS if when.unit is Unit.MONTH_END else phrases.COUNTED
    return say(text, lang, count=count, side=side.read(lang), anchor=anchor)


def _days_of_year(when: BoundWhen, lang: str) -> str:
    days = [
        f"{month}月{day}日" if lang == "zh" else f"{month:02}-{day:02}"
        for month, day in when.days_of_year
    ]
    return phrases.OR.read(lang).join(days)


def _anchor(labels: Labels, when: BoundWhen) -> str:
    if when.anchor is not None:
        return labels.column(when.anchor)
    return plain(when.day, labels.lang)
