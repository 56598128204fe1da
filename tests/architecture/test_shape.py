"""The library stays readable: small modules, and every public name says what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.repository import SOURCE, module_name, modules

LINES = 400

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def undocumented(tree: ast.Module) -> list[str]:
    """Return the public names in `tree` that have no docstring."""
    return [name for name, node in _public("module", tree) if not ast.get_docstring(node)]


def _public(name: str, node: Documented) -> Iterator[tuple[str, Documented]]:
    yield name, node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not child.name.startswith("_") and not _repeats_a_name(child):
            yield from _public(f"{name}.{child.name}", child)


def _repeats_a_name(node: ast.AST) -> bool:
    """Say whether `node` is an overload or a property's setter, documented once elsewhere."""
    decorators = [ast.unparse(item) for item in getattr(node, "decorator_list", [])]
    return any(text.endswith(("overload", ".setter", ".deleter")) for text in decorators)


def test_the_library_has_modules_to_look_at() -> None:
    assert SOURCE / "errors.py" in modules()


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length < LINES, f"{length} lines are two modules"


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_every_public_name_says_what_it_is_for(path: Path) -> None:
    assert undocumented(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_check_finds_a_missing_docstring_at_every_level() -> None:
    tree = ast.parse(
        "class Open:\n"
        "    def say(self): ...\n"
        "    def _hide(self): ...\n"
        "    @size.setter\n"
        "    def size(self, value): ...\n"
        "def ask(): ...\n"
        "def _hide(): ...\n"
    )
    assert undocumented(tree) == ["module", "module.Open", "module.Open.say", "module.ask"]
