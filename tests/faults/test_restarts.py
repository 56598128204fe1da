"""I1: the state is the fold of the history, and a restart after any step changes nothing.

Hypothesis tells stories of requests, repeated requests and time, to the store and to the engine
alone; after each step the book is opened anew and must hold what memory holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from reformflow.casework import Book
from reformflow.engine import Docket, Engine
from reformflow.model import Decision, Reform, Request
from reformflow.testing.drawing import Lot
from support.answering import Answer, in_memory, in_store, unrepeated
from support.databases import NOW, Place, checked
from support.lots import Lots
from support.soak import amount


class Restarts(RuleBasedStateMachine):
    """One story, in a place without cases."""

    place: Place
    reform: Reform

    def __init__(self) -> None:
        super().__init__()
        self.place.empty()
        self.book = self.place.open(self.reform)
        bound = self.book.practice.engine.program.bound
        self.engine = Engine(self.reform, definition=self.book.practice.definition)
        self.docket = Docket()
        self.lots = Lots(bound, 0, "c", date(2021, 1, 28))
        self.answered: list[tuple[Request, Answer]] = []

    @rule(drawn=st.binary(min_size=24, max_size=24))
    def ask(self, drawn: bytes) -> None:
        self.lots.lot = Lot(drawn)
        key = f"key{len(self.answered)}"
        request = attrs.evolve(self.lots.request(self.docket), key=key)
        answer = in_memory(self.engine, self.docket, request)
        assert in_store(self.book, request) == answer
        self.answered.append((request, answer))

    @rule(which=st.integers(0, 100))
    def ask_again(self, which: int) -> None:
        if self.answered:
            request, answer = self.answered[which % len(self.answered)]
            again = in_store(self.book, request)
            if isinstance(answer, Decision):  # what could not be read then is asked anew
                assert unrepeated(again) == answer

    @rule(days=st.integers(0, 40))
    def let_time_pass(self, days: int) -> None:
        on = self.lots.today = min(self.lots.today + timedelta(days), NOW.date())
        for case in self.docket.ids():
            moved = self.docket.take(self.engine.tick(self.docket, case, on, recorded_at=NOW))
            assert self.book.tick(on, cases=[case]) == ([moved] if moved.entries else [])

    @invariant()
    def all_is_there_after_a_restart(self) -> None:
        self.book.close()
        self.place.books.remove(self.book)
        self.book = self.place.open()
        cases = {case.id: case for case in self.book.cases()}
        assert cases.keys() == set(self.docket.ids())
        for id_, case in cases.items():
            assert case == self.docket.case(id_)
            assert self.book.history(id_) == self.docket.entries(id_)

    def teardown(self) -> None:
        assert self.book.verify() == ()
        self.book.close()
        self.place.books.remove(self.book)


def test_a_restart_after_any_step_changes_nothing(place: Place, errands: Reform) -> None:
    stories = amount(3, 200) if place.kind == "sqlite" else amount(1, 40)
    tell(place, errands, stories=stories, steps=amount(12, 50))


def test_a_store_that_forgets_is_noticed(
    tmp_path: Path, errands: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The story fails where a book answers without storing."""
    monkeypatch.setattr(Book, "do", forgetful)
    with checked("sqlite", tmp_path) as place, pytest.raises(AssertionError):
        tell(place, errands, stories=50, steps=5, phases=[Phase.generate])


def tell(place: Place, reform: Reform, *, stories: int, steps: int, **more: Any) -> None:
    machine: Any = type("Story", (Restarts,), {"place": place, "reform": reform})
    limits = settings(max_examples=stories, stateful_step_count=steps, **more)
    run_state_machine_as_test(machine, settings=limits)


def forgetful(book: Book, request: Request) -> Decision:
    return book.practice.engine.fire(Docket(), attrs.evolve(request, recorded_at=NOW))
