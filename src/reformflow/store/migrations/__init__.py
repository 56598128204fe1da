"""Alembic revisions of the shared tables; workflow tables follow from their definitions."""
