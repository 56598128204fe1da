"""One act over many cases on the command line: planned, run, resumed, and refused as a whole."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from rich.cells import cell_len

from reformflow import Actor, Book, connect, load
from reformflow.casework import Opening, Report
from reformflow.cli import bulk_carried
from reformflow.model import Code
from reformflow.words.reasons import REASONS
from support.repository import ROOT

Run = Callable[..., Any]

MONDAY = date(2025, 3, 3)
APPLY = ("apply", "--actor", "trader", "--on", "2025-03-04")
CASES = 40


@attrs.define
class Stalls:
    """A book of forty stalls: sixteen are too large, four others are not paid."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'stalls.db'}"

    def open(self, **options: Any) -> Book:
        return connect(self.url, load(self.folder / "market-stalls"), **options)

    def states(self) -> list[str]:
        with self.open() as book:
            return [str(case.values["progress.state"]) for case in book.cases()]

    def runs(self) -> tuple[Report, ...]:
        with self.open() as book:
            return book.runs()


@pytest.fixture
def stalls(tmp_path: Path) -> Stalls:
    shutil.copytree(ROOT / "docs" / "examples" / "market-stalls", tmp_path / "market-stalls")
    here = Stalls(tmp_path)
    trader, office = Actor.holding("mei", "trader"), Actor.holding("li", "market_office")
    with here.open() as book, book.transaction() as work:
        for number in range(CASES):
            case, facts = f"s{number:02}", {"area": 10 + number % 5}
            work.open(case, "permit", facts=facts, actor=trader, on=MONDAY)
            if number % 10 != 1:
                work.record(case, {"fee_paid": True}, actor=office, on=MONDAY)
    return here


def test_a_plan_counts_and_says_why_not_and_stores_nothing(stalls: Stalls, run: Run) -> None:
    done = run("bulk", "plan", "--db", stalls.url, *APPLY)
    assert done.code == 0
    assert "40 cases selected = 20 would be granted + 20 refused" in done.out
    rows = [line.split() for line in done.out.splitlines() if line.strip()[:1].isdigit()]
    large = "16 requirement not met: the stall takes up at most 12 m² S3 (section 3)"
    unpaid = "4 not all recorded that is needed for: the fee is paid S4 (section 4)"
    assert rows[1:] == [large.split(), unpaid.split()]
    assert stalls.states() == ["draft"] * CASES
    assert stalls.runs() == ()


def test_a_plan_in_chinese_keeps_its_columns_in_line(stalls: Stalls, run: Run) -> None:
    done = run("bulk", "plan", "--db", stalls.url, *APPLY, "--lang", "zh")
    assert "“摊位许可”的“申请”（2025年3月4日）：" in done.out
    assert "选定40个个案 = 可办理20 + 不予办理20" in done.out
    lines = done.out.splitlines()
    rows = [line for line in lines if "section" in line]
    places = {cell_len(line[: line.index("S")]) for line in rows}
    (header,) = [line for line in lines if "依据" in line]
    assert places == {cell_len(header[: header.index("依据")])}
    assert "不符合要求：摊位面积不超过12平方米" in rows[0]


def test_a_run_carries_it_out_and_adds_up(stalls: Stalls, run: Run) -> None:
    ask = ("--db", stalls.url, *APPLY, "--where", "area <= 12")
    done = run("bulk", "run", *ask, "--run", "spring", "--chunk", "7")
    assert done.code == 0
    assert "The run spring is complete (6 chunks)." in done.out
    assert "24 cases selected = 20 granted + 4 refused + 0 changed meanwhile" in done.out
    assert stalls.states().count("applied") == 20
    listed = run("bulk", "list", "--db", stalls.url)
    (row,) = [line.split() for line in listed.out.splitlines() if "spring" in line]
    assert row[:7] == ["spring", "permit", "complete", "24", "20", "4", "0"]
    assert run("bulk", "run", *ask, "--strict").code == 1


def test_the_same_run_again_does_nothing_more(stalls: Stalls, run: Run) -> None:
    ask = ("bulk", "run", "--db", stalls.url, *APPLY, "--run", "spring", "--json")
    first = run(*ask).document
    assert run(*ask).document == first
    assert (first["granted"], first["refused"], first["changed"]) == (20, 20, 0)
    resumed = run("bulk", "resume", "--db", stalls.url, "spring", "--json").document
    assert {**resumed, "command": "bulk run"} == first
    with stalls.open() as book:
        assert [entry.name for entry in book.history("s00")].count("apply") == 1


def test_facts_are_recorded_and_dates_extended_for_many(stalls: Stalls, run: Run) -> None:
    record = ("--record", "fee_paid=是", "--actor", "market_office", "--on", "2025-03-04")
    done = run("bulk", "run", "--db", stalls.url, *record, "--where", "fee_paid is None")
    assert "4 cases selected = 4 granted + 0 refused" in done.out
    with stalls.open() as book:
        assert book.case("s01").values["fee_paid"] is True
    extend = ("grant", "--extend", "2025-06-30", "--actor", "market_office", "--on", "2025-03-04")
    document = run("bulk", "plan", "--db", stalls.url, *extend, "--json").document
    assert (document["selected"], document["granted"]) == (CASES, 0)
    said = run("bulk", "plan", "--db", stalls.url, *extend, "--lang", "zh").out
    assert "“准予许可”延期至2025年6月30日" in said


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (["aply"], "'apply'"),
        (["apply", "--workflow", "permits"], "'permit'"),
        (["apply", "--where", "aera <= 4"], "'area'"),
        (["apply", "--where", "area <= 'large'"], "int does not go with text"),
        (["apply", "--where", "area"], "a rule is true or false"),
        (["apply", "--where", "area <="], "expression"),
        (["apply", "--facts", "colour=red"], "colour"),
        (["--record", "area=wide"], "area"),
        (["--record", "colour=red"], "colour"),
        (["apply", "--record", "area=3"], "--record stands alone"),
        (["apply", "--extend", "2025-06-30"], "grant"),
        (["grant", "--extend", "2025-06-30", "--facts", "area=3"], "--facts"),
        (["silence"], "by itself"),
        ([], "TRANSITION"),
    ],
)
@pytest.mark.parametrize("what", ["plan", "run"])
def test_what_cannot_be_asked_is_named_and_nothing_is_stored(
    stalls: Stalls, run: Run, what: str, wrong: list[str], hint: str
) -> None:
    done = run("bulk", what, "--db", stalls.url, *wrong, *APPLY[1:])
    assert (done.code, done.out) == (2, "")
    assert hint in done.err
    assert "Traceback" not in done.err
    assert stalls.runs() == ()


def test_a_name_that_was_used_for_something_else_is_refused(stalls: Stalls, run: Run) -> None:
    ask = ("bulk", "run", "--db", stalls.url, "--run", "spring", *APPLY)
    assert run(*ask, "--where", "area <= 10").code == 0
    before = stalls.states(), stalls.runs()
    other = run(*ask, "--where", "area <= 12")
    assert other.code == 2
    assert "give every run an id of its own" in other.err
    assert (stalls.states(), stalls.runs()) == before
    unknown = run("bulk", "resume", "--db", stalls.url, "sprint")
    assert (unknown.code, "'spring'" in unknown.err) == (2, True)


def stopped(stalls: Stalls) -> None:
    """Leave the run `spring` behind after its first chunk."""

    def stop(report: Report) -> None:
        raise KeyboardInterrupt(report.run)

    with stalls.open() as book:
        plan = book.plan("apply", actor=Actor.holding("mei", "trader"), on=date(2025, 3, 4))
        with pytest.raises(KeyboardInterrupt):
            plan.run("spring", chunk=10, progress=stop)


def test_a_run_that_stopped_is_gone_on_with(stalls: Stalls, run: Run) -> None:
    stopped(stalls)
    assert "not complete" in run("bulk", "list", "--db", stalls.url).out
    assert stalls.states().count("applied") == 5
    done = run("bulk", "resume", "--db", stalls.url, "spring", "--workers", "2")
    assert "40 cases selected = 20 granted + 20 refused + 0 changed meanwhile" in done.out
    assert stalls.states().count("applied") == 20


def test_a_run_of_another_definition_is_not_gone_on_with(stalls: Stalls, run: Run) -> None:
    stopped(stalls)
    file = stalls.folder / "market-stalls" / "permit.yaml"
    file.write_text(file.read_text("utf-8").replace("area <= 12", "area <= 11"), "utf-8")
    stalls.open(upgrade=True).close()
    done = run("bulk", "resume", "--db", stalls.url, "spring")
    assert done.code == 3
    assert "begun under the definition" in done.err
    assert stalls.states().count("applied") == 5


def test_whoever_interrupts_a_run_is_told_how_it_goes_on(
    stalls: Stalls, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped(stalls)
    (report,) = stalls.runs()

    def interrupted() -> None:
        with bulk_carried.progress(stalls.url, "en") as told:
            told(report)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    hint = f"go on with: reformflow bulk resume --db {stalls.url} spring"
    assert capsys.readouterr().err.strip() == hint


def test_a_terminal_sees_rate_and_rest(
    stalls: Stalls, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    assert run("bulk", "run", "--db", stalls.url, *APPLY, "--chunk", "1").code == 0
    assert "cases/s" in screen.getvalue()
    assert "40/40" in screen.getvalue()


def test_a_scheduler_that_does_not_answer_is_named(
    stalls: Stalls, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_carried, "_PATIENCE", 0.2)
    for address in ("tcp://127.0.0.1:1", "nowhere at all"):
        done = run("bulk", "run", "--db", stalls.url, *APPLY, "--scheduler", address)
        assert (done.code, "Traceback" in done.err) == (3, False)
        assert f"no Dask scheduler answers at {address}" in done.err
    assert stalls.runs() == ()


def test_every_reason_has_its_name_in_both_languages() -> None:
    assert set(REASONS) == set(Code)
    assert all(text.en and text.zh and text.en != text.zh for text in REASONS.values())


# --- opening from a sheet -----------------------------------------------------------------------

SHEET = "id,unit,subject,area\nn1,,Fruit,8\ns03,,Fish,9\nn2,,,10\n"
OPEN = ("--actor", "trader", "--on", "2025-03-03", "--run", "new")


def test_a_sheet_opens_a_case_for_each_row_once(stalls: Stalls, run: Run) -> None:
    sheet = stalls.folder / "new.csv"
    sheet.write_text(SHEET, "utf-8")
    for _ in range(2):
        done = run("bulk", "open", "--db", stalls.url, "permit", str(sheet), *OPEN)
        assert (done.code, done.err) == (0, "")
        assert "The run new is complete (1 chunk)." in done.out
        assert "3 cases selected = 2 granted + 1 refused + 0 changed meanwhile" in done.out
        assert "1   open already" in done.out
    with stalls.open() as book:
        assert len(list(book.cases())) == CASES + 2
        assert book.case("n1").subject == "Fruit"
        assert book.case("n2").values["area"] == 10
    listed = run("bulk", "list", "--db", stalls.url)
    assert "complete" in listed.out


def test_a_sheet_with_problems_opens_nothing(stalls: Stalls, run: Run) -> None:
    sheet = stalls.folder / "new.csv"
    sheet.write_text("id,area\nn1,8\nn1,9\nn2,wide\n", "utf-8")
    done = run("bulk", "open", "--db", stalls.url, "permit", str(sheet), *OPEN)
    assert done.code == 2
    assert ":3:1: id: [duplicate_id]" in done.err
    assert ":4:2: area:" in done.err
    assert stalls.runs() == ()
    sheet.write_text("id,on\nn1,2025-03-03\n", "utf-8")
    done = run("bulk", "open", "--db", stalls.url, "permit", str(sheet), *OPEN)
    assert (done.code, "unknown column 'on'" in done.err) == (2, True)
    done = run("bulk", "open", "--db", stalls.url, "permitt", str(sheet), *OPEN)
    assert (done.code, "did you mean 'permit'?" in done.err) == (2, True)
    assert stalls.runs() == ()


def test_another_sheet_under_the_same_name_is_refused(stalls: Stalls, run: Run) -> None:
    sheet = stalls.folder / "new.csv"
    sheet.write_text(SHEET, "utf-8")
    run("bulk", "open", "--db", stalls.url, "permit", str(sheet), *OPEN)
    sheet.write_text(SHEET.replace("8", "7"), "utf-8")
    before = stalls.runs()
    done = run("bulk", "open", "--db", stalls.url, "permit", str(sheet), *OPEN)
    assert (done.code, "rows 1 to 3 are not those" in done.err) == (2, True)
    done = run("bulk", "resume", "--db", stalls.url, "new")
    assert done.code == 0  # it is complete, so there is nothing to go on with
    assert stalls.runs() == before


def test_whoever_interrupts_an_opening_is_told_to_give_the_sheet_again(
    stalls: Stalls, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(trader: Actor) -> None:
        with stalls.open() as book, bulk_carried.progress(stalls.url, "en") as told:
            rows = [Opening("n1"), Opening("n2")]
            book.open_many("permit", rows, actor=trader, on=MONDAY, run="new", progress=told)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted(Actor.holding("mei", "trader"))
    assert capsys.readouterr().err.strip() == "go on with: the same command, with --run new"
