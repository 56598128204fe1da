"""Making a database ready for a reform, and telling whether it is ours.

The shared tables come from the shipped Alembic revisions, the workflow tables from the
definition. Nothing here ever drops a table or a column.
"""

from __future__ import annotations

import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from reformflow.binding import bind
from reformflow.errors import StoreError
from reformflow.formats import fingerprint
from reformflow.model import FactType, Reform
from reformflow.store import definitions
from reformflow.store.dialects import one_by_one
from reformflow.store.schema import Schema, WorkflowTable
from reformflow.store.tables import SharedTables

HEAD: Final = "reformflow_0003"
"""The newest shipped revision of the shared tables."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""The folder of the shipped Alembic environment."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps the run at hand in variables of its own modules, one for the whole process."""


class Found(StrEnum):
    """What was found where our tables should be."""

    NOTHING = "nothing"
    OLDER = "older"
    CURRENT = "current"


def examine(connection: sa.Connection, tables: SharedTables, *, beside: bool = False) -> Found:
    """Tell whether our tables are there.

    StoreError if they were made by a newer library, if tables of ours clash with somebody
    else's, or (unless `beside` allows it) if there are only tables of somebody else.
    """
    with one_by_one(connection, tables.catalog.fullname):
        return _examine(connection, tables, beside=beside)


def install(connection: sa.Connection, schema: Schema, reform: Reform, at: datetime) -> None:
    """Create the tables that are missing and store the definition.

    Runs DDL in the transaction of `connection`; MariaDB commits at each of its statements.
    """
    with one_by_one(connection, schema.shared.catalog.fullname):
        migrate(connection, schema)
        _create(connection, schema)
        _store(connection, schema, reform, at)


def upgrade(
    connection: sa.Connection, schema: Schema, reform: Reform, at: datetime
) -> tuple[str, ...]:
    """Bring the tables to the newest revision and to a changed definition.

    New workflows get their tables and new facts their columns; returns the `table` or
    `table.column` of each that was added. What the definition no longer has stays where it is.
    StoreError if a column would change its type, or cases would need a value in a new one.
    """
    with one_by_one(connection, schema.shared.catalog.fullname):
        migrate(connection, schema)
        _check_change(connection, schema, reform)
        made = _create(connection, schema)
        added = tuple(
            f"{table.table.name}.{name}"
            for table in schema.workflows.values()
            for name in _add_columns(connection, table)
        )
        _store(connection, schema, reform, at)
    return (*made, *added)


def migrate(connection: sa.Connection, schema: Schema) -> None:
    """Run the shipped revisions that have not been run on the shared tables."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes |= {
        "connection": connection,
        "reformflow_prefix": schema.prefix,
        "reformflow_schema": schema.name,
    }
    with _ONE_AT_A_TIME:
        if examine(connection, schema.shared, beside=True) is not Found.CURRENT:
            command.upgrade(config, "head")


# ---------------------------------------------------------------------------------------------


def _examine(connection: sa.Connection, tables: SharedTables, *, beside: bool) -> Found:
    inspector = sa.inspect(connection)
    schema = tables.catalog.schema
    present = set(inspector.get_table_names(schema=schema))
    versioned = tables.version.name in present
    if versioned and (found := _by_version(connection, tables)) is not None:
        return found
    ours = [table for table in tables.migrated if table.name in present]
    for table in ours:
        columns = {column["name"] for column in inspector.get_columns(table.name, schema=schema)}
        if not columns >= set(table.c.keys()):
            message = f"the table {table.name!r} is not one of reformflow's"
            raise StoreError(message, "choose a prefix, or another database")
    if len(ours) == len(tables.migrated):
        return Found.CURRENT  # made by the host, from the tables' declaration
    if ours:
        message = f"of reformflow's tables only {', '.join(table.name for table in ours)} exist"
        raise StoreError(message, "choose a prefix, or restore the last backup")
    if present and not beside and not versioned:
        shown = ", ".join(sorted(present)[:3])
        message = f"the database holds no tables of reformflow, but others ({shown})"
        raise StoreError(message, "check its address; beside=True puts ours next to them")
    return Found.NOTHING


def _by_version(connection: sa.Connection, tables: SharedTables) -> Found | None:
    """Tell what the version table says; None if it says nothing, being empty."""
    version = connection.scalar(sa.select(tables.version.c.version_num))
    if version == HEAD:
        return Found.CURRENT
    if version is None:
        return None
    if version in _older():
        return Found.OLDER
    message = f"the tables are of revision {version!r}, which this library does not know"
    raise StoreError(message, "use the newer version of reformflow that made them")


def _older() -> set[str]:
    from alembic.script import ScriptDirectory

    revisions = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return {revision.revision for revision in revisions} - {HEAD}


def _create(connection: sa.Connection, schema: Schema) -> tuple[str, ...]:
    """Create the workflows' tables that are missing, and return their names."""
    inspector = sa.inspect(connection)
    tables = [
        here
        for table in schema.workflows.values()
        if not inspector.has_table((here := table.table).name, schema=here.schema)
    ]
    schema.shared.metadata.create_all(connection, tables=tables, checkfirst=False)
    return tuple(table.name for table in tables)


def _store(connection: sa.Connection, schema: Schema, reform: Reform, at: datetime) -> None:
    """Store the definition unless it is there."""
    digest = fingerprint(reform)
    if not definitions.stored(connection, schema.shared, digest):
        definitions.store(connection, schema.shared, reform, digest, at)


def _add_columns(connection: sa.Connection, table: WorkflowTable) -> list[str]:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    inspector = sa.inspect(connection)
    here = table.table
    present = {column["name"] for column in inspector.get_columns(here.name, schema=here.schema)}
    operations = Operations(MigrationContext.configure(connection))
    missing = [column for column in table.columns if column.sql_name not in present]
    for column in missing:
        if table.flow.initial[column.name] is not None and _occupied(connection, here):
            message = f"the cases of {table.flow.id!r} would need a value for {column.name!r}"
            raise StoreError(message, "leave out its initial value, or start a new database")
    for column in missing:
        kind = here.c[column.sql_name].type
        operations.add_column(here.name, sa.Column(column.sql_name, kind), schema=here.schema)
    return [column.sql_name for column in missing]


def _occupied(connection: sa.Connection, table: sa.Table) -> bool:
    return connection.scalar(sa.select(table.c.id).limit(1)) is not None


def _check_change(connection: sa.Connection, schema: Schema, reform: Reform) -> None:
    """Compare with every definition that the database has had: no column changes its type."""
    here = schema.shared.definitions.c
    before: dict[tuple[str, str], FactType] = {}
    for digest in connection.scalars(sa.select(here.hash).order_by(here.number)).all():
        old = definitions.load(connection, schema.shared, digest)
        if old.id != reform.id:
            message = f"the database holds the reform {old.id!r}, not {reform.id!r}"
            raise StoreError(message, "choose a prefix, or another database")
        for flow in bind(old).workflows.values():
            before |= {(flow.id, column.name): column.type for column in flow.columns.values()}
    for table in schema.workflows.values():
        for column in table.columns:
            was = before.get((table.flow.id, column.name), column.type)
            if was != column.type:
                message = f"{column.name!r} of {table.flow.id!r} was {was}, now {column.type}"
                raise StoreError(message, "give the new fact another name")
