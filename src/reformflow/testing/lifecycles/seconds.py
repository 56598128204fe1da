"""Seconds: stores that are driven beside the engine, and have to answer what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import attrs

from reformflow.casework import Book
from reformflow.engine import Docket
from reformflow.errors import EmbeddingError, ReformflowError, RequestError, UnknownName
from reformflow.model import Case, Decision, Entry, Extend, Fire, Record, Request

Answer = Decision | ReformflowError
"""What became of a request: a decision, or that it was none that could be decided."""

Books = Book | Callable[[], Book]
"""A book for all runs, or what opens a new one for each."""

_NOON: Final = time(12, tzinfo=UTC)


class Disagreement(AssertionError):
    """A store gave another answer than the engine, or holds something else."""


class Stored:
    """A book beside the engine; each request is sent to it as well."""

    def __init__(self, books: Books) -> None:
        """Take a book for one run."""
        self._own = callable(books)
        self.book = books() if callable(books) else books

    def close(self) -> None:
        """Close the book if it is this run's own."""
        if self._own:
            self.book.close()

    def entered(self, request: Request, today: date) -> Request:
        """Return a request as entered on a day."""
        return attrs.evolve(request, recorded_at=datetime.combine(today, _NOON))

    def together(self, cases: Docket, request: Request) -> Sequence[Request]:  # noqa: ARG002
        """Return the requests that are sent as one."""
        return (request,)

    def ask(self, request: Request, answers: Sequence[Answer]) -> None:
        """Send a request; Disagreement unless the answer is the engine's."""
        (answer,) = answers
        _agree(request, _told(answer), _told(self._asked(request)))

    def has_come(self, on: date) -> bool:
        """Say whether the book takes a day for one that has come."""
        try:
            self.book.tick(on, cases=())
        except RequestError:
            return False
        return True

    def wait(self, cases: Docket, on: date) -> None:
        """Let a day come for the cases of this run, also for those that it opens."""
        there: set[str] = set()
        while more := [id for id in cases.ids() if id not in there and self._has(id)]:  # noqa: A001
            self.book.tick(on, cases=more)
            there.update(more)

    def compare(self, cases: Docket) -> None:
        """Raise Disagreement unless the book holds these cases with their histories."""
        for id in cases.ids():  # noqa: A001
            _agree(id, _case(cases.case(id)), _case(self.book.case(id)))
            _agree(id, _entries(cases.entries(id)), _entries(self.book.history(id)))

    def _has(self, case: str) -> bool:
        try:
            self.book.case(case)
        except UnknownName:
            return False
        return True

    def _asked(self, request: Request) -> Answer:
        try:
            return self.book.do(request)
        except ReformflowError as error:
            return error


class Many(Stored):
    """A book of its own beside the engine; acts are planned for all cases that stand alike."""

    def __init__(self, books: Books) -> None:
        """Take a new book; EmbeddingError for one that may hold cases of others."""
        if not callable(books):
            message = "acts over many cases would reach the cases of other runs"
            raise EmbeddingError(message, "give what opens a new book for each run")
        super().__init__(books)
        self._workflow = self._where = ""

    def together(self, cases: Docket, request: Request) -> Sequence[Request]:
        """Return the same act for every case whose tracks stand as those of this one do."""
        self._where = ""
        if not isinstance(request.act, Fire | Record | Extend) or not cases.exists(request.case):
            return (request,)
        asked = cases.case(request.case)
        self._workflow = asked.workflow
        self._where = " and ".join(f'{name} == "{at}"' for name, at in _states(asked).items())
        alike = [
            id
            for id in sorted(cases.ids())  # noqa: A001
            if cases.case(id).workflow == asked.workflow
            and _states(cases.case(id)) == _states(asked)
        ]
        return [attrs.evolve(request, case=id) for id in alike]  # noqa: A001

    def ask(self, request: Request, answers: Sequence[Answer]) -> None:
        """Plan and run the act; Disagreement unless as many are granted, for the same reasons."""
        if not isinstance(request.act, Fire | Record | Extend) or not self._where:
            super().ask(request, answers)
            return
        try:
            plan = self.book.plan(
                request.act,
                workflow=self._workflow,
                actor=request.actor,
                on=request.on,
                where=self._where,
                reason=request.reason,
            )
        except RequestError:  # no case could be granted this, whatever is said to each
            _agree(request, _sum(answers)[0], 0)
            return
        report = plan.run()
        told = Counter({(str(one.code), one.subject): one.cases for one in report.reasons})
        _agree(request, _sum(answers), (report.granted, told))


# ---------------------------------------------------------------------------------------------


def _agree(about: object, ours: object, theirs: object) -> None:
    if ours != theirs:
        raise Disagreement(f"{about}\nengine: {ours}\nstore:  {theirs}")


def _told(answer: Answer) -> object:
    """Return what an answer says, apart from when and where it was given."""
    if isinstance(answer, ReformflowError):
        return type(answer).__name__, answer.message
    return answer.refusals, _entries(answer.entries), [_case(case) for case in answer.opened]


def _sum(answers: Iterable[Answer]) -> tuple[int, Counter[tuple[str, str]]]:
    """Return how many were granted, and why others were not."""
    reasons: Counter[tuple[str, str]] = Counter()
    granted = 0
    for answer in answers:
        if isinstance(answer, ReformflowError):
            reasons["not_decided", type(answer).__name__] += 1
        else:
            granted += answer.granted
            reasons.update({(str(one.code), one.subject) for one in answer.refusals})
    return granted, reasons


def _entries(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries without what tells nothing of the rules."""
    return [attrs.evolve(one, recorded_at=None, definition="", key=None) for one in entries]


def _case(case: Case) -> Case:
    return attrs.evolve(case, definition="", values=dict(case.values))


def _states(case: Case) -> dict[str, Any]:
    return {name: value for name, value in case.values.items() if name.endswith(".state")}
