"""The page of promises names tests that exist, and every test of faults proves one of them."""

from __future__ import annotations

import re

from support.repository import DOCS, ROOT

PAGE = DOCS / "explanation" / "promises.md"


def named() -> dict[str, list[str]]:
    """Return the files that the page names for each promise."""
    text = PAGE.read_text("utf-8").partition("## The tests")[2].partition("\n## ")[0]
    items = re.split(r"^- \*\*(I\d+)\*\*", text, flags=re.MULTILINE)[1:]
    return {
        number: re.findall(r"`(tests/[\w/.]+)`", item)
        for number, item in zip(items[::2], items[1::2], strict=True)
    }


def test_every_promise_names_tests_that_exist() -> None:
    promised = re.findall(r"^\| (I\d+) \|", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert promised == list(named()) == [f"I{number}" for number in range(1, 16)]
    for number, files in named().items():
        assert files, number
        assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_test_of_faults_is_named_under_the_promise_it_says() -> None:
    for path in (ROOT / "tests" / "faults").glob("test_*.py"):
        said = re.findall(r"I\d+", path.read_text("utf-8").partition('"""')[2].partition("\n")[0])
        assert said, path.name
        for number in said:
            assert f"tests/faults/{path.name}" in named()[number]
