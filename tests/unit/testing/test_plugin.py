"""The plugin: property files are tests, and a run tells what it tried of a reform."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.repository import DOCS

pytest_plugins = ["pytester"]

STALLS = DOCS / "examples" / "market-stalls"
PROPERTIES = """
workflow: permit
properties:
  granted_is_paid_for: {never: state == "granted" and fee_paid is None and apply.on is None}
  nothing_is_granted: {never: state == "granted", says: {en: none, zh: 无}}
"""
TEST = """
from datetime import date
from reformflow import Actor, Docket, Engine, Fire, Open, Request, load

def test_a_stall_is_refused():
    engine, docket = Engine(load("market-stalls")), Docket()
    mei = Actor.holding("mei", "trader", unit="mei")
    on = date(2025, 3, 3)
    opening = Open("permit", "mei", facts={"area": 14})
    docket.take(engine.fire(docket, Request("p", opening, mei, on)))
    assert not engine.fire(docket, Request("p", Fire("apply"), mei, on)).granted
"""
LEDGER = """key,on,case,action,name,actor,facts,reason,note
a,2025-03-03,p,open,permit,mei,unit=mei; area=14,,
b,2025-03-03,p,fire,apply,mei,,,too large; expect: refused small_enough S3
c,2025-03-03,p,fire,apply,mei,,,a slip
"""
PLUGIN = ("-p", "no:cacheprovider", "-p", "no:randomly")


@pytest.fixture
def stalls(pytester: pytest.Pytester) -> Path:
    folder = pytester.path / "market-stalls"
    shutil.copytree(STALLS, folder)
    (folder / "properties").mkdir()
    (folder / "properties" / "permit.yaml").write_text(PROPERTIES, "utf-8")
    return folder


def test_each_property_is_a_test_and_a_broken_one_shows_its_ledger(
    pytester: pytest.Pytester, stalls: Path
) -> None:
    result = pytester.runpytest_subprocess(*PLUGIN, str(stalls / "properties"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*nothing_is_granted does not hold of*", "key,on,case,action,name,*", "*,fire,apply,*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_ledgers_of_examples_are_tests_that_show_the_lines_that_came_out_otherwise(
    pytester: pytest.Pytester, stalls: Path
) -> None:
    roster = stalls / "examples" / "roster"
    roster.mkdir(parents=True)
    (roster / "actors.csv").write_text("actor,role,unit\nmei,trader,mei\n", "utf-8")
    ledger = stalls / "examples" / "ledger.csv"
    ledger.write_text(LEDGER, "utf-8")
    result = pytester.runpytest_subprocess(*PLUGIN, str(stalls / "examples"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*ledger.csv:4:1: refused, not granted: rule_broken small_enough S3*"]
    )
    result.stdout.no_fnmatch_line("*ledger.csv:3:1*")
    ledger.write_text(LEDGER.replace("a slip", "a slip; expect: refused paid S4"), "utf-8")
    pytester.runpytest_subprocess(*PLUGIN, str(stalls / "examples")).assert_outcomes(passed=1)


def test_yaml_that_is_no_property_of_a_reform_is_left_alone(
    pytester: pytest.Pytester, stalls: Path
) -> None:
    elsewhere = pytester.path / "properties"
    elsewhere.mkdir()
    (elsewhere / "other.yaml").write_text("a: 1\n", "utf-8")
    result = pytester.runpytest_subprocess(*PLUGIN, str(elsewhere))
    result.assert_outcomes()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two"])
def test_a_run_tells_which_outcomes_and_clauses_it_came_to(
    pytester: pytest.Pytester, stalls: Path, workers: tuple[str, ...]
) -> None:
    pytester.makepyfile(test_stalls=TEST)
    told = ("--reform-coverage", str(stalls), "--reform-coverage-json", "c.json")
    page = ("--reform-coverage-html", "c.html")
    result = pytester.runpytest_subprocess(*PLUGIN, *workers, *told, *page, "test_stalls.py")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*coverage of reforms*", "reform market-stalls"])
    (found,) = json.loads((pytester.path / "c.json").read_text("utf-8"))
    parts = {part["path"]: part["seen"] for part in found["parts"]}
    assert parts["permit.transitions.apply"] == ["refused"]
    assert parts["permit.transitions.apply.needs.small_enough"] == ["refused"]
    assert parts["permit.transitions.apply.needs.paid"] == ["unknown"]
    assert parts["permit.tracks.progress.states.granted"] == []
    clauses = {clause["id"]: clause["covered"] for clause in found["clauses"]}
    assert clauses == {"S3": True, "S4": True, "S5": False}
    text = (pytester.path / "c.html").read_text("utf-8")
    assert "<tr class='missed'><td><b>S5</b>" in text
    assert "<tr class='covered'><td><b>S3</b>" in text


def test_a_run_that_covers_too_little_fails(pytester: pytest.Pytester, stalls: Path) -> None:
    pytester.makepyfile(test_stalls=TEST)
    told = ("--reform-coverage", str(stalls), "--reform-coverage-fail-under")
    assert pytester.runpytest_subprocess(*PLUGIN, *told, "95", "test_stalls.py").ret == 1
    assert pytester.runpytest_subprocess(*PLUGIN, *told, "60", "test_stalls.py").ret == 0
