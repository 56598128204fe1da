"""Acts that concern one case alone, done in the fewest steps; all others go the whole way."""

from __future__ import annotations

from functools import partial
from typing import Final

from reformflow.casework.clock import Clock
from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.model import Correct, Decision, Open, Request
from reformflow.store import (
    Direct,
    NotAlone,
    NotHere,
    OneCase,
    Singles,
    SQLAlchemyError,
    lost,
    watched,
    with_may_write,
)

_MOST: Final = 10_000
_LONGER: Final = {Open, Correct}
"""Acts that always look at more than one row."""


class Solo:
    """Does acts that concern one case alone.

    It remembers which kinds of acts have taken kin, so as not to try those again.
    """

    def __init__(self, units: Units, practice: Practice, clock: Clock) -> None:
        """Work in the units of one database."""
        self._units = units
        self._singles = Singles(units.engine, practice.schema.known)
        self._practice = practice
        self._clock = clock
        self._social: set[tuple[type, str]] = set()

    def do(self, request: Request) -> Decision | None:
        """Decide a request and carry it out; None if it takes a longer unit of work."""
        kind = type(request.act), getattr(request.act, "transition", "")
        longer = request.key is not None or kind[0] in _LONGER
        if longer or kind in self._social or watched(self._units.engine):
            return None
        unit = partial(self._singles.run, self._act, request.entered(self._clock))
        try:
            decision: Decision = self._units.tried(unit, writes=True, again=False)
        except NotHere:
            return None
        except NotAlone:
            if len(self._social) < _MOST:
                self._social.add(kind)
            return None
        return decision

    def _act(self, direct: Direct, request: Request, answer: list[Decision]) -> None:
        practice = self._practice
        case = OneCase(direct, practice.schema, request.act, pinned=practice.definition)
        decision = practice.engine.fire(case, request)
        if with_may_write(direct.engine):
            answer.append(decision)  # from here on it is open whether it was stored
        try:
            case.write(decision)
        except SQLAlchemyError as error:
            if not lost(error):
                answer.clear()
            raise
        answer[:] = [decision]
