"""Another policy is another folder: the library knows nothing of any reform that it ships.

Looked for, as whole words, in every file of the library: the words that name the first reform; the
folder and id of every shipped reform; and from its definitions the ids of workflows and roles, the
labels of these in Chinese, and every id made of several words (`setup_approval_on`). A one-word id
of a state or a fact (`planning`) is ordinary English and proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.repository import ROOT, SOURCE, WORKFLOWS

NAMES_OF_THE_FIRST = frozenset(
    {
        "department",
        "departments",
        "matter",
        "matters",
        "putuo",
        "secondment",
        "secondments",
        "secondee",
        "secondees",
        "普陀",
        "部门",
    }
)
# Words that a shipped reform uses as an id and that the library needs in a sense of its own.
ORDINARY: frozenset[str] = frozenset(
    {
        "adopted_on",  # a key of every reform's document
        "系统",  # "the system", in sentences about what the library itself does
    }
)

LETTERS = 6
SECTIONS = ("facts", "tracks", "stages", "states", "rules", "transitions", "duties", "children")


def ids_of(definition: dict[str, Any]) -> set[str]:
    """Return the ids in one YAML file of a reform that only that reform would use."""
    named = {definition.get("reform", ""), definition.get("workflow", "")}
    roles = definition.get("roles") or {}
    labels = {_chinese(definition), *(_chinese(role) for role in roles.values())}
    compound = {name for name in _ids_in_sections(definition) if re.search(r"[_-]", name)}
    compound |= {name for name in definition.get("policies") or {} if "_" in name}
    words = {name for name in {*named, *roles, *compound} if len(name) >= LETTERS}
    return (words | labels) - {""}


def _ids_in_sections(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in SECTIONS and isinstance(value, dict):
                yield from value
            yield from _ids_in_sections(value)


def _chinese(node: object) -> str:
    label = node.get("label") if isinstance(node, dict) else None
    return label.get("zh", "") if isinstance(label, dict) else ""


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """Return those of `words` that stand in `text` as whole words, in small or capital letters."""
    present = set(re.findall(r"[A-Za-z0-9_-]+", text.lower()))
    present |= {part for word in present for part in re.split(r"[_-]", word)}
    return sorted(
        word for word in words if (word.lower() in present if word.isascii() else word in text)
    )


def shipped() -> list[Path]:
    return sorted(path for path in WORKFLOWS.glob("*/*.yaml") if path.name != "clauses.yaml")


@pytest.fixture(scope="module")
def forbidden() -> set[str]:
    words = set(NAMES_OF_THE_FIRST) | {path.name for path in WORKFLOWS.iterdir() if path.is_dir()}
    for path in shipped():
        words |= ids_of(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506
    return words - ORDINARY


def library_files() -> list[Path]:
    return sorted(
        path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )


@pytest.mark.parametrize("path", library_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_of_the_library_names_no_reform(path: Path, forbidden: set[str]) -> None:
    assert found_in(path.read_text(encoding="utf-8"), forbidden) == []


def test_the_words_are_collected_from_a_definition() -> None:
    definition = {
        "workflow": "grazing",
        "label": {"en": "grazing permit", "zh": "放牧证"},
        "roles": {"warden": {"label": {"zh": "护林员"}}, "aide": {}},
        "policies": {"late_herds": {}, "late": {}},
        "tracks": {"main": {"states": {"herd_counted": {}, "open": {}}}},
    }
    expected = {"grazing", "放牧证", "warden", "护林员", "late_herds", "herd_counted"}
    assert ids_of(definition) == expected


@pytest.mark.parametrize("text", ["a Matter of", "all_matters", "# 普陀区", "matters.state"])
def test_the_check_finds_a_planted_name(text: str) -> None:
    assert found_in(text, NAMES_OF_THE_FIRST) != []


@pytest.mark.parametrize("text", ["formatters", "matterhorn", "pattern"])
def test_the_check_leaves_longer_words_alone(text: str) -> None:
    assert found_in(text, NAMES_OF_THE_FIRST) == []


def test_every_exception_is_still_needed() -> None:
    assert all(
        any(found_in(path.read_text(encoding="utf-8"), [word]) for path in library_files())
        for word in ORDINARY
    )
