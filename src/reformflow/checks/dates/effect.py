"""Dates that had passed when the document took effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reformflow.binding import BoundWorkflow
from reformflow.checks.dates.written import Written, date_columns, known_days
from reformflow.checks.subject import Subject
from reformflow.model import (
    BeforeEffect,
    Finding,
    Late,
    PolicySetting,
    Reform,
    Severity,
    Text,
    Witness,
)

DEADLINE = "deadline_before_effect"
WINDOW = "window_before_effect"
RULE = "rule_before_effect"


def dates_before_effect(subject: Subject) -> Iterator[Finding]:
    """Yield each deadline, and each end of a window, before the day the document takes effect.

    It cites the clauses of the date and those that give the day of effect. An error if the date
    binds all the same.
    """
    effective = subject.bound.effective_on
    if effective is None:
        return
    for flow in subject.flows:
        for column in date_columns(flow):
            if column.endswith((".due", ".first", ".closes")):
                for item, day in known_days(flow, subject.calendar, column):
                    if day < effective:
                        yield _finding(subject, flow, item, day, effective)


def rules_before_effect(subject: Subject) -> Iterator[Finding]:
    """Yield each rule that was out of force when the document took effect, or is never in force."""
    effective = subject.bound.effective_on
    for flow in subject.flows:
        for rule in flow.workflow.rules:
            since, until = rule.since, rule.until
            if until is None:
                continue
            if since is not None and until < since:
                begin, en, zh = ("since", since), f"begins only on {since}", f"{since}才开始施行"
            elif effective is not None and until < effective:
                begin = ("effective", effective)
                en, zh = f"the document takes effect on {effective}", f"文件{effective}才施行"
            else:
                continue
            says = Text(
                f"the rule {rule.id} is in force until {until}, but {en}",
                f"规则{rule.id}施行至{until}，而{zh}",
            )
            path = f"{flow.id}.rules.{rule.id}"
            witness = Witness(schedule=(("until", until), begin))
            yield Finding(RULE, Severity.WARNING, path, says, rule.clauses, witness)


# ---------------------------------------------------------------------------------------------


def _finding(
    subject: Subject, flow: BoundWorkflow, item: Written, day: date, effective: date
) -> Finding:
    owner = item.column.partition(".")[0]
    days = (effective - day).days
    if item.column.endswith(".closes"):
        code = WINDOW
        en = f"the window of {owner} closes on {day}"
        zh = f"{owner}的办理期间止于{day}"
    else:
        code = DEADLINE
        en = f"{owner} is due on {day}"
        zh = f"{owner}的期限是{day}"
    passed = f"{days} day{'s' if days > 1 else ''} before the document takes effect on {effective}"
    return Finding(
        code,
        _severity(flow, item),
        item.path,
        Text(f"{en}, {passed}", f"{zh}，比文件施行日{effective}早{days}天"),
        tuple(dict.fromkeys([*item.clauses, *_of_effect(subject.bound.reform)])),
        Witness(schedule=((item.column, day), ("effective", effective))),
    )


def _severity(flow: BoundWorkflow, item: Written) -> Severity:
    """Return an error where nobody who learns of the date by the document can keep it."""
    transition = flow.transitions.get(item.column.partition(".")[0])
    if transition is None:
        return Severity.WARNING
    if item.column.endswith(".closes"):
        binds = transition.window is not None and transition.window.outside is Late.REFUSE
    else:
        deadline = transition.deadline
        binds = deadline is not None and deadline.before_effect is BeforeEffect.ENFORCE
    return Severity.ERROR if binds else Severity.WARNING


def _of_effect(reform: Reform) -> tuple[str, ...]:
    """Return the clauses that say when the document takes effect."""
    if isinstance(reform.effective_from, PolicySetting):
        return reform.policy(reform.effective_from.policy).clauses
    return reform.document.clauses
