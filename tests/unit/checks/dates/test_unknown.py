"""A date counted only from what comes later is never known, and is found."""

from __future__ import annotations

import pytest

from reformflow.checks.dates.unknown import dates_never_known
from support.checking import found, three_steps, told

STEPS = """
one: {from: a, to: b, by: office, %s}
two: {from: b, to: c, by: office}
never: {from: d, to: gone, by: office}
"""
TRACK = "other: {track: beside, from: x, to: y, by: office}\n"


@pytest.mark.parametrize(
    ("bound", "where"),
    [
        ("due: {days: 5, after: two, clauses: [R1]}", "due"),
        ("window: {opens: {days: 5, after: two}, clauses: [R1]}", "window.opens"),
        ("window: {closes: {days: 5, before: two}, clauses: [R1]}", "window.closes"),
        ("due: {days: 5, after: one, clauses: [R1]}", "due"),
        ("due: {days: 5, after: never, clauses: [R1]}", "due"),
        ("due: {dates: [{days: 5, after: two, when: urgent}, {days: 9, after: two}]}", "due"),
    ],
)
def test_what_is_counted_from_a_later_act(bound: str, where: str) -> None:
    (finding,) = found(dates_never_known, case=three_steps(STEPS % bound))
    assert told([finding]) == [
        ("warning", "date_never_known", f"case.transitions.one.{where}"),
    ]
    assert finding.clauses == (("R1",) if "R1" in bound else ())
    assert finding.witness.parts in {("two",), ("one",), ("never",)}


@pytest.mark.parametrize(
    ("bound", "more"),
    [
        ("due: {days: 5, after: opened}", ""),
        ("due: {on: 2021-03-01}", ""),
        ("due: {days: 5, after: told_on}", ""),
        ("due: {days: 5, after: progress.since}", ""),
        ("due: {days: 5, after: two}", "back: {from: c, to: a, by: office}\n"),
        ("due: {days: 5, after: two}", "short: {from: a, to: b, by: office}\n"),
        ("due: {dates: [{days: 5, after: two, when: urgent}, {days: 9, after: opened}]}", ""),
        ("due: {days: 5, after: two}, enabled: 'False'", ""),
    ],
)
def test_what_can_be_known_in_some_case(bound: str, more: str) -> None:
    assert found(dates_never_known, case=three_steps(STEPS % bound + more)) == []


def test_an_act_of_another_track_can_come_before() -> None:
    flow = three_steps(
        (STEPS % "due: {days: 5, after: other}").replace("{from", "{track: progress, from") + TRACK
    ).replace(
        "gone: {final: true}}}}",
        "gone: {final: true}}}, beside: {initial: x, states: {x: , y: }}}",
    )
    assert found(dates_never_known, case=flow) == []
