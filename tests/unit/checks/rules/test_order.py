"""What is needed before anybody can record it is found, with what can only come later."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.order import facts_needed_too_soon
from support.checking import found as findings
from support.checking import parts

FLOW = """
    facts:
      plan: {type: text, by: [office], during: 'DURING'}
      letter_on: {type: date}
      letter_due: {type: date, derived: {days: 5, after: letter_on}}
      seal: {type: bool}
      kind: {type: choice, choices: [whole, part], by: [office]}
    tracks:
      progress:
        initial: draft
        states: {draft: , sent: , filed: , done: {final: true}, dropped: {final: true}}
      watch:
        initial: quiet
        states: {quiet: , alarmed: }
    rules:
      asked: {requires: 'RULE', clauses: [R1]}
    transitions:
      send: {track: progress, from: draft, to: sent, by: [office], AT_SEND}
      file: {track: progress, from: sent, to: filed, by: [office], AT_FILE}
      finish: {track: progress, from: filed, to: done, by: [office], AT_FINISH}
      drop: {track: progress, from: draft, to: dropped, by: [office], AT_DROP}
      alarm: {track: watch, from: quiet, to: alarmed, by: [office], AT_ALARM}
      calm: {track: watch, from: alarmed, to: quiet, by: [office]}
"""
NOTHING = "reason: true"


def flow(rule: str, during: str = "True", **acts: str) -> str:
    text = FLOW.replace("RULE", rule).replace("DURING", during)
    for place in ("send", "file", "finish", "drop", "alarm"):
        text = text.replace(f"AT_{place.upper()}", acts.get(place, NOTHING))
    return text


ASKED = "needs: [asked]"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        # only recorded by a later act
        (
            flow("letter_on is not None", send=ASKED, file="records: [letter_on]"),
            {"send": ("send", "letter_on", "file")},
        ),
        (
            flow("letter_on < today", send=ASKED, finish="set: {letter_on: today}"),
            {"send": ("send", "letter_on", "finish")},
        ),
        (
            flow("letter_due > today", file=ASKED, finish="records: [letter_on]"),
            {"file": ("file", "letter_on", "finish")},
        ),
        # only on another way
        (
            flow("seal", file=ASKED, drop="set: {seal: true}"),
            {"file": ("file", "seal", "drop")},
        ),
        # by hand, but only later
        (
            flow("plan is not None", 'progress.state == "filed"', file=ASKED),
            {"file": ("file", "plan")},
        ),
        (
            flow(
                "plan is not None", "letter_on is not None", send=ASKED, file="records: [letter_on]"
            ),
            {"send": ("send", "plan")},
        ),
        # a mark of an act that comes later, or is the act itself
        (flow("file.on < today", send=ASKED), {"send": ("send", "file.on", "file")}),
        (flow("send.on < today", send=ASKED), {"send": ("send", "send.on")}),
        # two that wait for each other on two tracks
        (
            flow("seal", send=ASKED, alarm="needs: [asked], set: {seal: true}"),
            {"send": ("send", "seal", "alarm"), "alarm": ("alarm", "seal")},
        ),
    ],
)
def test_what_is_needed_too_soon_is_found(item: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert parts(facts_needed_too_soon, item=item) == {
        ("fact_needed_too_soon", f"item.transitions.{act}"): named
        for act, named in expected.items()
    }


@pytest.mark.parametrize(
    "item",
    [
        flow("letter_on is not None", file=ASKED, send="records: [letter_on]"),
        flow("letter_on is not None", send="needs: [asked], records: [letter_on]"),
        flow("letter_on is not None", send="needs: [asked], may_record: [letter_on]"),
        flow("letter_due > today", file=ASKED, send="set: {letter_on: today}"),
        flow("letter_on is None", send=ASKED, file="records: [letter_on]"),
        flow("letter_on is None or letter_on < today", send=ASKED, file="records: [letter_on]"),
        flow("seal", finish=ASKED, alarm="set: {seal: true}"),
        flow("plan is not None", 'progress.state in {"draft", "sent"}', file=ASKED),
        flow("plan is not None", 'watch.state == "alarmed"', send=ASKED),
        flow(
            "plan is not None", "letter_on is not None", finish=ASKED, file="records: [letter_on]"
        ),
        flow("plan is not None", "seal", finish=ASKED, alarm="set: {seal: true}"),
        flow("send.on < today and calm.on < today", finish=ASKED),
        flow('kind == "whole"', send=ASKED),
    ],
)
def test_what_can_be_recorded_in_time_is_fine(item: str) -> None:
    assert not parts(facts_needed_too_soon, item=item)


def test_a_way_back_lets_an_act_come_later() -> None:
    item = flow("letter_on is not None or seal is None", send=ASKED, file="records: [letter_on]")
    assert not parts(facts_needed_too_soon, item=item)
    back = "  back: {track: progress, from: filed, to: draft, by: [office]}\n"
    first = flow("letter_on is not None", drop=ASKED, file="records: [letter_on]")
    assert ("fact_needed_too_soon", "item.transitions.drop") in parts(
        facts_needed_too_soon, item=first
    )
    assert not parts(facts_needed_too_soon, item=first + f"    {back}")


def test_acts_behind_one_that_can_never_happen_are_not_reported_too() -> None:
    item = flow("letter_on is not None", send=ASKED, finish="needs: [asked], records: [letter_on]")
    found = parts(facts_needed_too_soon, item=item)
    assert list(found) == [("fact_needed_too_soon", "item.transitions.send")]


def test_what_can_never_be_is_left_to_the_other_checks() -> None:
    assert not parts(facts_needed_too_soon, item=flow("letter_on is not None", send=ASKED))
    assert not parts(
        facts_needed_too_soon, item=flow("plan is not None and plan is None", send=ASKED)
    )


OPENED = """
    facts:
      plan: {type: text, by: [office]}
      kind: {type: choice, choices: [whole, part], by: [office]}
    opening: {by: office, needs: [asked], RECORDS}
    rules:
      asked: {requires: plan is not None, clauses: [R1]}
    transitions:
      send: {from: draft, to: sent, by: [office]}
"""


def test_what_the_opening_needs_has_to_be_recorded_by_it() -> None:
    late = OPENED.replace("RECORDS", "records: [kind]")
    assert parts(facts_needed_too_soon, item=late) == {
        ("fact_needed_too_soon", "item.opening"): ("opening", "plan")
    }
    for records in ("records: [plan]", "may_record: [plan]"):
        assert not parts(facts_needed_too_soon, item=OPENED.replace("RECORDS", records))


def test_what_a_duty_gives_is_there_from_the_opening_on() -> None:
    programme = """
        children: {reports: report}
        duties:
          monthly:
            opens: reports
            first: {on: 2021-04-30}
            every: {days: 30}
            gives: {due: due_on}
        transitions:
          send: {from: draft, to: sent, by: [office]}
    """
    report = """
        facts: {due_on: {type: date}}
        rules: {asked: {requires: due_on is not None}}
        transitions:
          send: {from: draft, to: sent, by: [office], needs: [asked]}
    """
    assert not parts(facts_needed_too_soon, programme=programme, report=report)


def test_it_is_said_what_comes_later() -> None:
    (found,) = findings(
        facts_needed_too_soon,
        item=flow("letter_on is not None", send=ASKED, file="records: [letter_on]"),
    )
    assert "file can only come later" in found.says.en
    assert "letter_on" in found.says.zh
