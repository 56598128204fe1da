"""Carrying out a granted decision: versioned updates, new rows, and the entries that tell of them.

Every UPDATE names the revision that the decision was made on. One that finds no row tells that
somebody else was first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from reformflow.errors import Conflict, RequestError
from reformflow.model import Case, Cases, Decision, Entry, check_next, fold
from reformflow.store.cases import StoredCases
from reformflow.store.dialects import with_may_write
from reformflow.store.direct import Direct
from reformflow.store.schema import Schema, WorkflowTable
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
    direct.run_for_each(schema.enlist, [(case,) for case in opened.values()])
    new: dict[str, list[tuple[Case]]] = {}
    made: list[tuple[Case, Entry]] = []
    for id_, entries in by_case.items():
        case = opened[id_] if id_ in opened else cases.case(id_)
        if id_ in opened:
            new.setdefault(case.workflow, []).append((fold(case, entries),))
        else:
            _update(direct, schema.workflow(case.workflow), case, entries)
        made += [(case, entry) for entry in entries]
    for workflow, rows in new.items():
        direct.run_for_each(schema.workflow(workflow).insert, rows)
    direct.run_for_each(schema.append, made)


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


def _update(direct: Direct, table: WorkflowTable, seen: Case, entries: Sequence[Entry]) -> None:
    entry = _together(seen, entries)
    if direct.run(table.update(frozenset(entry.changes)), seen, entry) != 1:
        raise Conflict.over(seen.id)


def _carry_one(direct: Direct, schema: Schema, seen: Case, entry: Entry) -> None:
    """Update the case and enter why, in one statement where the database can."""
    check_next(seen.id, seen.revision, entry)
    table = schema.workflow(seen.workflow)
    changed = frozenset(entry.changes)
    if with_may_write(direct.engine):
        found = direct.run(table.carried(changed), seen, entry)
    else:
        found = direct.run(table.update(changed), seen, entry)
        if found == 1:
            direct.run(schema.append, seen, entry)
    if found != 1:
        raise Conflict.over(seen.id)


def _together(seen: Case, entries: Sequence[Entry]) -> Entry:
    """Return what entries come to, as if they were one; ValueError if they leave a gap."""
    after = fold(seen, entries)
    changes = {column: after.values[column] for entry in entries for column in entry.changes}
    return attrs.evolve(entries[-1], changes=changes, definition=after.definition)
