"""Every example that a user can copy from the documentation works as it stands.

The blocks of one page run in order, in a folder of their own: see `support.pages`. No comment can
switch one off: code that shall not run is not marked as Python.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.pages import EXAMPLES, PageError, compare, parsed, transcript
from support.repository import ROOT, documents

README = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def written(tmp_path: Path, *lines: str) -> Path:
    """Return a page of these lines."""
    page = tmp_path / "page.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return page


PAGES = [path for path in documents() if list(parsed(path).examples())]


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_the_examples_of_a_page_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if EXAMPLES.is_dir():
        shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for example in parsed(path).examples():
        example.evaluate()


def test_both_readmes_show_code() -> None:
    assert {README, CHINESE} <= set(PAGES)


def test_a_wrong_example_fails_and_a_right_one_passes(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        *("```python", "x = 1", "```", ""),
        *("```python", "assert x == 1", "```", ""),
        *("```python", ">>> x + 1", "3", "```", ""),
        *("```text", "not code", "```"),
    )
    first, second, third = parsed(page).examples()
    first.evaluate()
    second.evaluate()
    with pytest.raises(Exception, match="Expected:\n    3\nGot:\n    2"):
        third.evaluate()


def test_a_named_block_becomes_a_file_and_another_is_only_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = written(
        tmp_path,
        *("```yaml", "# a/b.yaml", "x: 1", "```", ""),
        *("```csv", "# a/c.csv", "id,n", "1,2", "```", ""),
        *("```yaml", "x: 2", "```"),
    )
    monkeypatch.chdir(tmp_path)
    for example in parsed(page).examples():
        example.evaluate()
    assert (tmp_path / "a" / "b.yaml").read_text("utf-8") == "# a/b.yaml\nx: 1\n"
    assert (tmp_path / "a" / "c.csv").read_text("utf-8") == "id,n\n1,2\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "page.md"]


def test_a_change_replaces_the_lines_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\ny: 2\nz: 3\n", encoding="utf-8")
    page = written(
        tmp_path,
        *("```diff", "--- a.yaml", "-x: 1", " y: 2", "@@", " z: 3", "+w: 4", "```", ""),
        *("```diff", "--- a.yaml", "-x: 1", "```"),
    )
    monkeypatch.chdir(tmp_path)
    first, again = parsed(page).examples()
    first.evaluate()
    assert (tmp_path / "a.yaml").read_text("utf-8") == "y: 2\nz: 3\nw: 4\n"
    with pytest.raises(PageError, match="0 times"):
        again.evaluate()


def test_a_named_block_stays_in_the_folder_of_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = written(tmp_path, "```yaml", "# ../b.yaml", "x: 1", "```")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PageError, match="not inside"):
        next(iter(parsed(page).examples())).evaluate()


def test_a_block_that_names_a_shipped_example_shows_it_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(EXAMPLES.rglob("*.yaml")).relative_to(EXAMPLES)
    page = written(tmp_path, "```yaml", f"# {name}", "something: else", "```")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PageError, match="otherwise than"):
        next(iter(parsed(page).examples())).evaluate()


def test_a_command_is_not_passed_over(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        *("```sh", "reformflow check here", "```", ""),
        *("```console", "reformflow check here", "```"),
    )
    for example in parsed(page).examples():
        with pytest.raises(PageError, match=r"is not run|begins with"):
            example.evaluate()


def test_commands_and_what_is_shown_below_them_are_told_apart() -> None:
    text = "$ reformflow check \\\n    here\nfine\n\n$ echo $?\n0\n"
    assert list(transcript(text)) == [("reformflow check here", "fine\n\n"), ("echo $?", "0\n")]


def test_what_a_command_prints_is_compared_and_dots_stand_for_anything() -> None:
    compare("it", "one ... three\n", "one two three\n\n")
    with pytest.raises(PageError, match="printed:\none two"):
        compare("it", "one ... three\n", "one two four\n")


def test_a_status_that_the_page_does_not_show_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hidden = written(tmp_path, "```console", "$ reformflow check no-such-folder", "...", "```")
    with pytest.raises(PageError, match="status 2"):
        next(iter(parsed(hidden).examples())).evaluate()
    command = ("$ reformflow check no-such-folder", "...", "$ echo $?", "2")
    told = written(tmp_path, "```console", *command, "```")
    next(iter(parsed(told).examples())).evaluate()
