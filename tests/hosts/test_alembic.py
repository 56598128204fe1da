"""A host's own Alembic: one of its revisions makes our tables, and both go on side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from reformflow.casework import connect
from reformflow.formats import load
from support.databases import Place, place_in
from support.repository import DOCS
from support.servers import KINDS

REFORM = DOCS / "examples" / "market-stalls"
ENVIRONMENT = """
import sqlalchemy as sa
from alembic import context

url = context.config.get_main_option("sqlalchemy.url")
engine = sa.create_engine(url, poolclass=sa.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, version_table="{prefix}theirs_version")
    with context.begin_transaction():
        context.run_migrations()
    context.get_context().as_sql  # what Alembic has at hand is still there
"""
OURS = """
from datetime import UTC, datetime
import sqlalchemy as sa
from alembic import op
from reformflow import load
from reformflow.casework import Practice
from reformflow.store import install

revision, down_revision = "theirs1", None
practice = Practice.of(load({reform!r}), prefix="{prefix}")


def upgrade():
    op.create_table("{prefix}albums", sa.Column("id", sa.Integer))
    install(op.get_bind(), practice.schema, practice.reform, datetime.now(UTC))
    op.create_table("{prefix}songs", sa.Column("id", sa.Integer))
"""
THEIRS = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "theirs2", "theirs1"


def upgrade():
    op.create_table("{prefix}singers", sa.Column("id", sa.Integer))
    {fault}
"""


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    here = place_in(request.param, tmp_path)
    yield here
    here.clear()


def alembic(place: Place, folder: Path, fault: str = "") -> Config:
    """Write the host's Alembic folder, and return its configuration."""
    names = {"prefix": place.prefix, "reform": str(REFORM), "fault": fault}
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT.format(**names))
    (folder / "versions" / "1.py").write_text(OURS.format(**names))
    (folder / "versions" / "2.py").write_text(THEIRS.format(**names))
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("sqlalchemy.url", place.url)
    return config


def test_a_revision_of_the_host_makes_our_tables_too(place: Place, tmp_path: Path) -> None:
    command.upgrade(alembic(place, tmp_path / "theirs"), "head")
    assert {"albums", "songs", "singers", "permit", "history", "theirs_version"} <= set(
        place.tables()
    )
    with connect(place.url, load(REFORM), prefix=place.prefix, create=False) as book:
        assert list(book.cases()) == []


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_later_revision_that_fails_takes_our_tables_with_it(place: Place, tmp_path: Path) -> None:
    """MariaDB commits what makes tables, and so does SQLite's driver."""
    config = alembic(place, tmp_path / "theirs", fault='op.execute("SELEKT")')
    with pytest.raises(sa.exc.ProgrammingError):
        command.upgrade(config, "head")
    assert place.tables() == []
