"""Cases as they are stored: read when asked for, written only as a decision granted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from reformflow.errors import Conflict, NotMigrated, RequestError, UnknownName
from reformflow.model import Case, Decision, Entry, Value, fold
from reformflow.store import history
from reformflow.store.schema import OWN, Schema, WorkflowTable
from reformflow.store.types import ID_LENGTH, storable

_NEAR: Final = 20
_BATCH: Final = 500
_MAX_INT: Final = 2**63 - 1


class StoredCases:
    """The `Cases` of one unit of work: each row is fetched once, when it is first asked for.

    Cases that are `gathered` are one another's company: when the parent or children of one of
    them are asked for, those of all are fetched together.
    """

    def __init__(self, connection: sa.Connection, schema: Schema, *, pinned: str = "") -> None:
        """Read through `connection`, inside its transaction.

        With `pinned`, reading a case that follows another definition raises NotMigrated: whoever
        decides by one definition must not see cases of another.
        """
        self._connection = connection
        self._schema = schema
        self._pinned = pinned
        self._cases: dict[str, Case | None] = {}
        self._children: dict[tuple[str, str], list[Case]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._company: dict[str, str | None] = {}

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case; UnknownName if there is none."""
        found = self._find(id)
        if found is None:
            raise UnknownName.of("case", id, self._near(id))
        return found

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return self._find(id) is not None

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow, in the order in which they were opened."""
        known = self._children.get((id, workflow))
        if known is None:
            parents = list(self._company) if id in self._company else [id]
            self._fetch_children(parents, workflow)
            known = self._children[id, workflow]
        return known

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
        known = self._entries.get(id)
        if known is None:
            known = history.entries_of(self._connection, self._schema, id)
            self._entries[id] = known
        return known

    def gather(self, cases: Iterable[Case]) -> None:
        """Take cases that were read together, in place of the company before."""
        self._company = {case.id: case.parent for case in cases}
        self._cases.update((case.id, case) for case in cases)

    def scan(self, workflow: str, unit: str | None = None) -> Iterator[tuple[Case, ...]]:
        """Yield the cases of a workflow in the order of their opening, some at a time."""
        cases, last = self.page(workflow, unit, after=0)
        while cases:
            yield cases
            cases, last = self.page(workflow, unit, after=last)

    def page(self, workflow: str, unit: str | None, *, after: int) -> tuple[tuple[Case, ...], int]:
        """Return the next cases of a workflow, and the number to go on `after`; start with 0."""
        table = self._schema.workflow(workflow)
        catalog = self._schema.shared.catalog
        query = (
            sa.select(catalog.c.number, *_read_columns(table))
            .join_from(catalog, table.table, catalog.c.id == table.table.c.id)
            .where(catalog.c.number > after)
            .order_by(catalog.c.number)
            .limit(_BATCH)
        )
        if unit is not None:
            query = query.where(table.table.c.unit == unit)
        rows = self._connection.execute(query).all()
        last = rows[-1][0] if rows else after
        return tuple(self._made(table, row[1:]) for row in rows), last

    def _made(self, table: WorkflowTable, row: Sequence[Any]) -> Case:
        case = case_of(table, row)
        if self._pinned not in {"", case.definition}:
            raise NotMigrated.of(case.id, case.definition)
        return case

    def _find(self, id: str) -> Case | None:  # noqa: A002
        if id not in self._cases:
            company = {parent for parent in self._company.values() if parent is not None}
            self._fetch(company - self._cases.keys() if id in company else {id})
        return self._cases[id]

    def _fetch(self, ids: Collection[str]) -> None:
        self._cases.update(dict.fromkeys(ids))
        ids = sorted(filter(storable, ids))
        if len(ids) == 1:
            self._fetch_one(ids[0])
            return
        catalog = self._schema.shared.catalog.c
        for some in _batches(ids):
            found = self._connection.execute(
                sa.select(catalog.workflow, catalog.id).where(catalog.id.in_(some))
            ).all()
            for workflow in dict.fromkeys(row.workflow for row in found):
                table = self._schema.workflow(workflow)
                wanted = [row.id for row in found if row.workflow == workflow]
                for row in self._connection.execute(table.by_ids, {"ids": wanted}):
                    self._cases[row[0]] = self._made(table, row)

    def _fetch_one(self, id: str) -> None:  # noqa: A002
        workflow: str | None = self._connection.scalar(self._schema.workflow_of, {"b_id": id})
        if workflow is not None:
            table = self._schema.workflow(workflow)
            for row in self._connection.execute(table.by_id, {"b_id": id}):
                self._cases[id] = self._made(table, row)

    def _fetch_children(self, parents: list[str], workflow: str) -> None:
        table = self._schema.workflow(workflow)
        self._children.update({(parent, workflow): [] for parent in parents})
        for some in _batches(parents):
            for row in self._connection.execute(table.by_parents, {"parents": some}):
                case = self._cases.get(row[0]) or self._made(table, row)
                self._cases[case.id] = case
                self._children[case.parent or "", workflow].append(case)

    def _near(self, id: str) -> list[str]:  # noqa: A002
        """Return the ids that stand next to `id` in the order of ids; never the whole catalog."""
        here = self._schema.shared.catalog.c.id
        if not storable(id):
            return []
        above = sa.select(here).where(here >= id).order_by(here).limit(_NEAR)
        below = sa.select(here).where(here < id).order_by(here.desc()).limit(_NEAR)
        return [*self._connection.scalars(below), *self._connection.scalars(above)]


def case_of(table: WorkflowTable, row: Sequence[Any]) -> Case:
    """Return the case of a row: the columns of `OWN`, then those of the workflow."""
    id_, parent, unit, subject, revision, definition = row[: len(OWN)]
    names = (column.name for column in table.columns)
    values: dict[str, Value] = dict(zip(names, row[len(OWN) :], strict=True))
    return Case(
        id=id_,
        workflow=table.flow.id,
        values=values,
        unit=unit,
        subject=subject,
        parent=parent,
        revision=revision,
        definition=definition,
    )


def write(
    connection: sa.Connection, schema: Schema, cases: StoredCases, decision: Decision
) -> None:
    """Carry out a granted decision that was made on `cases`.

    Conflict if a case was changed, or an id taken, since it was read; RequestError for an id
    or a number that is too long to be stored. Either way the caller undoes what was written.
    """
    _check_sizes(decision)
    opened = {case.id: case for case in decision.opened}
    by_case: dict[str, list[Entry]] = {id_: [] for id_ in opened}
    for entry in decision.entries:
        by_case.setdefault(entry.case, []).append(entry)
    workflows = {
        id_: (opened[id_] if id_ in opened else cases.case(id_)).workflow for id_ in by_case
    }
    _insert_catalog(connection, schema, decision.opened)
    for id_, entries in by_case.items():
        table = schema.workflow(workflows[id_])
        if id_ in opened:
            connection.execute(table.insert, _row_of(table, fold(opened[id_], entries)))
        else:
            _update(connection, table, cases.case(id_), entries)
    rows = [history.row_of(entry, workflows[entry.case]) for entry in decision.entries]
    history.append(connection, schema, rows)


# ---------------------------------------------------------------------------------------------


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, _BATCH)):
        yield some


def _read_columns(table: WorkflowTable) -> list[sa.Column[Any]]:
    return [table.table.c[name] for name in (*OWN, *(c.sql_name for c in table.columns))]


def _check_sizes(decision: Decision) -> None:
    for case in decision.opened:
        _short("case", case.id)
        _short("unit", case.unit)
    for entry in decision.entries:
        _short("actor", entry.actor)
        _short("key", entry.key or "")
        for column, value in entry.changes.items():
            if isinstance(value, int) and abs(value) > _MAX_INT:
                message = f"{column!r} of {entry.case!r} would be {value}: more than 64 bits"
                raise RequestError(message, "record smaller numbers")


def _short(field: str, value: str) -> None:
    if len(value) > ID_LENGTH:
        message = f"the {field} {value[:20]!r}… has {len(value)} characters"
        raise RequestError(message, f"use at most {ID_LENGTH}")


def _insert_catalog(connection: sa.Connection, schema: Schema, opened: Sequence[Case]) -> None:
    if opened:
        rows = [{"id": case.id, "workflow": case.workflow} for case in opened]
        connection.execute(sa.insert(schema.shared.catalog), rows)


def _row_of(table: WorkflowTable, case: Case) -> dict[str, Any]:
    own: dict[str, Any] = {name: getattr(case, name) for name in OWN}
    return own | {column.sql_name: case.values[column.name] for column in table.columns}


def _update(
    connection: sa.Connection, table: WorkflowTable, seen: Case, entries: Sequence[Entry]
) -> None:
    changes: dict[str, Value] = {}
    for entry in entries:
        changes.update(entry.changes)
    after = fold(seen, entries)
    values: Mapping[str, Any] = {
        table.flow.columns[name].sql_name: value for name, value in changes.items()
    }
    result = connection.execute(
        table.update(frozenset(changes)),
        {
            **values,
            "revision": after.revision,
            "definition": after.definition,
            "b_id": seen.id,
            "b_seen": seen.revision,
        },
    )
    if result.rowcount != 1:
        raise Conflict.over(seen.id)
