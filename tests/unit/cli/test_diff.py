"""`reformflow diff` says what differs in meaning, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.editions import HANDED, RENAMES, SEATS, edition


def test_what_differs_is_told_with_its_place_and_a_case(tmp_path: Path, run: Any) -> None:
    edition(tmp_path / "old")
    edition(tmp_path / "new", errand=[("posts <= 10", "posts <= 9")])
    done = run("diff", str(tmp_path / "old"), str(tmp_path / "new"))
    assert done.code == 1
    assert "errand.yaml:" in done.out
    assert "[newly_refused]" in done.out
    assert "posts = 10" in done.out


def test_it_is_told_in_chinese_and_in_json(tmp_path: Path, run: Any) -> None:
    edition(tmp_path / "old")
    edition(tmp_path / "new", errand=[("posts <= 10", "posts <= 12")])
    both = str(tmp_path / "old"), str(tmp_path / "new")
    assert "规则few_posts原先不允许的，现在允许" in run("diff", *both, "--lang", "zh").out
    done = run("diff", *both, "--json")
    (found,) = [one for one in done.document["differences"] if one["code"] == "newly_allowed"]
    assert found["witness"]["values"]["posts"] in {11, 12}
    assert done.document["digests"]["old"] != done.document["digests"]["new"]


def test_nothing_differs_where_words_and_names_do(tmp_path: Path, run: Any) -> None:
    edition(tmp_path / "old")
    edition(tmp_path / "new", errand=[*SEATS, *HANDED, ("at most ten seats", "ten at most")])
    renames = [part for old, new in RENAMES.items() for part in ("--rename", f"{old}={new}")]
    done = run("diff", str(tmp_path / "old"), str(tmp_path / "new"), *renames, "--lang", "en")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing differs in meaning.")


def test_what_is_gone_has_its_place_in_the_older_files(tmp_path: Path, run: Any) -> None:
    old = edition(tmp_path / "old", report=[("facts:\n", "facts:\n  spare: {type: int}\n")])
    edition(tmp_path / "new", visits=True)
    assert old.id == "errands"
    done = run("diff", str(tmp_path / "new"), str(tmp_path / "old"), "--json")
    (gone,) = [one for one in done.document["differences"] if one["code"] == "workflow_removed"]
    assert gone["file"] == "visit.yaml"


def test_an_unknown_rename_is_named(tmp_path: Path, run: Any) -> None:
    edition(tmp_path / "old")
    done = run("diff", *[str(tmp_path / "old")] * 2, "--rename", "errand.nope=other")
    assert done.code == 2
    assert "nope" in done.err
