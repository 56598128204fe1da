"""The tables of one reform, and the statements that read and write them, each built once.

A workflow has one table with a row for each case: `id`, `parent`, `unit`, `subject`, `revision`,
`definition`, and one typed column for each column of the workflow, named by `Column.sql_name`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final
from weakref import WeakKeyDictionary

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundReform, BoundWorkflow, Column
from reformflow.errors import EmbeddingError, UnknownName
from reformflow.model import Act, Case, Open
from reformflow.store.commands import (
    CASE,
    CASE_AND_ENTRY,
    ID,
    Command,
    by_id,
    of_case,
    of_change,
    of_entry,
)
from reformflow.store.converting import case_reader
from reformflow.store.direct import Known
from reformflow.store.tables import HASH_LENGTH, SHARED, VERSION, SharedTables
from reformflow.store.types import CHOICE_LENGTH, ID_LENGTH, long_text, text, type_of

OWN: Final = ("id", "parent", "unit", "subject", "revision", "definition")
"""The columns that every case has, in the order in which rows are read."""

_MAX_NAME: Final = 63
_MAX_STATEMENTS: Final = 1000


@attrs.define
class WorkflowTable:
    """One workflow's table and its statements.

    `again` is the table under another name, for what is asked of its rows as kin of others.
    """

    flow: BoundWorkflow
    table: sa.Table
    history: sa.Table
    every: sa.Select[Any]
    by_id: Command
    by_ids: sa.Select[Any]
    by_parents: sa.Select[Any]
    insert: Command
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    named: Mapping[str, str]
    again: sa.FromClause = attrs.field(init=False)
    _updates: dict[frozenset[str], Command] = attrs.field(factory=dict)
    _carried: dict[frozenset[str], Command] = attrs.field(factory=dict)

    @again.default
    def _under_another_name(self) -> sa.FromClause:
        return self.table.alias()

    @cached_property
    def case(self) -> Callable[[Sequence[Any]], Case]:
        """What makes a case of a row that was read: the columns of `OWN`, then `columns`."""
        as_read = [None] * (len(OWN) + len(self.names))
        return case_reader(as_read, self.flow.id, OWN, self.names)

    def update(self, columns: frozenset[str]) -> Command:
        """Return the versioned UPDATE of a case by an entry that changes these columns."""
        known = self._updates.get(columns)
        if known is None:
            if len(self._updates) >= _MAX_STATEMENTS:
                self._updates.clear()
            known = self._updates[columns] = self._update(columns)
        return known

    def carried(self, columns: frozenset[str]) -> Command:
        """Return `update` and the INSERT of the entry itself, in one statement.

        Nothing is entered if nothing was updated. For databases whose WITH may write.
        """
        known = self._carried.get(columns)
        if known is None:
            if len(self._carried) >= _MAX_STATEMENTS:
                self._carried.clear()
            known = self._carried[columns] = self._carry(columns)
        return known

    def _carry(self, columns: frozenset[str]) -> Command:
        update = self._updating(columns)
        changed = update.returning(self.table.c.id).cte("changed")
        row = [sa.bindparam(f"_{column.name}", type_=column.type) for column in self.history.c]
        entry = sa.select(*row).select_from(changed)
        both = sa.insert(self.history).add_cte(changed).from_select(self.history.c.keys(), entry)
        # No name of a case's column begins with a `_`.
        entered = {f"_{name}": source for name, source in of_entry().items()}
        return Command(both, CASE_AND_ENTRY, entered | of_change(sorted(columns), self.named))

    def _update(self, columns: frozenset[str]) -> Command:
        sources = of_change(sorted(columns), self.named)
        return Command(self._updating(columns), CASE_AND_ENTRY, sources)

    def _updating(self, columns: frozenset[str]) -> sa.Update:
        names = [self.named[name] for name in sorted(columns)]
        here = self.table.c
        return (
            sa.update(self.table)
            .where(here.id == sa.bindparam("b_id"), here.revision == sa.bindparam("b_seen"))
            .values({name: sa.bindparam(name) for name in (*names, "revision", "definition")})
        )


@attrs.frozen
class Schema:
    """All tables of one reform under one prefix and schema of the host's choice."""

    shared: SharedTables
    workflows: Mapping[str, WorkflowTable]
    workflow_of: Command
    enlist: Command
    append: Command
    prefix: str = ""
    name: str | None = None
    known: Known = attrs.field(factory=WeakKeyDictionary, eq=False, repr=False)
    _homes: Mapping[str, WorkflowTable] = attrs.field(init=False, eq=False, repr=False)

    @_homes.default
    def _found_homes(self) -> Mapping[str, WorkflowTable]:
        tables = self.workflows.values()
        owners = Counter(name for table in tables for name in table.flow.transitions)
        return {
            name: table for table in tables for name in table.flow.transitions if owners[name] == 1
        }

    @classmethod
    def of(
        cls,
        reform: BoundReform,
        *,
        prefix: str = "",
        schema: str | None = None,
        metadata: sa.MetaData | None = None,
    ) -> Schema:
        """Declare the tables of a reform in `metadata`, or in one of their own.

        EmbeddingError if a table's name would be longer than databases take, or if two names
        differ only in capital letters.
        """
        metadata = sa.MetaData() if metadata is None else metadata
        shared = SharedTables.of(metadata, prefix=prefix, schema=schema)
        names = _table_names(reform, prefix)
        workflows = {
            flow.id: _workflow_table(flow, names[flow.id], schema, shared)
            for flow in reform.workflows.values()
        }
        catalog = shared.catalog.c
        workflow_of = sa.select(catalog.workflow).where(catalog.id == sa.bindparam("b_id"))
        append = sa.insert(shared.history).inline()
        return cls(
            shared=shared,
            workflows=workflows,
            workflow_of=Command(workflow_of, ID, by_id()),
            enlist=_enlist(shared.catalog),
            append=Command(append, CASE_AND_ENTRY, of_entry()),
            prefix=prefix,
            name=schema,
        )

    def workflow(self, id: str) -> WorkflowTable:  # noqa: A002
        """Return the table of a workflow; UnknownName if the reform has none of that name."""
        try:
            return self.workflows[id]
        except KeyError:
            raise UnknownName.of("workflow", id, self.workflows) from None

    def home(self, act: Act) -> WorkflowTable | None:
        """Return the table of the only workflow that knows the act's transition, if there is one.

        The case is in it, unless the act names the wrong transition.
        """
        return None if isinstance(act, Open) else self._homes.get(getattr(act, "transition", ""))


# ---------------------------------------------------------------------------------------------


def _table_names(reform: BoundReform, prefix: str) -> dict[str, str]:
    taken = {f"{prefix}{name}".casefold(): "" for name in (*SHARED, VERSION)}
    names: dict[str, str] = {}
    for id in reform.workflows:  # noqa: A001
        name = f"{prefix}{id}"
        if taken.get(name.casefold()) == "":
            name = f"{name}_cases"  # the plain name is that of a shared table
        if name.casefold() in taken:
            message = f"the tables of {taken[name.casefold()]!r} and {id!r} would have one name"
            raise EmbeddingError(message, "rename one of the workflows")
        if len(name.encode()) > _MAX_NAME:
            message = f"the table name {name!r} is longer than {_MAX_NAME} bytes"
            raise EmbeddingError(message, "choose a shorter prefix or workflow id")
        taken[name.casefold()] = id
        names[id] = name
    return names


def _workflow_table(
    flow: BoundWorkflow, name: str, schema: str | None, shared: SharedTables
) -> WorkflowTable:
    _check_choices(flow)
    columns = tuple(flow.columns.values())
    full = f"{schema}.{name}" if schema else name
    table = shared.metadata.tables.get(full)
    if table is None:
        own = (
            sa.Column("id", text(ID_LENGTH), primary_key=True),
            sa.Column("parent", text(ID_LENGTH), index=True),
            sa.Column("unit", text(ID_LENGTH), nullable=False),
            sa.Column("subject", long_text(), nullable=False),
            sa.Column("revision", sa.Integer(), nullable=False),
            sa.Column("definition", text(HASH_LENGTH), nullable=False),
        )
        typed = [sa.Column(column.sql_name, type_of(column)) for column in columns]
        table = sa.Table(name, shared.metadata, *own, *typed, schema=schema)
    read = [table.c[name] for name in (*OWN, *(column.sql_name for column in columns))]
    names = tuple(column.name for column in columns)
    named = {column.name: column.sql_name for column in columns}
    one = sa.select(*read).where(table.c.id == sa.bindparam("b_id"))
    reads = partial(case_reader, workflow=flow.id, own=OWN, names=names)
    catalog = shared.catalog
    ordered = (
        sa.select(*read)
        .join_from(table, catalog, catalog.c.id == table.c.id)
        .order_by(catalog.c.number)
    )
    return WorkflowTable(
        flow=flow,
        table=table,
        history=shared.history,
        every=sa.select(*read),
        by_id=Command(one, ID, by_id(), reads),
        by_ids=ordered.where(table.c.id.in_(sa.bindparam("ids", expanding=True))),
        by_parents=ordered.where(table.c.parent.in_(sa.bindparam("parents", expanding=True))),
        insert=Command(sa.insert(table).inline(), CASE, of_case(OWN, named)),
        columns=columns,
        names=names,
        named=named,
    )


def _enlist(catalog: sa.Table) -> Command:
    """Return the INSERT of a case into the catalog, which numbers it by itself."""
    given: dict[str, Any] = {name: sa.bindparam(name) for name in ("id", "workflow")}
    return Command(sa.insert(catalog).inline().values(given), CASE, of_case(tuple(given), {}))


def _check_choices(flow: BoundWorkflow) -> None:
    for column in flow.columns.values():
        for choice in column.choices:
            if len(choice) > CHOICE_LENGTH:
                message = f"{choice!r} of {column.name!r} is longer than {CHOICE_LENGTH}"
                raise EmbeddingError(message, "shorten the id")
