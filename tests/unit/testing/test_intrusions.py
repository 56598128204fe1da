"""Intrusions are refused as the reform is, and let in by a reform that is weaker."""

from __future__ import annotations

import pytest

from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import Fire, Open, Record, Request
from reformflow.testing.histories import histories
from reformflow.testing.mutants import mutants
from support.building import reform_of

REFORM = reform_of(
    case="""
        label: Case
        opening: {by: office}
        facts: {size: {type: int, by: office, minimum: 1, during: drafting}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {}, done: {final: true}}}}
        rules: {drafting: {requires: state == "draft", clauses: R1}}
        transitions:
          send: {from: draft, to: sent, by: bureau, records: size}
          decide: {from: sent, to: done, by: treasury}
    """
)


def outcomes(engine: Engine) -> list[tuple[Request, bool | None]]:
    """Return the requests of all courses, with whether each was granted; None for no request."""
    found: list[tuple[Request, bool | None]] = []
    for history in histories(Engine(REFORM), walks=0):
        docket = Docket()
        for step in history.steps:
            assert isinstance(step, Request)
            try:
                decision = docket.take(engine.fire(docket, step))
                found.append((step, decision.granted))
            except RequestError:
                found.append((step, None))
    return found


def test_a_history_with_intrusions_goes_on_as_it_was() -> None:
    found = outcomes(Engine(REFORM))
    assert {
        step.act.transition for step, granted in found if granted and isinstance(step.act, Fire)
    }
    strangers = [granted for step, granted in found if "only " in step.actor.id]
    assert len(strangers) > 10
    assert not any(strangers)


@pytest.mark.parametrize(
    ("mutant", "let_in"),
    [
        ("opening by with archive", lambda step: isinstance(step.act, Open)),
        ("facts size by with bureau", lambda step: isinstance(step.act, Record)),
        ("facts size during dropped", lambda step: isinstance(step.act, Record)),
        ("facts size minimum 0", lambda step: isinstance(step.act, Record)),
        ("transitions send by with office", lambda step: isinstance(step.act, Fire)),
        ("transitions send source with sent", lambda step: isinstance(step.act, Fire)),
        ("transitions send records size at will", lambda step: step.act == Fire("send")),
    ],
)
def test_a_weaker_reform_lets_one_in(mutant: str, let_in: object) -> None:
    (weaker,) = (one for one in mutants(REFORM) if one.name.endswith(mutant))
    before = [step for step, granted in outcomes(Engine(REFORM)) if not granted]
    after = [step for step, granted in outcomes(Engine(weaker.reform)) if granted]
    assert [step for step in after if step in before and let_in(step)]  # type: ignore[operator]
