"""Examples: ledgers whose answers somebody has looked at, kept beside a reform.

`examples/roster` and `examples/ledger.csv` of a reform are one; each folder in `examples` that
holds a ledger is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import BoundReform
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Decision
from reformflow.sheets import Tick, read_ledger, read_roster
from reformflow.testing.histories import Step

FOLDER: Final = "examples"
_LEDGER: Final = "ledger.csv"

Answer = tuple[Decision, ...] | str
"""What became of one step: decisions, or the name of the error."""


def examples(folder: Path, bound: BoundReform) -> tuple[tuple[Step, ...], ...]:
    """Read the examples in the folder of a reform; InputError with the problems of one.

    There may be none.
    """
    found = sorted((folder / FOLDER).glob(f"**/{_LEDGER}"))
    return tuple(tuple(_steps(path, bound)) for path in found)


def answers(engine: Engine, steps: Iterable[Step]) -> Iterator[Answer]:
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


@attrs.frozen
class Answered:
    """An example with the answers that it got once."""

    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]

    @classmethod
    def by(cls, engine: Engine, steps: Iterable[Step]) -> Answered:
        """Return an example with the answers of a reform."""
        asked = tuple(steps)
        return cls(asked, tuple(answers(engine, asked)))

    def differs(self, engine: Engine) -> bool:
        """Say whether a reform answers any step otherwise."""
        return any(
            was != now for was, now in zip(self.answers, answers(engine, self.steps), strict=True)
        )


# ---------------------------------------------------------------------------------------------


def _steps(ledger: Path, bound: BoundReform) -> Iterator[Step]:
    roster = read_roster(ledger.parent / "roster", bound)
    opening = {item.request.case: item.workflow for item in roster.openings}
    yield from (item.request for item in roster.openings)
    lines = read_ledger(ledger, bound, roster.actors, known=opening.get).lines
    yield from (line.step for line in lines)
