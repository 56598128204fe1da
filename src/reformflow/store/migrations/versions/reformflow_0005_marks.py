"""On MariaDB a column that few entries have, and its index: which were late or take others back.

The history is written anew for it: give a large one some minutes.
"""

from __future__ import annotations

from typing import Final

from alembic import op

from reformflow.store.migrations.place import place

revision: Final = "reformflow_0005"
down_revision: Final = "reformflow_0004"
branch_labels: Final = None
depends_on: Final = None

_MARIADB: Final = ("mysql", "mariadb")


def upgrade() -> None:
    """Add the column and its index."""
    if op.get_context().dialect.name not in _MARIADB:
        return
    column = (
        "marks VARCHAR(760) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
        " AS (CASE WHEN late IS NOT NULL THEN LEFT(CONCAT(workflow, ' ', late), 760)"
        " WHEN voids IS NOT NULL AND name = '' THEN '' END) PERSISTENT INVISIBLE"
    )
    op.execute(f"ALTER TABLE {_history()} ADD COLUMN {column}, ADD INDEX history_marks (marks)")


def downgrade() -> None:
    """Drop the column with its index; no data goes with it."""
    if op.get_context().dialect.name in _MARIADB:
        op.execute(f"ALTER TABLE {_history()} DROP COLUMN marks")


def _history() -> str:
    prefix, schema = place()
    quote = op.get_context().dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in (schema, f"{prefix}history") if name)
