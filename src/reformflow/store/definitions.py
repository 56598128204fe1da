"""Definitions stored whole, so that a database can be read without the files it was made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from reformflow.errors import StoreError
from reformflow.formats import to_yaml
from reformflow.formats.folder import read_texts
from reformflow.model import Reform
from reformflow.store.schema import Schema
from reformflow.store.tables import SharedTables

_UPGRADE: Final = "bring it there first: `reformflow upgrade`, or connect(…, upgrade=True)"


def stored(connection: sa.Connection, tables: SharedTables, digest: str) -> bool:
    """Say whether the definition with this content hash is stored."""
    column = tables.definitions.c.hash
    return connection.scalar(sa.select(column).where(column == digest)) is not None


def check_stored(connection: sa.Connection, tables: SharedTables, digest: str) -> None:
    """Raise StoreError unless a definition is stored, before cases are opened by it."""
    if not stored(connection, tables, digest):
        message = f"the database does not hold this definition, {digest}"
        raise StoreError(message, _UPGRADE)


def every(connection: sa.Connection, tables: SharedTables) -> tuple[str, ...]:
    """Return the hashes of all stored definitions, in the order of storing."""
    here = tables.definitions.c
    return tuple(connection.scalars(sa.select(here.hash).order_by(here.number)))


def latest(connection: sa.Connection, tables: SharedTables) -> str | None:
    """Return the hash of the definition that was stored last, None if there is none."""
    here = tables.definitions.c
    found: str | None = connection.scalar(
        sa.select(here.hash).order_by(here.number.desc()).limit(1)
    )
    return found


def store(
    connection: sa.Connection, tables: SharedTables, reform: Reform, digest: str, at: datetime
) -> None:
    """Store a definition as the files it would be written to."""
    row = {"hash": digest, "reform": reform.id, "files": to_yaml(reform), "stored_at": at}
    connection.execute(sa.insert(tables.definitions), row)


def renew(connection: sa.Connection, tables: SharedTables, digest: str, at: datetime) -> None:
    """Let a stored definition be the latest again, as its files were stored."""
    here = tables.definitions
    row = connection.execute(
        sa.select(here.c.hash, here.c.reform, here.c.files).where(here.c.hash == digest)
    ).one()
    connection.execute(sa.delete(here).where(here.c.hash == digest))
    connection.execute(sa.insert(here), {**row._mapping, "stored_at": at})  # noqa: SLF001 - public


def load(connection: sa.Connection, tables: SharedTables, digest: str) -> Reform:
    """Return a stored definition; StoreError if it is not there or can no longer be read."""
    here = tables.definitions.c
    files: dict[str, Any] | None = connection.scalar(
        sa.select(here.files).where(here.hash == digest)
    )
    if files is None:
        raise StoreError(f"the database holds no definition {digest}", "give the reform's folder")
    reform, problems = read_texts({name: text.encode() for name, text in files.items()})
    if reform is None or problems:
        first = f": {problems[0]}" if problems else ""
        message = f"the stored definition {digest} cannot be read{first}"
        raise StoreError(message, "it was stored by another version of reformflow: use that one")
    return reform


def pinned(
    connection: sa.Connection, schema: Schema, workflow: str | None = None
) -> dict[str, int]:
    """Return how many cases follow each definition, by its hash: of one workflow, or of all."""
    found: dict[str, int] = {}
    for name, table in schema.workflows.items():
        if workflow in {None, name}:
            here = table.table.c.definition
            counted = sa.select(here, sa.func.count()).group_by(here)
            for digest, number in connection.execute(counted):
                found[digest] = found.get(digest, 0) + number
    return found
