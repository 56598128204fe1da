"""The questions: board, reasons, histories, pictures, clauses; and how they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest

from reformflow.cli import root
from reformflow.cli.group import COMMANDS
from reformflow.cli.options import locale_language

Run = Callable[..., Any]


def test_the_board_shows_stages_dates_and_who_answers(filled: Any, run: Run) -> None:
    done = run("status", "--db", filled.url, "--on", "2021-03-05")
    assert done.code == 0
    (row,) = [line for line in done.out.splitlines() if line.strip().startswith("c2 ")]
    assert "第二" in row
    assert "◐ draft" in row
    assert "2021-03-09" in row
    assert "Office" in row
    document = run("status", "--db", filled.url, "--on", "2021-03-05", "--json").document
    (line,) = [x for x in document["board"] if (x["case"], x["track"]) == ("c2", "progress")]
    assert (line["stage"], line["due"], line["days_left"]) == ("drafting", "2021-03-09", 4)
    assert (line["standing"], line["answerable"]) == ("due_soon", "office")


def test_the_board_can_be_of_one_unit(filled: Any, run: Run) -> None:
    done = run("status", "--db", filled.url, "--unit", "elsewhere")
    assert done.out.strip() == "There are no cases."


def test_the_board_can_be_written_to_a_workbook(filled: Any, run: Run) -> None:
    from python_calamine import CalamineWorkbook

    path = filled.folder / "board.xlsx"
    arguments = ["status", "--db", filled.url, "--on", "2021-03-05", "--lang", "zh"]
    assert run(*arguments, "--xlsx", str(path)).code == 0
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["编号", "名称", "单位"]
    assert ["c2", "第二", "u1"] in [row[:3] for row in rows]
    elsewhere = filled.folder / "no" / "board.xlsx"
    done = run(*arguments, "--xlsx", str(elsewhere))
    assert (done.code, "Traceback" in done.err) == (3, False)
    assert done.err.startswith(f"error: {elsewhere}: ")
    assert "(look at the path" in done.err


def test_a_folder_and_a_file_in_the_wrong_place_are_called_so(place: Any, run: Run) -> None:
    roster, ledger, db = place.folder / "roster", place.folder / "ledger.csv", "sqlite:///none.db"
    told = ("run", place.reform, "--db", db)
    done = run(*told, "--roster", str(ledger), "--ledger", str(ledger))
    assert (done.code, f"{ledger}: [unreadable] this is a file (name the" in done.err) == (2, True)
    done = run(*told, "--roster", str(roster), "--ledger", str(roster))
    assert (done.code, f"{roster}: [unreadable] this is a folder (na" in done.err) == (2, True)
    done = run("check", str(place.folder / "sample" / "reform.yaml"))
    assert (done.code, "a reform is a folder: give '" in done.err) == (2, True)


def test_what_is_overdue_comes_longest_first(filled: Any, run: Run) -> None:
    document = run("overdue", "--db", filled.url, "--on", "2021-04-10", "--json").document
    assert [(x["case"], x["days_left"]) for x in document["overdue"]] == [("c2", -32)]
    assert "32" in run("overdue", "--db", filled.url, "--on", "2021-04-10").out
    assert run("overdue", "--db", filled.url, "--on", "2021-03-01").out == (
        "Nothing is late on 2021-03-01.\n"
    )


@pytest.mark.parametrize("actor", ["office", "总办", "wang:office", "zhao"])
def test_explain_says_every_reason_and_stores_nothing(filled: Any, run: Run, actor: str) -> None:
    roster = ["--roster", str(filled.folder / "roster")] if actor == "zhao" else []
    ask = ["explain", "--db", filled.url, "c2", "finish", "--actor", actor, "--on", "2021-03-05"]
    done = run(*ask, *roster)
    assert done.code == 0
    assert done.out.startswith("Refused: “finish” on 2021-03-05.\n  ✗ Not recorded yet: “before”")
    document = run(*ask, *roster, "--json").document
    assert document["granted"] is False
    assert {refusal["code"] for refusal in document["refusals"]} == {"not_recorded"}


def test_explain_shows_what_a_granted_act_would_change(filled: Any, run: Run) -> None:
    arguments = ["c1", "finish", "--actor", "office", "--on", "2021-04-01"]
    done = run("explain", "--db", filled.url, *arguments)
    assert "is not possible now: the state of “Progress” is “done”" in done.out
    before = run("history", "--db", filled.url, "c2", "--json").document
    assert len(before["entries"]) == 2


def test_unlock_says_what_is_missing_and_who_records_it(filled: Any, run: Run) -> None:
    arguments = ["--db", filled.url, "c2", "finish", "--actor", "zhao:office", "--on", "2021-03-05"]
    done = run("unlock", *arguments)
    assert "still to record: “before” (Bureau)" in done.out
    document = run("unlock", *arguments, "--json").document
    assert {"column": "before", "by": ["bureau"]} in document["missing"]
    assert document["earliest"] is None


def test_the_history_tells_days_actors_values_and_lateness(filled: Any, run: Run) -> None:
    done = run("history", "--db", filled.url, "c1", "--lang", "zh")
    assert "办理 “finish”" in done.out
    document = run("history", "--db", filled.url, "c1", "--json").document
    entries = document["entries"]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    last = next(entry for entry in entries if entry["name"] == "finish")
    assert (last["reason"], last["late"][0]["days"]) == ("the paper was late", 5)


def test_verify_finds_an_edited_database(filled: Any, run: Run) -> None:
    import sqlite3

    assert run("verify", "--db", filled.url).out == "2 cases hang together.\n"
    with sqlite3.connect(filled.url.removeprefix("sqlite:///")) as connection:
        (table,) = connection.execute(
            "select name from sqlite_master where type = 'table' and name like '%case'"
        ).fetchone()
        connection.execute(f"update \"{table}\" set before = 77 where id = 'c1'")  # noqa: S608
    connection.close()
    done = run("verify", "--db", filled.url, "--json")
    assert done.code == 1
    assert [flaw["about"] for flaw in done.document["flaws"]] == ["before"]


def test_tick_brings_what_is_due_once(filled: Any, run: Run) -> None:
    first = run("tick", "--db", filled.url, "--on", "2021-03-31", "--json").document
    assert first["entries"]
    again = run("tick", "--db", filled.url, "--on", "2021-03-31", "--json").document
    assert again["entries"] == []
    assert "0 entries came about" in run("tick", "--db", filled.url, "--on", "2021-03-31").out


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_draw_prints_the_text_of_a_picture(place: Any, run: Run, form: str) -> None:
    done = run("draw", place.reform, "case", "--format", form, "--lang", "zh")
    assert done.out.startswith({"mermaid": "stateDiagram-v2", "dot": 'digraph "case"'}[form])
    assert "办公室" in done.out
    assert run("draw", place.reform, "case", "--format", form, "--json").document["text"]


def test_clauses_shows_where_each_is_enforced(place: Any, run: Run) -> None:
    done = run("clauses", place.reform)
    assert "state case.tracks.progress.states.done" in done.out
    document = run("clauses", place.reform, "--json").document
    cited = {place["path"]: place["enforces"] for place in document["clauses"][1]["cited"]}
    assert cited == {"reform.policies.days": False, "case.rules.no_growth": True}


def test_uncovered_clauses_that_are_not_narrative_are_findings(place: Any, run: Run) -> None:
    assert run("clauses", place.reform, "--uncovered").out == (
        "Every clause is enforced somewhere.\n"
    )
    assert run("check", place.reform).code == 0
    case = place.folder / "sample" / "case.yaml"
    case.write_text(case.read_text().replace(", clauses: R2.1", ""))
    done = run("clauses", place.reform, "--uncovered")
    assert (done.code, "R2.1" in done.out) == (1, True)
    checked = run("check", place.reform, "--json")
    assert checked.code == 1
    found = [(one["clauses"], one["file"]) for one in checked.document["findings"]]
    assert found == [(["R2.1"], "clauses.yaml")]


def test_check_takes_the_id_of_a_shipped_reform(run: Run) -> None:
    done = run("check", "putuo-2021-9", "--lang", "zh")
    assert done.code == 0
    assert "条款109" in done.out


def test_check_prints_every_problem_with_its_place(place: Any, run: Run) -> None:
    case = place.folder / "sample" / "case.yaml"
    case.write_text(case.read_text().replace("by: [office]", "by: [offce]"))
    done = run("check", place.reform)
    assert done.code == 2
    assert "case.yaml:" in done.err
    assert "did you mean 'office'?" in done.err
    failed = run("check", place.reform, "--json")
    assert failed.document["error"]["problems"][0]["file"] == "case.yaml"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["statsu"], 2, "did you mean 'status'?"),
        (["status"], 2, "--db"),
        (["status", "--db", "place.db"], 2, "write sqlite:///place.db"),
        (["status", "--db", "sqlite:////nowhere/at/all.db"], 3, "there is no database"),
        (["check", "putuo"], 2, "did you mean 'putuo-2021-9'?"),
        (["draw", "putuo-2021-9", "departmnt"], 2, "did you mean 'department'?"),
        (["status", "--db", "sqlite:///x", "--on", "2021-2-3"], 2, "is not a day"),
        (["status", "--db", "sqlite:///x", "--lang", "fr"], 2, "fr"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(
    run: Run, arguments: list[str], code: int, said: str
) -> None:
    done = run(*arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("what", ["case", "transition", "actor", "facts"])
def test_an_unknown_name_in_a_question_is_named(filled: Any, run: Run, what: str) -> None:
    names = {"case": "c2", "transition": "finish", "actor": "office", "facts": ""} | {what: "nope"}
    done = run(
        *("explain", "--db", filled.url, names["case"], names["transition"]),
        *("--actor", names["actor"], "--on", "2021-03-05", "--facts", names["facts"]),
    )
    assert done.code == 2
    assert "nope" in done.err


def test_a_damaged_database_is_store_trouble(filled: Any, run: Run) -> None:
    path = filled.url.removeprefix("sqlite:///")
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"no database" * 1000)
    done = run("status", "--db", filled.url)
    assert done.code == 3
    assert "Traceback" not in done.err


def test_every_command_but_feed_has_help_and_both_options(run: Run) -> None:
    for name in COMMANDS:
        if name == "feed":  # its lines are for programs, whatever is asked
            continue
        command = root.get_command(click.Context(root), name)
        below = command.commands if isinstance(command, click.Group) else {"": command}
        for words in ([name, *filter(None, [sub])] for sub in below):
            done = run(*words, "--help")
            assert done.code == 0
            assert "--lang" in done.out
            assert "--json" in done.out


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN", "LC_MESSAGES": "de_DE"}, "en"),
    ],
)
def test_the_language_is_the_locales(
    variables: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert locale_language() == lang


COMMAND = [sys.executable, "-m", "reformflow"]


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii:strict"},
    ],
)
def test_chinese_is_printed_whole_whatever_the_locale(variables: dict[str, str]) -> None:
    done = subprocess.run(
        [*COMMAND, "draw", "putuo-2021-9", "matter", "--lang", "zh"],
        env={**os.environ, **variables},
        capture_output=True,
        check=True,
    )
    assert "行政权力事项" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_a_reader_that_goes_away_gets_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*COMMAND, "clauses", "putuo-2021-9"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == b""


def test_help_loads_neither_the_store_nor_the_tables() -> None:
    code = (
        "import sys; from reformflow.cli import main; main(['--help']);"
        "sys.exit(bool({'sqlalchemy', 'rich', 'yaml', 'transitions'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode
        == 0
    )
