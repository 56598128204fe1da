"""The example ledger of the Putuo reform comes out line by line as its notes say."""

from __future__ import annotations

import pytest

from reformflow.model import Decision
from reformflow.words.refusals import refusal_sentence
from support.putuo import shipped_town
from support.putuo_ledger import OUTCOME, Replay, Row, judge


@pytest.fixture(scope="module")
def replay() -> Replay:
    """The roster opened."""
    replay = Replay(shipped_town().engine())
    replay.open_roster()
    return replay


@pytest.fixture(scope="module")
def told(replay: Replay) -> list[tuple[Row, Decision]]:
    """What came of every line."""
    return list(replay.lines())


def test_every_line_comes_out_as_its_note_says(told: list[tuple[Row, Decision]]) -> None:
    for row, decision in told:
        judge(row, decision)


def test_the_stories_hold_refusals_repeats_and_lateness(told: list[tuple[Row, Decision]]) -> None:
    assert sum(not decision.granted for _, decision in told) >= 20
    assert sum(decision.repeated for _, decision in told) >= 1
    assert sum(bool(entry.late) for _, decision in told for entry in decision.entries) >= 10


def test_every_refusal_cites_its_clauses(told: list[tuple[Row, Decision]]) -> None:
    for _, decision in told:
        assert all(refusal.clauses for refusal in decision.refusals), decision


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_refusal_reads_as_a_sentence(
    replay: Replay, told: list[tuple[Row, Decision]], language: str
) -> None:
    bound = replay.engine.program.bound
    for row, decision in told:
        flow = bound.workflows[replay.docket.case(row["case"]).workflow]
        for refusal in decision.refusals:
            assert len(refusal_sentence(flow, bound, refusal, language)) > 10


def test_the_board_in_the_end_is_as_it_was_written_down(
    replay: Replay, told: list[tuple[Row, Decision]]
) -> None:
    assert list(replay.outcome()) == OUTCOME.read_text(encoding="utf-8").splitlines()
