"""A simulated roll-out keeps the dates of the reform, queues at offices, and can be repeated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random

import attrs
import pytest

from reformflow.casework.simulation import Durations, Spread, read_durations, simulate, summed
from reformflow.casework.simulation.model import Shape
from reformflow.casework.simulation.results import Summary
from reformflow.errors import InputError, RequestError
from reformflow.model import Actor, Open, Request
from support.building import bound_of, reform_of

FLOW = """
    label: Permit
    opening: {by: office}
    facts: {paid: {type: bool, by: office}}
    rules: {fee: {requires: paid, clauses: R1}}
    tracks:
      progress:
        initial: draft
        states: {draft: {}, sent: {}, done: {final: true}, off: {final: true}}
    transitions:
      send: {from: draft, to: sent, by: office, needs: fee}
      decide:
        from: sent
        to: done
        by: treasury
        due: {working_days: 10, after: send, late: flag, answerable: treasury, clauses: R2}
        window: {opens: {on: 2021-03-10}, outside: refuse}
      refuse: {from: sent, to: off, by: treasury}
"""
REFORM = reform_of(permit=FLOW)
START, UNTIL = date(2021, 3, 1), date(2021, 12, 31)
ANN = Actor.holding("ann", "office")
OPENINGS = [Request(f"c{n}", Open("permit"), ANN, START) for n in range(20)]


def fixed(days: float) -> Spread:
    return Spread(Shape.FIXED, (days,))


def assumed(
    send: Spread, decide: Spread, *, capacity: int = 0, refused: float = 0.0
) -> Durations:  # fmt: skip
    spreads = {"send": send, "decide": decide}
    if refused:
        spreads["refuse"] = fixed(1)
    return Durations(
        "permit",
        spreads,
        UNTIL,
        chances={"refuse": refused} if refused else {},
        capacity={"treasury": capacity} if capacity else {},
    )


def summary(durations: Durations, runs: int = 5, seed: int = 0) -> Summary:
    return summed(simulate(REFORM, OPENINGS, durations, runs=runs, seed=seed), len(OPENINGS))


def test_all_keep_a_date_that_is_far_enough() -> None:
    found = summary(assumed(fixed(1), fixed(10)))
    assert [(s.transition, s.cases, s.kept) for s in found.shares] == [("decide", 20.0, 1.0)]


def test_none_keeps_a_date_that_is_too_near_and_lateness_counts_days() -> None:
    (share,) = summary(assumed(fixed(1), fixed(11))).shares
    assert (share.kept, share.days_late) == (0.0, 1.0)


def test_nothing_is_done_before_its_window_opens() -> None:
    found = summary(assumed(fixed(0), fixed(0)))
    assert found.half == found.most == date(2021, 3, 10)


def test_an_office_with_one_hand_does_one_act_after_the_other() -> None:
    found = summary(assumed(fixed(0), fixed(5), capacity=1), runs=1)
    assert found.bottleneck is not None
    assert found.bottleneck.transition == "decide"
    assert found.most is not None
    assert found.most > date(2021, 5, 1)
    (share,) = found.shares
    assert share.kept == pytest.approx(2 / 20)


def test_silence_overtakes_an_office_that_is_too_slow() -> None:
    silent = FLOW + "      silence: {from: sent, to: off, after_due: decide}\n"
    outcomes = simulate(reform_of(permit=silent), OPENINGS, assumed(fixed(0), fixed(20)), runs=1)
    (share,) = summed(outcomes, len(OPENINGS)).shares
    assert (share.cases, share.kept) == (20.0, 0.0)


def test_what_is_not_done_by_the_last_day_has_missed_its_date() -> None:
    (share,) = summary(assumed(fixed(0), fixed(1000))).shares
    assert share.kept == 0.0


def test_who_still_waits_on_the_last_day_is_not_through_and_has_waited() -> None:
    """Ten of twenty cases are decided by the last day: nothing is said of when the others are."""
    soon = assumed(fixed(0), fixed(5), capacity=1)
    tenth = max(one.ends[9] for one in simulate(REFORM, OPENINGS, soon, runs=1))
    found = summary(attrs.evolve(soon, until=tenth), runs=1)
    assert (found.half, found.most, found.unfinished) == (tenth, None, 0.5)
    whole, (decide,) = summary(soon, runs=1), (h for h in found.held if h.transition == "decide")
    assert (whole.unfinished, whole.half) == (0.0, tenth)
    weeks = sum(range(10)) + 10 * 10  # of those that were begun one week after the other; the rest
    assert decide.waited == pytest.approx(7 * weeks / 20)


def test_states_that_part_go_by_their_chances() -> None:
    outcomes = list(simulate(REFORM, OPENINGS, assumed(fixed(0), fixed(8), refused=0.25), runs=50))
    refused = sum(one.worked.get("refuse", 0) > 0 for one in outcomes)
    decided = sum(one.kept["decide"] for one in outcomes) / (50 * 20)
    assert refused
    assert 0.65 < decided < 0.85


def test_the_same_seed_gives_the_same_whoever_runs_it() -> None:
    durations = assumed(
        Spread(Shape.TRIANGULAR, (1, 3, 9)), Spread(Shape.LOGNORMAL, (8, 1.5)), capacity=3
    )
    alone = summary(durations, runs=25)
    with ThreadPoolExecutor(3) as executor:
        outcomes = simulate(REFORM, OPENINGS, durations, runs=25, executor=executor)
        assert summed(outcomes, len(OPENINGS)) == alone
    assert summary(durations, runs=25, seed=1) != alone


@pytest.mark.parametrize(
    ("spread", "least", "most"),
    [
        (Spread(Shape.UNIFORM, (2, 5)), 2, 5),
        (Spread(Shape.TRIANGULAR, (1, 2, 9)), 1, 9),
        (Spread(Shape.OBSERVED, (4, 7)), 4, 7),
    ],
)
def test_a_duration_lies_within_its_numbers(spread: Spread, least: int, most: int) -> None:
    chance = Random(7)
    drawn = [spread.draw(chance) for _ in range(5000)]
    assert (min(drawn), max(drawn)) == (least, most)


def test_half_of_a_lognormal_duration_lies_below_its_median() -> None:
    chance = Random(7)
    spread = Spread(Shape.LOGNORMAL, (100, 2))
    below = sum(spread.draw(chance) < 100 for _ in range(2000))
    assert 900 < below < 1100


def test_a_roster_without_cases_of_the_workflow_is_an_error() -> None:
    with pytest.raises(RequestError, match="no case"):
        list(simulate(REFORM, [], assumed(fixed(0), fixed(0)), runs=1))


GOOD = """
workflow: permit
until: 2021-12-31
durations: {send: 2, decide: {triangular: [1, 3.5, 9]}}
chances: {decide: 0.5}
capacity: {treasury: 3}
"""
BOUND = bound_of(permit=FLOW)


def read(folder: Path, text: str) -> Durations:
    file = folder / "durations.yaml"
    file.write_text(text)
    return read_durations(file, BOUND)


def test_assumptions_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found.spreads == {"send": fixed(2), "decide": Spread(Shape.TRIANGULAR, (1, 3.5, 9))}
    assert (found.capacity, found.chances) == ({"treasury": 3}, {"decide": 0.5})


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("workflow: permit", "workflow: permits", "unknown_workflow", 2),
        ("send: 2", "sent: 2", "unknown_transition", 4),
        ("send: 2", "send: -2", "wrong_type", 4),
        ("triangular", "triangle", "unknown_shape", 4),
        ("[1, 3.5, 9]", "[1, 9]", "wrong_length", 4),
        ("[1, 3.5, 9]", "[9, 3.5, 1]", "out_of_order", 4),
        ("0.5", "1.5", "out_of_range", 5),
        ("treasury: 3", "treasure: 3", "unknown_role", 6),
        ("until: 2021-12-31", "until: 2021-02-30", "no_such_date", 3),
    ],
)
def test_bad_assumptions_are_refused_by_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert [(one.code, one.place.line) for one in caught.value.problems] == [(code, line)]
