"""Drawing by lot: simple where nothing is drawn, wide where much is, the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.formats import load
from reformflow.testing.drawing import KINDS, Days, Lot, Requests, people
from support.building import Play, bound_of
from support.repository import ROOT, WORKFLOWS

FLOW = """
facts:
  size: {type: int, by: office}
  told_on: {type: date, by: office}
rules:
  small: {requires: size <= 70}
  told: {requires: 'told_on >= date("2021-04-01")'}
transitions:
  send: {from: draft, to: sent, by: office, needs: [small, told], due: {on: 2021-03-10, late: flag}}
"""


@given(data=st.binary(), below=st.integers(1, 10**6))
def test_a_number_is_below_its_bound_and_zero_bytes_draw_zero(data: bytes, below: int) -> None:
    assert 0 <= Lot(data).number(below) < below
    assert Lot(bytes(len(data))).number(below) == 0


def test_each_number_is_drawn_about_as_often_as_the_others() -> None:
    lot = Lot.seeded("even")
    for below in (3, 7, 300):
        drawn = Counter(lot.number(below) for _ in range(100 * below))
        assert drawn.keys() == set(range(below))
        assert max(drawn.values()) < 170


def test_a_chance_comes_in_its_share_and_not_where_nothing_is_drawn() -> None:
    lot = Lot.seeded(0)
    assert 200 < sum(lot.chance(0.25) for _ in range(1000)) < 300
    assert not Lot(b"").chance(0.99)


def test_the_same_seed_draws_the_same() -> None:
    one, other = Lot.seeded(5), Lot.seeded(5)
    assert [one.byte() for _ in range(600)] == [other.byte() for _ in range(600)]


def test_a_person_always_holds_the_same_roles() -> None:
    """So a table of actors can stand beside a course of requests."""
    bound = bound_of(flow=FLOW)
    everybody = people(bound)
    assert len({actor.id for actor in everybody}) == len(everybody)
    for role in bound.roles:
        assert sum(actor.holds(role, "unit-1") for actor in everybody) >= 2
    assert not everybody[-1].grants


def test_days_come_close_together_beside_what_a_definition_names() -> None:
    days, lot = Days(bound_of(flow=FLOW)), Lot.seeded(1)
    drawn = Counter(days.near(lot) for _ in range(600))
    for day in (date(2021, 3, 10), date(2021, 4, 1), date(2021, 2, 20)):
        for beside in (-1, 0, 1):
            assert drawn[day + timedelta(days=beside)] > 10
    assert sum((day + timedelta(days=1)).day == 1 for day in drawn.elements()) > 50
    assert sum(day.weekday() >= 5 for day in drawn.elements()) > 600 * 2 / 7


def test_time_goes_on_to_the_dates_of_a_case() -> None:
    play = Play(flow=FLOW)
    play.open(on="02-25")
    days, lot = Days(play.engine.program.bound), Lot.seeded(2)
    case = play.docket.case("c")
    drawn = {days.next(date(2021, 3, 1), case, lot) for _ in range(400)}
    assert {date(2021, 3, 9), date(2021, 3, 10), date(2021, 3, 11)} <= drawn
    assert min(drawn) == date(2021, 3, 1)


@pytest.mark.parametrize("name", ["putuo-2021-9", "errands"])
def test_every_kind_of_request_is_granted_refused_and_unreadable(name: str) -> None:
    """Requests that are all refused, or all granted, would try little."""
    folder = ROOT / "tests" / "store" / "reforms" / name if name == "errands" else WORKFLOWS / name
    engine = Engine(load(folder))
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(12):
        docket = Docket()
        first = Days(engine.program.bound).first
        requests = Requests(engine.program.bound, Lot.seeded(seed), first)
        for _ in range(150):
            requests.wait(docket)
            request = requests.request(docket)
            kind = type(request.act).__name__.lower()
            try:
                decision = engine.fire(docket, request)
            except (RequestError, CalendarError):
                seen[kind, "unreadable"] += 1
                continue
            requests.listen(docket, decision)
            seen[kind, "granted" if decision.granted else "refused"] += 1
            docket.take(decision)
    granted = {kind for kind in KINDS if seen[kind, "granted"]}
    deep = {"extend", "suspend", "resume"} if name != "errands" else set()  # later in its course
    assert granted >= set(KINDS) - deep
    assert all(seen[kind, "refused"] for kind in KINDS)
    assert seen["fire", "granted"] > 30
    assert sum(count for (_, how), count in seen.items() if how == "unreadable") > 10


def test_zero_bytes_draw_requests_that_make_sense() -> None:
    play = Play(flow=FLOW)
    requests = Requests(play.engine.program.bound, Lot(b""), date(2021, 3, 1))
    play.take(play.engine.fire(play.docket, requests.request(play.docket)))
    assert play.decisions[-1].granted
    decision = play.engine.fire(play.docket, requests.request(play.docket))
    assert [refusal.code for refusal in decision.refusals] == ["not_recorded", "not_recorded"]
