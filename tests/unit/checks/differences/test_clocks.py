"""Who may move a date, how often and how far, when its clock stands still, and who answers."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks import differences
from reformflow.engine import Docket, Engine
from reformflow.model import Act, Actor, Code, Extend, Finding, Open, Request
from support.building import bound_of, reform_of

CASE = """
opening: {by: office}
facts: {urgent: {type: bool, by: office}}
tracks: {t: {initial: a, states: {a: , wait: , c: {final: true}}}}
transitions:
  ask: {from: a, to: wait, by: office}
  hand_in: {from: wait, to: a, by: office}
  end:
    from: a
    to: c
    by: office
    due:
      days: 10
      after: opened
      late: flag
      answerable: [{role: treasury, when: urgent}, {role: office}]
      suspended_in: [wait]
      extension: {by: treasury, times: 2, at_most: {days: 10}, clauses: [R1]}
      clauses: [R2]
"""
DUE = "w.transitions.end.due"


def compared(old: str, new: str) -> list[Finding]:
    assert old in CASE
    return list(differences(reform_of(w=CASE), reform_of(w=CASE.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[wait]", "[a]", [("clock_otherwise", DUE), ("clock_otherwise", DUE)]),
        ("suspended_in: [wait]", "suspended_in: []", [("clock_otherwise", DUE)]),
        ("times: 2", "times: 1", [("newly_refused", f"{DUE}.extension")]),
        ("times: 2, ", "", [("newly_allowed", f"{DUE}.extension")]),
        ("{days: 10}, clauses", "{days: 20}, clauses", [("newly_allowed", f"{DUE}.extension")]),
        (", at_most: {days: 10}", "", [("newly_allowed", f"{DUE}.extension")]),
        ("at_most: {days: 10}", "at_most: {days: 9}", [("newly_refused", f"{DUE}.extension")]),
        ("{by: treasury, times", "{by: archive, times", [
            ("newly_allowed", f"{DUE}.extension.by"), ("newly_refused", f"{DUE}.extension.by")]),
        ("suspended_in", "suspension: {by: office}\n      suspended_in", [
            ("newly_allowed", f"{DUE}.suspension.by")]),
        ("role: treasury, when: urgent", "role: treasury, when: not urgent", [
            ("answers_otherwise", f"{DUE}.answerable")]),
        ("{role: office}]", "{role: bureau}]", [("answers_otherwise", f"{DUE}.answerable")]),
    ],
)  # fmt: skip
def test_a_change_is_told(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert sorted((found.code, found.path) for found in compared(old, new)) == expected


def test_answers_that_are_written_otherwise_do_not_differ() -> None:
    assert not compared("when: urgent}, {role", "when: urgent == True}, {role")


def test_a_date_before_the_day_of_effect_that_binds_now() -> None:
    head = "effective_from: 2021-06-01"
    old, new = (
        reform_of(head, w=CASE.replace("late: flag", f"late: flag\n      before_effect: {what}"))
        for what in ("waive", "enforce")
    )
    (found,) = differences(old, new)
    assert (found.code, found.path) == ("late_otherwise", DUE)
    due = dict(found.witness.values)["end.due"]
    assert isinstance(due, date)
    assert due < date(2021, 6, 1)


def test_an_extension_that_is_shown_is_granted_by_one_and_refused_by_the_other() -> None:
    longer = CASE.replace("at_most: {days: 10}", "at_most: {days: 20}")
    (found,) = differences(reform_of(w=CASE), reform_of(w=longer))
    days = dict(found.witness.schedule)
    opened = date.fromordinal(days["due"].toordinal() - 10)
    answers = []
    for text in (CASE, longer):
        engine, docket = Engine(bound_of(w=text)), Docket()
        docket.take(
            engine.fire(docket, Request("c", Open("w"), Actor.holding("o", "office"), opened))
        )
        act: Act = Extend("end", days["until"])
        decision = engine.fire(docket, Request("c", act, Actor.holding("t", "treasury"), opened))
        answers.append([refusal.code for refusal in decision.refusals])
    assert answers == [[Code.TOO_LONG], []]
