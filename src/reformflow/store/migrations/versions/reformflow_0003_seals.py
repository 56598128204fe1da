"""Seals of the history: positions, tree and roots."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from reformflow.store.migrations.place import place
from reformflow.store.types import text

revision: Final = "reformflow_0003"
down_revision: Final = "reformflow_0002"
branch_labels: Final = None
depends_on: Final = None

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of seals."""
    prefix, schema = place()
    op.create_table(
        f"{prefix}seals",
        sa.Column("size", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("algorithm", text(64), nullable=False),
        sa.Column("root", text(80), nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}seal_positions",
        sa.Column("position", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("case_id", text(200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case_id", "seq"),
        schema=schema,
    )
    op.create_table(
        f"{prefix}seal_tiles",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        schema=schema,
    )


def downgrade() -> None:
    """Drop the tables of seals: their roots are gone, the history stays."""
    prefix, schema = place()
    for name in ("seal_tiles", "seal_positions", "seals"):
        op.drop_table(f"{prefix}{name}", schema=schema)
