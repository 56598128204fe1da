"""A proof holds of every case the engine can make; what is refuted comes with the acts to it."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.binding import BoundReform, bind_question
from reformflow.checks.proving import Claim, Proof, Standing, prove
from reformflow.engine import Engine
from reformflow.language.meaning import View, evaluate
from reformflow.model import Correct, Expression
from reformflow.testing.walks import Walk
from support.building import bound_of

BOUND = bound_of(
    case="""
        label: Case
        opening: {by: office, records: [size], needs: [positive]}
        facts:
          size: {type: int, by: office, during: in_draft, minimum: -5}
          paid: {type: bool, by: treasury}
          receipt: {type: text, by: treasury, once: true}
          rounds: {type: int, initial: 1}
        tracks:
          progress:
            initial: draft
            states: {draft: {}, sent: {}, granted: {}, closed: {final: true}}
          watch:
            initial: quiet
            states: {quiet: {}, alarmed: {}, cleared: {final: true}}
        rules:
          positive: {requires: size > 0, clauses: R1}
          small: {requires: size <= 12, clauses: R1}
          in_draft: {requires: progress.state == "draft", clauses: R1}
          fee: {requires: paid and receipt is not None, clauses: R2}
          done: {requires: progress.state == "closed", clauses: R3}
        transitions:
          send: {track: progress, from: draft, to: sent, by: office, needs: [small]}
          back: {track: progress, from: sent, to: draft, by: treasury, set: {rounds: rounds + 1}}
          grant:
            track: progress
            from: sent
            to: granted
            by: treasury
            needs: [fee]
            due: {on: 2021-06-30, late: refuse, clauses: R4}
          close: {track: progress, from: granted, to: closed, automatic: true}
          alarm: {track: watch, from: quiet, to: alarmed, by: archive}
          clear: {track: watch, from: alarmed, to: cleared, by: archive, needs: [done]}
    """
)


def asked(text: str, bound: BoundReform = BOUND, workflow: str = "case") -> Expression:
    return bind_question(bound, workflow, text)


def proof(claim: Claim, depth: int = 6) -> Proof:
    return prove(BOUND, BOUND.workflows["case"], claim, depth=depth)


@pytest.mark.parametrize(
    ("condition", "consequence"),
    [
        ('progress.state in {"sent", "granted", "closed"}', "size <= 12"),
        ('progress.state in {"granted", "closed"}', "receipt is not None"),
        ('watch.state == "cleared"', 'progress.state in {"granted", "closed"}'),
        ('watch.state == "cleared"', "size <= 12 and receipt is not None"),
        ("rounds is not None", "rounds >= 1"),
    ],
)
def test_what_the_rules_keep_is_proved_for_every_case(condition: str, consequence: str) -> None:
    found = proof(Claim.implies(asked(condition), asked(consequence)))
    assert found.standing is Standing.PROVED


@pytest.mark.parametrize(
    ("claim", "acts"),
    [
        (Claim.never(asked('progress.state == "sent"')), ["opening", "send"]),
        (Claim.always(asked("size >= 1")), ["opening", "recording"]),
        (Claim.never(asked("rounds == 2")), ["opening", "send", "back"]),
        (
            Claim.implies(asked('progress.state == "granted"'), asked("paid and size == 12")),
            ["opening", "recording", "send", "grant"],
        ),
        (
            Claim.implies(asked('progress.state == "closed"'), asked("paid")),
            ["opening", "recording", "send", "grant", "close", "recording"],
        ),
    ],
)
def test_what_is_not_kept_is_refuted_by_the_fewest_acts(claim: Claim, acts: list[str]) -> None:
    found = proof(claim)
    assert found.standing is Standing.REFUTED
    assert len(found.way) == len(acts)
    assert {moment.act for moment in found.way} == set(acts)


def test_a_date_that_is_refused_keeps_acts_before_it() -> None:
    late = Claim.never(asked('progress.state == "granted" and progress.since > date("2021-06-30")'))
    assert proof(late).standing is Standing.PROVED
    early = Claim.never(
        asked('progress.state == "granted" and progress.since > date("2021-06-29")')
    )
    found = proof(early)
    assert found.standing is Standing.REFUTED
    assert found.way[-1].on == date(2021, 6, 30)


def test_a_claim_that_takes_more_acts_than_were_tried_stays_open() -> None:
    found = proof(Claim.never(asked("rounds == 9")), depth=3)
    assert (found.standing, found.depth) == (Standing.UNKNOWN, 3)


def test_a_rule_that_is_weakened_is_no_longer_a_proof() -> None:
    weaker = bound_of(
        case="""
            label: Case
            opening: {by: office}
            facts: {size: {type: int, by: office}}
            tracks: {progress: {initial: draft, states: {draft: {}, sent: {final: true}}}}
            rules: {small: {requires: size <= 12, clauses: R1}}
            transitions:
              send: {from: draft, to: sent, by: office, needs: [small]}
        """
    )
    claim = Claim.implies(asked('state == "sent"', weaker), asked("size <= 12", weaker))
    found = prove(weaker, weaker.workflows["case"], claim)
    assert found.standing is Standing.REFUTED  # recorded again after it was sent
    assert [moment.act for moment in found.way][-1] == "recording"


def claims() -> list[Expression]:
    """Return for each state that it comes with each rule, as what should hold."""
    flow = BOUND.workflows["case"]
    return [
        asked(f'progress.state != "{state.id}" or {rule}')
        for state in flow.tracks["progress"].states
        for rule in ("small", "in_draft", "fee")
    ]


def test_what_is_proved_was_never_otherwise_in_what_happened_by_chance() -> None:
    flow = BOUND.workflows["case"]
    proved = [
        claim
        for claim in claims()
        if prove(BOUND, flow, Claim.always(claim), depth=0).standing is Standing.PROVED
    ]
    assert 3 < len(proved) < len(claims())
    seen: set[object] = set()
    for seed in range(6):
        chance = Walk(Engine(BOUND), seed)
        for request, decision in chance.play(200):
            if request is not None and isinstance(request.act, Correct):
                break
            if decision.granted and chance.docket.exists(decision.case):
                case = chance.docket.case(decision.case)
                view = View(case.values, chance.on)
                assert not [claim for claim in proved if evaluate(claim, view) is False]
                seen.add(case.values["progress.state"])
    assert {"draft", "sent"} <= seen
