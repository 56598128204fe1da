"""Ledgers: a table of what happened, line by line, read into requests.

The columns are key, on, case, action, name, actor, facts, reason and note. Everything that can
be known without deciding is checked here, so that a faulty file changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.errors import Place, nearest
from reformflow.model import Act, Actor, Open, Request
from reformflow.sheets.actions import ACTIONS, CHINESE, read_act
from reformflow.sheets.actors import id_cell, known_actor, note
from reformflow.sheets.assignments import read_assignments
from reformflow.sheets.cells import CellError, read_day, read_text
from reformflow.sheets.files import read_table
from reformflow.sheets.headers import Columns, ids_by_name, read_header
from reformflow.sheets.rosters import Known, input_error, no_relation, nothing_known
from reformflow.sheets.tables import Faults, Row

_REQUIRED: Final = ("on", "case", "action", "name", "actor")
_OPTIONAL: Final = ("key", "facts", "reason", "note")


@attrs.frozen
class Tick:
    """That time has come to a day: for one case, or for all of them."""

    on: date
    case: str | None = None


@attrs.frozen
class Line:
    """One line of a ledger: where it stands, its key, the workflow of its case, what it asks.

    `note` is for people, and for what the line is expected to come to.
    """

    place: Place
    key: str
    workflow: str
    step: Request | Tick
    note: str = ""


@attrs.frozen
class Ledger:
    """The lines of a ledger, in order."""

    lines: tuple[Line, ...]


def read_ledger(
    path: Path,
    bound: BoundReform,
    actors: Mapping[str, Actor],
    *,
    known: Known = nothing_known,
) -> Ledger:
    """Read a ledger; InputError with every problem if there is any.

    `known` tells the workflow of every case that is open, or will be, before the first line.
    """
    faults = Faults(str(path))
    lines: list[Line] = []
    table = read_table(path, faults)
    if table is not None:
        columns = read_header(table, _REQUIRED, _OPTIONAL, (), faults=faults)
        reading = _Reading(bound, actors, known, columns, faults)
        lines = [line for row in table.rows if (line := reading.line(row)) is not None]
    if faults.problems:
        raise input_error(str(path), faults.problems)
    return Ledger(tuple(lines))


# ---------------------------------------------------------------------------------------------


@attrs.define
class _Reading:
    """One ledger being read: the cases its own lines open, the keys it has used."""

    bound: BoundReform
    actors: Mapping[str, Actor]
    known: Known
    columns: Columns
    faults: Faults
    opened: dict[str, str] = attrs.field(factory=dict)
    keys: dict[str, tuple[int, str]] = attrs.field(factory=dict)

    def line(self, row: Row) -> Line | None:
        """Read one line; None, with its problems noted, if it cannot be read."""
        before = len(self.faults.problems)
        step, workflow = self._step(row)
        key = id_cell(self.columns, row, "key", self.faults, needed=False)
        if step is None or len(self.faults.problems) > before:
            return None
        body = _body(step)
        key = key or f"line:{body[:32]}"
        self._once(key, body, row)
        place = Place(self.faults.file, row.line, 1)
        if isinstance(step, Request):
            step = attrs.evolve(step, key=key)
        return Line(place, key, workflow, step, self._text(row, "note"))

    def _step(self, row: Row) -> tuple[Request | Tick | None, str]:
        action = self._text(row, "action").lower()
        action = CHINESE.get(action, action)
        on = self._day(row)
        name = self._text(row, "name")
        if not action:
            if "action" in self.columns.positions:
                hint = f"one of {', '.join(ACTIONS)}"
                self._fault(row, "action", "missing", "action is empty", hint)
            return None, ""
        if action not in ACTIONS:
            hint = nearest(action, ACTIONS)
            self._fault(row, "action", "unknown_action", f"unknown action {action!r}", hint)
            return None, ""
        case = id_cell(self.columns, row, "case", self.faults, needed=action != "tick")
        if action == "tick":
            if case and self._workflow_of(case) is None:
                self._unknown_case(row, case)
            return (None if on is None else Tick(on, case or None)), ""
        actor = id_cell(self.columns, row, "actor", self.faults)
        if actor and actor not in self.actors:
            known_actor(self.actors, self.columns, row, actor, self.faults)
        act, workflow = self._act(row, action, case, name)
        reason = self._text(row, "reason") or None
        if act is None or not case or actor not in self.actors or on is None:
            return None, workflow
        return Request(case, act, self.actors[actor or ""], on, reason=reason), workflow

    def _act(self, row: Row, action: str, case: str | None, name: str) -> tuple[Act | None, str]:
        flow = self._flow(row, action, case, name)
        if flow is None:
            return None, ""
        try:
            texts = read_assignments(self._text(row, "facts"))
            act, problems = read_act(flow, action, name, texts)
        except CellError as error:
            note(self.faults, error, row, self.columns, "facts")
            return None, flow.id
        for field, problem in problems:
            note(self.faults, problem, row, self.columns, field)
        if isinstance(act, Open):
            self._open(row, act, case)
        return act, flow.id

    def _flow(self, row: Row, action: str, case: str | None, name: str) -> BoundWorkflow | None:
        if action == "open":
            flows = self.bound.workflows
            names = ids_by_name({id_: flow.workflow.label for id_, flow in flows.items()})
            if name not in names:
                message = f"unknown workflow {name!r}"
                self._fault(row, "name", "unknown_workflow", message, nearest(name, names))
                return None
            return flows[names[name]]
        if not case:
            return None
        workflow = self._workflow_of(case)
        if workflow is None:
            self._unknown_case(row, case)
            return None
        return self.bound.workflows.get(workflow)

    def _open(self, row: Row, act: Open, case: str | None) -> None:
        if case:
            self.opened.setdefault(case, act.workflow)
        if act.parent is None:
            return
        parent = self._workflow_of(act.parent)
        if parent is None:
            hint = nearest(act.parent, self.opened)
            self._fault(row, "facts", "unknown_case", f"unknown parent {act.parent!r}", hint)
        elif (problem := no_relation(self.bound, parent, act.workflow)) is not None:
            self._fault(row, "facts", "parent", problem, "open it under another parent")

    def _workflow_of(self, case: str) -> str | None:
        """Return a case's workflow; a period of a duty is told by its id `<case>/<duty>/<n>`."""
        found = self.opened.get(case) or self.known(case)
        if found is not None:
            return found
        owner, _, tail = case.rpartition("/")
        owner, _, duty = owner.rpartition("/")
        if not (owner and duty and tail.isdigit()):
            return None
        workflow = self._workflow_of(owner)
        flow = self.bound.workflows[workflow] if workflow else None
        return flow.duties[duty].child if flow and duty in flow.duties else None

    def _unknown_case(self, row: Row, case: str) -> None:
        hint = nearest(case, self.opened) if self.opened else "open it first, in the roster or here"
        self._fault(row, "case", "unknown_case", f"unknown case {case!r}", hint)

    def _once(self, key: str, body: str, row: Row) -> None:
        line, other = self.keys.setdefault(key, (row.line, body))
        if other != body:
            hint = "give every line its own key, or leave keys out"
            message = f"line {line} has the key {key!r} with another content"
            self._fault(row, "key", "key_reused", message, hint)

    def _day(self, row: Row) -> date | None:
        try:
            return read_day(self.columns.cell(row, "on"))
        except CellError as error:
            if "on" in self.columns.positions:
                note(self.faults, error, row, self.columns, "on")
            return None

    def _text(self, row: Row, name: str) -> str:
        try:
            return read_text(self.columns.cell(row, name))
        except CellError as error:
            note(self.faults, error, row, self.columns, name)
            return ""

    def _fault(self, row: Row, name: str, code: str, message: str, hint: str) -> None:
        note(self.faults, CellError(code, message, hint), row, self.columns, name)


def _body(step: Request | Tick) -> str:
    """Return a digest of everything that a line says."""
    parts: list[object] = [step.case, step.on]
    if isinstance(step, Request):
        kind = type(step.act).__name__
        parts += [step.actor.id, step.reason, kind, attrs.asdict(step.act)]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
