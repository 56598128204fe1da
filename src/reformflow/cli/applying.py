"""The main job: a roster opened, a ledger applied, every line whole or not at all.

Lines are committed in groups, because a disk takes longer to promise a write than the engine
takes to decide it. Within a group every line stands behind a savepoint of its own; a run that
is killed loses only its last group, and running it again goes on from there, by the keys.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from reformflow.errors import CalendarError, EmbeddingError, Place, RequestError, StoreError
from reformflow.model import Open, Refusal, Request
from reformflow.sheets import Line, Opening, Tick

if TYPE_CHECKING:
    from reformflow.casework import Book, Casework

_GROUP: Final = 200
_SECONDS: Final = 0.25
_PAUSE: Final = 0.005  # lets others in between; nobody would wake up in a shorter gap


@attrs.frozen
class Answer:
    """What came of one line: refusals, or an error, or neither.

    `repeated` marks an answer that was given in an earlier run; `brought` counts the entries
    that came about by themselves; `unopened` marks a line about a case whose opening was refused.
    """

    place: Place
    workflow: str
    key: str
    step: Request | Tick
    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False
    brought: int = 0
    error: str = ""
    unopened: str = ""

    @property
    def refused(self) -> bool:
        """Whether the answer was no."""
        return bool(self.refusals or self.unopened)

    @property
    def applied(self) -> bool:
        """Whether the line is carried out, now or before."""
        return not (self.refused or self.error)


@attrs.frozen
class Tally:
    """How many lines came out how; `lines` is the sum of the others."""

    lines: int
    done: int
    before: int
    refused: int
    invalid: int
    brought: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Tally:
        """Count answers."""
        applied = [answer for answer in answers if answer.applied]
        before = sum(answer.repeated for answer in applied)
        return cls(
            lines=len(answers),
            done=len(applied) - before,
            before=before,
            refused=sum(answer.refused for answer in answers),
            invalid=sum(bool(answer.error) for answer in answers),
            brought=sum(answer.brought for answer in answers),
        )


def as_lines(openings: Iterable[Opening]) -> list[Line]:
    """Return the lines of a roster in the shape of a ledger's."""
    return [Line(o.place, o.request.key or "", o.workflow, o.request) for o in openings]


def apply(book: Book, lines: Sequence[Line], *, unopened: set[str]) -> Iterator[Answer]:
    """Apply lines in order and yield their answers, once they are committed.

    `unopened` collects the cases whose opening was refused.
    """
    for answers in _groups(book, lines, unopened):
        yield from answers


# ---------------------------------------------------------------------------------------------


def _groups(book: Book, lines: Sequence[Line], unopened: set[str]) -> Iterator[list[Answer]]:
    start = 0
    while start < len(lines):
        try:
            answers = _group(book, lines[start : start + _GROUP], unopened)
        except (StoreError, EmbeddingError):
            # Somebody else was in the way, or the database has trouble: the book tries a single
            # line again for as long as it has patience, and names the trouble if it lasts.
            answers = [_answer(book, lines[start], unopened)]
        yield answers
        start += len(answers)
        time.sleep(_PAUSE)


def _group(book: Book, lines: Sequence[Line], unopened: set[str]) -> list[Answer]:
    """Apply some lines in one transaction: as many as fit into a moment, and at least one."""
    end = time.monotonic() + _SECONDS
    fresh: set[str] = set(unopened)
    answers: list[Answer] = []
    with book.transaction() as casework:
        for line in lines:
            answers.append(_answer(casework, line, fresh))
            if time.monotonic() > end:
                break
    unopened |= fresh
    return answers


def _answer(work: Book | Casework, line: Line, unopened: set[str]) -> Answer:
    step = line.step
    answer = Answer(line.place, line.workflow, line.key, step)
    try:
        if isinstance(step, Tick):
            made = work.tick(step.on, cases=None if step.case is None else [step.case])
            brought = sum(len(decision.entries) for decision in made)
            return attrs.evolve(answer, brought=brought, repeated=not brought)
        decision = work.do(step)
    except (RequestError, CalendarError) as error:
        missing = _never_opened(step, unopened)
        return attrs.evolve(answer, unopened=missing, error="" if missing else str(error))
    if not decision.granted and isinstance(step.act, Open):
        unopened.add(step.case)
    return attrs.evolve(
        answer,
        refusals=decision.refusals,
        repeated=decision.repeated,
        brought=0 if decision.repeated else max(len(decision.entries) - 1, 0),
    )


def _never_opened(step: Request | Tick, unopened: set[str]) -> str:
    cases = [step.case or ""]
    if isinstance(step, Request) and isinstance(step.act, Open):
        cases = [step.act.parent or ""]
    return next((case for case in cases if case in unopened), "")
