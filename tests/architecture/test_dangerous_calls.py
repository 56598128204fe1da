"""Nothing in the library runs text as a program, except one module that runs generated code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from support.repository import module_name, modules

NEVER = frozenset(
    {
        "__import__",
        "eval",
        "dill.load",
        "dill.loads",
        "marshal.load",
        "marshal.loads",
        "pickle.load",
        "pickle.loads",
        "pickle.Unpickler",
        "shelve.open",
        "yaml.full_load",
        "yaml.full_load_all",
        "yaml.load",
        "yaml.load_all",
        "yaml.unsafe_load",
        "yaml.unsafe_load_all",
    }
)
GENERATING = frozenset({"compile", "exec"})
GENERATOR = "reformflow.language.compile"


def dangerous_calls(tree: ast.Module, *, generates: bool = False) -> list[str]:
    """Return the forbidden functions that `tree` names, with their lines, whatever the alias."""
    forbidden = NEVER if generates else NEVER | GENERATING
    aliases = _aliases(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            head, _, rest = ast.unparse(node).partition(".")
            name = ".".join(part for part in (aliases.get(head, head), rest) if part)
            if name.removeprefix("builtins.") in forbidden:
                found.append(f"{name} in line {node.lineno}")
    return found


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for: `from yaml import load as read` → yaml.load."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases |= {item.asname: item.name for item in node.names if item.asname}
        elif isinstance(node, ast.ImportFrom):
            aliases |= {
                item.asname or item.name: f"{'.' * node.level}{node.module or ''}.{item.name}"
                for item in node.names
            }
    return aliases


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_a_definition_can_never_become_a_program(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert dangerous_calls(tree, generates=module_name(path) == GENERATOR) == []


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "run = eval",
        "import builtins\nbuiltins.exec('1')",
        "compile('1', '', 'eval')",
        "import yaml\nyaml.load(text, Loader=Core)",
        "from yaml import load as read\nread(text)",
        "import pickle as p\np.loads(body)",
        "__import__('os')",
    ],
)
def test_the_check_sees_through_aliases(text: str) -> None:
    assert dangerous_calls(ast.parse(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "import re\nre.compile('a')",
        "import yaml\nyaml.compose(text)",
        "from reformflow.language.compile import compile_rule\ncompile_rule(rule)",
        "import json\njson.loads(body)",
    ],
)
def test_the_check_leaves_innocent_names_alone(text: str) -> None:
    assert dangerous_calls(ast.parse(text)) == []
