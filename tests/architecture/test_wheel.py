"""Whoever installs the wheel gets the shipped reforms and the types, and nothing of the tests."""

from __future__ import annotations

import pytest
from hatchling.builders.wheel import WheelBuilder

from support.repository import ROOT, WORKFLOWS, modules


@pytest.fixture(scope="module")
def packed() -> set[str]:
    """Return the paths inside the wheel that would be built from this checkout."""
    files = WheelBuilder(str(ROOT)).recurse_included_files()
    return {file.distribution_path.replace("\\", "/") for file in files}


def test_the_wheel_carries_every_file_of_every_shipped_reform(packed: set[str]) -> None:
    reforms = [path for path in WORKFLOWS.rglob("*") if path.is_file()]
    expected = {f"reformflow/shipped/{path.relative_to(WORKFLOWS).as_posix()}" for path in reforms}
    assert expected
    assert expected <= packed


def test_the_wheel_carries_every_module_and_the_mark_that_it_is_typed(packed: set[str]) -> None:
    expected = {path.relative_to(ROOT / "src").as_posix() for path in modules()}
    assert expected | {"reformflow/py.typed"} <= packed


def test_the_wheel_carries_nothing_else(packed: set[str]) -> None:
    assert {path for path in packed if not path.startswith("reformflow/")} == set()
