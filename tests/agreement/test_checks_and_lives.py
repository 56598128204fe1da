"""What checks say can never be, no case of a reform made up comes to, on purpose or by lot."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import pytest

from reformflow.binding import bind
from reformflow.checks import CHECKS, Subject
from reformflow.engine import Engine
from reformflow.errors import CalendarError
from reformflow.formats import fingerprint
from reformflow.model import Finding, Reform
from reformflow.testing import Pathfinder, Walk, paths
from reformflow.testing.coverage import Recorder, listening
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing import reform as made_up
from reformflow.testing.pathfinding import replayed
from support.soak import amount

NEVER = {
    "unreachable_state": {"done"},
    "never_fires": {"granted"},
    "never_first": {"granted"},
    "rule_never_true": {"granted"},
    "rule_always_true": {"refused", "unknown"},
    "never_opens": {"granted"},
}
"""Codes of findings, and the outcomes that they say never come."""

SEEDS = range(amount(4, 300))


@cache
def lived(seed: int) -> tuple[Reform, dict[str, set[str]]]:
    """Return a reform made up, and what its cases have come to."""
    made = made_up(Lot.seeded(seed))
    engine, recorder = Engine(made), Recorder()
    with listening(recorder):
        for number in range(4):
            with suppress(CalendarError):  # it has come to a year without data
                list(Walk(engine, number).play(80))
        finder = Pathfinder(engine)
        for workflow in engine.program.plans:
            for course in paths(finder, workflow).courses:
                replayed(engine, course.asked)
    seen: dict[str, set[str]] = {}
    for path, outcome in recorder.tried[fingerprint(made)]:
        seen.setdefault(path, set()).add(outcome)
    return made, seen


@cache
def found(reform: Reform) -> tuple[Finding, ...]:
    """Return what the checks find that can be compared with what happened."""
    subject = Subject.of(bind(reform))
    findings: list[Finding] = []
    for check in CHECKS:
        with suppress(CalendarError):
            findings += check(subject)
    return tuple(finding for finding in findings if finding.code in NEVER)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_to_be_impossible_never_happens(seed: int) -> None:
    made, seen = lived(seed)
    alarms = [
        (finding.code, finding.path, outcome)
        for finding in found(made)
        for outcome in NEVER[finding.code] & seen.get(finding.path, set())
    ]
    assert alarms == []


def test_there_is_enough_to_be_wrong_about() -> None:
    """Checks find something in these reforms, and their cases come far."""
    codes = {finding.code for seed in SEEDS for finding in found(lived(seed)[0])}
    assert len(codes) >= 2
    outcomes = [one for seed in SEEDS for some in lived(seed)[1].values() for one in some]
    assert min(outcomes.count(one) for one in ("granted", "refused", "unknown", "done")) > 10


def test_the_paths_of_findings_are_those_of_outcomes() -> None:
    """A finding about another path than the one that is tried could never be wrong."""
    tried = {_form(path) for seed in SEEDS for path in lived(seed)[1]}
    told = {_form(finding.path) for seed in SEEDS for finding in found(lived(seed)[0])}
    assert told
    assert told <= tried


def _form(path: str) -> tuple[str, ...]:
    return tuple(
        part
        for part in path.split(".")
        if part in {"tracks", "states", "transitions", "rules", "needs", "opening"}
    )
