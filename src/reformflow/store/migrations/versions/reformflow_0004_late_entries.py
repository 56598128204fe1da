"""An index of the few entries that were late or take others back, where there are such indexes."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from reformflow.store.migrations.place import place

revision: Final = "reformflow_0004"
down_revision: Final = "reformflow_0003"
branch_labels: Final = None
depends_on: Final = None

_PARTIAL: Final = ("sqlite", "postgresql")


def upgrade() -> None:
    """Create the index."""
    prefix, schema = place()
    if op.get_context().dialect.name not in _PARTIAL:
        return
    few = sa.text("late IS NOT NULL OR voids IS NOT NULL")
    op.create_index(
        f"{prefix}history_marks",
        f"{prefix}history",
        ["case_id", "seq", "voids", "workflow", "name", "late"],
        schema=schema,
        sqlite_where=few,
        postgresql_where=few,
    )


def downgrade() -> None:
    """Drop the index; no data goes with it."""
    prefix, schema = place()
    if op.get_context().dialect.name in _PARTIAL:
        op.drop_index(f"{prefix}history_marks", f"{prefix}history", schema=schema)
