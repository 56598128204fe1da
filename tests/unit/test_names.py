"""Names that are loaded when first used are found as if the package had imported them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

PACKAGES = ["", ".binding", ".casework", ".engine", ".evidence", ".store", ".testing"]


def fresh(code: str) -> str:
    """Run lines in an interpreter that has loaded nothing yet; returns what they print."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_its_public_names_before_any_is_used(package: str) -> None:
    """`dir` is what a shell completes from."""
    name = f"reformflow{package}"
    public = sorted(import_module(name).__all__)
    assert fresh(f"import {name} as p; print(dir(p))") == f"{public}\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there(package: str) -> None:
    module = import_module(f"reformflow{package}")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_the_modules_of_public_names_are_found_without_an_import_of_their_own() -> None:
    """Errors above all: they are looked for only when one is raised."""
    code = "import reformflow as r; print(r.errors.Conflict.__name__, r.casework.Practice.__name__)"
    assert fresh(code) == "Conflict Practice\n"


def test_a_misspelt_name_is_told_with_the_nearest() -> None:
    answer = fresh("import reformflow; reformflow.conect")
    assert "AttributeError: module 'reformflow' has no attribute 'conect'" in answer
    assert "Did you mean: 'connect'?" in answer
    assert "ImportError: cannot import name 'conect'" in fresh("from reformflow import conect")


@pytest.mark.parametrize("name", ["lifecycle", "run_lifecycle", "strategies"])
def test_what_needs_hypothesis_names_the_extra_without_it(name: str) -> None:
    answer = fresh(
        f"import sys; sys.modules['hypothesis'] = None; from reformflow.testing import {name}"
    )
    assert "MissingExtra" in answer
    assert "pip install 'reformflow[testing]'" in answer
