"""The properties of the Putuo reform hold of all that its example ledger tells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reformflow.binding import bind
from reformflow.casework.properties import Watcher, prove_property
from reformflow.checks.proving import Standing
from reformflow.engine import Docket, Engine
from reformflow.formats import folder_of, load
from reformflow.formats.properties import FOLDER, load_properties
from reformflow.model import Request
from reformflow.sheets import read_ledger, read_roster
from support.repository import ROOT

BOUND = bind(load("putuo-2021-9"))
PLACED = load_properties(folder_of("putuo-2021-9") / FOLDER, BOUND)
EXAMPLES = ROOT / "workflows" / "putuo-2021-9" / "examples"
NAMED = {item.property.id: item.property for item in PLACED}


def test_there_are_at_least_thirty_and_each_cites_its_clauses() -> None:
    assert len(PLACED) >= 30
    assert not [item.property.id for item in PLACED if not item.property.clauses]
    assert not [i.property.id for i in PLACED if not (i.property.says.en and i.property.says.zh)]


def test_no_line_of_the_example_ledger_breaks_one() -> None:
    engine, docket = Engine(BOUND), Docket()
    watcher = Watcher.of(engine, tuple(NAMED.values()))
    roster = read_roster(EXAMPLES / "roster", BOUND)
    opening = {item.request.case: item.workflow for item in roster.openings}
    ledger = read_ledger(EXAMPLES / "ledger.csv", BOUND, roster.actors, known=opening.get)
    steps = [item.request for item in roster.openings]
    steps += [line.step for line in ledger.lines if isinstance(line.step, Request)]
    granted = 0
    for request in steps:
        decision = engine.fire(docket, request)
        if decision.granted:
            docket.take(decision)
            granted += 1
            assert list(watcher.seen(docket, decision, request)) == []
    assert granted > 2_000
    end = date(2021, 6, 30) + timedelta(days=1)
    assert list(watcher.passed(docket, docket.ids(), end)) == []


@pytest.mark.parametrize(
    "name", ["established_staff_only", "left_out_is_not_in_scope", "issued_as_dated"]
)
def test_some_are_proved_of_every_case(name: str) -> None:
    assert prove_property(BOUND, NAMED[name], depth=1).standing is Standing.PROVED
