"""What changes in meaning is told, each with a case on which the two definitions disagree."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks import differences
from reformflow.model import Finding
from support.building import reform_of

HEAD = """
    policies:
      mode: {options: [strict, lax], default: strict}
"""
ITEM = """
    children: {matters: matter}
    facts:
      posts: {type: int, by: [office], minimum: 0, maximum: 100}
      kind: {type: choice, choices: [whole, part], by: [office]}
      plan_on: {type: date, by: [office], during: 'progress.state == "draft"'}
      ends_on: {type: date, derived: {months: 3, after: plan_on}}
      many: {type: bool, derived: posts > 50}
      rounds: {type: int, initial: 0}
      note: {type: text, by: [office]}
    rules:
      few: {requires: posts <= 10, clauses: [R1]}
      in_time: {requires: ends_on >= today, clauses: [R2]}
      ready: {requires: all(m.live for m in matters), clauses: [R3]}
    transitions:
      send:
        from: draft
        to: sent
        by: [office]
        needs: [few]
        due: {on: 2021-06-01, clauses: [R4]}
      redo: {from: sent, to: draft, by: [treasury], set: {rounds: rounds + 1}}
      finish:
        from: sent
        to: [{state: done, when: kind == "whole"}, {state: kept}]
        by: [office]
        not_by: send
        needs: [in_time, ready]
      note_it: {from: kept, by: [office], records: [note]}
    tracks:
      progress:
        initial: draft
        states: {draft: , sent: , kept: , done: {final: true}}
"""
MATTER = """
    facts:
      live: {type: bool, by: [office]}
    transitions:
      send: {from: draft, to: sent, by: [office]}
"""


def compared(*edits: tuple[str, str], renames: dict[str, str] | None = None) -> list[Finding]:
    """Return what differs after some edits of the item; each of them has to hit."""
    item = ITEM
    for old, new in edits:
        assert old in item, old
        item = item.replace(old, new)
    before = reform_of(HEAD, item=ITEM, matter=MATTER)
    after = reform_of(HEAD, item=item, matter=MATTER)
    return list(differences(before, after, renames=renames or {}))


def told(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.path.removeprefix("item.")) for finding in findings}


def test_the_same_definition_does_not_differ() -> None:
    assert not compared()
    assert not compared(("posts <= 10", "not posts > 10"))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        # rules
        (("posts <= 10", "posts <= 12"), {("newly_allowed", "transitions.send")}),
        (("posts <= 10", "posts <= 8"), {("newly_refused", "transitions.send.needs[0]")}),
        (
            ("posts <= 10", "posts >= 5"),
            {
                ("newly_allowed", "transitions.send"),
                ("newly_refused", "transitions.send.needs[0]"),
            },
        ),
        (("needs: [few]", "needs: []"), {("newly_allowed", "transitions.send")}),
        (("posts <= 10", "posts <= 10 or posts is None"), {("newly_allowed", "transitions.send")}),
        (
            ("all(m.live for m in matters)", "any(m.live for m in matters)"),
            {
                ("newly_allowed", "transitions.finish"),
                ("newly_refused", "transitions.finish.needs[1]"),
            },
        ),
        (
            ("records: [note]", "needs: [few], records: [note]"),
            {("newly_refused", "transitions.note_it.needs[0]")},
        ),
        (("records: [note]", "reason: true"), {
            ("newly_allowed", "transitions.note_it"),
            ("newly_refused", "transitions.note_it"),  # the note
            ("newly_refused", "transitions.note_it.reason")}),
        # states
        (("note_it: {from: kept", "note_it: {from: [kept, sent]"), {
            ("newly_allowed", "transitions.note_it")}),
        (("redo: {from: sent", "redo: {from: [kept]"), {
            ("newly_allowed", "transitions.redo"), ("newly_refused", "transitions.redo.from")}),
        (('kind == "whole"}', 'kind == "part"}'), {
            ("leads_elsewhere", "transitions.finish.to")}),
        (("rounds + 1", "rounds + 2"), {("sets_otherwise", "transitions.redo.set.rounds")}),
        # who
        (("by: [treasury]", "by: [treasury, office]"), {("newly_allowed", "transitions.redo.by")}),
        (("by: [treasury]", "signed_by: [treasury, archive]"), {
            ("newly_refused", "transitions.redo.by"),
            ("newly_refused", "transitions.redo.signed_by")}),
        (("not_by: send", "reason: false"), {("newly_allowed", "transitions.finish.not_by")}),
        # facts
        (("maximum: 100", "maximum: 90"), {("newly_refused", "facts.posts")}),
        (("minimum: 0", "minimum: -3"), {("newly_allowed", "facts.posts")}),
        (("choices: [whole, part]", "choices: [whole, part, none]"), {
            ("newly_allowed", "facts.kind")}),
        (("""during: 'progress.state == "draft"'""", "label: Plan"), {
            ("newly_allowed", "facts.plan_on.during")}),
        # dates and what is computed
        (("months: 3", "months: 4"), {
            ("date_moved", "facts.ends_on.derived"), ("newly_allowed", "transitions.finish")}),
        (("on: 2021-06-01", "on: 2021-07-01"), {
            ("date_moved", "transitions.send.due"), ("newly_allowed", "transitions.send")}),
        (("on: 2021-06-01", "on: 2021-05-01"), {
            ("date_moved", "transitions.send.due"), ("newly_refused", "transitions.send.due")}),
        (("on: 2021-06-01", "on: 2021-06-01, late: flag"), {
            ("late_otherwise", "transitions.send.due.late"),
            ("newly_allowed", "transitions.send")}),
        (("posts > 50", "posts > 60"), {("computed_otherwise", "facts.many.derived")}),
    ],
)  # fmt: skip
def test_a_change_is_told(edit: tuple[str, str], expected: set[tuple[str, str]]) -> None:
    assert told(compared(edit)) == expected


def test_a_case_is_shown_on_which_the_two_disagree() -> None:
    (found,) = compared(("posts <= 10", "posts <= 12"))
    values = dict(found.witness.values)
    assert values["posts"] in {11, 12}
    assert values["progress.state"] == "draft"
    assert found.witness.on is not None
    assert found.witness.on <= date(2021, 6, 1)
    assert found.witness.parts == ("send", "few")
    assert found.clauses == ("R1",)
    assert "few" in found.says.en
    assert "few" in found.says.zh


def test_how_far_a_date_moves_is_told_in_days() -> None:
    found = compared(("on: 2021-06-01", "on: 2021-06-05"))
    (moved,) = [one for one in found if one.code == "date_moved"]
    assert moved.says.en == "send.due is 2021-06-05 instead of 2021-06-01: 4 days later"
    assert moved.clauses == ("R4",)


def test_a_date_may_move_either_way() -> None:
    found = compared(("months: 3", "days: 91"))
    ways = [one.says.en.split(": ")[1] for one in found if one.code == "date_moved"]
    assert sorted(way.split()[-1] for way in ways) == ["earlier", "later"]
    for one in found:
        if one.code == "date_moved":
            values = dict(one.witness.values)
            assert values["old:ends_on"] != values["ends_on"]


def test_an_act_that_is_new_or_gone_comes_with_a_case() -> None:
    closing = "close_it: {from: kept, to: done, by: [office], needs: [few]}"
    (found,) = compared(("note_it: {", f"{closing}\n      note_it: {{"))
    assert (found.code, found.path) == ("newly_allowed", "item.transitions.close_it")
    assert dict(found.witness.values)["posts"] <= 10
    (gone,) = compared(("redo: {from: sent", 'redo: {enabled: policy.mode == "lax", from: sent'))
    assert (gone.code, gone.path) == ("newly_refused", "item.transitions.redo")


def test_one_rule_of_several_acts_is_told_once() -> None:
    shared = ("by: [treasury]", "by: [treasury], needs: [few]")
    before = reform_of(HEAD, item=ITEM.replace(*shared), matter=MATTER)
    after = reform_of(
        HEAD, item=ITEM.replace(*shared).replace("posts <= 10", "posts <= 12"), matter=MATTER
    )
    (found,) = differences(before, after)
    assert found.path == "item.rules.few"
    assert found.witness.parts == ("send", "redo", "few")


def test_what_is_renamed_does_not_differ() -> None:
    renames = {"item.posts": "seats", "item.send": "hand_in", "item.progress.sent": "handed"}
    edits = [
        ("posts", "seats"),
        ("      send:\n", "      hand_in:\n"),
        ("not_by: send", "not_by: hand_in"),
        ("sent", "handed"),
    ]
    assert not compared(*edits, renames=renames)
    (found,) = compared(*edits, ("seats <= 10", "seats <= 9"), renames=renames)
    assert told([found]) == {("newly_refused", "transitions.hand_in.needs[0]")}
    assert dict(found.witness.values)["seats"] == 10


def test_what_children_are_is_seen_through_the_rules_of_their_parent() -> None:
    derived = MATTER.replace(
        "live: {type: bool, by: [office]}",
        "size: {type: int, by: [office]}\n      live: {type: bool, derived: size > LEAST}",
    )
    before = reform_of(HEAD, item=ITEM, matter=derived.replace("LEAST", "3"))
    after = reform_of(HEAD, item=ITEM, matter=derived.replace("LEAST", "5"))
    found = {(one.code, one.path) for one in differences(before, after)}
    assert found == {
        ("newly_refused", "item.transitions.finish.needs[1]"),
        ("computed_otherwise", "matter.facts.live.derived"),
    }


def test_another_calendar_moves_what_is_counted_by_it() -> None:
    item = ITEM.replace("months: 3", "working_days: 3")
    head = HEAD + "    calendar: {name: weekdays, days_off: [2021-03-03]}\n"
    before = reform_of(HEAD, item=item, matter=MATTER)
    after = reform_of(head, item=item, matter=MATTER)
    moved = [one for one in differences(before, after) if one.code == "date_moved"]
    assert {one.path for one in moved} == {"item.facts.ends_on.derived"}


def test_options_that_are_chosen_otherwise_differ_by_what_they_do() -> None:
    item = ITEM.replace("posts <= 10", 'posts <= 10 or policy.mode == "lax"')
    before = reform_of(HEAD, item=item, matter=MATTER)
    found = differences(before, before.choosing(mode="lax"))
    assert {(one.code, one.path) for one in found} == {("newly_allowed", "item.transitions.send")}


def test_workflows_that_are_new_or_gone() -> None:
    small = reform_of(HEAD, matter=MATTER)
    large = reform_of(HEAD, item=ITEM, matter=MATTER)
    codes = {(one.code, one.path) for one in differences(small, large)}
    assert ("workflow_added", "item") in codes
    codes = {(one.code, one.path) for one in differences(large, small)}
    assert ("workflow_removed", "item") in codes


DUTY = """
    children: {reports: report}
    duties:
      monthly: {opens: reports, first: {on: 2021-04-30}, every: {days: 30}, clauses: [R5]}
    transitions:
      send: {from: draft, to: sent, by: [office]}
"""


def test_periods_that_follow_in_other_steps() -> None:
    report = {"report": MATTER}
    before = reform_of(HEAD, item=DUTY, **report)
    after = reform_of(HEAD, item=DUTY.replace("days: 30", "months: 1"), **report)
    (found,) = differences(before, after)
    assert (found.code, found.path) == ("periods_moved", "item.duties.monthly.every")
    steps = dict(found.witness.schedule)
    assert steps["was"] != steps["now"]
