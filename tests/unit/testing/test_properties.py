"""Properties in one line each, tried over walks; what breaks them is told in few steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformflow.binding import bind
from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import Request
from reformflow.sheets import read_ledger, read_roster, write_course
from reformflow.testing import PropertyBroken, Trial, always, check, implies, leads_to, never
from support.building import reform_of

REFORM = reform_of(
    case="""
        label: Case
        opening: {by: office}
        facts: {size: {type: int, by: office, minimum: 0, during: drafting}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        rules:
          small: {requires: size <= 3, clauses: R1}
          drafting: {requires: state == "draft", clauses: R1}
        transitions:
          send: {from: draft, to: sent, by: office, needs: small}
          decide: {from: sent, to: done, by: treasury, due: {days: 5, after: send, late: flag}}
          silence: {from: sent, to: done, after_due: decide}
    """
)


def test_what_the_rules_keep_holds() -> None:
    check(
        REFORM,
        implies('state != "draft"', "size <= 3", workflow="case", clauses=["R1"]),
        always("size >= 0", workflow="case"),
        never('state == "done" and send.on is None', workflow="case"),
        leads_to('state == "sent"', 'state == "done"', within={"days": 6}, workflow="case"),
    )


@pytest.mark.parametrize(
    "broken",
    [
        never('state == "sent"', workflow="case"),
        always("size <= 1", workflow="case"),
        implies('state == "sent"', "size == 0", workflow="case"),
        leads_to('state == "draft"', 'state == "sent"', within={"days": 3}, workflow="case"),
    ],
    ids=lambda item: item.id,
)
def test_what_does_not_hold_is_told_by_a_ledger_that_leads_there(broken, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(PropertyBroken) as caught:
        check(REFORM, broken)
    steps = caught.value.steps
    assert len(steps) <= 5
    write_course(steps, tmp_path)
    bound = bind(REFORM)
    actors = read_roster(tmp_path / "roster", bound).actors
    read = read_ledger(tmp_path / "ledger.csv", bound, actors).lines
    trial = Trial.of(REFORM, walks=0)
    assert trial.broken(trial.bound([broken]), [line.step for line in read]) is not None


def test_every_step_of_a_broken_property_is_granted() -> None:
    with pytest.raises(PropertyBroken) as caught:
        check(REFORM, never('state == "sent"', workflow="case"))
    engine, docket = Engine(REFORM), Docket()
    for step in caught.value.steps:
        if isinstance(step, Request):
            assert docket.take(engine.fire(docket, step)).granted


def test_a_property_over_an_unknown_fact_is_an_error() -> None:
    with pytest.raises(RequestError, match="sise"):
        check(REFORM, never("sise > 3", workflow="case"))
