"""`import reformflow` is cheap: a program pays for an optional library when it uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ERRANDS = Path(__file__).parents[1] / "store" / "reforms" / "errands"
LATER = (
    "alembic",
    "chinese_calendar",
    "dd",
    "fastapi",
    "holidays",
    "hypothesis",
    "pytest",
    "python_calamine",
    "rich",
    "xlsxwriter",
    "z3",
)


SELDOM = (
    "difflib",
    "reformflow.casework.board",
    "reformflow.casework.evidence",
    "reformflow.casework.versions.migrating",
    "reformflow.engine.machine",
    "reformflow.evidence.keys",
    "reformflow.store.changes",
    "reformflow.words",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.postgresql",
    "transitions",
)
"""What a host that plans and carries out acts need not pay for."""


def loaded_by(statement: str) -> set[str]:
    """Return what a fresh interpreter has loaded after `statement`: modules, and their packages."""
    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{statement}\nimport json, sys\nprint(json.dumps(list(sys.modules)))",
        ],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    names: list[str] = json.loads(answer.stdout.splitlines()[-1])
    return {*names, *(name.partition(".")[0] for name in names)}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return loaded_by("import reformflow")


def test_the_fresh_interpreter_has_loaded_the_library(loaded: set[str]) -> None:
    assert "reformflow" in loaded


@pytest.mark.parametrize("name", LATER)
def test_importing_the_library_does_not_load(loaded: set[str], name: str) -> None:
    assert name not in loaded


def test_the_check_sees_a_library_that_is_loaded() -> None:
    assert "rich" in loaded_by("import rich.table")


@pytest.fixture(scope="module")
def carrying_out(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a host has loaded that opens a book which is there, plans an act, carries it out."""
    url = f"sqlite:///{tmp_path_factory.mktemp('host') / 'cases.db'}"
    begin = "from datetime import date; from reformflow import Actor, connect, load"
    book = f"book = connect({url!r}, load({str(ERRANDS)!r}))"
    loaded_by(f"{begin}\n{book}\nbook.close()")
    asked = "actor=Actor.holding('c', 'clerk'), on=date(2021, 2, 1)"
    run = f"book.plan('send', workflow='errand', {asked}).run()"
    return loaded_by(f"{begin}\n{book}\n{run}\nbook.close()")


@pytest.mark.parametrize("name", SELDOM)
def test_carrying_out_acts_does_not_load(carrying_out: set[str], name: str) -> None:
    assert "reformflow.store.bulk.sweep" in carrying_out
    assert name not in carrying_out


UNSEEN = (
    "alembic",
    "difflib",
    "reformflow.casework.bulk.transaction",
    "reformflow.checks",
    "reformflow.evidence.entries",
    "reformflow.sheets",
    "reformflow.store.bulk.sweep",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.postgresql",
    "transitions",
    "xlsxwriter",
)
"""What whoever only looks at the board need not pay for."""


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What `reformflow status` has loaded."""
    url = f"sqlite:///{tmp_path_factory.mktemp('board') / 'cases.db'}"
    made = f"from reformflow import connect, load\nconnect({url!r}, load({str(ERRANDS)!r})).close()"
    loaded_by(made)
    asked = f"main(['status', '--on', '2021-02-01', '--db', {url!r}])"
    return loaded_by(f"from reformflow.cli import main\n{asked}")


@pytest.mark.parametrize("name", UNSEEN)
def test_looking_at_the_board_does_not_load(looking: set[str], name: str) -> None:
    assert "reformflow.casework.totals" in looking
    assert name not in looking
