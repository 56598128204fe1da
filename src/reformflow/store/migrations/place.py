"""Where the tables of a migration are: the prefix and schema that the caller or host has chosen."""

from __future__ import annotations

from alembic import op


def place() -> tuple[str, str | None]:
    """Return the prefix and the schema of the tables."""
    config = op.get_context().config
    if config is None:
        return "", None
    prefix = config.attributes.get("reformflow_prefix")
    schema = config.attributes.get("reformflow_schema")
    if prefix is None and config.config_file_name:
        prefix = config.get_main_option("reformflow_prefix")
        schema = config.get_main_option("reformflow_schema")
    return prefix or "", schema or None
