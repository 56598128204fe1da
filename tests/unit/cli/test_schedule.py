"""`reformflow schedule`: by when stages have to begin, in words and as a document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.building import HEAD

Run = Callable[..., Any]

FLOW = """workflow: case
label: {en: Permit, zh: 许可}
facts: {}
tracks:
  progress:
    initial: a
    label: {en: Progress, zh: 推进}
    states: {a: {label: {en: draft, zh: 起草}}, b: {label: {en: granted, zh: 已许可}}}
transitions:
  one: {from: a, to: b, by: office, due: {%s}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], str]:
    def write(due: str) -> str:
        lines = (HEAD % "case").splitlines()
        (tmp_path / "reform.yaml").write_text("\n".join(line[4:] for line in lines))
        (tmp_path / "case.yaml").write_text(FLOW % due)
        return str(tmp_path)

    return write


def test_stages_are_shown_with_their_days(folder: Callable[[str], str], run: Run) -> None:
    done = run("schedule", folder("on: 2021-03-05"))
    assert done.code == 0
    assert "latest safe start" in done.out
    (row,) = [line for line in done.out.splitlines() if " draft " in line]
    assert row.split() == ["Permit", "Progress", "draft", "2021-03-05", "2021-03-05"]
    in_chinese = run("schedule", folder("on: 2021-03-05"), "--lang", "zh").out
    assert "最迟开始" in in_chinese
    assert "2021年3月5日" in in_chinese


def test_days_from_the_opening_are_known_once_it_is(folder: Callable[[str], str], run: Run) -> None:
    path = folder("days: 5, after: opened")
    assert run("schedule", path).out == "No day is the same for every case.\n"
    document = run("schedule", path, "--opened", "2021-03-01", "--json").document
    assert (document["reform"], document["opened"]) == ("sample", "2021-03-01")
    assert document["stages"][0] == {
        "workflow": "case",
        "track": "progress",
        "id": "a",
        "earliest": "2021-03-01",
        "latest": "2021-03-06",
        "due": "2021-03-06",
    }
