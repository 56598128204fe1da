"""A log of somebody else's is judged line by line, and what is late is counted exactly."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from reformflow.casework.audit import Audit, audit
from reformflow.engine import Engine
from reformflow.sheets.logs import read_log, read_map
from support.building import bound_of

BOUND = bound_of(
    permit="""
        label: Permit
        opening: {by: office}
        facts: {final_day: {type: date, by: office}}
        tracks:
          progress:
            initial: received
            states: {received: {}, checked: {}, decided: {final: true}}
        transitions:
          check: {from: received, to: checked, by: office}
          decide:
            from: checked
            to: decided
            by: office
            due: {days: 0, after: final_day, late: flag, answerable: office, clauses: R1}
    """,
)
MAP = """
workflow: permit
columns: {case: case, activity: activity, on: on}
facts: {final_day: deadline}
states: {progress: status}
"""
START = date(2021, 1, 4)


def judged(folder: Path, rows: list[str], on: date | None = None) -> Audit:
    log, meaning = folder / "log.csv", folder / "map.yaml"
    log.write_text("\n".join(["case,activity,on,deadline,status", *rows]))
    meaning.write_text(MAP)
    read = read_log(log, BOUND, read_map(meaning, BOUND))
    return audit(Engine(BOUND), read.lines, claims=read.claims, on=on)


def test_the_late_cases_of_a_large_log_are_counted_exactly(tmp_path: Path) -> None:
    rng = random.Random(1434)
    rows: list[str] = []
    late: set[str] = set()
    overdue: set[str] = set()
    for number in range(1434):
        case, first = f"p{number}", START + timedelta(days=rng.randrange(300))
        due = first + timedelta(days=rng.randrange(5, 40))
        done = first + timedelta(days=rng.randrange(3, 60))
        rows.append(f"{case},check,{first},{due},")
        if rng.random() < 0.9:
            rows.append(f"{case},decide,{done},{due},")
            late |= {case} if done > due else set()
        elif due < date(2021, 12, 31):
            overdue.add(case)
    found = judged(tmp_path, rows, on=date(2021, 12, 31))
    assert late
    assert overdue
    assert (found.cases, found.allowed) == (1434, len(found.lines))
    assert (found.late_cases, found.overdue_cases) == (late, overdue)


def test_by_how_many_days_and_who_answers(tmp_path: Path) -> None:
    rows = ["p,check,2021-02-01,2021-02-05,", "p,decide,2021-02-08,2021-02-05,"]
    (last,) = judged(tmp_path, rows).late
    (mark,) = last.late
    assert (last.days_late, mark.bound, mark.answerable) == (3, date(2021, 2, 5), "office")


def test_a_state_that_is_claimed_but_was_never_come_to_lacks_its_lines(tmp_path: Path) -> None:
    found = judged(tmp_path, ["p,check,2021-02-01,,decided", "q,check,2021-02-01,,checked"])
    (unmet,) = [unmet for line in found.lines for unmet in line.unmet]
    assert (unmet.claim.case, unmet.reached, unmet.way) == ("p", "checked", ("decide",))


def test_a_line_that_skips_others_condemns_only_itself(tmp_path: Path) -> None:
    found = judged(tmp_path, ["p,decide,2021-02-02,,", "p,check,2021-02-03,,"])
    wrong = [(line.line.place.line, line.skipped) for line in found.lines if not line.allowed]
    assert wrong == [(2, ("check",)), (3, ())]
    assert found.reasons() == {("not_from_here", "decide"): 1, ("not_from_here", "check"): 1}
