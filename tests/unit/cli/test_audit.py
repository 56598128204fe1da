"""`reformflow audit` says what was not allowed, late and missing, and keeps nothing."""

from __future__ import annotations

from typing import Any

from reformflow.model import Code
from support.repository import ROOT


def test_our_own_ledger_is_judged_line_by_line(place: Any, run: Any) -> None:
    roster, ledger = place.folder / "roster", place.folder / "ledger.csv"
    done = run("audit", place.reform, "--roster", str(roster), "--ledger", str(ledger), "--json")
    assert done.code == 1
    totals = done.document["totals"]
    wrong = [line for line in done.document["lines"] if not line["allowed"]]
    assert totals["lines"] - totals["allowed"] - totals["invalid"] == sum(
        not line["error"] for line in wrong
    )
    assert all(line["refusals"] or line["error"] for line in wrong)
    assert not list(place.folder.glob("**/*.db"))


def test_every_line_is_in_the_workbook(place: Any, run: Any) -> None:
    roster, ledger = place.folder / "roster", place.folder / "ledger.csv"
    book = place.folder / "audit.xlsx"
    told = ("audit", place.reform, "--roster", str(roster), "--ledger", str(ledger))
    assert run(*told, "--xlsx", str(book)).code == 1
    assert book.stat().st_size > 0


def test_a_ledger_without_roster_or_map_is_asked_for_one(place: Any, run: Any) -> None:
    done = run("audit", place.reform, "--ledger", str(place.folder / "ledger.csv"))
    assert (done.code, "--roster" in done.err, "--map" in done.err) == (2, True, True)


def test_the_example_of_the_notice_is_judged_in_chinese(run: Any) -> None:
    examples = ROOT / "workflows" / "putuo-2021-9" / "examples"
    done = run(
        *("audit", "putuo-2021-9", "--lang", "zh"),
        *("--ledger", str(examples / "ledger.csv"), "--roster", str(examples / "roster")),
    )
    assert done.code == 1
    assert "规则不允许的行" in done.out
    assert "截至2021年6月30日到期未办" in done.out
    why = done.out.partition("不允许的原因")[2].partition("行数：")[0]
    assert "不符合要求：" in why
    assert not any(f"{code} " in why for code in Code)
