"""Cases as they are stored: read when asked for, written only as a decision granted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from reformflow.errors import NotMigrated, UnknownName
from reformflow.model import Act, Case, Decision, Entry
from reformflow.store import definitions, history
from reformflow.store.direct import Direct
from reformflow.store.schema import OWN, Schema, WorkflowTable
from reformflow.store.types import storable

_NEAR: Final = 20
_BATCH: Final = 500


class StoredCases:
    """The `Cases` of one unit of work: each row is fetched once, when it is first asked for.

    Cases that are `gathered` are one another's company: when the parent, the children or the
    history of one of them are asked for, those of all are fetched together.
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
        self._homes: dict[str, WorkflowTable] = {}
        self._direct: Direct | None = None
        self._held = False

    @property
    def direct(self) -> Direct:
        """What runs the statements of single cases, in the same transaction."""
        if self._direct is None:
            self._direct = Direct.of(self._connection, self._schema.known)
        return self._direct

    def expect(self, id: str, act: Act) -> None:  # noqa: A002
        """Look for the case of an act first where the act can be done; saves a look elsewhere."""
        home = self._schema.home(act)
        if home is not None:
            self._homes[id] = home

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case; UnknownName if there is none."""
        found = self._find(id)
        if found is None:
            raise UnknownName.of("case", id, self._near(id))
        return self._followed(found)

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case, for whoever would open it.

        StoreError if it would follow a definition that the database does not hold. That is asked
        once in a unit of work: what one transaction has stored may be undone with it.
        """
        if self._pinned and not self._held:
            definitions.check_stored(self._connection, self._schema.shared, self._pinned)
            self._held = True
        return self._find(id) is not None

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow, in the order in which they were opened."""
        known = self._children.get((id, workflow))
        if known is None:
            parents = list(self._company) if id in self._company else [id]
            self._fetch_children(parents, workflow)
            known = self._children[id, workflow]
        return [self._followed(self._cases.get(child.id) or child) for child in known]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
        known = self._entries.get(id)
        if known is None and id in self._company:
            for some in _batches(self._company):
                together = history.entries_together(self._connection, self._schema, some)
                self._entries |= together
            known = self._entries[id]
        elif known is None:
            known = self._entries[id] = history.entries_of(self._connection, self._schema, id)
        return known

    def together(self, ids: Iterable[str]) -> None:
        """Take the cases of some ids as one another's company, those that there are."""
        wanted = list(ids)
        self._fetch([id_ for id_ in wanted if id_ not in self._cases])
        self.gather(case for id_ in wanted if (case := self._cases[id_]) is not None)

    def take(self, decision: Decision) -> None:
        """Keep what has just been written, for those who read on in the same unit of work."""
        for case in decision.opened:
            self._cases[case.id] = case
            siblings = self._children.get((case.parent or "", case.workflow))
            if siblings is not None:
                siblings.append(case)
        for entry in decision.entries:
            self._cases[entry.case] = self.case(entry.case).after(entry)
            self._entries.pop(entry.case, None)

    def gather(self, cases: Iterable[Case]) -> None:
        """Take cases that were read together, in place of the company before."""
        cases = list(cases)
        self._company = {case.id: case.parent for case in cases}
        self._cases.update((case.id, case) for case in cases)

    def scan(self, workflow: str, unit: str | None = None) -> Iterator[tuple[Case, ...]]:
        """Yield the cases of a workflow in the order of their opening, some at a time."""
        cases, last = self.page(workflow, unit, after=0)
        while cases:
            yield cases
            cases, last = self.page(workflow, unit, after=last)

    def chosen(self, workflow: str, rows: sa.ColumnElement[bool]) -> Iterator[tuple[Case, ...]]:
        """Yield the cases of a workflow that a condition chooses, as `scan` does.

        NotMigrated as soon as any of them all follows another definition than is `pinned`.
        """
        table, catalog = self._schema.workflow(workflow), self._schema.shared.catalog.c
        others = [table.table.c.definition != self._pinned] if self._pinned else []
        ids = sa.select(table.table.c.id).where(sa.or_(rows, *others))
        query = sa.select(catalog.id).where(catalog.id.in_(ids)).order_by(catalog.number)
        for some in _batches(self._connection.scalars(query).all()):
            found = self._connection.execute(table.by_ids, {"ids": some})
            yield tuple(self._followed(table.case(row)) for row in found)

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
        return tuple(self._followed(table.case(row[1:])) for row in rows), last

    def _followed(self, case: Case) -> Case:
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
                    self._cases[row[0]] = table.case(row)

    def _fetch_one(self, id: str) -> None:  # noqa: A002
        home = self._homes.get(id)
        if home is not None and self._fetch_from(home, id):
            return
        for (workflow,) in self.direct.read(self._schema.workflow_of, id):
            self._fetch_from(self._schema.workflow(workflow), id)

    def _fetch_from(self, table: WorkflowTable, id: str) -> bool:  # noqa: A002
        for case in self.direct.read(table.by_id, id):
            self._cases[id] = case
            if case.parent is not None and table.flow.parent is not None:
                self._homes[case.parent] = self._schema.workflow(table.flow.parent)
            return True
        return False

    def _fetch_children(self, parents: list[str], workflow: str) -> None:
        table = self._schema.workflow(workflow)
        self._children.update({(parent, workflow): [] for parent in parents})
        for some in _batches(parents):
            for row in self._connection.execute(table.by_parents, {"parents": some}):
                case = self._cases.get(row[0]) or table.case(row)
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


# ---------------------------------------------------------------------------------------------


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, _BATCH)):
        yield some


def _read_columns(table: WorkflowTable) -> list[sa.Column[Any]]:
    return [table.table.c[name] for name in (*OWN, *(c.sql_name for c in table.columns))]
