"""A few courses show every transition, every refusal and every side of every date."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformflow.cli import main
from reformflow.engine import Engine
from reformflow.formats import load
from reformflow.sheets import write_course
from reformflow.testing import Course, Pathfinder, paths
from reformflow.testing.pathfinding import Mark, confirmed
from support.building import reform_of
from support.repository import ROOT

FLOW = """
    facts:
      size: {type: int, by: office, minimum: 0}
      note: {type: text, by: office}
    rules:
      small: {requires: size < 5, clauses: [R1]}
      told: {requires: note is not None, clauses: [R2]}
    transitions:
      send:
        from: draft
        to: sent
        by: office
        needs: [small, told]
        records: [note]
        due: {on: 2021-03-10, late: refuse}
      close:
        from: sent
        to: done
        by: office
        not_by: send
        signed_by: [office, treasury]
        reason: true
        window: {opens: {days: 5, after: send}, closes: {days: 9, after: send}}
      lapse: {from: sent, to: done, at: {days: 30, after: send}}
    """


def marks(*written: str) -> set[Mark]:
    return {Mark(*text.split()) for text in written}


def test_all_that_can_be_shown_is_shown() -> None:
    cover = paths(reform_of(flow=FLOW), "flow")
    assert set(cover.shown) == marks(
        "send fired sent",
        "send not_from_here send",
        "send not_authorised send",
        "send not_recorded send",
        "send rule_broken small",
        "send not_recorded small",
        "send rule_broken told",
        "send late send",
        "send boundary send.due-1",
        "send boundary send.due+0",
        "send boundary send.due+1",
        "close fired done",
        "close not_from_here close",
        "close not_authorised close",
        "close same_person send",
        "close not_signed close",
        "close reason_missing close",
        "close too_early close",
        "close late close",
        "close boundary close.opens-1",
        "close boundary close.opens+0",
        "close boundary close.opens+1",
        "close boundary close.closes-1",
        "close boundary close.closes+0",
        "close boundary close.closes+1",
        "lapse fired done",
        "lapse not_by_hand lapse",
    )
    assert cover.missing == ()


def test_no_course_is_there_for_nothing() -> None:
    reform = reform_of(flow=FLOW)
    cover = paths(reform, "flow")
    engine = Engine(reform)
    assert all(confirmed(engine, course) for course in cover.courses)
    assert len(cover.courses) <= 12


def test_what_cannot_be_shown_is_named() -> None:
    cover = paths(
        reform_of(
            flow="""
            facts: {size: {type: int, by: office, initial: 3}}
            rules: {known: {requires: size is not None, clauses: [R1]}}
            opening: {by: office}
            transitions:
              send: {from: draft, to: sent, by: office, due: {on: 2021-03-10, late: flag}}
              close:
                from: sent
                to: done
                by: office
                needs: [known]
                due: {on: 1999-03-10, late: flag}
            """
        ),
        "flow",
    )
    assert Mark("close", "rule_broken", "known") in cover.shown
    assert Mark("close", "not_recorded", "known") not in (*cover.shown, *cover.missing)


@pytest.mark.parametrize("name", ["market-stalls"])
def test_a_course_is_a_ledger_that_run_replays(name: str, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "examples" / name
    finder = Pathfinder(load(folder))
    found = finder.fire("permit", "silence")
    courses = [*paths(finder, "permit").courses, found]
    for number, course in enumerate(courses):
        assert isinstance(course, Course)
        place = tmp_path / str(number)
        write_course(course.asked, place)
        command = ["run", str(folder), "--roster", str(place / "roster")]
        command += ["--ledger", str(place / "ledger.csv"), "--db", f"sqlite:///{place}/cases.db"]
        refused = any(not step.granted for step in course.steps)
        assert main([*command, "--strict"]) == (1 if refused else 0)
