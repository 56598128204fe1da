"""The example ledgers of the two smaller reforms come out as their notes say.

The lines are read and applied here by the engine alone, in memory; how the command reads rosters
and ledgers into a database is tested where that is built.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from reformflow.binding import BoundWorkflow
from reformflow.engine import Docket, Engine
from reformflow.formats import load
from reformflow.model import (
    Act,
    Actor,
    Decision,
    Extend,
    FactType,
    Fire,
    Grant,
    Open,
    Request,
    Value,
)
from support.repository import WORKFLOWS

REFORMS = ("uk-service-standard", "cisa-directives")
EXPECTED = re.compile(r"expect: (refused|late) (\S+) (\S+)$")
FIXED = ("id", "unit", "parent", "subject", "on", "actor")
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def actors(folder: Path) -> dict[str, Actor]:
    grants: dict[str, set[Grant]] = {}
    for row in rows(folder / "roster" / "actors.csv"):
        grants.setdefault(row["actor"], set()).add(Grant(row["role"], row["unit"] or None))
    return {name: Actor(name, frozenset(held)) for name, held in grants.items()}


def facts_of(flow: BoundWorkflow, texts: Row) -> dict[str, Value]:
    """Read the texts of facts by their types."""

    def value(kind: FactType, text: str) -> Value:
        match kind:
            case FactType.BOOL:
                return {"true": True, "false": False}[text]
            case FactType.INT:
                return int(text)
            case FactType.DATE:
                return date.fromisoformat(text)
            case _:
                return text

    return {name: value(flow.facts[name].type, text) for name, text in texts.items() if text}


class Replay:
    """A reform's roster opened and its ledger applied, line by line."""

    def __init__(self, reform: str) -> None:
        self.folder = WORKFLOWS / reform / "examples"
        self.engine = Engine(load(WORKFLOWS / reform))
        self.docket = Docket()
        self.actors = actors(self.folder)

    def open_roster(self) -> None:
        for workflow, flow in self.engine.program.bound.workflows.items():
            path = self.folder / "roster" / f"{workflow}.csv"
            for row in rows(path) if path.exists() else []:
                facts = facts_of(flow, {k: v for k, v in row.items() if k not in FIXED})
                act = Open(workflow, row["unit"], row["subject"], row["parent"] or None, facts)
                assert self.ask(row["id"], act, row).granted, row

    def ask(self, case: str, act: Act, row: Row) -> Decision:
        actor, on = self.actors[row["actor"]], date.fromisoformat(row["on"])
        request = Request(case, act, actor, on, reason=row.get("reason") or None)
        return self.docket.take(self.engine.fire(self.docket, request))

    def lines(self) -> Iterator[tuple[Row, Decision]]:
        for row in rows(self.folder / "ledger.csv"):
            if row["action"] == "tick":
                for case in self.docket.ids():
                    on = date.fromisoformat(row["on"])
                    self.docket.take(self.engine.tick(self.docket, case, on))
            else:
                yield row, self.ask(row["case"], self.act(row), row)

    def act(self, row: Row) -> Act:
        texts = dict(item.split("=", 1) for item in row["facts"].split("; ") if item)
        match row["action"]:
            case "open":
                flow = self.engine.program.bound.workflows[row["name"]]
                unit, subject = texts.pop("unit", ""), texts.pop("subject", "")
                parent = texts.pop("parent", None)
                return Open(row["name"], unit, subject, parent, facts_of(flow, texts))
            case "extend":
                return Extend(row["name"], date.fromisoformat(texts["until"]))
            case action:
                assert action == "fire", row
                workflow = self.docket.case(row["case"]).workflow
                flow = self.engine.program.bound.workflows[workflow]
                return Fire(row["name"], facts_of(flow, texts))


@pytest.fixture(scope="module", params=REFORMS)
def told(request: pytest.FixtureRequest) -> list[tuple[Row, Decision]]:
    replay = Replay(request.param)
    replay.open_roster()
    return list(replay.lines())


def test_every_line_comes_out_as_its_note_says(told: list[tuple[Row, Decision]]) -> None:
    for row, decision in told:
        expected = EXPECTED.search(row["note"])
        assert bool(expected) == ("expect:" in row["note"]), row
        late = list(decision.entry.late) if decision.entry else []
        if expected is None:
            assert decision.granted, (row, decision.refusals)
            assert late == [], row
        elif expected[1] == "refused":
            cited = {refusal.subject: refusal.clauses for refusal in decision.refusals}
            assert expected[3] in cited.get(expected[2], ()), (row, decision)
        else:
            assert [(str(mark.days), mark.answerable) for mark in late] == [expected.group(2, 3)]


def test_every_example_tells_of_refusals_and_of_lateness(told: list[tuple[Row, Decision]]) -> None:
    assert sum(not decision.granted for _, decision in told) >= 8
    assert any(entry.late for _, decision in told for entry in decision.entries)


@pytest.mark.parametrize("reform", REFORMS)
def test_every_key_is_used_once_and_in_order(reform: str) -> None:
    lines = rows(WORKFLOWS / reform / "examples" / "ledger.csv")
    keys = [line["key"] for line in lines]
    assert keys == sorted(set(keys))
    days = [line["on"] for line in lines]
    assert days == sorted(days)
