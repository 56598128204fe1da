"""In memory or in a database: the same requests end in the same states, histories and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count

import attrs
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from reformflow.casework import Book
from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.formats import load
from reformflow.model import Decision, Reform, Request
from support.databases import NOW, checked
from support.lots import Lots
from support.repository import ROOT, WORKFLOWS
from support.servers import KINDS
from support.soak import DEAR

LENGTH = 60
SHORT = 20  # servers take their time over every commit
NUMBERS = count()
REFORMS = {
    "errands": ROOT / "tests" / "store" / "reforms" / "errands",
    "putuo": WORKFLOWS / "putuo-2021-9",
}


@cache
def reform_named(name: str) -> Reform:
    return load(REFORMS[name])


@pytest.fixture(scope="module", params=[(k, r) for k in KINDS for r in REFORMS], ids=str)
def shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Book, Engine]]:
    """A book and an engine of the same reform; checked when all requests are through."""
    kind, name = request.param
    with checked(kind, tmp_path_factory.mktemp("agreement")) as place:
        book = place.open(reform_named(name))
        yield book, Engine(reform_named(name), definition=book.practice.definition)


def in_memory(engine: Engine, docket: Docket, request: Request) -> Decision | str:
    try:
        return docket.take(engine.fire(docket, attrs.evolve(request, recorded_at=NOW)))
    except RequestError as error:
        return error.message


def in_store(book: Book, request: Request) -> Decision | str:
    try:
        return book.do(request)
    except RequestError as error:
        return error.message


@settings(DEAR, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=strategies.integers(0, 2**32))
def test_the_store_and_the_engine_alone_agree(shelf: tuple[Book, Engine], seed: int) -> None:
    book, engine = shelf
    docket = Docket()
    mine = f"{next(NUMBERS)}"
    lots = Lots(book.practice.engine.program.bound, seed, f"{mine}-", date(2021, 1, 28))
    answers = {}
    length = LENGTH if book.practice.schema.prefix == "" else SHORT
    for number in range(length):
        request = lots.request(docket)
        key = f"{mine}/{number}"
        one = in_memory(engine, docket, attrs.evolve(request, key=key))
        two = in_store(book, attrs.evolve(request, key=key))
        assert one == two, request
        answers[key] = (request, two)
        if number % 10 == 9:
            for case in docket.ids():
                moved = docket.take(engine.tick(docket, case, lots.today, recorded_at=NOW))
                told = book.tick(lots.today, cases=[case])
                assert told == ([moved] if moved.entries else [])
    for case in docket.ids():
        assert book.case(case) == docket.case(case)
        assert book.history(case) == docket.entries(case)
        for workflow in book.practice.schema.workflows:
            with book.transaction() as work:
                children = work._cases(work._host).children(case, workflow)
            assert children == docket.children(case, workflow)
    for key, (request, answer) in answers.items():
        if isinstance(answer, Decision):
            again = book.do(attrs.evolve(request, key=key))
            assert attrs.evolve(again, repeated=False) == answer


def test_the_requests_are_worth_comparing() -> None:
    """Lots grant enough, refuse enough, and ask for every kind of act."""
    seen: dict[str, set[str]] = {"granted": set(), "refused": set(), "unread": set()}
    for name in REFORMS:
        engine = Engine(reform_named(name))
        here: set[str] = set()
        for seed in range(10):
            docket = Docket()
            lots = Lots(engine.program.bound, seed, "c", date(2021, 1, 28))
            for _ in range(LENGTH * 2):
                request = lots.request(docket)
                answer = in_memory(engine, docket, request)
                kind = type(request.act).__name__
                if isinstance(answer, str):
                    seen["unread"].add(kind)
                elif answer.granted:
                    here.add(kind)
                else:
                    seen["refused"].add(kind)
        assert {"Open", "Fire", "Record"} <= here, name
        seen["granted"] |= here
    acts = {"Open", "Fire", "Record", "Sign", "Extend", "Suspend", "Resume", "Correct"}
    assert (seen["granted"], seen["refused"]) == (acts, acts)
    assert seen["unread"]
