"""Clients that go on sending keyed requests through any trouble, and what must hold in the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

import attrs

from reformflow.casework import Book
from reformflow.errors import StoreError
from reformflow.model import Decision, Record, Request
from support.errands import CLERK, day, errand
from support.wires import Tap, Wire

CASES = [f"e{number}" for number in range(8)]
_SENDERS = 4
_PAUSE = 0.02


def request_of(number: int) -> Request:
    """Return request number so and so; its key says which it is."""
    act = Record({"posts": number})
    return Request(CASES[number % len(CASES)], act, CLERK, day(2), key=f"key{number}")


@attrs.define
class Storm:
    """Sends the requests numbered 0, 1, … `keys`, each `sends` times, in an order by chance."""

    book: Book
    keys: int
    sends: int
    rng: Random
    answered: int = 0
    _patient: bool = True
    _over: bool = False
    _told: dict[str, list[Decision]] = attrs.field(factory=dict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def begin(self) -> None:
        """Open the cases."""
        for case in CASES:
            errand(self.book, case)

    def rage(self) -> None:
        """Send everything, from several threads, each request until it is answered."""
        requests = [request_of(number) for number in range(self.keys)] * self.sends
        self.rng.shuffle(requests)
        try:
            with ThreadPoolExecutor(_SENDERS) as senders:
                for sent in [senders.submit(self._send, request) for request in requests]:
                    sent.result()
        finally:
            self._over = True

    def rage_while(self, disturb: Callable[[], None]) -> int:
        """Send everything while somebody disturbs, again and again; returns how often."""
        times = 0
        with ThreadPoolExecutor(1) as clients:
            raging = clients.submit(self.rage)
            try:
                while not raging.done():
                    disturb()
                    times += 1
            except BaseException:
                self._patient = False
                raise
        raging.result()
        return times

    def wait(self, answers: int) -> None:
        """Wait until so many more requests are answered, or the storm is over."""
        wanted = self.answered + answers
        while self.answered < wanted and not self._over:
            time.sleep(_PAUSE / 10)

    def check(self) -> None:
        """Demand that each key was carried out once, and always got the same answer."""
        for same in self._told.values():
            assert len({repr(attrs.evolve(answer, repeated=False)) for answer in same}) == 1
            assert sum(not answer.repeated for answer in same) <= 1
            assert same[0].granted
        entries = [entry for case in CASES for entry in self.book.history(case)]
        assert sorted(entry.key for entry in entries if entry.key) == sorted(self._told)
        assert len(self._told) == self.keys
        assert self.answered == self.keys * self.sends

    def _send(self, request: Request) -> None:
        """Send a request until there is an answer, as a careful client does."""
        while True:
            try:
                answer = self.book.do(request)
            except StoreError:
                if not self._patient:
                    raise
                time.sleep(_PAUSE)
                continue
            with self._lock:
                self._told.setdefault(request.key or "", []).append(answer)
                self.answered += 1
            return


@attrs.define
class Squalls(Tap):
    """Break one in so many statements and commits, before or after it was carried out."""

    rng: Random
    one_in: int
    broken: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def before(self, wire: Wire, sql: str) -> str:
        self._perhaps(wire)
        return sql

    def after(self, wire: Wire, sql: str) -> None:
        self._perhaps(wire)

    def _perhaps(self, wire: Wire) -> None:
        with self._lock:
            if self.rng.randrange(self.one_in):
                return
            self.broken += 1
            cut = self.rng.random() < 0.5
        raise wire.cut() if cut else wire.error()


@attrs.define
class Numbers(Tap):
    """Knows the server's number of each connection."""

    known: list[int] = attrs.field(factory=list)

    def before(self, wire: Wire, sql: str) -> str:
        number = wire.number()
        if number not in self.known:
            self.known.append(number)
        return sql


def some(rng: Random, items: Sequence[int]) -> list[int]:
    """Return one or a few of the items."""
    return rng.sample(list(items), k=min(len(items), rng.randrange(1, 4)))
