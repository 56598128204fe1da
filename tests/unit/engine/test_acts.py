"""Opening, recording and correcting: who may, what is refused, and what a correction leaves."""

from __future__ import annotations

from typing import Any

import pytest

from reformflow.errors import RequestError, UnknownName
from reformflow.model import Act, Code, Correct
from support.building import Play, day, only, reasons, states

FLOW = """
opening: {by: [office, bureau], needs: allowed, records: kind, may_record: [note], clauses: R1}
corrected_by: treasury
facts:
  kind: {type: choice, choices: [whole, part], by: office, once: true, clauses: R2}
  note: {type: text, by: bureau, during: 'state == "draft"', clauses: R3}
  posts: {type: int, by: [office, bureau]}
  twice: {type: int, derived: posts + posts}
  started_on: {type: date, by: office}
  ends_on: {type: date, derived: {years: 2, after: started_on}}
  told_on: {type: date, derived: {days: 1, after: ends_on}}
  rounds: {type: int, initial: 0}
  open_to: {type: bool, by: bureau}
  guarded: {type: int, by: bureau, during: open_to}
rules:
  allowed: {requires: kind == "whole" or note is not None, clauses: R4,
    says: {en: a note, zh: 说明}}
  old: {requires: posts > 1, until: 2021-03-31, clauses: R5}
  new: {requires: posts > 5, since: 2021-04-01, clauses: R6}
transitions:
  send: {from: draft, to: sent, by: office, set: {rounds: rounds + 1}, needs: [old, new]}
  back: {from: sent, to: draft, by: office}
  finish: {from: sent, to: done, by: office, due: {days: 10, after: send}}
"""


@pytest.fixture
def play() -> Play:
    play = Play(case=FLOW)
    assert play.open("03-01", kind="whole").granted
    return play


# --- opening --------------------------------------------------------------------------------------


def test_an_opened_case_is_in_its_initial_states_and_its_history_starts_from_nothing(
    play: Play,
) -> None:
    [entry] = play.docket.entries("c")
    assert entry.changes == {
        "opened.on": day("03-01"),
        "progress.state": "draft",
        "progress.since": day("03-01"),
        "progress.last": day("03-01"),
        "kind": "whole",
        "rounds": 0,
    }
    assert {n: v for n, v in play.docket.case("c").values.items() if v is not None} == entry.changes


def test_opening_gathers_every_reason() -> None:
    refused = Play(case=FLOW).open(by="treasury", unit="north")
    assert reasons(refused) == [
        (Code.NOT_AUTHORISED, "case"),
        (Code.NOT_RECORDED, "c"),
        (Code.NOT_RECORDED, "allowed"),
    ]
    assert [refusal.clauses for refusal in refused.refusals] == [("R1",), ("R1", "R2"), ("R4",)]
    assert not refused.opened


def test_a_rule_may_read_what_is_recorded_with_the_opening() -> None:
    refusal = only(Play(case=FLOW).open(kind="part"), Code.RULE_BROKEN)
    assert (refusal.subject, refusal.says.zh) == ("allowed", "说明")
    assert Play(case=FLOW).open(kind="part", note="why").granted


def test_a_case_is_opened_once(play: Play) -> None:
    assert only(play.open(kind="whole"), Code.ALREADY_OPEN).clauses == ("R1",)


def test_a_unit_opens_its_own_cases_only() -> None:
    assert Play(case=FLOW).open(by="bureau@south", unit="south", kind="whole").granted
    assert only(Play(case=FLOW).open(by="bureau@south", kind="whole"), Code.NOT_AUTHORISED)


def test_opening_records_only_what_it_names() -> None:
    with pytest.raises(RequestError, match="does not record 'posts'"):
        Play(case=FLOW).open(kind="whole", posts=1)


# --- recording ------------------------------------------------------------------------------------


def test_recording_computes_what_follows(play: Play) -> None:
    changes = states(play.record(posts=4, started_on=day("02-28"), on="03-02"))
    assert changes == {
        "posts": 4,
        "twice": 8,
        "started_on": day("02-28"),
        "ends_on": day("2023-02-28"),
        "told_on": day("2023-03-01"),
    }


def test_taking_a_fact_back_takes_back_what_followed(play: Play) -> None:
    play.record(posts=4)
    assert states(play.record(posts=None)) == {"posts": None, "twice": None}


def test_each_fact_is_recorded_by_its_own_roles_and_all_faults_are_told(play: Play) -> None:
    refused = play.record("archive", on="02-01", posts=1, kind="part", twice=2, rounds=3)
    assert reasons(refused) == [
        (Code.BEFORE_LAST_ENTRY, "opened"),
        (Code.NOT_AUTHORISED, "posts"),
        (Code.NOT_AUTHORISED, "kind"),
        (Code.ALREADY_RECORDED, "kind"),
        (Code.NOT_BY_HAND, "twice"),
        (Code.NOT_BY_HAND, "rounds"),
    ]
    assert refused.refusals[1].must_act == ("office", "bureau")
    assert refused.refusals[3].clauses == ("R2",)


def test_one_wrong_fact_keeps_the_others_out(play: Play) -> None:
    assert not play.record("office", posts=1, twice=2).granted
    assert play["posts"] is None


def test_a_fact_has_its_time(play: Play) -> None:
    assert play.record("bureau", note="n").granted
    play.record(posts=9)
    play.fire("send", on="03-02")
    assert only(play.record("bureau", "03-03", note="m"), Code.NOT_NOW).clauses == ("R3",)


def test_whether_it_is_time_being_unknown_is_told_as_missing(play: Play) -> None:
    assert only(play.record("bureau", guarded=1), Code.NOT_NOW).missing == ("open_to",)
    play.record("bureau", open_to=False)
    assert only(play.record("bureau", guarded=1), Code.NOT_NOW).missing == ()


def test_only_an_own_unit_records(play: Play) -> None:
    assert only(play.record("bureau@south", posts=1), Code.NOT_AUTHORISED)


# --- rules replaced midway -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "posts", "broken"),
    [
        ("03-31", 2, None),
        ("03-31", 1, "old"),
        ("04-01", 1, "new"),
        ("04-01", 5, "new"),
        ("04-01", 6, None),
    ],
)
def test_a_rule_is_in_force_on_its_days_only(play: Play, on: str, posts: int, broken: Any) -> None:
    play.record(posts=posts)
    decision = play.fire("send", on=on)
    assert [refusal.subject for refusal in decision.refusals] == ([broken] if broken else [])


# --- corrections ----------------------------------------------------------------------------------


def test_a_correction_is_a_new_entry_and_the_old_one_stays(play: Play) -> None:
    play.record(posts=4)
    before = play.docket.entries("c")
    changes = states(play.correct(2, "treasury", posts=6))
    assert changes == {"posts": 6, "twice": 12}
    assert play.docket.entries("c")[:2] == before
    entry = play.docket.entries("c")[2]
    assert (entry.kind, entry.voids, entry.reason) == ("corrected", 2, "a slip")


def test_a_correction_may_mend_what_is_recorded_only_once(play: Play) -> None:
    assert play.correct(1, "treasury", kind="part").granted


def test_only_the_named_role_corrects_and_says_why(play: Play) -> None:
    play.record(posts=4)
    refused = play.correct(2, "office", reason=None, posts=5)
    assert reasons(refused) == [(Code.REASON_MISSING, "entry 2"), (Code.NOT_AUTHORISED, "entry 2")]
    assert refused.refusals[1].must_act == ("treasury",)


def test_an_entry_taken_back_leaves_what_was_before_it(play: Play) -> None:
    play.record(posts=4)
    play.record(posts=7)
    assert states(play.correct(3, "treasury", void=True)) == {"posts": 4, "twice": 8}


def test_a_firing_taken_back_puts_the_track_back(play: Play) -> None:
    play.record(posts=7)
    play.fire("send", on="03-05")
    before = dict(play.docket.entries("c")[0].changes)
    assert play["finish.due"] == day("03-15")
    assert play.correct(3, "treasury", void=True).granted
    for column in ("progress.state", "progress.since", "progress.last", "rounds", "finish.due"):
        assert play[column] == before.get(column), column


def test_what_later_entries_rest_on_is_not_taken_back(play: Play) -> None:
    play.record(posts=7)
    play.fire("send", on="03-05")
    play.fire("back", on="03-06")
    refusal = only(play.correct(3, "treasury", void=True), Code.DEPENDED_ON)
    assert [name for name, _ in refusal.values] == [
        "progress.due",
        "progress.last",
        "progress.since",
        "progress.state",
    ]
    assert play.correct(4, "treasury", void=True).granted


def test_the_opening_is_not_taken_back_nor_anything_twice(play: Play) -> None:
    assert only(play.correct(1, "treasury", void=True), Code.DEPENDED_ON)
    play.record(posts=4)
    assert play.correct(2, "treasury", void=True).granted
    assert only(play.correct(2, "treasury", void=True), Code.DEPENDED_ON)
    assert states(play.correct(3, "treasury", void=True)) == {"posts": 4, "twice": 8}


def test_a_fact_that_a_later_entry_recorded_anew_is_mended_there(play: Play) -> None:
    """Mending the older entry would silently undo the newer one."""
    play.record(posts=4)
    play.record(posts=7)
    refusal = only(play.correct(2, "treasury", posts=5), Code.DEPENDED_ON)
    assert refusal.values == (("posts", 7),)
    assert play.correct(3, "treasury", posts=8).granted
    assert play.correct(3, "treasury", posts=9).granted
    assert play["posts"] == 9


def test_a_correction_mends_what_its_entry_recorded_and_nothing_computed(play: Play) -> None:
    play.record(posts=4)
    for facts in ({"note": "x"}, {"twice": 9}):
        with pytest.raises(RequestError, match="does not record"):
            play.correct(2, "treasury", **facts)


@pytest.mark.parametrize("act", [Correct(1), Correct(1, {"kind": "part"}, void=True)])
def test_a_correction_either_mends_or_takes_back(play: Play, act: Act) -> None:
    with pytest.raises(RequestError, match="either"):
        play.ask(act, "treasury", reason="r")


@pytest.mark.parametrize("entry", [0, 2, -1])
def test_an_entry_that_does_not_exist_is_an_error(play: Play, entry: Any) -> None:
    with pytest.raises(UnknownName):
        play.correct(entry, "treasury", void=True)


def test_a_correction_may_set_automatic_transitions_going() -> None:
    text = """
    corrected_by: office
    facts: {posts: {type: int, by: office}}
    rules: {enough: {requires: posts > 5}}
    transitions: {go: {from: draft, to: sent, automatic: true, needs: enough}}
    """
    play = Play(case=text)
    play.open()
    play.record(posts=4)
    assert [entry.name for entry in play.correct(2, posts=6).entries] == ["facts", "go"]


def test_asking_for_a_deadline_that_does_not_exist_is_an_error(play: Play) -> None:
    with pytest.raises(UnknownName, match="deadline"):
        play.extend("send", "04-01")


def test_an_extension_survives_a_date_that_is_counted_anew() -> None:
    """Sending again starts the count anew, but never ends before the day that was granted."""
    play = Play(
        sample="""
        opening: {by: office}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        transitions:
          send: {from: draft, to: sent, by: office}
          back: {from: sent, to: draft, by: office}
          settle: {from: sent, to: done, by: office,
                   due: {days: 10, after: send, extension: {by: office}}}
        """
    )
    play.open("03-01")
    play.fire("send", on="03-01")
    assert play.extend("settle", "04-30", on="03-02").granted
    play.fire("back", on="03-03")
    play.fire("send", on="03-04")
    assert play["settle.due"] == day("04-30")
    play.fire("back", on="05-01")
    play.fire("send", on="05-02")
    assert play["settle.due"] == day("05-12")


def test_nobody_opens_a_case_under_another_unit_by_naming_their_own() -> None:
    """A role for one unit does not open children of another unit's case."""
    play = Play(
        whole="""
        opening: {by: office}
        children: {parts: part}
        tracks: {progress: {initial: open, states: {open: {}}}}
        """,
        part="""
        opening: {by: bureau}
        tracks: {progress: {initial: open, states: {open: {}}}}
        """,
    )
    play.open(workflow="whole", unit="north")
    foreign = play.open(case="p1", workflow="part", parent="c", unit="south", by="bureau@south")
    assert [refusal.code for refusal in foreign.refusals] == [Code.NOT_AUTHORISED]
    assert play.open(case="p2", workflow="part", parent="c", unit="north", by="bureau").granted


def test_recording_nothing_is_an_error() -> None:
    """An empty record would leave an empty line in the history."""
    play = Play(
        sample="""
        opening: {by: office}
        tracks: {progress: {initial: open, states: {open: {}}}}
        """
    )
    play.open()
    with pytest.raises(RequestError, match="nothing to record"):
        play.record()


def test_an_act_that_does_not_record_a_fact_says_which_ones_it_records(play: Play) -> None:
    with pytest.raises(RequestError, match=r"'posts'.*it records kind, note"):
        play.open(case="d", posts=1)
    with pytest.raises(RequestError, match="it records no facts"):
        play.fire("send", posts=1)
