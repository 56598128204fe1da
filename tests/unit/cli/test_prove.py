"""`prove`, `mutants` and `simulate`: what they print, write and leave with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reformflow.formats import load
from reformflow.testing.examples import examples
from support.repository import DOCS

PROPERTIES = """workflow: permit
properties:
  granted_after_applying:
    never: state == "granted" and apply.on is None
    says: {en: nothing is granted that was not applied for, zh: 未申请的不予许可}
    clauses: [S4]
  small: {when: state == "granted", then: area <= 12, clauses: [S3]}
  soon: {when: state == "applied", leads_to: state == "granted", within: {working_days: 12}}
"""


@pytest.fixture
def stalls(tmp_path: Path) -> Path:
    folder = tmp_path / "market-stalls"
    shutil.copytree(DOCS / "examples" / "market-stalls", folder)
    (folder / "properties").mkdir()
    (folder / "properties" / "permit.yaml").write_text(PROPERTIES, "utf-8")
    return folder


def test_properties_beside_a_reform_are_proved_or_refuted(stalls: Path, run: Any) -> None:
    done = run("prove", str(stalls), "--json", "--write", str(stalls / "out"))
    standing = {one["property"]: one["standing"] for one in done.document["properties"]}
    assert standing == {"granted_after_applying": "proved", "small": "refuted", "soon": "proved"}
    assert done.code == 1
    small = stalls / "out" / "small"
    told = ("run", str(stalls), "--roster", str(small / "roster"))
    replayed = run(*told, "--ledger", str(small / "ledger.csv"), "--db", f"sqlite:///{small}/s.db")
    assert replayed.code == 0
    assert "No line was refused." in replayed.out


def test_a_reform_without_properties_is_told_where_they_go(stalls: Path, run: Any) -> None:
    shutil.rmtree(stalls / "properties")
    done = run("prove", str(stalls))
    assert done.code == 2
    assert "has no properties (write what must hold in files of " in done.err
    assert "--properties" in done.err


def test_one_of_them_in_chinese(stalls: Path, run: Any) -> None:
    done = run("prove", str(stalls), "--only", "granted_after_applying", "--lang", "zh")
    assert (done.code, done.out.splitlines()[-1]) == (0, "已证明1项，已否证0项，未定0项")
    wrong = run("prove", str(stalls), "--only", "granted_after")
    assert (wrong.code, "granted_after_applying" in wrong.err) == (2, True)


def test_paths_tell_what_they_show_and_are_written_as_an_example(stalls: Path, run: Any) -> None:
    done = run("paths", str(stalls), "--write", str(stalls / "examples"), "--json")
    (permit,) = done.document["workflows"]
    assert permit["workflow"] == "permit"
    assert (permit["courses"] > 2, permit["shown"] > 10) == (True, True)
    reform = load(stalls)
    (example,) = examples(stalls, reform)
    assert list(example.unexpected(reform)) == []
    notes = example.notes
    assert "expect: refused small_enough S3" in notes
    assert 10 < sum(not note for note in notes) < len(notes)
    assert run("paths", str(stalls)).out.startswith("permit: ")
    sound = stalls / "properties" / "permit.yaml"
    sound.write_text(PROPERTIES.split("  small:", maxsplit=1)[0], "utf-8")
    about = ("--about", "transitions grant by with", "--walks", "1")
    found = run("mutants", str(stalls), *about, "--json").document
    assert found["killed"] == found["mutants"] > found["by_properties"]


def test_mutants_go_on_where_they_were_broken_off(stalls: Path, run: Any) -> None:
    state = stalls / "state.jsonl"
    sound = stalls.parent / "sound.yaml"
    sound.write_text(PROPERTIES.split("  small:", maxsplit=1)[0], "utf-8")
    told = ("mutants", str(stalls), "--properties", str(sound), "--about", "transitions apply by")
    told += ("--walks", "3", "--state", str(state))
    first = run(*told, "--json")
    assert first.document["mutants"] == len(state.read_text("utf-8").splitlines()) > 0
    lines = state.read_text("utf-8").splitlines()
    state.write_text("\n".join(lines[:1]) + "\n", "utf-8")
    assert run(*told, "--json").document == first.document
    assert [json.loads(line)["name"] for line in state.read_text("utf-8").splitlines()]
    alive = first.document["alive"]
    assert {one["file"] for one in alive} <= {"permit.yaml"}
    assert all(one["line"] > 0 for one in alive)


def test_a_property_that_the_reform_itself_breaks_stops_the_hunt(stalls: Path, run: Any) -> None:
    done = run("mutants", str(stalls))
    assert done.code == 2
    assert done.out == ""
    assert "already of the reform as it is, small does not hold" in done.err
    assert "mend one of the two first" in done.err
