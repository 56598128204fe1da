"""`import reformflow` is cheap: a program pays for an optional library when it uses it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

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


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after `statement`."""
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
    return {name.partition(".")[0] for name in json.loads(answer.stdout)}


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
