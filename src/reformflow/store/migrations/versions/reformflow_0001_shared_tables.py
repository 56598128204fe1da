"""The shared tables: catalog, history, definitions, answers.

A host that lists this folder among its own `version_locations` may set `reformflow_prefix` and
`reformflow_schema` in its configuration.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from reformflow.store.migrations.place import place
from reformflow.store.types import Json, Utc, long_text, text

revision: Final = "reformflow_0001"
down_revision: Final = None
branch_labels: Final = ("reformflow",)
depends_on: Final = None

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the shared tables."""
    prefix, schema = place()
    op.create_table(
        f"{prefix}catalog",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", text(200), nullable=False, unique=True),
        sa.Column("workflow", text(100), nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}history",
        sa.Column("case_id", text(200), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("workflow", text(100), nullable=False),
        sa.Column("kind", text(64), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("actor", text(200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Utc()),
        sa.Column("changes", Json(), nullable=False),
        sa.Column("reason", long_text()),
        sa.Column("late", Json()),
        sa.Column("voids", sa.Integer()),
        sa.Column("definition", text(80), nullable=False),
        sa.Column("request_key", text(200)),
        schema=schema,
    )
    op.create_table(
        f"{prefix}definitions",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("hash", text(80), nullable=False, unique=True),
        sa.Column("reform", text(200), nullable=False),
        sa.Column("files", Json(), nullable=False),
        sa.Column("stored_at", Utc(), nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}answers",
        sa.Column("request_key", text(200), primary_key=True),
        sa.Column("digest", text(80), nullable=False),
        sa.Column("decision", Json(), nullable=False),
        sa.Column("recorded_at", Utc()),
        schema=schema,
    )


def downgrade() -> None:
    """Drop the shared tables, with all that they hold."""
    prefix, schema = place()
    for name in ("answers", "definitions", "history", "catalog"):
        op.drop_table(f"{prefix}{name}", schema=schema)
