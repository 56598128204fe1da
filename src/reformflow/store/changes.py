"""What a changed definition does to the tables, told before it is done.

Nothing is ever dropped: what a definition no longer has stays in its table, with its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from reformflow.binding import (
    BoundReform,
    Column,
    Renames,
    Succession,
    bind,
    successions,
)
from reformflow.errors import StoreError
from reformflow.model import Fact, FactType, Reform
from reformflow.store import definitions
from reformflow.store.schema import Schema, WorkflowTable

if TYPE_CHECKING:
    from sqlalchemy.sql.ddl import ExecutableDDLElement


class What(StrEnum):
    """What becomes of a table or a column."""

    TABLE_ADDED = "table_added"
    COLUMN_ADDED = "column_added"
    RENAMED = "renamed"
    TABLE_LEFT = "table_left"
    COLUMN_LEFT = "column_left"
    CHOICES = "choices"
    BOUNDS = "bounds"
    RETYPED = "retyped"


@attrs.frozen
class Change:
    """One thing that a changed definition does to a workflow's table.

    `table` is its name in the database, `column` that of the definition. `before` and `after`
    hold names, types, choices or bounds, as it may be. What is added to cases that are there is
    empty until they are migrated; `initial` is the value that the migration will give. A renamed
    column is added, and takes over the old one's values with the migration.
    """

    what: What
    workflow: str
    table: str
    column: str = ""
    before: str = ""
    after: str = ""
    initial: str = ""

    @property
    def place(self) -> str:
        """The `table`, or `table.column`, as the database names it."""
        return f"{self.table}.{self.column.replace('.', '_')}" if self.column else self.table

    @property
    def blocked(self) -> bool:
        """Whether the definition cannot be taken over like this."""
        return self.what is What.RETYPED


@attrs.frozen
class Review:
    """All changes, and the statements that carry them out, in their order.

    `script` is the same as SQL text for the database at hand, after what brings the shared tables
    to the newest revision; `upgrade` then finds nothing left to do but to store the definition.
    """

    changes: tuple[Change, ...]
    statements: tuple[ExecutableDDLElement, ...] = attrs.field(repr=False)
    script: str = attrs.field(default="", repr=False)

    @property
    def added(self) -> tuple[str, ...]:
        """The `table` or `table.column` of everything that is added."""
        kinds = {What.TABLE_ADDED, What.COLUMN_ADDED, What.RENAMED}
        return tuple(change.place for change in self.changes if change.what in kinds)


def review(
    connection: sa.Connection, schema: Schema, reform: Reform, renames: Renames | None = None
) -> Review:
    """Compare the tables with a definition, and change nothing.

    `schema` is that of the definition. StoreError if the database holds another reform;
    UnknownName or RequestError for renames that do not fit.
    """
    before = _stored(connection, schema, reform)
    bound = bind(reform)
    latest = before[-1] if before else None
    goes_on = successions(latest, bound, renames or {}) if latest is not None else {}
    inspector = sa.inspect(connection)
    changes: list[Change] = []
    statements: list[ExecutableDDLElement] = []
    for table in schema.workflows.values():
        here = table.table
        if not inspector.has_table(here.name, schema=here.schema):
            changes.append(Change(What.TABLE_ADDED, table.flow.id, here.name))
            statements += _creation(here)
            continue
        known = goes_on.get(table.flow.id)
        present = {item["name"] for item in inspector.get_columns(here.name, schema=here.schema)}
        for column in table.columns:
            if column.sql_name not in present:
                changes.append(_added(table, column, known))
                statements.append(_addition(here, column))
        changes += _retyped(table, before)
        changes += [] if known is None else _compared(table, known)
    changes += [] if latest is None else _tables_left(latest, bound, schema)
    compiled = (str(one.compile(dialect=connection.dialect)).strip() for one in statements)
    script = "".join(f"{text};\n\n" for text in compiled)
    return Review(tuple(changes), tuple(statements), script)


# ---------------------------------------------------------------------------------------------


def _stored(connection: sa.Connection, schema: Schema, reform: Reform) -> list[BoundReform]:
    """Return every definition that the database has had, in the order of storing."""
    found: list[BoundReform] = []
    for digest in definitions.every(connection, schema.shared):
        old = definitions.load(connection, schema.shared, digest)
        if old.id != reform.id:
            message = f"the database holds the reform {old.id!r}, not {reform.id!r}"
            raise StoreError(message, "choose a prefix, or another database")
        found.append(bind(old))
    return found


def _creation(table: sa.Table) -> Iterator[ExecutableDDLElement]:
    yield sa.schema.CreateTable(table)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield sa.schema.CreateIndex(index)


def _addition(table: sa.Table, column: Column) -> ExecutableDDLElement:
    from alembic.ddl.base import AddColumn

    kind = table.c[column.sql_name].type
    return AddColumn(table.name, sa.Column(column.sql_name, kind), schema=table.schema)


def _added(table: WorkflowTable, column: Column, known: Succession | None) -> Change:
    flow, name = table.flow, table.table.name
    old = None if known is None else known.origin.get(column.name)
    if old is not None and old != column.name:
        return Change(What.RENAMED, flow.id, name, column.name, old, column.name)
    initial = flow.initial[column.name]
    shown = "" if initial is None else str(initial)
    return Change(
        What.COLUMN_ADDED, flow.id, name, column.name, after=column.type.value, initial=shown
    )


def _retyped(table: WorkflowTable, before: list[BoundReform]) -> Iterator[Change]:
    """Compare with every definition that was stored: the values of each are still there."""
    types: dict[str, FactType] = {}
    for old in before:
        flow = old.workflows.get(table.flow.id)
        types |= {} if flow is None else {name: c.type for name, c in flow.columns.items()}
    for column in table.columns:
        was = types.get(column.name, column.type)
        if was != column.type:
            yield Change(
                What.RETYPED,
                table.flow.id,
                table.table.name,
                column.name,
                was.value,
                column.type.value,
            )


def _compared(table: WorkflowTable, known: Succession) -> Iterator[Change]:
    """Yield what becomes of the columns that are in the latest stored definition."""
    flow, name = table.flow, table.table.name
    for column, origin in known.origin.items():
        was, now = known.old.columns[origin], flow.columns[column]
        if set(was.choices) != set(now.choices):
            shown = ", ".join(was.choices), ", ".join(now.choices)
            yield Change(What.CHOICES, flow.id, name, column, *shown)
        if _bounds(was.fact) != _bounds(now.fact):
            yield Change(What.BOUNDS, flow.id, name, column, _bounds(was.fact), _bounds(now.fact))
    for column, origin in known.retyped.items():
        if column != origin:
            types = known.old.columns[origin].type.value, flow.columns[column].type.value
            yield Change(What.RETYPED, flow.id, name, column, *types)
    for column in known.left:
        yield Change(What.COLUMN_LEFT, flow.id, name, column)


def _bounds(fact: Fact | None) -> str:
    if fact is None:
        return ""
    if fact.type is FactType.TEXT:
        return f"≤ {fact.max_length}"
    low = "" if fact.minimum is None else f"≥ {fact.minimum}"
    high = "" if fact.maximum is None else f"≤ {fact.maximum}"
    return " ".join(part for part in (low, high) if part)


def _tables_left(latest: BoundReform, bound: BoundReform, schema: Schema) -> Iterator[Change]:
    for flow in latest.workflows:
        if flow not in bound.workflows:
            yield Change(What.TABLE_LEFT, flow, f"{schema.prefix}{flow}")
