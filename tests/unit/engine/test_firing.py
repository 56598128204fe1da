"""Firing a transition: what it records, sets and chooses, and every reason against it at once."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from reformflow.errors import RequestError, UnknownName
from reformflow.model import Actor, Code, Fire, Request
from support.building import Play, actor, day, only, reasons, states

FLOW = """
facts:
  before: {type: int, by: bureau, minimum: 0, clauses: R7}
  after: {type: int, by: bureau, minimum: 0}
  letter: {type: text, by: office, max_length: 10, clauses: R8}
  sent_on: {type: date, by: office}
  rounds: {type: int, initial: 0}
  baseline: {type: int, by: office, once: true, clauses: R9}
  differs: {type: bool, by: office}
  double: {type: int, derived: before + before}
rules:
  no_growth: {requires: after <= before, clauses: [R1, R2], says: {en: no growth, zh: 不增}}
  has_letter: {requires: letter != "bad", clauses: R3}
tracks:
  progress:
    initial: draft
    states: {draft: , sent: , amending: , done: {final: true}}
transitions:
  send: {from: draft, to: sent, by: bureau, clauses: R4, set: {rounds: rounds + 1, sent_on: today}}
  approve:
    from: sent
    to: [{state: amending, when: differs}, {state: done}]
    by: [office, treasury]
    not_by: send
    needs: [no_growth, has_letter]
    records: [letter]
    may_record: [baseline, before, after]
    due: {on: 2021-03-31, late: refuse, clauses: R5}
    window: {opens: {on: 2021-03-10}, outside: refuse, clauses: R6}
    reason: true
    clauses: R4
  note: {from: any, by: office, set: {rounds: rounds + 1}}
  strict:
    from: sent
    to: [{state: amending, when: differs}, {state: done, when: before > 5}]
    by: office
"""


@pytest.fixture
def play() -> Play:
    play = Play(case=FLOW)
    assert play.open().granted
    return play


def sent(play: Play, **facts: Any) -> Play:
    assert play.fire("send", "bureau:bob", "03-02").granted
    if facts:
        assert play.record("bureau+office", "03-02", **facts).granted
    return play


def test_a_granted_act_moves_the_track_marks_the_actor_and_sets_facts(play: Play) -> None:
    changes = states(play.fire("send", "bureau:bob", "03-05"))
    assert changes == {
        "progress.state": "sent",
        "progress.since": day("03-05"),
        "progress.last": day("03-05"),
        "progress.due": day("03-31"),
        "send.by": "bob",
        "rounds": 1,
        "sent_on": day("03-05"),
    }


def test_facts_recorded_with_the_act_count_for_its_rules(play: Play) -> None:
    sent(play, before=3, after=9, differs=False)
    refused = play.fire("approve", on="03-15", letter="ok", reason="r")
    assert only(refused, Code.RULE_BROKEN).subject == "no_growth"
    granted = play.fire("approve", on="03-15", letter="ok", after=2, reason="r")
    assert states(granted)["after"] == 2
    assert play["progress.state"] == "done"


def test_facts_derived_from_what_is_recorded_with_the_act_come_along(play: Play) -> None:
    sent(play, before=3, after=2, differs=False)
    assert states(play.fire("approve", on="03-15", letter="x", before=4, reason="r"))["double"] == 8


def test_every_reason_is_given_at_once_each_with_its_clauses() -> None:
    """Nobody mends one fault only to hear of the next: authority, rules, facts, dates, reason."""
    play = Play(case=FLOW)
    play.open()
    play.fire("send", "bureau:bob", "03-02")
    play.record("bureau", "03-02", before=1, after=2)
    refused = play.fire("approve", "bureau:bob", "03-01")
    assert reasons(refused) == [
        (Code.BEFORE_LAST_ENTRY, "approve"),
        (Code.NOT_AUTHORISED, "approve"),
        (Code.SAME_PERSON, "send"),
        (Code.NOT_RECORDED, "approve"),
        (Code.RULE_BROKEN, "no_growth"),
        (Code.NOT_RECORDED, "has_letter"),
        (Code.NOT_RECORDED, "approve"),
        (Code.TOO_EARLY, "approve"),
        (Code.REASON_MISSING, "approve"),
    ]
    cited = [refusal.clauses for refusal in refused.refusals]
    assert cited == [
        (),
        ("R4",),
        ("R4",),
        ("R4", "R8"),
        ("R1", "R2"),
        ("R3",),
        ("R4",),
        ("R6",),
        ("R4",),
    ]
    assert not refused.entries
    assert not refused.opened


def test_a_broken_rule_shows_its_sentence_and_the_values_that_failed(play: Play) -> None:
    sent(play, before=3, after=9, differs=False)
    refusal = only(play.fire("approve", on="03-15", letter="x", reason="r"), Code.RULE_BROKEN)
    assert (refusal.says.en, refusal.says.zh) == ("no growth", "不增")
    assert refusal.values == (("after", 9), ("before", 3))
    assert refusal.missing == ()


def test_an_unknown_rule_refuses_and_names_what_is_missing(play: Play) -> None:
    sent(play, before=3, differs=False)
    refusal = only(play.fire("approve", on="03-15", letter="x", reason="r"), Code.NOT_RECORDED)
    assert (refusal.subject, refusal.missing) == ("no_growth", ("after",))
    assert refusal.clauses == ("R1", "R2")


def test_a_fact_that_must_be_recorded_may_be_on_file_already(play: Play) -> None:
    sent(play, before=3, after=2, differs=False, letter="old")
    assert play.fire("approve", on="03-15", reason="r").granted


def test_taking_back_a_required_fact_with_the_act_does_not_satisfy_it(play: Play) -> None:
    sent(play, before=3, after=2, differs=False, letter="old")
    refused = play.fire("approve", on="03-15", reason="r", letter=None)
    assert (Code.NOT_RECORDED, "approve") in reasons(refused)


def test_a_wrong_state_is_told_with_the_state_it_is_in(play: Play) -> None:
    refused = play.fire("approve", on="03-15", letter="x", reason="r", before=1, after=1)
    [first, *_] = refused.refusals
    assert first.code is Code.NOT_FROM_HERE
    assert first.values == (("progress.state", "draft"),)


@pytest.mark.parametrize(("differs", "state"), [(True, "amending"), (False, "done")])
def test_branches_are_tried_in_order(play: Play, differs: bool, state: Any) -> None:
    sent(play, before=3, after=2, differs=differs)
    play.fire("approve", on="03-15", letter="x", reason="r")
    assert play["progress.state"] == state


def test_an_unknown_branch_refuses_instead_of_falling_through(play: Play) -> None:
    sent(play, before=3, after=2)
    refusal = only(play.fire("approve", on="03-15", letter="x", reason="r"), Code.NOT_RECORDED)
    assert refusal.missing == ("differs",)


def test_what_is_set_keeps_within_the_facts_bounds() -> None:
    text = """
    facts: {rounds: {type: int, initial: 1, maximum: 2}}
    transitions: {again: {from: draft, by: office, set: {rounds: rounds + 1}}}
    """
    play = Play(case=text)
    play.open()
    assert play.fire("again").granted
    with pytest.raises(RequestError, match="the most is 2"):
        play.fire("again")
    assert play["rounds"] == 2


def test_no_branch_that_applies_refuses(play: Play) -> None:
    sent(play, before=3, differs=False)
    refusal = only(play.fire("strict", on="03-15"), Code.RULE_BROKEN)
    assert refusal.subject == "strict"
    assert refusal.values == (("differs", False), ("before", 3))
    play.record("bureau", before=6)
    assert play.fire("strict", on="03-15").granted


def test_a_transition_that_stays_changes_no_state_and_no_since(play: Play) -> None:
    changes = states(play.fire("note", on="03-09"))
    assert changes == {"progress.last": day("03-09"), "rounds": 1}


def test_the_actor_who_did_the_one_may_not_do_the_other(play: Play) -> None:
    sent(play, before=3, after=2, differs=False)
    both = play.fire("approve", "office:bob", "03-15", letter="x", reason="r")
    refusal = only(both, Code.SAME_PERSON)
    assert refusal.subject == "send"
    assert play.fire("approve", "office:ann", "03-15", letter="x", reason="r").granted


def test_a_role_held_for_one_unit_does_not_reach_another(play: Play) -> None:
    refusal = only(play.fire("send", "bureau@south"), Code.NOT_AUTHORISED)
    assert refusal.must_act == ("bureau",)
    assert refusal.clauses == ("R4",)


def test_a_reason_that_must_be_stated_is_kept_in_history(play: Play) -> None:
    sent(play, before=3, after=2, differs=False)
    assert play.fire("approve", on="03-15", letter="x", reason="r").entries[0].reason == "r"


def test_what_changes_only_by_correction_is_not_changed_by_an_act(play: Play) -> None:
    """A baseline that is frozen stays frozen, whichever door is tried."""
    sent(play, before=3, after=2, differs=False, baseline=5)
    refused = play.fire("approve", on="03-15", letter="x", reason="r", baseline=6)
    refusal = only(refused, Code.ALREADY_RECORDED)
    assert (refusal.subject, refusal.clauses) == ("baseline", ("R9",))
    assert play.fire("approve", on="03-15", letter="x", reason="r", baseline=5).granted


def test_deciding_twice_gives_the_same_and_changes_no_case(play: Play) -> None:
    sent(play, before=3, after=2, differs=False)
    before = play.docket.case("c")
    request = Request("c", Fire("approve", {"letter": "x"}), actor("office"), day("03-15"), "r")
    first = play.engine.fire(play.docket, request)
    assert first == play.engine.fire(play.docket, request)
    assert first.granted
    assert play.docket.case("c") == before
    assert len(play.docket.entries("c")) == before.revision


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"nothing": 1}, "unknown fact"),
        ({"differs": True}, "does not record"),
        ({"double": 2}, "does not record"),
        ({"letter": "more than ten"}, "at most 10"),
        ({"letter": "\0"}, "NUL"),
        ({"letter": "\ud800"}, "surrogate"),
        ({"letter": 5}, "text"),
        ({"before": True}, "whole number"),
        ({"before": 1.0}, "whole number"),
        ({"before": "1"}, "whole number"),
        ({"before": -1}, "least"),
        ({"before": 2**63}, "64 bits"),
    ],
)
def test_facts_that_no_case_could_have_are_an_error_not_a_refusal(
    play: Play, facts: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        play.fire("approve", on="03-15", **facts)
    assert play.docket.case("c").revision == 1


def test_unknown_names_are_errors_that_name_the_nearest(play: Play) -> None:
    with pytest.raises(UnknownName, match="'approve'"):
        play.fire("aprove")
    with pytest.raises(UnknownName, match="'c'"):
        play.fire("send", case="cc")
    with pytest.raises(UnknownName, match="'case'"):
        play.open(case="d", workflow="caze")


@pytest.mark.parametrize(
    "change",
    [
        {"actor": Actor("", actor("office").grants)},
        {"actor": Actor("a\0")},
        {"reason": "a\0"},
        {"reason": "\ud800"},
        {"key": "\0"},
        {"case": ""},
        {"on": "2021-03-01"},
        {"on": attrs.NOTHING},
    ],
)
def test_a_request_that_cannot_be_stored_is_an_error(play: Play, change: dict[str, Any]) -> None:
    request = attrs.evolve(Request("c", Fire("send"), actor("bureau"), day("03-02")), **change)
    with pytest.raises(RequestError):
        play.engine.decide(play.docket, request)
