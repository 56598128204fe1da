"""Making a database ready for a reform, and telling whether it is ours.

The shared tables come from the shipped Alembic revisions, the workflow tables from the
definition. Nothing here ever drops a table or a column.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import attrs
import sqlalchemy as sa

from reformflow.errors import StoreError
from reformflow.formats import fingerprint
from reformflow.model import Reform
from reformflow.store import definitions
from reformflow.store.dialects import one_by_one
from reformflow.store.fit import check_server
from reformflow.store.schema import Schema
from reformflow.store.tables import SharedTables

if TYPE_CHECKING:
    from alembic.config import Config

    from reformflow.binding import Renames
    from reformflow.store.changes import Review

HEAD: Final = "reformflow_0005"
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
    else's, or (unless `beside` allows it) if there are only tables of somebody else; and for a
    server that cannot keep them.
    """
    check_server(connection)
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
    `table.column` of each that was added. What the definition no longer has stays where it is,
    and every case keeps following its own definition until it is migrated. StoreError if a
    column would change its type.
    """
    from reformflow.store.changes import review

    with one_by_one(connection, schema.shared.catalog.fullname):
        migrate(connection, schema)
        reviewed = review(connection, schema, reform)
        for change in reviewed.changes:
            if change.blocked:
                message = f"{change.column!r} of {change.workflow!r} was {change.before}"
                hint = "give the new fact another name"
                raise StoreError(f"{message}, now {change.after}", hint)
        for statement in reviewed.statements:
            connection.execute(statement)
        _store(connection, schema, reform, at)
    return reviewed.added


def preview(
    connection: sa.Connection, schema: Schema, reform: Reform, renames: Renames | None = None
) -> Review:
    """Return what `upgrade` would change, with its script, and change nothing.

    StoreError if the database holds no reform yet, or another; UnknownName or RequestError for
    renames that do not fit.
    """
    from reformflow.store.changes import review

    found = examine(connection, schema.shared, beside=True)
    if found is Found.NOTHING:
        raise StoreError("the database holds no reform yet", "give the reform's folder")
    reviewed = review(connection, schema, reform, renames)
    if found is Found.CURRENT:
        return reviewed
    return attrs.evolve(reviewed, script=_shared_script(connection, schema) + reviewed.script)


def migrate(connection: sa.Connection, schema: Schema) -> None:
    """Run the shipped revisions that have not been run on the shared tables."""
    from alembic import command

    with _apart():
        if examine(connection, schema.shared, beside=True) is not Found.CURRENT:
            command.upgrade(_config(connection, schema), "head")


# ---------------------------------------------------------------------------------------------


@contextmanager
def _apart() -> Iterator[None]:
    """Keep others out of Alembic's variables, and what a host's own revision has there."""
    from alembic import context, op

    with _ONE_AT_A_TIME:
        begun = [proxy for module in (op, context) if (proxy := getattr(module, "_proxy", None))]
        try:
            yield
        finally:
            for proxy in begun:
                proxy._install_proxy()  # noqa: SLF001 - Alembic gives it back in no other way


def _config(connection: sa.Connection, schema: Schema, written: TextIO = sys.stdout) -> Config:
    from alembic.config import Config

    config = Config(output_buffer=written)
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes |= {
        "connection": connection,
        "reformflow_prefix": schema.prefix,
        "reformflow_schema": schema.name,
    }
    return config


def _shared_script(connection: sa.Connection, schema: Schema) -> str:
    """Return the SQL of the shipped revisions that have not been run."""
    from alembic import command

    version = connection.scalar(sa.select(schema.shared.version.c.version_num))
    written = io.StringIO()
    config = _config(connection, schema, written)
    with _apart():
        command.upgrade(config, f"{version}:head", sql=True)
    return written.getvalue()


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
    """Store the definition unless it is there, and let it be the latest."""
    digest = fingerprint(reform)
    if not definitions.stored(connection, schema.shared, digest):
        definitions.store(connection, schema.shared, reform, digest, at)
    elif definitions.latest(connection, schema.shared) != digest:
        definitions.renew(connection, schema.shared, digest, at)
