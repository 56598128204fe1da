"""A reader never follows a link of the documentation into nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.repository import DOCS, ROOT, documents

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


def broken_links(path: Path) -> list[str]:
    """Return the links from the Markdown file `path` to files that do not exist."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    inside = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:|#", link)]
    return [link for link in inside if not (path.parent / link.partition("#")[0]).exists()]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(path: Path) -> None:
    assert broken_links(path) == []


@pytest.mark.parametrize("folder", ["tutorial", "how-to", "reference", "explanation"])
def test_a_reader_finds_every_page_from_the_index_of_its_folder(folder: str) -> None:
    index = DOCS / folder / "index.md"
    listed = {link.partition("#")[0] for link in LINK.findall(index.read_text("utf-8"))}
    pages = {path.name for path in index.parent.glob("*.md")} - {"index.md"}
    assert pages - listed == set()


def test_the_check_finds_a_broken_link(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md#part) [b](gone.md) [c](https://example.org)\n```\n[d](code.md)\n```\n",
        encoding="utf-8",
    )
    (tmp_path / "there.md").touch()
    assert broken_links(page) == ["gone.md"]
