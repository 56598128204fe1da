"""Whether a database can keep what we store: its make, its version, how it compares text.

The oldest versions are those that are still looked after, or were until a short time ago, and have
all that our tables and statements use. MySQL speaks MariaDB's protocol, but its collations have
other names: our tables cannot be made there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from reformflow.errors import StoreError
from reformflow.store.schema import Schema

_MAKES: Final = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "mysql": "MariaDB",
    "mariadb": "MariaDB",
}
_OLDEST: Final[Mapping[str, tuple[int, ...]]] = {
    "SQLite": (3, 37),
    "PostgreSQL": (12,),
    "MariaDB": (10, 6),
}
_SQLITE_OTHER: Final = re.compile(r"\bCOLLATE\s+[\"'`\[]?(?!BINARY\b)(\w+)", re.IGNORECASE)
_BYTEWISE: Final = {"postgresql": "C", "mysql": "utf8mb4_nopad_bin", "mariadb": "utf8mb4_nopad_bin"}


def check_server(connection: sa.Connection) -> None:
    """Raise StoreError for a server that is too old, or none of ours though it speaks like one."""
    dialect = connection.dialect
    make = _MAKES.get(dialect.name)
    if make is None:
        return
    if make == "MariaDB" and not getattr(dialect, "is_mariadb", False):
        message = "the server is MySQL, not MariaDB: it does not know how our tables compare text"
        raise StoreError(message, "use MariaDB, PostgreSQL or SQLite")
    version = dialect.server_version_info or ()
    oldest = _OLDEST[make]
    if version < oldest:
        found = ".".join(map(str, version))
        message = f"{make} {found} is older than {'.'.join(map(str, oldest))}"
        raise StoreError(message, "upgrade it, or choose another database")
    if make == "PostgreSQL":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            message = f"the database keeps text as {encoding}: Chinese would be lost"
            raise StoreError(message, "make a database with ENCODING 'UTF8' TEMPLATE template0")


def check_text(connection: sa.Connection, schema: Schema) -> None:
    """Raise StoreError for a text column of ours that does not compare code point by code point.

    Somebody may have converted the tables, or made them by hand.
    """
    dialect = connection.dialect.name
    tables = [*schema.shared.migrated, *(table.table for table in schema.workflows.values())]
    names = [table.name for table in tables]
    others = (
        _in_sqlite(connection, names)
        if dialect == "sqlite"
        else _on_server(connection, schema, names)
    )
    for place, collation in others:
        message = f"the texts of {place} compare by {collation or 'the rules of the database'}"
        wanted = _BYTEWISE.get(dialect, "BINARY")
        hint = f"make a backup, then give all text columns of ours the collation {wanted}"
        raise StoreError(f"{message}, for which other texts are equal", hint)


# ---------------------------------------------------------------------------------------------


def _in_sqlite(connection: sa.Connection, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tables that were made with another collation, and which."""
    master = sa.table("sqlite_master", sa.column("name"), sa.column("sql"))
    for name, sql in connection.execute(
        sa.select(master.c.name, master.c.sql).where(master.c.name.in_(names))
    ):
        yield from ((name, match[1]) for match in _SQLITE_OTHER.finditer(sql or ""))


def _on_server(
    connection: sa.Connection, schema: Schema, names: list[str]
) -> Iterator[tuple[str, str | None]]:
    """Yield the text columns of a server that have another collation, and which."""
    here = sa.table(
        "columns",
        *map(sa.column, ("table_schema", "table_name", "column_name", "data_type")),
        sa.column("collation_name"),
        schema="information_schema",
    ).c
    unset = here.collation_name.is_(None) & here.data_type.in_(["text", "character varying"])
    other = here.collation_name != _BYTEWISE[connection.dialect.name]
    query = sa.select(here.table_name, here.column_name, here.collation_name).where(
        here.table_schema == (schema.name or connection.dialect.default_schema_name),
        here.table_name.in_(names),
        unset | other,
    )
    for table, column, collation in connection.execute(query):
        yield f"{table}.{column}", collation
