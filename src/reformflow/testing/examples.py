"""Examples: ledgers beside a reform, whose lines say in a note what is expected to become of them.

`examples/roster` and `examples/ledger.csv` of a reform are one; so is each folder in `examples`
that holds a ledger. A line is granted, unless its note ends with `expect: refused` and the rule,
fact, act or code of the refusal and clauses that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import BoundReform
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Decision, Open, Refusal
from reformflow.sheets import Line, Opening, Tick, read_ledger, read_roster
from reformflow.testing.pathfinding import Asked

FOLDER: Final = "examples"
LEDGER: Final = "ledger.csv"
_EXPECTED: Final = re.compile(r"expect: refused (\S+)((?: \S+)*)$")

Answer = tuple[Decision, ...] | str
"""What became of one step: decisions, or the name of the error."""


@attrs.frozen
class Example:
    """A ledger, with the roster of the cases and people that it tells of."""

    openings: tuple[Opening, ...]
    lines: tuple[Line, ...]

    @classmethod
    def read(cls, ledger: Path, bound: BoundReform) -> Example:
        """Read a ledger and the roster beside it; InputError with every problem.

        A line that comes again, under the same key, is left out.
        """
        roster = read_roster(ledger.parent / "roster", bound)
        opening = {item.request.case: item.workflow for item in roster.openings}
        lines = read_ledger(ledger, bound, roster.actors, known=opening.get).lines
        once = {line.key: line for line in reversed(lines)}
        return cls(roster.openings, tuple(line for line in lines if once[line.key] is line))

    @property
    def steps(self) -> tuple[Asked, ...]:
        """Everything that is asked, in order."""
        opened = (item.request for item in self.openings)
        return (*opened, *(line.step for line in self.lines))

    def unexpected(self, engine: Engine) -> Iterator[str]:
        """Yield each line that comes out otherwise than its note says, with its place."""
        expected = [(item.place, "") for item in self.openings]
        expected += [(line.place, line.note) for line in self.lines]
        for (place, note), answer in zip(expected, answers(engine, self.steps), strict=True):
            problem = _problem(note, answer)
            if problem:
                yield f"{place}: {problem}"


def examples(folder: Path, bound: BoundReform) -> tuple[Example, ...]:
    """Read the examples in the folder of a reform, if any; InputError with the problems of one."""
    found = sorted((folder / FOLDER).glob(f"**/{LEDGER}"))
    return tuple(Example.read(path, bound) for path in found)


def answers(engine: Engine, steps: Iterable[Asked]) -> Iterator[Answer]:
    """Yield what a reform answers to each step, from an empty beginning."""
    docket = Docket()
    for step in steps:
        try:
            if isinstance(step, Tick):
                cases = [step.case] if step.case else docket.ids()
                yield tuple(docket.take(engine.tick(docket, case, step.on)) for case in cases)
            else:
                yield (docket.take(engine.fire(docket, step)),)
        except (RequestError, CalendarError) as error:
            yield type(error).__name__


def example_of(
    bound: BoundReform, courses: Iterable[Iterable[Asked]]
) -> tuple[list[Asked], list[str]]:
    """Return courses as one course, each with cases of its own, and the notes of its steps."""
    engine = Engine(bound)
    asked = [
        step
        for number, course in enumerate(courses, start=1)
        for step in _own(course, f"{number}-")
    ]
    told = list(zip(asked, answers(engine, asked), strict=True))
    kept = [(step, note_of(answer)) for step, answer in told if not isinstance(answer, str)]
    return [step for step, _ in kept], [note for _, note in kept]


def note_of(answer: Answer) -> str:
    """Return the note of a line that is expected to be answered so; none if it is granted."""
    if isinstance(answer, str) or not answer or answer[0].granted:
        return ""
    refusal = answer[0].refusals[0]
    return " ".join(("expect: refused", refusal.subject, *refusal.clauses))


@attrs.frozen
class Answered:
    """Steps with the answers that they got once."""

    steps: tuple[Asked, ...]
    answers: tuple[Answer, ...]

    @classmethod
    def by(cls, engine: Engine, steps: Iterable[Asked]) -> Answered:
        """Return steps with the answers of a reform."""
        asked = tuple(steps)
        return cls(asked, tuple(answers(engine, asked)))

    def differs(self, engine: Engine) -> bool:
        """Say whether a reform answers any step otherwise."""
        return any(
            was != now for was, now in zip(self.answers, answers(engine, self.steps), strict=True)
        )


# ---------------------------------------------------------------------------------------------


def _own(course: Iterable[Asked], prefix: str) -> Iterator[Asked]:
    """Yield a course with other ids of cases; what time brings to all, it brings to each."""
    cases: dict[str, None] = {}
    for step in course:
        if isinstance(step, Tick):
            named = [step.case] if step.case else list(cases)
            yield from (Tick(step.on, prefix + case) for case in named)
            continue
        cases[step.case] = None
        act = step.act
        if isinstance(act, Open) and act.parent is not None:
            act = attrs.evolve(act, parent=prefix + act.parent)
        yield attrs.evolve(step, case=prefix + step.case, act=act)


def _problem(note: str, answer: Answer) -> str:
    """Return what is wrong with an answer; nothing if it is as expected."""
    if isinstance(answer, str):
        return f"it cannot be decided: {answer}"
    refusals = [refusal for decision in answer for refusal in decision.refusals]
    expected = _EXPECTED.search(note)
    if expected is None:
        return f"refused, not granted: {', '.join(map(_told, refusals))}" if refusals else ""
    cause, clauses = expected[1], frozenset(expected[2].split())
    if any(cause in {one.subject, one.code} and clauses <= set(one.clauses) for one in refusals):
        return ""
    came = ", ".join(map(_told, refusals)) or "granted"
    return f"{came}, not {note[expected.start() + len('expect: ') :]}"


def _told(refusal: Refusal) -> str:
    return " ".join((f"{refusal.code} {refusal.subject}", *refusal.clauses))
