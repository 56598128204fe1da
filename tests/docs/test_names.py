"""What the documentation says about the code is so: modules, layers."""

from __future__ import annotations

import re
import tomllib

import pytest

from support.repository import DOCS, ROOT, module_name, modules

GLOSSARY = DOCS / "reference" / "glossary.md"
ARCHITECTURE = DOCS / "explanation" / "architecture.md"


def glossary() -> dict[str, str]:
    """Return the module of each word of the glossary."""
    row = re.compile(r"^\| (?P<word>[^|]+?) \|.*\| `(?P<module>[\w.]+)` \|$", re.MULTILINE)
    return {hit["word"]: hit["module"] for hit in row.finditer(GLOSSARY.read_text("utf-8"))}


WORDS = (
    *("Reform", "Clause", "Workflow", "Track", "Stage", "State", "Transition", "Rule", "Fact"),
    *("Deadline", "Window", "Policy", "Case", "Entry", "Decision", "Refusal", "Finding", "Actor"),
    *("Role", "Request", "Duty", "Calendar", "Roster", "Ledger", "History", "Tick", "Unlock"),
    *("Book", "Casework", "Docket", "Engine", "Practice", "Board", "Unknown", "Lateness", "Key"),
)
"""What every page may use without explaining it."""


def agreed_layers() -> list[list[str]]:
    """Return the layers that import-linter holds, the highest first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {item["id"]: item for item in config["tool"]["importlinter"]["contracts"]}
    return [re.findall(r"\w+", line) for line in contracts["layers"]["layers"]]


def test_the_glossary_is_read_whole() -> None:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and "---" not in line]
    assert len(glossary()) == len(rows) - sum("lives in" in line for line in rows)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_the_pages_use_is_in_the_glossary(word: str) -> None:
    assert word in glossary()


@pytest.mark.parametrize(("word", "module"), glossary().items(), ids=glossary().keys())
def test_a_word_of_the_glossary_leads_to_its_module(word: str, module: str) -> None:
    assert module in {module_name(path) for path in modules()}, f"{word} lives elsewhere"


def test_the_architecture_page_shows_the_layers_that_the_gate_holds() -> None:
    section = ARCHITECTURE.read_text("utf-8").partition("## Layers")[2]
    drawn = [re.findall(r"\w+", line) for line in section.splitlines() if line.startswith("    ")]
    assert drawn[: len(agreed_layers())] == agreed_layers()


def test_every_package_has_its_layer() -> None:
    layers = {name for line in agreed_layers() for name in line}
    packages = {name.split(".")[1] for name in map(module_name, modules()) if "." in name}
    assert packages - {"__main__"} <= layers
