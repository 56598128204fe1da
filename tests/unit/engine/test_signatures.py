"""Joint acts: every office signs, the one who fires signs by firing, moving on clears them."""

from __future__ import annotations

import pytest

from reformflow.errors import RequestError
from reformflow.model import Code
from support.building import Play, only, reasons

FLOW = """
tracks:
  progress:
    initial: draft
    states: {draft: , sent: , done: {final: true}}
  oversight: {initial: calm, states: {calm: , alarm: }}
transitions:
  inspect:
    track: progress
    from: sent
    to: done
    by: office
    signed_by: [office, treasury, archive]
    clauses: R1
  joint: {track: progress, from: sent, to: sent, signed_by: [office, treasury]}
  send: {track: progress, from: draft, to: sent, by: bureau}
  back: {track: progress, from: sent, to: draft, by: office}
  stay: {track: progress, from: sent, by: office}
  alarm: {track: oversight, from: calm, to: alarm, by: office}
"""


@pytest.fixture
def play() -> Play:
    play = Play(case=FLOW)
    play.open()
    assert play.fire("send", "bureau").granted
    return play


def test_all_offices_must_have_signed_and_the_missing_ones_are_named(play: Play) -> None:
    refusal = only(play.fire("inspect"), Code.NOT_SIGNED)
    assert (refusal.must_act, refusal.clauses) == (("treasury", "archive"), ("R1",))
    assert play.sign("inspect", "treasury:tom").granted
    assert only(play.fire("inspect"), Code.NOT_SIGNED).must_act == ("archive",)
    assert play.sign("inspect", "archive").granted
    assert play.fire("inspect").granted


def test_the_lead_signs_by_firing_and_may_also_sign_before(play: Play) -> None:
    for role in ("office", "treasury", "archive"):
        assert play.sign("inspect", role).granted
    assert play.fire("inspect", "office:other").granted


def test_all_others_signing_does_not_let_one_of_them_lead(play: Play) -> None:
    play.sign("inspect", "office")
    play.sign("inspect", "archive")
    assert only(play.fire("inspect", "treasury"), Code.NOT_AUTHORISED).must_act == ("office",)


def test_without_a_lead_any_signatory_fires(play: Play) -> None:
    assert play.sign("joint", "office").granted
    assert play.fire("joint", "treasury").granted
    assert play.sign("joint", "treasury").granted
    assert only(play.fire("joint", "treasury:x"), Code.NOT_SIGNED).must_act == ("office",)


def test_a_signature_is_kept_by_person_and_counts_once(play: Play) -> None:
    play.sign("inspect", "treasury:tom")
    assert play["inspect.signed.treasury"] == "tom"
    refusal = only(play.sign("inspect", "treasury:tim"), Code.ALREADY_SIGNED)
    assert refusal.must_act == ("office", "archive")


def test_one_who_holds_two_offices_signs_for_each_in_turn(play: Play) -> None:
    assert play.sign("inspect", "treasury+archive:two").granted
    assert play["inspect.signed.archive"] is None
    assert play.sign("inspect", "treasury+archive:two").granted
    assert play["inspect.signed.archive"] == "two"


def test_who_holds_no_signing_office_may_not_sign(play: Play) -> None:
    assert only(play.sign("inspect", "bureau"), Code.NOT_AUTHORISED).must_act == (
        "office",
        "treasury",
        "archive",
    )


def test_signing_in_the_wrong_state_or_before_the_last_entry_is_refused() -> None:
    play = Play(case=FLOW)
    play.open("03-05")
    assert reasons(play.sign("inspect", "treasury", "03-04")) == [
        (Code.BEFORE_LAST_ENTRY, "inspect"),
        (Code.NOT_FROM_HERE, "inspect"),
    ]


def test_signatures_lapse_when_the_track_moves_but_not_when_another_does(play: Play) -> None:
    """What was signed was signed about the state as it stood."""
    play.sign("inspect", "treasury")
    play.fire("alarm")
    play.fire("stay")
    play.fire("joint", "office")
    assert play["inspect.signed.treasury"] == "treasury"
    assert play.fire("back").granted
    assert play["inspect.signed.treasury"] is None


def test_firing_uses_its_own_signatures_up_even_where_it_stays(play: Play) -> None:
    play.sign("joint", "treasury")
    assert play.fire("joint", "office").granted
    assert play["joint.signed.treasury"] is None


def test_what_takes_no_signatures_cannot_be_signed(play: Play) -> None:
    with pytest.raises(RequestError, match="takes no signatures"):
        play.sign("back", "office")
