"""Carrying out a granted decision: versioned updates, new rows, and the entries that tell of them.

Every UPDATE names the revision that the decision was made on. One that finds no row tells that
somebody else was first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reformflow.errors import Conflict, RequestError
from reformflow.model import Case, Cases, Decision, Entry, Value, check_next, fold
from reformflow.store import history
from reformflow.store.cases import StoredCases
from reformflow.store.dialects import with_may_write
from reformflow.store.direct import Direct
from reformflow.store.schema import OWN, Schema, WorkflowTable
from reformflow.store.types import ID_LENGTH

_MAX_INT: Final = 2**63 - 1


def write(schema: Schema, cases: StoredCases, decision: Decision) -> None:
    """Carry out a granted decision that was made on `cases`.

    Conflict if a case was changed, or an id taken, since it was read; RequestError for an id
    or a number that is too long to be stored. Either way the caller undoes what was written.
    """
    carry_out(cases.direct, schema, cases, decision)


def carry_out(direct: Direct, schema: Schema, cases: Cases, decision: Decision) -> None:
    """Do what `write` does, by the statements of `direct`."""
    check_sizes(decision)
    if is_one_step(decision):
        entry = decision.entries[0]
        _carry_one(direct, schema, cases.case(entry.case), entry)
    else:
        carry_out_all(direct, schema, cases, [decision])


def carry_out_all(
    direct: Direct, schema: Schema, cases: Cases, decisions: Sequence[Decision]
) -> None:
    """Do what `carry_out` does for decisions each made on what the ones before left behind.

    Their sizes have been checked. `cases` are as they stood before the first: each case is
    written once, and the new ones of a workflow together.
    """
    opened = {case.id: case for decision in decisions for case in decision.opened}
    by_case: dict[str, list[Entry]] = {id_: [] for id_ in opened}
    for decision in decisions:
        for entry in decision.entries:
            by_case.setdefault(entry.case, []).append(entry)
    listed = [{"id": case.id, "workflow": case.workflow} for case in opened.values()]
    direct.insert(schema.enlist, listed)
    new: dict[str, list[dict[str, Any]]] = {}
    rows: list[dict[str, Any]] = []
    for id_, entries in by_case.items():
        case = opened[id_] if id_ in opened else cases.case(id_)
        table = schema.workflow(case.workflow)
        if id_ in opened:
            new.setdefault(case.workflow, []).append(_row_of(table, fold(case, entries)))
        else:
            _update(direct, table, case, entries)
        rows += [history.row_of(entry, case.workflow) for entry in entries]
    for workflow, made in new.items():
        direct.insert(schema.workflow(workflow).insert, made)
    direct.insert(schema.append, rows)


def check_sizes(decision: Decision) -> None:
    """Raise RequestError for an id or a number of a decision that is too long to be stored."""
    for case in decision.opened:
        _short("case", case.id)
        _short("unit", case.unit)
    for entry in decision.entries:
        _short("actor", entry.actor)
        if entry.key is not None:
            _short("key", entry.key)
        for column, value in entry.changes.items():
            if isinstance(value, int) and abs(value) > _MAX_INT:
                message = f"{column!r} of {entry.case!r} would be {value}: more than 64 bits"
                raise RequestError(message, "record smaller numbers")


def is_one_step(decision: Decision) -> bool:
    """Say whether a decision makes one entry of one case that was there before."""
    return len(decision.entries) == 1 and not decision.opened


# ---------------------------------------------------------------------------------------------


def _short(field: str, value: str) -> None:
    if len(value) > ID_LENGTH:
        message = f"the {field} {value[:20]!r}… has {len(value)} characters"
        raise RequestError(message, f"use at most {ID_LENGTH}")


def _row_of(table: WorkflowTable, case: Case) -> dict[str, Any]:
    own: dict[str, Any] = {name: getattr(case, name) for name in OWN}
    return own | {sql_name: case.values[name] for sql_name, name in table.sql_names}


def _update(direct: Direct, table: WorkflowTable, seen: Case, entries: Sequence[Entry]) -> None:
    changes: dict[str, Value] = {}
    for entry in entries:
        changes.update(entry.changes)
    values = _update_values(table, seen, entries, changes)
    if direct.run(table.update(frozenset(changes)), values) != 1:
        raise Conflict.over(seen.id)


def _carry_one(direct: Direct, schema: Schema, seen: Case, entry: Entry) -> None:
    """Update the case and enter why, in one statement where the database can."""
    table = schema.workflow(seen.workflow)
    changed = frozenset(entry.changes)
    values = _update_values(table, seen, [entry], entry.changes)
    row = history.row_of(entry, seen.workflow)
    if with_may_write(direct.engine):
        values |= {f"_{name}": value for name, value in row.items()}
        found = direct.run(table.carried(changed), values)
    else:
        found = direct.run(table.update(changed), values)
        if found == 1:
            direct.run(schema.append, row)
    if found != 1:
        raise Conflict.over(seen.id)


def _update_values(
    table: WorkflowTable, seen: Case, entries: Sequence[Entry], changes: Mapping[str, Value]
) -> dict[str, Any]:
    """Return the parameters of an UPDATE; ValueError if the entries leave a gap."""
    revision, definition = seen.revision, seen.definition
    for entry in entries:
        check_next(seen.id, revision, entry)
        revision, definition = entry.seq, entry.definition or definition
    named = table.named
    values: dict[str, Any] = {named[name]: value for name, value in changes.items()}
    values["revision"] = revision
    values["definition"] = definition
    values["b_id"] = seen.id
    values["b_seen"] = seen.revision
    return values
