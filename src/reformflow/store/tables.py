"""The tables that all workflows share: who is where, what happened, what was answered."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.store.types import (
    CHOICE_LENGTH,
    DAY,
    ID_LENGTH,
    MARIADB,
    Json,
    Utc,
    long_text,
    text,
)

HASH_LENGTH: Final = 80
NAME_LENGTH: Final = 100
_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHARED: Final = (
    "catalog",
    "history",
    "definitions",
    "answers",
    "bulk_runs",
    "bulk_chunks",
    "seals",
    "seal_positions",
    "seal_tiles",
)
VERSION: Final = "reformflow_version"
"""The name, after the prefix, of the table in which migrations keep their version."""
_MARKS: Final = ("case_id", "seq", "voids", "workflow", "name", "late")
"""The columns of the index of late entries: so many that the entries themselves are not read."""
MARKS: Final = "marks"
"""What of late entries is in an index on MariaDB: a column of the history that no other has."""
_PARTIAL: Final = ("sqlite", "postgresql")
"""The databases that have indexes of some rows only."""


@attrs.frozen
class SharedTables:
    """The shared tables under one prefix and schema."""

    metadata: sa.MetaData
    catalog: sa.Table
    history: sa.Table
    definitions: sa.Table
    answers: sa.Table
    bulk_runs: sa.Table
    bulk_chunks: sa.Table
    seals: sa.Table
    seal_positions: sa.Table
    seal_tiles: sa.Table
    version: sa.Table

    @classmethod
    def of(cls, metadata: sa.MetaData, *, prefix: str, schema: str | None) -> SharedTables:
        """Declare the tables in `metadata`, or take those declared there before."""

        def table(name: str, *items: sa.schema.SchemaItem, **options: Any) -> sa.Table:  # noqa: ANN401 - as SQLAlchemy has it
            full = f"{schema}.{prefix}{name}" if schema else f"{prefix}{name}"
            known = metadata.tables.get(full)
            if known is not None:
                return known
            return sa.Table(f"{prefix}{name}", metadata, *items, schema=schema, **options)

        return cls(
            metadata,
            catalog=table("catalog", *_catalog()),
            history=table(
                "history",
                *_history(),
                _late_entries(prefix),
                listeners=[("after_create", _marks())],
            ),
            definitions=table("definitions", *_definitions()),
            answers=table("answers", *_answers()),
            bulk_runs=table("bulk_runs", *_bulk_runs()),
            bulk_chunks=table("bulk_chunks", *_bulk_chunks()),
            seals=table("seals", *_seals()),
            seal_positions=table("seal_positions", *_seal_positions()),
            seal_tiles=table("seal_tiles", *_seal_tiles()),
            version=table(VERSION, sa.Column("version_num", sa.String(32), primary_key=True)),
        )

    @property
    def migrated(self) -> tuple[sa.Table, ...]:
        """The tables that the shipped migrations make."""
        return (
            self.catalog,
            self.history,
            self.definitions,
            self.answers,
            self.bulk_runs,
            self.bulk_chunks,
            self.seals,
            self.seal_positions,
            self.seal_tiles,
        )


# ---------------------------------------------------------------------------------------------


def _catalog() -> list[sa.Column[object]]:
    """`number` counts cases in the order of their opening."""
    return [
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", text(ID_LENGTH), nullable=False, unique=True),
        sa.Column("workflow", text(NAME_LENGTH), nullable=False),
    ]


def _history() -> list[sa.Column[object]]:
    return [
        sa.Column("case_id", text(ID_LENGTH), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("workflow", text(NAME_LENGTH), nullable=False),
        sa.Column("kind", text(CHOICE_LENGTH), nullable=False),
        sa.Column("name", text(NAME_LENGTH), nullable=False),
        sa.Column("actor", text(ID_LENGTH), nullable=False),
        sa.Column("happened_on", DAY, nullable=False),
        sa.Column("recorded_at", Utc()),
        sa.Column("changes", Json(), nullable=False),
        sa.Column("reason", long_text()),
        sa.Column("late", Json()),
        sa.Column("voids", sa.Integer()),
        sa.Column("definition", text(HASH_LENGTH), nullable=False),
        sa.Column("request_key", text(ID_LENGTH)),
    ]


def _late_entries(prefix: str) -> sa.Index:
    """The few entries that were late, or take others back: all that lateness is counted from.

    It costs nothing for the other entries.
    """
    index = _Few(f"{prefix}history_marks", *_MARKS)
    return index.ddl_if(callable_=lambda *_, dialect, **__: dialect.name in _PARTIAL)


def _marks() -> Any:  # noqa: ANN401 - a listener, as SQLAlchemy has it
    """What stands for that index on MariaDB, which has none of some rows only.

    A column that says of a late entry its workflow and marks, is empty for one that takes another
    back, and null for all others. It is hidden: whoever writes or reads whole rows need not know.
    At most three marks of an entry, with names of 64 characters, have room in it.
    """
    column = (
        f"{MARKS} VARCHAR(760) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
        " AS (CASE WHEN late IS NOT NULL THEN LEFT(CONCAT(workflow, ' ', late), 760)"
        " WHEN voids IS NOT NULL AND name = '' THEN '' END) PERSISTENT INVISIBLE"
    )
    added = f"ADD COLUMN {column}, ADD INDEX history_marks ({MARKS})"
    statement = sa.DDL(f"ALTER TABLE %(fullname)s {added}")  # type: ignore[no-untyped-call]
    return statement.execute_if(callable_=lambda *_, dialect, **__: dialect.name in MARIADB)


class _Few(sa.Index):
    """An index of the late entries.

    What an option names is a dialect that SQLAlchemy then loads, so none is given before
    somebody asks: only where tables are made.
    """

    @cached_property
    def dialect_options(self) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        """Say for each database that can which entries are in it."""
        options = super().dialect_options
        for name in _PARTIAL:
            options[name]["where"] = sa.text("late IS NOT NULL OR voids IS NOT NULL")
        return options


def _definitions() -> list[sa.Column[object]]:
    return [
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("hash", text(HASH_LENGTH), nullable=False, unique=True),
        sa.Column("reform", text(ID_LENGTH), nullable=False),
        sa.Column("files", Json(), nullable=False),
        sa.Column("stored_at", Utc(), nullable=False),
    ]


def _answers() -> list[sa.Column[object]]:
    return [
        sa.Column("request_key", text(ID_LENGTH), primary_key=True),
        sa.Column("digest", text(HASH_LENGTH), nullable=False),
        sa.Column("decision", Json(), nullable=False),
        sa.Column("recorded_at", Utc()),
    ]


def _bulk_runs() -> list[sa.Column[object]]:
    """Each act over many cases: what was asked, and what its plan counted."""
    return [
        sa.Column("run", text(ID_LENGTH), primary_key=True),
        sa.Column("workflow", text(NAME_LENGTH), nullable=False),
        sa.Column("request", Json(), nullable=False),
        sa.Column("digest", text(HASH_LENGTH), nullable=False),
        sa.Column("definition", text(HASH_LENGTH), nullable=False),
        sa.Column("selected", _NUMBER, nullable=False),
        sa.Column("granted", _NUMBER, nullable=False),
        sa.Column("newest", _NUMBER, nullable=False),
        sa.Column("started_at", Utc(), nullable=False),
    ]


def _bulk_chunks() -> list[sa.Column[object]]:
    """The pieces of a run: ids after `after` up to `upto`; counts and `done_at` once it is done."""
    return [
        sa.Column("run", text(ID_LENGTH), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("after", text(ID_LENGTH), nullable=False),
        sa.Column("upto", text(ID_LENGTH), nullable=False),
        sa.Column("granted", sa.Integer()),
        sa.Column("refused", sa.Integer()),
        sa.Column("reasons", Json()),
        sa.Column("done_at", Utc()),
    ]


def _seals() -> list[sa.Column[object]]:
    """The root of the tree at each size at which it was closed; the one of size 0 is the lock."""
    return [
        sa.Column("size", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("algorithm", text(CHOICE_LENGTH), nullable=False),
        sa.Column("root", text(HASH_LENGTH), nullable=False),
    ]


def _seal_positions() -> list[sa.schema.SchemaItem]:
    """Which entry stands where; positions count from 1 without gaps."""
    return [
        sa.Column("position", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("case_id", text(ID_LENGTH), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case_id", "seq"),
    ]


def _seal_tiles() -> list[sa.Column[object]]:
    """The hashes of the tree, 256 of one level side by side in a row."""
    return [
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
    ]
