"""The Django project of the how-to runs on servers as on SQLite, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from support.databases import Place, place_in
from support.pages import EXAMPLES, python_of
from support.repository import DOCS
from support.servers import KINDS

PAGE = DOCS / "how-to" / "django.md"
ENGINES = {
    "sqlite": ("django.db.backends.sqlite3", "sqlite"),
    "postgresql": ("django.db.backends.postgresql", "postgresql+psycopg"),
    "mariadb": ("django.db.backends.mysql", "mysql+pymysql"),
}
SETTINGS = """{
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": "town.db",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        }"""
BEFORE = """
import pymysql
pymysql.version_info = (2, 2, 7, "final", 0)  # the release of mysqlclient that Django wants
pymysql.install_as_MySQLdb()
"""
AFTER = """
from reformflow.errors import Conflict, TransactionLost

with casework() as work:
    assert work.verify() == ()
    assert work.history("p1")[0].recorded_at.tzinfo is UTC
    assert [line.case for line in work.board(day)] == ["p1"]

seen = lend()
with transaction.atomic(), casework() as work:
    work.fire("p1", "apply", actor=mei, on=day).raise_for_refusal()
    transaction.set_rollback(True)
assert lend() is seen
with casework() as work:
    assert work.case("p1").values["progress.state"] == "draft"
    assert len([*work.cases()]) == 1
connection.close()
with transaction.atomic(), casework() as work:  # on a new connection of Django's
    work.fire("p1", "apply", actor=mei, on=day).raise_for_refusal()
with casework() as work:
    assert work.case("p1").values["progress.state"] == "applied"
connection.close()
print("told to the end")
"""


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place_in(request.param, tmp_path)


def settings_of(place: Place) -> str:
    """Return the settings of Django for a place's database."""
    url = sa.engine.make_url(place.url)
    engine, _ = ENGINES[place.kind]
    found = {"ENGINE": engine, "NAME": str(url.database)}
    if place.kind != "sqlite":
        port = str(url.port or "")
        found |= {"USER": url.username or "", "PASSWORD": url.password or "", "PORT": port}
        found |= {"HOST": url.host or ""}
    return repr(found)


def test_the_project_of_the_page_runs(place: Place, tmp_path: Path) -> None:
    prefix = place.prefix or "t_"
    text = python_of(PAGE).replace(SETTINGS, settings_of(place))
    for old, new in [
        ('prefix="rf_"', f'prefix="{prefix}"'),
        ('"stalls_receipt"', f'"{prefix}receipt"'),
        ('borrowed_engine("sqlite"', f'borrowed_engine("{ENGINES[place.kind][1]}"'),
    ]:
        assert old in text
        text = text.replace(old, new)
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    project = tmp_path / "project.py"
    project.write_text((BEFORE if place.kind == "mariadb" else "") + text + AFTER, "utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(project)],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.stdout.endswith("told to the end\n"), done.stderr
    finally:
        place.clear()
