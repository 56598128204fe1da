"""Examples: ledgers beside a reform, whose lines say in a note what is expected to become of them.

`examples/roster` and `examples/ledger.csv` of a reform are one; so is each folder in `examples`
that holds a ledger. A line is granted, unless its note ends with `expect: refused` and the rule,
fact, act or code of the refusal and clauses that it cites.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import bind
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, Place, RequestError
from reformflow.model import Decision, Open, Reform, Refusal, Request
from reformflow.sheets import Tick, read_ledger, read_roster, write_course
from reformflow.testing.pathfinding import Asked

FOLDER: Final = "examples"
LEDGER: Final = "ledger.csv"
_CHOICES: Final = "choices.csv"
_EXPECTED: Final = re.compile(r"expect: refused (\S+)((?: \S+)*)$")

Answer = tuple[Decision, ...] | str
"""What became of one step: decisions, or the name of the error."""


@attrs.frozen
class Example:
    """What is asked, with the note and place of each step, under some options of policies."""

    steps: tuple[Asked, ...]
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, ledger: Path, reform: Reform) -> Example:
        """Read a ledger, and the roster and choices beside it; InputError with every problem.

        A line that comes again, under the same key, is left out.
        """
        choices = tuple(_choices(ledger.parent / _CHOICES))
        bound = bind(reform.choosing(**dict(choices)))
        roster = read_roster(ledger.parent / "roster", bound)
        opening = {item.request.case: item.workflow for item in roster.openings}
        lines = read_ledger(ledger, bound, roster.actors, known=opening.get).lines
        once = {line.key: line for line in reversed(lines)}
        kept = [line for line in lines if once[line.key] is line]
        return cls(
            (*(item.request for item in roster.openings), *(line.step for line in kept)),
            (*("" for _ in roster.openings), *(line.note for line in kept)),
            (*(item.place for item in roster.openings), *(line.place for line in kept)),
            choices,
        )

    @classmethod
    def of(cls, reform: Reform, courses: Iterable[Iterable[Asked]]) -> Example:
        """Return courses as one example, each with cases of its own, as a reform answers them."""
        numbered = enumerate(courses, start=1)
        asked = [step for number, course in numbered for step in _own(course, f"{number}-")]
        told = zip(asked, answers(Engine(reform), asked), strict=True)
        kept = [(step, _note(answer)) for step, answer in told if not isinstance(answer, str)]
        return cls(tuple(step for step, _ in kept), tuple(note for _, note in kept))

    def parts(self) -> tuple[Example, ...]:
        """Return what is asked of each family of cases, without notes; families answer alone."""
        families: dict[str, str] = {}
        parts: dict[str, list[Asked]] = {}
        for step in self.steps:
            above = _parent(step) or step.case or ""
            family = families.get(above, above)
            if step.case is None or families.setdefault(step.case, family) != family:
                return (Example(self.steps, choices=self.choices),)
            parts.setdefault(family, []).append(step)
        return tuple(Example(tuple(steps), choices=self.choices) for steps in parts.values())

    def unexpected(self, reform: Reform) -> Iterator[str]:
        """Yield each line that comes out otherwise than its note says, with its place."""
        given = answers(Engine(reform.choosing(**dict(self.choices))), self.steps)
        for place, note, answer in zip(self.places, self.notes, given, strict=True):
            problem = _problem(note, answer)
            if problem:
                yield f"{place}: {problem}"

    def write(self, folder: Path) -> None:
        """Write it into a folder, which is made if need be, to be read again."""
        write_course(self.steps, folder, self.notes)
        if self.choices:
            lines = ["policy,option", *map(",".join, self.choices)]
            (folder / _CHOICES).write_text("\n".join(lines) + "\n", "utf-8")


def examples(folder: Path, reform: Reform) -> tuple[Example, ...]:
    """Read the examples in the folder of a reform, if any; InputError with the problems of one."""
    found = sorted((folder / FOLDER).glob(f"**/{LEDGER}"))
    return tuple(Example.read(path, reform) for path in found)


def answers(
    engine: Engine, steps: Iterable[Asked], docket: Docket | None = None
) -> Iterator[Answer]:  # fmt: skip
    """Yield what a reform answers to each step, for the cases of a docket, else from none on."""
    docket = Docket() if docket is None else docket
    for step in steps:
        try:
            if isinstance(step, Tick):
                cases = [step.case] if step.case else docket.ids()
                yield tuple(docket.take(engine.tick(docket, case, step.on)) for case in cases)
            else:
                yield (docket.take(engine.fire(docket, step)),)
        except (RequestError, CalendarError) as error:
            yield type(error).__name__


# ---------------------------------------------------------------------------------------------


def _note(answer: Answer) -> str:
    """Return the note of a line that is expected to be answered so; none if it is granted."""
    if isinstance(answer, str) or not answer or answer[0].granted:
        return ""
    refusal = answer[0].refusals[0]
    cause = refusal.code if " " in refusal.subject else refusal.subject
    return " ".join(("expect: refused", cause, *refusal.clauses))


def _choices(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row.get("policy", ""), row.get("option", "")


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


def _parent(step: Asked) -> str | None:
    """Return the parent under which a step opens a case, if it does."""
    return step.act.parent if isinstance(step, Request) and isinstance(step.act, Open) else None


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
