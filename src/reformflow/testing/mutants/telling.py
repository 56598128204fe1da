"""What a reform tells of what is asked: every answer, and the deadlines that then stand.

Two reforms that tell the same of a history are not told apart by it, nor by any property that is
tried over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from reformflow.engine import Docket, Engine
from reformflow.errors import ReformflowError
from reformflow.model import Reform, Request
from reformflow.sheets import Tick
from reformflow.testing.examples import Example, answers
from reformflow.testing.pathfinding import Asked

_YEAR: Final = timedelta(days=365)


class Telling:
    """What one reform tells of some examples, each worked out once, to compare others with."""

    def __init__(self, reform: Reform, examples: Sequence[Example]) -> None:
        """Tell of examples."""
        self._engines = Engines(reform)
        self._examples = examples
        self._told: dict[tuple[int, str, str], tuple[object, ...]] = {}

    def differs(self, other: Engines, number: int, policy: str = "", option: str = "") -> bool:
        """Say whether another reform tells otherwise of one example, maybe under an option."""
        example = self._examples[number]
        choices = {**dict(example.choices), **({policy: option} if policy else {})}
        key = (number, policy, option)
        if key not in self._told:
            self._told[key] = tuple(told(self._engines.under(choices), example.steps))
        try:
            now = told(other.under(choices), example.steps)
            return any(one != another for one, another in zip(self._told[key], now, strict=True))
        except ReformflowError:  # the option is no more, or does not fit any more
            return True


class Engines:
    """The engines of one reform under options of its policies, each compiled once."""

    def __init__(self, reform: Reform) -> None:
        """Compile nothing yet."""
        self._reform = reform
        self._found: dict[frozenset[tuple[str, str]], Engine] = {}

    def under(self, choices: Mapping[str, str]) -> Engine:
        """Return the engine under some options; DefinitionError if it does not hold up."""
        key = frozenset(choices.items())
        if key not in self._found:
            self._found[key] = Engine(self._reform.choosing(**choices))
        return self._found[key]


def told(engine: Engine, steps: Sequence[Asked]) -> Iterator[object]:
    """Yield each answer, with the deadlines that stand after what was granted; then a year on."""
    docket = Docket()
    for step, answer in zip(steps, answers(engine, steps, docket), strict=True):
        yield answer
        if isinstance(step, Request) and not isinstance(answer, str) and answer[0].granted:
            yield engine.standing(docket, step.case, step.on)
    on = max((step.on for step in steps), default=date.min) + _YEAR
    yield from answers(engine, [Tick(on)], docket)
    yield tuple(engine.standing(docket, case, on) for case in docket.ids())
