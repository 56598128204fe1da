"""I6, I9: what is refused or cannot be read changes nothing, in any state, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partialmethod
from typing import TypeAlias

import attrs
import pytest
import sqlalchemy as sa

from reformflow.casework import Book
from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Decision, Fire, Grant, Reform, Request, Sign
from support.answering import in_memory, in_store
from support.databases import Place
from support.lots import UNITS, Lots
from support.soak import amount, chance

COURSES = amount(1, 40)
ROUNDS = 4
MOVES = 15
TRIES = 40


Do: TypeAlias = Callable[[Book, Callable[..., Decision], Request], Decision]


def trusting(book: Book, do: Callable[..., Decision], request: Request) -> Decision:
    """Take whoever has no role for somebody who has them all."""
    roles = book.practice.engine.program.bound.roles
    anybody = Actor.holding(request.actor.id, *roles)
    return do(book, request if request.actor.grants else attrs.evolve(request, actor=anybody))


def talkative(book: Book, do: Callable[..., Decision], request: Request) -> Decision:
    """Leave a word in the histories when something is refused."""
    decision = do(book, request)
    if not decision.granted:
        word = sa.update(book.practice.schema.shared.history).values(reason="refused")
        book._units.write(lambda connection: connection.execute(word))
    return decision


def test_whatever_is_denied_leaves_every_table_as_it_was(
    book: Book, place: Place, errands: Reform
) -> None:
    """Again and again cases move on; then all that is not granted, or not to these, is tried."""
    engine = Engine(errands, definition=book.practice.definition)
    seeds, tried = chance("denied", place.kind), Counter[str]()
    for course in range(COURSES):  # each with cases of its own, which are not all done at the end
        lots = Lots(engine.program.bound, seeds.randrange(2**32), f"{course}c", date(2021, 1, 28))
        tried += denied(book, place, engine, lots)
    assert min(tried[what] for what in ("refused", "by strangers")) > ROUNDS * COURSES
    assert tried["unreadable"] >= ROUNDS * COURSES // 4


@pytest.mark.parametrize("careless", [trusting, talkative])
def test_what_is_not_denied_or_leaves_a_trace_is_noticed(
    book: Book, place: Place, errands: Reform, careless: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(errands, definition=book.practice.definition)
    lots = Lots(engine.program.bound, 1, "c", date(2021, 1, 28))
    monkeypatch.setattr(Book, "do", partialmethod(careless, Book.do))
    with pytest.raises(AssertionError):
        denied(book, place, engine, lots)


def denied(book: Book, place: Place, engine: Engine, lots: Lots) -> Counter[str]:
    """Take one course; return how often what was tried."""
    docket, tried = Docket(), Counter[str]()
    for _ in range(ROUNDS):
        for _ in range(MOVES):
            request = lots.request(docket)
            assert in_store(book, request) == in_memory(engine, docket, request)
        before = place.dump()
        for _ in range(TRIES):
            request = lots.request(docket)
            answer = in_memory(engine, Docket(base=docket), request)
            if not isinstance(answer, Decision) or not answer.granted:
                assert in_store(book, request) == answer
                tried["refused" if isinstance(answer, Decision) else "unreadable"] += 1
                continue
            for stranger in strangers(engine, docket, request):
                refused = book.do(attrs.evolve(request, actor=stranger))
                assert "not_authorised" in {refusal.code for refusal in refused.refusals}
                tried["by strangers"] += 1
        assert place.dump() == before
    return tried


def strangers(engine: Engine, docket: Docket, request: Request) -> list[Actor]:
    """Return people who may not do what somebody else may: of other roles, or of other units."""
    if not isinstance(request.act, Fire | Sign):
        return []
    case, bound = docket.case(request.case), engine.program.bound
    raw = bound.workflows[case.workflow].transitions[request.act.transition].transition
    others = set(bound.roles) - {*raw.by, *raw.signed_by}
    elsewhere = next(unit for unit in UNITS if unit != case.unit)
    return [
        Actor("nobody"),
        Actor("other", frozenset(Grant(role) for role in others)),
        Actor("elsewhere", frozenset(Grant(role, elsewhere) for role in bound.roles)),
    ]
