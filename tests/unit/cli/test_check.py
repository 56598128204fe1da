"""`reformflow check --deep`: findings with their place, and whether a list of staff is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reformflow.cli import main

Run = Any


def test_a_list_of_staff_that_lacks_somebody(place: Any, run: Run) -> None:
    staff = place.folder / "roster" / "actors.csv"

    def lacking(path: Path) -> set[tuple[str, str]]:
        done = run("check", place.reform, "--deep", "--staff", str(path), "--json")
        findings = done.document["findings"]
        return {(one["code"], one["file"]) for one in findings if one["code"].startswith("nobody_")}

    assert lacking(staff) == lacking(staff.parent) == set()
    staff.write_text("actor,role,unit\nwang,office,\n", encoding="utf-8")
    assert lacking(staff) == {
        ("nobody_fires", "case.yaml"),
        ("nobody_records", "case.yaml"),
        ("nobody_fires", "report.yaml"),
    }


def test_a_list_of_staff_with_faults_is_told_line_by_line(place: Any, run: Run) -> None:
    staff = place.folder / "staff.csv"
    staff.write_text("actor,role,unit\nwang,ofice,\n", encoding="utf-8")
    done = run("check", place.reform, "--deep", "--staff", str(staff))
    assert done.code == 2
    assert "staff.csv:2" in done.err
    assert "did you mean 'office'?" in done.err
    missing = run("check", place.reform, "--staff", str(place.folder / "nobody.csv"))
    assert (missing.code, "nobody.csv" in missing.err) == (2, True)


def test_a_state_out_of_reach_is_told_with_its_line(
    place: Any, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    case = place.folder / "sample" / "case.yaml"
    text = case.read_text()
    case.write_text(text.replace("      done:", "      shelved: {label: Shelved}\n      done:", 1))
    done = run("check", place.reform, "--deep", "--lang", "zh")
    assert main(["check", place.reform]) == 0
    (line,) = [line for line in done.out.splitlines() if "unreachable_state" in line]
    number = 1 + case.read_text().splitlines().index("      shelved: {label: Shelved}")
    assert line.startswith(f"case.yaml:{number}:")
    assert "没有案件能到达shelved" in line
