"""The reference of the Python interface shows the signatures that the library has."""

from __future__ import annotations

import re

import pytest

import reformflow
from support.repository import DOCS
from support.signatures import found, lines

PAGE = DOCS / "reference" / "python-api.md"
SECTION = re.compile(
    r"^### `(?P<name>[\w.]+)`\n\n```text\n(?P<shown>.*?)```", re.DOTALL | re.MULTILINE
)


def sections() -> dict[str, list[str]]:
    """Return the lines shown for each name."""
    return {
        hit["name"]: hit["shown"].splitlines() for hit in SECTION.finditer(PAGE.read_text("utf-8"))
    }


SECTIONS = sections()


@pytest.mark.parametrize("name", SECTIONS)
def test_what_the_reference_shows_of_a_name_is_so(name: str) -> None:
    real = lines(name)
    assert [line for line in SECTIONS[name] if line not in real] == []


@pytest.mark.parametrize("name", reformflow.__all__)
def test_a_public_name_is_in_the_reference_whole(name: str) -> None:
    dotted = f"reformflow.{name}"
    assert SECTIONS[dotted] == lines(dotted), "tests/support/refresh.py writes them anew"


def test_every_error_is_in_the_table_of_errors() -> None:
    text = PAGE.read_text("utf-8").partition("## Errors")[2]
    errors = found("reformflow.errors.ReformflowError")
    module = vars(__import__("reformflow.errors", fromlist=["*"]))
    names = [n for n, v in module.items() if isinstance(v, type) and issubclass(v, errors)]
    assert [name for name in names if f"| `{name}` |" not in text] == []
