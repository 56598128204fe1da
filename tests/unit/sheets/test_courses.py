"""What is written down as a ledger reads back as the same requests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reformflow.binding import bind
from reformflow.engine import Docket, Engine
from reformflow.formats import load
from reformflow.model import Actor, Correct, Extend, Fire, Open, Record, Request, Resume, Suspend
from reformflow.sheets import Tick, read_ledger, read_roster, write_course
from reformflow.testing.walks import Walk

BOUND = bind(load("putuo-2021-9"))


@pytest.mark.parametrize("seed", range(4))
def test_random_courses_read_back_as_they_were(tmp_path: Path, seed: int) -> None:
    chance = Walk(Engine(BOUND), seed)
    steps: list[Request | Tick] = []
    for request, decision in chance.play(150):
        if request is None:
            steps.append(Tick(chance.on, decision.case))
        elif chance.docket.exists(request.case) and request.case in chance.docket.ids():
            steps.append(request)
    write_course(steps, tmp_path)
    actors = read_roster(tmp_path / "roster", BOUND).actors
    lines = read_ledger(tmp_path / "ledger.csv", BOUND, actors, known=_known(chance.docket)).lines
    assert len(lines) == len(steps) > 20
    for line, step in zip(lines, steps, strict=True):
        if isinstance(step, Tick):
            assert line.step == step
            continue
        read = line.step
        assert isinstance(read, Request)
        assert (read.case, read.on, read.actor.id) == (step.case, step.on, step.actor.id)
        assert _plain(read) == _plain(step)


def _known(docket: Docket) -> object:
    return lambda case: docket.case(case).workflow if docket.exists(case) else None


def _plain(request: Request) -> object:
    """Return an act in which empty texts are no texts, as a ledger has them."""
    act = request.act
    if isinstance(act, Open | Record | Fire | Correct):
        return type(act), {k: v for k, v in act.facts.items() if v not in (None, "")}
    return act


def test_texts_with_the_marks_of_a_ledger_are_quoted(tmp_path: Path) -> None:
    text = ' a; b="c"；d=1 '
    ann = Actor.holding("ann", "gov_office")
    step = Request("d", Record({"scope_decision": text.strip()}), ann, date(2021, 3, 1))
    write_course([step], tmp_path)
    actors = read_roster(tmp_path / "roster", BOUND).actors
    (line,) = read_ledger(
        tmp_path / "ledger.csv", BOUND, actors, known=lambda _: "department"
    ).lines
    assert isinstance(line.step, Request)
    assert line.step.act == step.act


def test_every_act_has_its_action(tmp_path: Path) -> None:
    ann = Actor.holding("ann", "gov_office")
    on = date(2021, 3, 1)
    acts = [Extend("station", date(2021, 4, 1)), Suspend("station"), Resume("station")]
    acts += [Correct(2, void=True), Correct(2, {"posts_after": 3})]  # type: ignore[list-item]
    write_course([Request("d", act, ann, on) for act in acts], tmp_path)
    actors = read_roster(tmp_path / "roster", BOUND).actors
    read = read_ledger(tmp_path / "ledger.csv", BOUND, actors, known=lambda _: "department")
    assert [line.step.act for line in read.lines if isinstance(line.step, Request)] == acts
