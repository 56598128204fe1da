"""A reform is loaded from its folder, or by its id if it comes with the library."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reformflow.errors import DefinitionError
from reformflow.formats import load, shipped, shipped_folder
from reformflow.model import Option, PolicySetting, Text
from support.repository import ROOT, WORKFLOWS

BASE = ROOT / "tests" / "definitions" / "bad" / "base"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "reform"))


def test_a_folder_is_given_as_text_or_as_path() -> None:
    assert load(str(BASE)) == load(BASE)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_reform_is_loaded_by_its_id(name: str) -> None:
    assert load(name) == load(shipped_folder(name))
    assert load(name).id == name


def test_a_checkout_ships_what_stands_in_its_workflows_folder() -> None:
    assert set(shipped()) == {path.parent.name for path in WORKFLOWS.glob("*/reform.yaml")}
    assert shipped()


def test_a_misspelt_id_is_answered_with_the_nearest_one() -> None:
    name = shipped()[0]
    with pytest.raises(DefinitionError, match=f"did you mean '{name}'"):
        load(name + "x")
    with pytest.raises(DefinitionError, match=f"did you mean '{name}'"):
        shipped_folder(name + "x")


def test_a_reform_without_clauses_needs_no_clauses_file(folder: Path) -> None:
    (folder / "clauses.yaml").unlink()
    for path in folder.glob("*.yaml"):
        lines = [line for line in path.read_text().split("\n") if "R1" not in line]
        path.write_text(
            "\n".join(lines).replace(", clauses: [R2.1]", "").replace("clauses: R2.1", "")
        )
    (folder / "case.yaml").unlink()
    reform = folder / "reform.yaml"
    reform.write_text(reform.read_text().replace("[case, report]", "[report]"))
    assert load(folder).clauses == ()


def test_friendly_forms_mean_the_same_as_the_long_ones() -> None:
    reform = load(BASE)
    case = reform.workflow("case")
    policies = {policy.id: policy for policy in reform.policies}
    assert case.opening.by == ("office",)
    assert reform.roles[1].label == Text("Bureau", "Bureau")
    assert policies["late"].options[0] == Option("refuse", "refuse")
    assert policies["days"].options == (Option("few", 5), Option("many", 10))
    assert policies["returns"].options == (Option("on", "on"), Option("off", "off"))
    assert reform.effective_from == PolicySetting("start")
    assert reform.effective_on is not None
    assert reform.effective_on.isoformat() == "2021-02-20"


def test_the_message_names_the_folder_and_counts_the_problems(folder: Path) -> None:
    (folder / "case.yaml").write_text("workflow: case\nlable: x\n")
    with pytest.raises(DefinitionError) as caught:
        load(folder)
    assert caught.value.message == f"{folder} has 2 problems"
    assert "case.yaml:2:1: case.lable: [unknown_key]" in str(caught.value)


def test_a_definition_file_that_nobody_lists_is_not_passed_over(tmp_path: Path) -> None:
    """A workflow left out of the list by mistake is reported, not silently ignored."""
    shutil.copytree(shipped_folder(shipped()[0]), tmp_path / "reform")
    (tmp_path / "reform" / "stray.yaml").write_text("workflow: stray\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path / "reform")
    assert [(item.code, item.place.file) for item in caught.value.problems] == [
        ("unlisted_file", "stray.yaml")
    ]
