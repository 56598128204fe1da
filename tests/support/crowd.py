"""Processes that work on the same cases at once, and may be killed at any moment.

They are forked from a clean process that has imported the library: it has no threads and no
connections, whatever the test runner has.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from random import Random
from typing import Any

import attrs

from reformflow.casework import Book, connect
from reformflow.errors import RequestError
from reformflow.model import Fire, Record, Request
from support.databases import NOW
from support.errands import CHIEF, CLERK, day
from support.wires import Tap, Wire

_LIBRARIES = ["reformflow.casework", "reformflow.cli", "psycopg", "pymysql", "alembic"]
Told = tuple[str, str, tuple[tuple[str, int], ...]]
"""A request that was granted: its key, its case, and the entries that it made."""


@cache
def context() -> ForkServerContext:
    """Return how processes are started."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(_LIBRARIES)
    return found


class Worker:
    """A process that tells line by line what it has done; `heard` is what was told so far."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        """Run `work` with a connection to tell on, and what it is given."""
        self.heard: list[Any] = []
        self._ear, mouth = context().Pipe(duplex=False)
        self.process = context().Process(target=work, args=(mouth, *given))
        self.process.start()
        mouth.close()

    def listen(self) -> None:
        """Hear everything until the process ends."""
        with suppress(EOFError):
            while True:
                self.heard.append(self._ear.recv())
        self.process.join()

    def kill(self) -> None:
        """End it without a word of warning, and hear what it has told before."""
        self.process.kill()
        self.listen()

    def close(self) -> None:
        """Give back what belongs to it."""
        self._ear.close()
        self.process.close()


def together(size: int, work: Callable[..., None], *given: Any) -> list[list[Any]]:
    """Let so many processes do the same work at once; return what each of them told."""
    gate = context().Barrier(size)
    workers = [Worker(work, number, gate, *given) for number in range(size)]
    told = []
    for worker in workers:
        worker.listen()
        assert worker.process.exitcode == 0
        told.append(worker.heard)
        worker.close()
    return told


@attrs.frozen
class Shift:
    """What each of a crowd does: so many acts on one group of cases after the other."""

    url: str
    prefix: str
    groups: Sequence[Sequence[str]]
    acts: int
    seed: str

    def book(self) -> Book:
        """Open the book in which to work."""
        return connect(self.url, prefix=self.prefix, clock=lambda: NOW)


def join_in(mouth: Connection, number: int, gate: Any, shift: Shift) -> None:
    """Work on each group of cases together with all others, and tell what was granted."""
    rng = Random(f"{shift.seed}/{number}")
    with shift.book() as book:
        for group in shift.groups:
            gate.wait()
            for act in range(shift.acts):
                key = f"{group[0]}/{number}/{act}"
                request_and_tell(book, mouth, any_request(rng, rng.choice(group), key))


@attrs.define
class Fatal(Tap):
    """Kills the process at one statement or commit, before it is sent or after it is done."""

    statement: int
    after_it: bool
    heard: int = 0

    def before(self, wire: Wire, sql: str) -> str:
        self.heard += 1
        self._perhaps(now=not self.after_it)
        return sql

    def after(self, wire: Wire, sql: str) -> None:
        self._perhaps(now=self.after_it)

    def _perhaps(self, *, now: bool) -> None:
        if now and self.heard == self.statement:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_within(rng: Random, most: int) -> Fatal:
    """Return an end that comes by chance within so many statements."""
    return Fatal(rng.randrange(1, most), after_it=rng.random() < 0.5)


def any_request(rng: Random, case: str, key: str) -> Request:
    """Return a request that counts what was sent, sends it back, or overwrites a fact."""
    match rng.randrange(3):
        case 0:
            return Request(case, Fire("send"), CLERK, day(2), key=key)
        case 1:
            return Request(case, Fire("return_it"), CHIEF, day(2), reason="改", key=key)
        case _:
            act = Record({"posts": rng.randrange(11), "备注": key})
            return Request(case, act, CLERK, day(2), key=key)


def request_and_tell(book: Book, mouth: Connection, request: Request) -> None:
    """Send a request, and tell it once it is granted."""
    with suppress(RequestError):
        answer = book.do(request)
        if answer.granted:
            made = tuple((entry.case, entry.seq) for entry in answer.entries)
            mouth.send((request.key, request.case, made))
