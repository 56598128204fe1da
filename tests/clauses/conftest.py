"""One test for each check of a class of clauses."""

from __future__ import annotations

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hand the checks of a class to its test, one by one."""
    if "check" in metafunc.fixturenames and metafunc.cls is not None:
        checks = metafunc.cls.checks
        metafunc.parametrize("check", checks, ids=[check.name for check in checks])
