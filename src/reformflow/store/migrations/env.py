"""Runs our revisions on the connection that the caller handed over, in its transaction."""

from __future__ import annotations

from alembic import context

from reformflow.store.tables import VERSION

_given = context.config.attributes
context.configure(
    connection=_given["connection"],
    version_table=f"{_given['reformflow_prefix']}{VERSION}",
    version_table_schema=_given["reformflow_schema"],
)
with context.begin_transaction():
    context.run_migrations()
