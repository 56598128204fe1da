"""Every Python example that a user can copy from the documentation runs as it stands.

The examples of one page run in order and share their names, in an empty folder. No comment can
switch one off: code that shall not run is not marked as Python.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.document import Document
from sybil.parsers.myst import PythonCodeBlockParser

from support.repository import ROOT, documents

README = ROOT / "README.md"


def parsed(path: Path) -> Document:
    """Return the Markdown file `path` with its Python examples, fenced or in a directive."""
    return Sybil(parsers=[PythonCodeBlockParser()], path=str(path.parent)).parse(path)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


PAGES = [path for path in documents() if list(parsed(path).examples())]


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_the_examples_of_a_page_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for example in parsed(path).examples():
        example.evaluate()


@pytest.mark.skipif(not README.exists(), reason="the README is not written yet")
def test_the_readme_shows_code() -> None:
    assert README in PAGES


def test_a_wrong_example_fails_and_a_right_one_passes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 1\n```\n\n```python\nassert x == 1\n```\n\n"
        "```python\n>>> x + 1\n3\n```\n\n```text\nnot code\n```\n",
        encoding="utf-8",
    )
    first, second, third = parsed(page).examples()
    first.evaluate()
    second.evaluate()
    with pytest.raises(Exception, match="Expected:\n    3\nGot:\n    2"):
        third.evaluate()
