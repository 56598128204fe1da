"""Every code a refusal can have is reached, cites its clause, and says who can mend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reformflow.model import Code, Correct, Decision, Fire, Open, Record, Resume, Sign
from support.building import Play, day

FLOW = """
corrected_by: office
opening: {by: office, clauses: R1}
facts:
  posts: {type: int, by: office, clauses: R2}
  once: {type: int, by: office, once: true, clauses: R2}
  timed: {type: int, by: office, during: 'state == "sent"', clauses: R2}
  total: {type: int, derived: posts + 1, clauses: R2}
rules: {few: {requires: posts < 5, clauses: R3}}
transitions:
  send: {from: draft, to: sent, by: office, clauses: R4}
  check: {from: sent, by: office, not_by: send, needs: few, clauses: R4}
  joint: {from: sent, signed_by: [office, treasury], clauses: R4}
  why: {from: sent, by: office, reason: true, clauses: R4}
  alone: {from: sent, to: done, at: {days: 300, after: opened}, clauses: R4}
  end:
    from: sent
    to: done
    by: office
    clauses: R4
    due: {on: 2021-03-10, late: refuse, clauses: R5, suspension: {by: office}}
    window: {opens: {on: 2021-03-05}, clauses: R6}
  late: {from: sent, by: office, due: {on: 2021-03-10, late: extension, clauses: R5,
    extension: {by: treasury, times: 1, at_most: {days: 5}, clauses: R7}}}
  undated: {from: sent, by: office,
    due: {days: 3, after: late, extension: {by: office}, clauses: R5}}
"""
MIDNIGHT = datetime(2021, 3, 2, tzinfo=UTC)
Told = Callable[[Play], Decision]
WAYS: dict[Code, tuple[Told, tuple[str, ...], tuple[str, ...]]] = {
    Code.NOT_FROM_HERE: (lambda p: p.fire("send"), ("R4",), ()),
    Code.NOT_AUTHORISED: (lambda p: p.fire("why", "bureau", reason="r"), ("R4",), ("office",)),
    Code.SAME_PERSON: (lambda p: p.record(posts=1) and p.fire("check", "office:sue"), ("R4",), ()),
    Code.NOT_SIGNED: (lambda p: p.fire("joint"), ("R4",), ("treasury",)),
    Code.ALREADY_SIGNED: (
        lambda p: p.sign("joint", "office") and p.ask(Sign("joint"), "office"),
        ("R4",),
        ("treasury",),
    ),
    Code.RULE_BROKEN: (lambda p: p.record(posts=9) and p.fire("check"), ("R3",), ()),
    Code.NOT_RECORDED: (lambda p: p.fire("check"), ("R3",), ()),
    Code.TOO_EARLY: (lambda p: p.fire("end", on="03-04"), ("R6",), ()),
    Code.LATE: (lambda p: p.fire("end", on="03-11"), ("R5",), ()),
    Code.NOT_EXTENDED: (lambda p: p.fire("late", on="03-11"), ("R5",), ("treasury",)),
    Code.REASON_MISSING: (lambda p: p.fire("why"), ("R4",), ()),
    Code.IN_THE_FUTURE: (
        lambda p: p.ask(Fire("why"), on="03-03", reason="r", recorded_at=MIDNIGHT),
        (),
        (),
    ),
    Code.BEFORE_LAST_ENTRY: (lambda p: p.fire("why", on="02-28", reason="r"), (), ()),
    Code.NOT_BY_HAND: (lambda p: p.fire("alone"), ("R4",), ()),
    Code.NOT_NOW: (
        lambda p: p.open(case="d") and p.ask(Record({"timed": 1}), case="d"),
        ("R2",),
        (),
    ),
    Code.ALREADY_RECORDED: (lambda p: p.record(once=1) and p.record(once=2), ("R2",), ()),
    Code.ALREADY_OPEN: (lambda p: p.ask(Open("case", unit="north")), ("R1",), ()),
    Code.NO_DATE: (lambda p: p.extend("undated", "04-01"), ("R5",), ()),
    Code.NOT_RUNNING: (lambda p: p.ask(Resume("end")), ("R5",), ()),
    Code.NOT_LATER: (lambda p: p.extend("late", "03-10", "treasury"), ("R5",), ()),
    Code.TOO_LONG: (lambda p: p.extend("late", "03-16", "treasury"), ("R7",), ()),
    Code.EXTENDED_ALREADY: (
        lambda p: p.extend("late", "03-12", "treasury") and p.extend("late", "03-14", "treasury"),
        ("R7",),
        (),
    ),
    Code.DEPENDED_ON: (lambda p: p.ask(Correct(1, void=True), reason="r"), (), ()),
}


ALONE = [code for code in Code if code is not Code.NOT_DECIDED]  # an error, asked alone


@pytest.mark.parametrize("code", ALONE)
def test_a_code_is_reached_alone_and_cites_what_it_rests_on(code: Code) -> None:
    tell, clauses, must_act = WAYS[code]
    play = Play(case=FLOW)
    play.open("03-01")
    play.fire("send", "office:sue", "03-01")
    seen = play.docket.case("c").revision
    decision = tell(play)
    assert [refusal.code for refusal in decision.refusals] == [code]
    [refusal] = decision.refusals
    assert refusal.clauses == clauses
    assert refusal.must_act == must_act
    assert refusal.subject
    assert not decision.entries
    assert day("03-01") == play.docket.entries("c")[0].on
    assert play.docket.case("c").revision <= seen + 1  # at most the act that prepared it
