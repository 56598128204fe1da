"""The example roster and ledger of the Putuo reform, replayed in memory by the engine alone."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.engine import Docket, Engine
from reformflow.model import (
    Act,
    Actor,
    Decision,
    FactType,
    Fire,
    Grant,
    Open,
    Record,
    Request,
    Sign,
    Value,
)
from support.putuo import Town
from support.repository import ROOT, WORKFLOWS

FOLDER = WORKFLOWS / "putuo-2021-9" / "examples"
OUTCOME = ROOT / "tests" / "workflows" / "putuo_outcome.txt"
EXPECTED = re.compile(r"expect: refused (\S+)((?: R[\d.]+)*)$")
ROSTER = ("programme", "department", "matter", "secondment")
FIXED = frozenset({"id", "unit", "parent", "subject", "on", "actor"})
Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Read one of the example files."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def actors() -> dict[str, Actor]:
    """Read who holds which role."""
    grants: dict[str, set[Grant]] = {}
    for row in rows("roster/actors.csv"):
        grants.setdefault(row["actor"], set()).add(Grant(row["role"], row["unit"] or None))
    return {name: Actor(name, frozenset(held)) for name, held in grants.items()}


class Replay:
    """The roster opened and the ledger applied, line by line; a key counts once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.docket = Docket()
        self.told: dict[str, Decision] = {}

    def open_roster(self) -> None:
        """Open every case of the roster."""
        for workflow in ROSTER:
            flow = self.engine.program.bound.workflows[workflow]
            for row in rows(f"roster/{workflow}.csv"):
                texts = {name: text for name, text in row.items() if name not in FIXED}
                act = Open(
                    workflow, row["unit"], row["subject"], row["parent"] or None,
                    _facts(flow, texts),
                )  # fmt: skip
                assert self._ask(row["id"], act, row).granted, row

    def lines(self) -> Iterator[tuple[Row, Decision]]:
        """Apply the ledger, and yield what came of every line."""
        for row in rows("ledger.csv"):
            if row["action"] == "tick":
                for case in self.docket.ids():
                    on = date.fromisoformat(row["on"])
                    self.docket.take(self.engine.tick(self.docket, case, on))
                continue
            if row["key"] in self.told:
                yield row, attrs.evolve(self.told[row["key"]], repeated=True)
                continue
            self.told[row["key"]] = self._ask(row["case"], self._act(row), row)
            yield row, self.told[row["key"]]

    def outcome(self) -> Iterator[str]:
        """Yield where every department stands in the end, what was late, and where its kin are."""
        for id in self.docket.ids():  # noqa: A001
            case = self.docket.case(id)
            if case.workflow not in {"programme", "department"}:
                continue
            tracks = [str(value) for name, value in case.values.items() if name.endswith(".state")]
            yield f"{id}: {' '.join(tracks)}{self._late(id)}"
            for kin in ("matter", "secondment"):
                children = self.docket.children(id, kin)
                counts = Counter(str(child.values["progress.state"]) for child in children)
                late = "".join(self._late(child.id) for child in children)
                if counts:
                    told = " ".join(f"{state} {number}" for state, number in sorted(counts.items()))
                    yield f"{id} {kin}s: {told}{late}"

    def _late(self, case: str) -> str:
        marks = [mark for entry in self.docket.entries(case) for mark in entry.late]
        return "".join(
            f"; {mark.transition} {mark.days:+} {mark.answerable}".rstrip() for mark in marks
        )

    def _ask(self, case: str, act: Act, row: Row) -> Decision:
        on = date.fromisoformat(row["on"])
        reason = row.get("reason") or None
        request = Request(case, act, actors()[row["actor"]], on, reason=reason)
        return self.docket.take(self.engine.fire(self.docket, request))

    def _act(self, row: Row) -> Act:
        texts = dict(item.split("=", 1) for item in row["facts"].split("; ") if item)
        flows = self.engine.program.bound.workflows
        if row["action"] == "open":
            flow = flows[row["name"]]
            parent, subject = texts.pop("parent", None), texts.pop("subject", "")
            unit = texts.pop("unit", "")
            return Open(row["name"], unit, subject, parent, _facts(flow, texts))
        flow = flows[self.docket.case(row["case"]).workflow]
        match row["action"]:
            case "fire":
                return Fire(row["name"], _facts(flow, texts))
            case "sign":
                return Sign(row["name"])
            case action:
                assert action == "record", row
                return Record(_facts(flow, texts))


def judge(row: Row, decision: Decision) -> None:
    """Demand that a line came out as its note says: granted, repeated, or refused for the cause."""
    if "expect: repeated" in row["note"]:
        assert decision.repeated, row
        return
    expected = EXPECTED.search(row["note"])
    assert bool(expected) == ("expect:" in row["note"]), row
    if expected is None:
        assert decision.granted, (row, decision.refusals)
        return
    cause, clauses = expected[1], frozenset(expected[2].split())
    cited = {
        frozenset(refusal.clauses)
        for refusal in decision.refusals
        if cause in {refusal.subject, refusal.code}
    }
    assert cited == {clauses}, (row, decision.refusals)


@attrs.frozen
class LedgerTrial:
    """The example ledger comes out as its notes say, and ends as was written down."""

    name: str = "the example ledger"

    def run(self, town: Town) -> None:
        """Replay the ledger."""
        replay = Replay(town.engine())
        replay.open_roster()
        for row, decision in replay.lines():
            judge(row, decision)
        assert list(replay.outcome()) == _read(OUTCOME)


# ---------------------------------------------------------------------------------------------


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _facts(flow: BoundWorkflow, texts: Row) -> dict[str, Value]:
    return {name: _value(flow, name, text) for name, text in texts.items() if text}


def _value(flow: BoundWorkflow, name: str, text: str) -> Value:
    match flow.facts[name].type:
        case FactType.BOOL:
            return {"true": True, "false": False}[text]
        case FactType.INT:
            return int(text)
        case FactType.DATE:
            return date.fromisoformat(text)
        case _:
            return text
