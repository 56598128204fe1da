"""A changed definition at the command line: reviewed, migrated to, and the past judged by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
RENAME = ("--rename", "case.progress.draft=drawn_up", "--rename", "case.before=earlier")


@pytest.fixture
def edited(filled: Any) -> Any:
    """The filled place, whose definition was changed after that."""
    path = filled.folder / "sample" / "case.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("before: {type", "earlier: {type"),
        ("after > before", "after > earlier"),
        ("after <= before", "after <= earlier"),
        ("{before: before + 1}", "{earlier: earlier + 1}"),
        ("size_before: before", "size_before: earlier"),
        ("draft: {stage", "drawn_up: {stage"),
        ("to: draft", "to: drawn_up"),
        ("by: bureau, records: [started_on]", "by: office, records: [started_on]"),
        ("maximum: 900", "maximum: 3"),
        ("facts:\n", "facts:\n  remark: {type: text, by: bureau}\n"),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return filled


def test_a_plan_says_what_becomes_of_every_column(edited: Any, run: Run) -> None:
    arguments = ("upgrade", edited.reform, "--db", edited.url, *RENAME)
    done = run(*arguments, "--plan")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "case.remark: a new column (text), empty in the cases that are there" in lines
    assert "case.earlier: a new column that takes over before when cases are migrated" in lines
    assert lines[-1] == "4 changes; nothing was done."
    document = run(*arguments, "--plan", "--json").document
    assert {change["what"] for change in document["changes"]} == {
        "column_added",
        "renamed",
        "choices",
        "bounds",
    }
    sql = run(*arguments, "--sql")
    assert sql.out == document["sql"]
    assert sql.out.splitlines()[0].startswith('ALTER TABLE "case"')
    assert run("status", "--db", edited.url).code == 0


def test_a_plan_leaves_with_1_for_what_is_not_possible(filled: Any, run: Run) -> None:
    path = filled.folder / "sample" / "case.yaml"
    path.write_text(
        path.read_text().replace("note: {type: text, max_length: 50,", "note: {type: int,")
    )
    done = run("upgrade", filled.reform, "--db", filled.url, "--plan", "--lang", "zh")
    assert done.code == 1
    assert "不能更改类型" in done.out


@pytest.mark.parametrize("words", ["before", "=earlier", "before="])
def test_a_rename_that_cannot_be_read_is_bad_input(filled: Any, run: Run, words: str) -> None:
    done = run("upgrade", filled.reform, "--db", filled.url, "--plan", "--rename", words)
    assert done.code == 2
    assert "workflow.old=new" in done.err


def test_a_migration_is_foreseen_and_strands_no_case(edited: Any, run: Run) -> None:
    path = edited.folder / "sample" / "case.yaml"
    before = run("status", "--db", edited.url, "--json").document["board"]
    plan = ("migrate", "plan", edited.reform, "--db", edited.url)
    done = run(*plan, *RENAME[2:])
    assert done.code == 1
    assert "there is no state draft any more" in done.out
    done = run(*plan, *RENAME)
    assert (done.code, done.out.splitlines()[-2:]) == (
        1,
        ["1 case cannot go on like this.", "Nothing was done."],
    )
    assert "“after” is 4, which it may not be any more" in done.out
    assert run("upgrade", edited.reform, "--db", edited.url).code == 0
    move = ("migrate", "run", edited.reform, "--db", edited.url, "--actor", "wang", *RENAME)
    refused = run(*move)
    assert (refused.code, "1 cases cannot go on" in refused.err) == (2, True)
    path.write_text(path.read_text(encoding="utf-8").replace("maximum: 3", "maximum: 4"))
    assert run(*plan, *RENAME, "--json").document["stranded"] == 0
    assert run("upgrade", edited.reform, "--db", edited.url).code == 0
    done = run(*move, "--run", "r1", "--reason", "new rules")
    assert (done.code, done.out) == (0, "Run r1 is complete: 2 cases moved.\n")
    assert run(*move).out == "Every case follows this definition already.\n"
    assert run(*move, "--json").document["cases"] == 0
    assert run(*plan).code == 0
    after = run("status", "--db", edited.url, "--json").document["board"]
    assert [line["due"] for line in after] == [line["due"] for line in before]
    history = run("history", "--db", edited.url, "c1")
    assert "migrated" in history.out
    assert "new rules" in history.out
    assert run("verify", "--db", edited.url).code == 0
    listed = run("bulk", "list", "--db", edited.url, "--json").document["runs"]
    assert {one["run"] for one in listed} == {"r1/case", "r1/report"}


def test_the_past_is_judged_with_the_roles_of_a_roster(edited: Any, run: Run) -> None:
    replay = ("replay", edited.reform, "--db", edited.url, *RENAME)
    roster = ("--roster", str(edited.folder / "roster"))
    done = run(*replay)
    assert "authority was not judged" in done.out
    done = run(*replay, *roster)
    assert done.code == 1
    assert "c1 no. 3, 2021-03-01, li: fired start" in done.out
    assert "not_authorised" in done.out
    assert "authority was not judged" not in done.out
    document = run(*replay, *roster, "--case", "c1", "--json").document
    assert {one["case"] for one in document["decisions"]} == {"c1"}
    assert document["refused"] == len(document["decisions"])
    [started] = [one for one in document["decisions"] if one["name"] == "start"]
    assert started["refusals"][0]["code"] == "not_authorised"
