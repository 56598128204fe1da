"""One request asked of the engine alone and of a store: a decision, or why it cannot be read."""

from __future__ import annotations

import attrs

from reformflow.casework import Book
from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import Decision, Request
from support.databases import NOW

Answer = Decision | str


def in_memory(engine: Engine, docket: Docket, request: Request) -> Answer:
    """Ask the engine, and carry out in memory what it grants."""
    try:
        return docket.take(engine.fire(docket, attrs.evolve(request, recorded_at=NOW)))
    except RequestError as error:
        return error.message


def in_store(book: Book, request: Request) -> Answer:
    """Ask a book."""
    try:
        return book.do(request)
    except RequestError as error:
        return error.message


def unrepeated(answer: Answer) -> Answer:
    """Return an answer as it was the first time."""
    return attrs.evolve(answer, repeated=False) if isinstance(answer, Decision) else answer
