"""No kind of database is left out in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import databases, servers
from support.repository import ROOT

NOWHERE = "mysql+pymysql://nobody@127.0.0.1:1/nothing"


def test_a_database_that_is_not_there_is_skipped_and_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(kind: str) -> str:
        message = f"no {kind} for tests: set REFORMFLOW_TEST_MARIADB to a URL"
        raise servers.Missing(message)

    monkeypatch.setattr(databases, "address", nobody)
    with pytest.raises(pytest.skip.Exception, match="no mariadb for tests: set REFORMFLOW_TEST"):
        databases.place_in("mariadb", tmp_path)
    assert databases.place_in("sqlite", tmp_path).kind == "sqlite"


@pytest.mark.parametrize(("ci", "status"), [("true", 4), ("", 0)])
def test_continuous_integration_does_not_begin_without_a_database(ci: str, status: int) -> None:
    """Status 4 is pytest's for a command that cannot be carried out."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/unit/test_errors.py",
        ],
        cwd=ROOT,
        env={**os.environ, "CI": ci, servers.VARIABLES["mariadb"]: NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert ("REFORMFLOW_TEST_MARIADB leads nowhere" in done.stderr) is bool(ci)
