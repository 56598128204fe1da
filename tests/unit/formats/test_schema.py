"""The JSON Schemas that editors use are current, accept what loads and refuse plain mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
import yamlcore

from reformflow.formats import load, shipped_folder, to_yaml
from reformflow.formats.folder import shipped
from reformflow.formats.schema import schema_text, schemas, write_schemas
from support.repository import ROOT

SCHEMA = ROOT / "schema"
BAD = ROOT / "tests" / "definitions" / "bad"
FOLDERS = [BAD / "base", *map(shipped_folder, shipped())]


def kind(path: Path) -> str:
    return path.stem if path.stem in {"reform", "clauses"} else "workflow"


def faults(data: Any, name: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schemas()[name])
    return [error.message for error in validator.iter_errors(data)]


def read(text: str) -> Any:
    return yaml.load(text, Loader=yamlcore.CCoreLoader)  # noqa: S506 - has no unsafe tags


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_itself_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("name", schemas())
def test_the_committed_schema_is_current(name: str) -> None:
    """If not: python -m reformflow.formats.schema."""
    committed = (SCHEMA / f"{name}.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(schemas()[name])


def test_schemas_are_written_where_asked(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "made")
    assert [json.loads(path.read_text(encoding="utf-8")) for path in paths] == list(
        schemas().values()
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_that_load_are_valid(folder: Path) -> None:
    files = [folder / name for name in to_yaml(load(folder))]
    for path in files:
        if path.exists():
            assert faults(read(path.read_text(encoding="utf-8")), kind(path)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_that_are_written_are_valid(folder: Path) -> None:
    for name, text in to_yaml(load(folder)).items():
        assert faults(read(text), kind(Path(name))) == []


@pytest.mark.parametrize(
    "name",
    [
        "unknown-key",
        "unknown-key-in-fact",
        "unknown-key-in-due",
        "unknown-language",
        "bool-written-no",
        "int-quoted",
        "fact-unknown-type",
        "fact-without-type",
        "transition-without-from",
        "date-other-order",
        "due-unknown-late",
        "workflow-without-tracks",
        "id-not-an-identifier",
        "id-begins-with-digit",
    ],
)
def test_an_editor_underlines_plain_mistakes(name: str) -> None:
    text = (BAD / f"{name}.yaml").read_text(encoding="utf-8")
    assert faults(read(text), "workflow") != []


def test_chinese_ids_are_valid_in_an_editor() -> None:
    text = "workflow: 部门\ntracks: {进度: {initial: 起草, states: {起草: }}}\n"
    assert faults(read(text), "workflow") == []
