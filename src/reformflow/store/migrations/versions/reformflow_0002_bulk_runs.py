"""Bulk runs and their chunks."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from reformflow.store.migrations.place import place
from reformflow.store.types import Json, Utc, text

revision: Final = "reformflow_0002"
down_revision: Final = "reformflow_0001"
branch_labels: Final = None
depends_on: Final = None

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of bulk runs."""
    prefix, schema = place()
    op.create_table(
        f"{prefix}bulk_runs",
        sa.Column("run", text(200), primary_key=True),
        sa.Column("workflow", text(100), nullable=False),
        sa.Column("request", Json(), nullable=False),
        sa.Column("digest", text(80), nullable=False),
        sa.Column("definition", text(80), nullable=False),
        sa.Column("selected", _NUMBER, nullable=False),
        sa.Column("granted", _NUMBER, nullable=False),
        sa.Column("newest", _NUMBER, nullable=False),
        sa.Column("started_at", Utc(), nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}bulk_chunks",
        sa.Column("run", text(200), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("after", text(200), nullable=False),
        sa.Column("upto", text(200), nullable=False),
        sa.Column("granted", sa.Integer()),
        sa.Column("refused", sa.Integer()),
        sa.Column("reasons", Json()),
        sa.Column("done_at", Utc()),
        schema=schema,
    )


def downgrade() -> None:
    """Drop the tables of bulk runs, with all that they hold."""
    prefix, schema = place()
    for name in ("bulk_chunks", "bulk_runs"):
        op.drop_table(f"{prefix}{name}", schema=schema)
