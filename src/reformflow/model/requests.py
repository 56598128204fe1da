"""Requests: what somebody asks to do to a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import NoneType
from typing import Final

import attrs

from reformflow.errors import RequestError
from reformflow.model.case import Value
from reformflow.model.roles import Actor

_OR_NONE: Final = (str, NoneType)

Facts = Mapping[str, Value]
"""Facts by id; None takes a recorded value back."""


@attrs.frozen
class Open:
    """Open a case of `workflow`."""

    workflow: str
    unit: str = ""
    subject: str = ""
    parent: str | None = None
    facts: Facts = attrs.field(factory=dict)


@attrs.frozen
class Fire:
    """Fire a transition, recording `facts` with it."""

    transition: str
    facts: Facts = attrs.field(factory=dict)


@attrs.frozen
class Record:
    """Record facts."""

    facts: Facts


@attrs.frozen
class Sign:
    """Sign a transition that needs several offices."""

    transition: str


@attrs.frozen
class Extend:
    """Extend the deadline of a transition to a new last day."""

    transition: str
    until: date


@attrs.frozen
class Suspend:
    """Stop the clock of a transition's deadline."""

    transition: str


@attrs.frozen
class Resume:
    """Let the clock of a transition's deadline run again."""

    transition: str


@attrs.frozen
class Correct:
    """Correct a wrong entry: record other facts in its place, or take it back (`void`)."""

    entry: int
    facts: Facts = attrs.field(factory=dict)
    void: bool = False


Act = Open | Fire | Record | Sign | Extend | Suspend | Resume | Correct
"""Everything that can be asked of a case."""


@attrs.frozen
class Request:
    """Who asks what of which case, on which day.

    `on` is the day it happened, in the reform's zone; `recorded_at` the aware instant at which
    it is entered: an `on` after that day is refused. `key` makes a repeated request safe.
    """

    case: str
    act: Act
    actor: Actor
    on: date
    reason: str | None = None
    recorded_at: datetime | None = None
    key: str | None = None

    def __attrs_post_init__(self) -> None:
        """Raise RequestError for a part of another type, such as a number for an id."""
        _check_parts(self.case, self.actor, self.reason, self.key)

    def entered(self, clock: Callable[[], datetime]) -> Request:
        """Return this request as entered now, unless it tells when that was."""
        if self.recorded_at is not None:
            return self
        # Written out: evolve takes twice as long, and every act comes by here.
        return Request(self.case, self.act, self.actor, self.on, self.reason, clock(), self.key)


# ---------------------------------------------------------------------------------------------


def _check_parts(case: object, actor: object, reason: object, key: object) -> None:
    """Raise the error that names a part of a request which is of another type, if any is."""
    if not isinstance(actor, Actor):
        hint = 'build it with Actor.holding("ann", "clerk", unit="north")'
        raise RequestError(f"{actor!r} is no Actor", hint)
    known = isinstance(case, str) and isinstance(actor.id, str)
    if known and isinstance(reason, _OR_NONE) and isinstance(key, _OR_NONE):
        return
    parts = [part for part in (reason, key) if part is not None]
    wrong = next(part for part in (case, actor.id, *parts) if not isinstance(part, str))
    hint = "ids, keys and reasons are texts: str(…) makes one of a number"
    raise RequestError(f"{wrong!r} is no text", hint)
