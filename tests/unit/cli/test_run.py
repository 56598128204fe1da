"""The main job: what it applies, what it refuses, and that doing it twice changes nothing."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reformflow.casework import Book, Casework
from reformflow.errors import StoreError

Run = Callable[..., Any]


def dump(place: Any) -> list[str]:
    """Return everything that a database holds."""
    path = place.url.removeprefix("sqlite:///")
    return list(sqlite3.connect(path).iterdump()) if Path(path).exists() else []


def test_it_applies_the_ledger_and_reports_what_was_refused(place: Any, run: Run) -> None:
    done = run(*place.arguments())
    assert done.code == 0
    assert done.err == ""
    assert "ledger.csv:5  k4  c2  “finish”  2021-03-03  wang" in done.out
    assert (
        "Not recorded yet: “before”; needed for: no growth. [not_recorded: no_growth]" in done.out
    )
    assert "clause R2.1 (二（一）) reports are due" in done.out
    assert "to do Record “before” (by Bureau of the case's own unit)." in done.out
    assert "Refused lines (3)" in done.out
    assert "Roster: 2 lines = 2 opened + 0 open before + 0 refused + 0 not readable" in done.out
    assert "Ledger: 8 lines = 4 applied + 1 applied before + 3 refused + 0 not readable" in done.out


def test_a_line_about_a_case_that_was_never_opened_is_refused_with_that_reason(
    place: Any, run: Run
) -> None:
    done = run(*place.arguments())
    assert "ledger.csv:9  k7  c3" in done.out
    assert "The case c3 is not open, because its opening was refused." in done.out


def test_it_speaks_chinese(place: Any, run: Run) -> None:
    done = run(*place.arguments(), "--lang", "zh")
    assert "未通过的行（3）" in done.out
    assert "尚未记录：“before”；用于：不得增加。" in done.out
    assert "台账：共8行 = 已办理4 + 此前已办理1 + 未通过3 + 无法处理0" in done.out


def test_running_it_twice_changes_nothing(filled: Any, run: Run) -> None:
    before = dump(filled)
    done = run(*filled.arguments())
    assert dump(filled) == before
    assert "Roster: 2 lines = 0 opened + 2 open before" in done.out
    assert "Ledger: 8 lines = 0 applied + 5 applied before + 3 refused" in done.out
    assert "(refused before)" in done.out


def test_strict_leaves_with_one_if_a_line_was_refused(place: Any, run: Run) -> None:
    assert run(*place.arguments(), "--strict").code == 1
    ledger = place.folder / "ledger.csv"
    ledger.write_text(ledger.read_text().splitlines()[0] + "\n")
    assert run(*place.arguments(), "--strict").code == 0


def test_the_document_holds_all_of_it(place: Any, run: Run) -> None:
    document = run(*place.arguments(), "--json").document
    assert (document["format"], document["command"], document["reform"]) == (1, "run", "sample")
    counts = {"lines": 8, "done": 4, "before": 1, "refused": 3, "invalid": 0, "brought": 1}
    assert document["ledger"] == counts
    first, *_, last = document["refused"]
    assert (first["line"], first["key"], first["case"], first["act"]) == (5, "k4", "c2", "fire")
    assert first["refusals"][0]["clauses"] == [
        {"id": "R2.1", "at": "二（一）", "says": "reports are due"}
    ]
    assert (last["unopened"], last["refusals"]) == ("c3", [])
    assert document["on"] == "2021-04-06"
    for row in document["totals"]:
        standings = ("on_time", "due_soon", "late", "done", "paused", "no_date")
        assert sum(row[name] for name in standings) == row["cases"] == 2


@pytest.mark.parametrize("bad", ["roster", "ledger", "reform"])
def test_an_unreadable_input_changes_nothing_and_makes_nothing(
    place: Any, run: Run, bad: str
) -> None:
    path = {"roster": "roster/case.csv", "ledger": "ledger.csv", "reform": "sample/case.yaml"}[bad]
    with (place.folder / path).open("a", encoding="utf-8") as file:
        file.write("what,is,this\n")
    done = run(*place.arguments())
    assert done.code == 2
    assert "Traceback" not in done.err
    assert path.rpartition("/")[2] in done.err
    assert not (place.folder / "new").exists()


def test_errors_name_file_line_column_field_code_and_hint(place: Any, run: Run) -> None:
    ledger = place.folder / "ledger.csv"
    ledger.write_text(
        ledger.read_text().replace("fire,start,li,started", "fire,strat,li,started", 1)
    )
    done = run(*place.arguments())
    assert done.err.splitlines()[0] == (
        f"{ledger}:3:5: name: [unknown_transition] unknown transition 'strat'"
        " (did you mean 'start'?)"
    )
    assert done.out == ""


def test_a_ledger_can_name_cases_that_only_the_database_knows(filled: Any, run: Run) -> None:
    roster = filled.folder / "roster" / "case.csv"
    roster.write_text(roster.read_text().splitlines()[0] + "\n")
    ledger = filled.folder / "ledger.csv"
    head = ledger.read_text().splitlines()[0]
    ledger.write_text(f"{head}\nn1,2021-05-01,c2,record,,li,before=9,,\n")
    assert run(*filled.arguments(), "--strict").code == 0
    ledger.write_text(f"{head}\nn1,2021-05-01,c8,record,,li,before=9,,\n")
    assert run(*filled.arguments()).code == 2


def test_a_line_that_cannot_be_decided_is_told_and_the_others_are_applied(
    place: Any, run: Run
) -> None:
    with (place.folder / "ledger.csv").open("a") as file:
        file.write("k8,2021-04-07,c2,correct,,wang,entry=99; void=true,wrong,\n")
        file.write("k9,2021-04-08,c2,record,,li,before=9,,\n")
    done = run(*place.arguments())
    assert done.code == 2
    assert "ledger.csv:10:1: [request] unknown entry '99'" in done.err
    assert "5 applied + 1 applied before + 3 refused + 1 not readable" in done.out


def test_an_interrupt_leaves_whole_lines_only_and_the_next_run_goes_on(
    place: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(100))
    do = Casework.do

    def stopped(self: Casework, request: Any) -> Any:
        if next(calls) == 5:
            raise KeyboardInterrupt
        return do(self, request)

    with monkeypatch.context() as patch:
        patch.setattr(Casework, "do", stopped)
        done = run(*place.arguments())
        assert done.code == 130
        assert "Traceback" not in done.err
    assert run("verify", "--db", place.url).code == 0
    document = run(*place.arguments(), "--json").document
    assert document["ledger"]["refused"] == 3
    assert document["roster"]["before"] == 2


def test_when_others_are_in_the_way_of_a_group_its_lines_go_one_by_one(
    place: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(self: Book) -> Any:
        message = "somebody else is writing"
        raise StoreError(message)

    monkeypatch.setattr(Book, "transaction", busy)
    assert "4 applied + 1 applied before + 3 refused" in run(*place.arguments()).out


def test_a_refused_opening_is_remembered_beyond_its_group(
    place: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reformflow.cli.applying._GROUP", 1)
    done = run(*place.arguments())
    assert done.code == 0
    assert "The case c3 is not open, because its opening was refused." in done.out


def test_two_runs_that_begin_together_on_a_new_file_both_succeed(place: Any, run: Run) -> None:
    """Between them every line is applied once."""
    command = [sys.executable, "-m", "reformflow", *place.arguments(), "--json"]
    rivals = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    told = [rival.communicate() for rival in rivals]
    assert [(rival.returncode, err) for rival, (_, err) in zip(rivals, told, strict=True)] == [
        (0, b""),
        (0, b""),
    ]
    ledgers = [json.loads(out)["ledger"] for out, _ in told]
    assert sum(ledger["done"] for ledger in ledgers) == 4
    assert {ledger["refused"] for ledger in ledgers} == {3}
    assert run("verify", "--db", place.url).code == 0


def test_the_database_of_another_reform_is_store_trouble(filled: Any, run: Run) -> None:
    path = filled.folder / "sample" / "case.yaml"
    path.write_text(path.read_text().replace("maximum: 900", "maximum: 901"))
    done = run(*filled.arguments())
    assert done.code == 3
    assert done.err.startswith("error: ")
    assert "`reformflow upgrade`" in done.err


FACTS = "facts:\n"


def changed(place: Any) -> None:
    path = place.folder / "sample" / "case.yaml"
    text = path.read_text().replace(FACTS, f"{FACTS}  remark: {{type: text, by: bureau}}\n", 1)
    path.write_text(text)


def test_run_upgrades_the_database_when_told_to(place: Any, run: Run) -> None:
    assert run("install", place.reform, "--db", place.url).code == 0
    changed(place)
    assert run(*place.arguments()).code == 3
    done = run(*place.arguments(), "--upgrade")
    assert (done.code, done.out.splitlines()[0]) == (0, "added case.remark")
    assert run(*place.arguments(), "--upgrade", "--json").document["added"] == []


def test_run_stops_before_cases_of_another_definition(filled: Any, run: Run) -> None:
    changed(filled)
    done = run(*filled.arguments(), "--upgrade")
    assert (done.code, done.out) == (3, "")
    assert "2 cases follow another definition" in done.err
    assert "`reformflow migrate`" in done.err
    move = ("migrate", "run", filled.reform, "--db", filled.url, "--actor", "wang")
    assert run(*move).code == 0
    assert run(*filled.arguments()).code == 0
    assert run("verify", "--db", filled.url).code == 0


def test_upgrade_adds_what_is_new_and_says_so(filled: Any, run: Run) -> None:
    changed(filled)
    arguments = ("upgrade", filled.reform, "--db", filled.url)
    done = run(*arguments)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[:2] == ["added case.remark", "The database is up to date with sample."]
    assert lines[3] == "2 cases follow another definition: `reformflow migrate`."
    again = run(*arguments, "--json").document
    assert (again["added"], again["waiting"]) == ([], 2)


def test_upgrade_makes_no_database(place: Any, run: Run) -> None:
    done = run("upgrade", place.reform, "--db", place.url)
    assert (done.code, "make it with `reformflow install` or `run`" in done.err) == (3, True)
    assert not (place.folder / "new").exists()


def test_install_makes_the_tables_and_opens_no_case(place: Any, run: Run) -> None:
    arguments = ("install", place.reform, "--db", place.url)
    done = run(*arguments)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "The tables of sample are there."
    before = run("status", "--db", place.url, "--json").document
    assert before["board"] == []
    again = run(*arguments, "--json").document
    assert {"history", "case"} <= set(again["tables"])
    assert run("status", "--db", place.url, "--json").document == before


def test_install_is_careful_with_tables_of_somebody_else(place: Any, run: Run) -> None:
    file = place.folder / "theirs.db"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE albums (id INTEGER)")
    arguments = ("install", place.reform, "--db", f"sqlite:///{file}")
    done = run(*arguments)
    assert (done.code, "others (albums)" in done.err) == (3, True)
    assert run(*arguments, "--beside").code == 0
    assert run("verify", "--db", f"sqlite:///{file}").code == 0
