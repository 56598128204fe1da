"""The acts that can be asked for, each in its own words; all of them are requests."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date

from reformflow.casework.clock import Clock, utc_now
from reformflow.model import (
    Act,
    Actor,
    Correct,
    Decision,
    Extend,
    Facts,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Sign,
    Suspend,
)


class Acts(ABC):
    """Everything that can be done to cases.

    `on` is the day on which it happened, in the reform's zone. A request with a `key` is
    carried out once: sent again, it gets the same answer, marked `repeated`. Refusals are
    values (`Decision.refusals`); RequestError is raised for a request that nobody could decide.
    """

    _clock: Clock = staticmethod(utc_now)

    @abstractmethod
    def do(self, request: Request) -> Decision:
        """Decide a request of any kind, and carry it out if it is granted.

        Raises KeyReused if the key came before with another body; UnknownName or another
        RequestError if the request cannot be read. Then nothing is stored.
        """

    def open(  # noqa: PLR0913 - the parts of a case
        self,
        case: str,
        workflow: str,
        *,
        actor: Actor,
        on: date,
        unit: str = "",
        subject: str = "",
        parent: str | None = None,
        facts: Facts | None = None,
        key: str | None = None,
    ) -> Decision:
        """Open a case."""
        act = Open(workflow, unit=unit, subject=subject, parent=parent, facts=facts or {})
        return self._ask(case, act, actor, on, key=key)

    def record(
        self,
        case: str,
        facts: Facts,
        *,
        actor: Actor,
        on: date,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        """Record facts."""
        return self._ask(case, Record(facts), actor, on, reason=reason, key=key)

    def fire(  # noqa: PLR0913 - the parts of a request
        self,
        case: str,
        transition: str,
        *,
        actor: Actor,
        on: date,
        facts: Facts | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        """Fire a transition."""
        act = Fire(transition, facts or {})
        return self._ask(case, act, actor, on, reason=reason, key=key)

    def sign(
        self, case: str, transition: str, *, actor: Actor, on: date, key: str | None = None
    ) -> Decision:
        """Sign a transition that needs several offices."""
        return self._ask(case, Sign(transition), actor, on, key=key)

    def extend(  # noqa: PLR0913 - the parts of a request
        self,
        case: str,
        transition: str,
        until: date,
        *,
        actor: Actor,
        on: date,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        """Extend the deadline of a transition to a new last day."""
        act = Extend(transition, until)
        return self._ask(case, act, actor, on, reason=reason, key=key)

    def suspend(
        self,
        case: str,
        transition: str,
        *,
        actor: Actor,
        on: date,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        """Stop the clock of a transition's deadline."""
        return self._ask(case, Suspend(transition), actor, on, reason=reason, key=key)

    def resume(
        self,
        case: str,
        transition: str,
        *,
        actor: Actor,
        on: date,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        """Let the clock of a transition's deadline run again."""
        return self._ask(case, Resume(transition), actor, on, reason=reason, key=key)

    def correct(  # noqa: PLR0913 - the parts of a request
        self,
        case: str,
        entry: int,
        *,
        facts: Facts | None = None,
        void: bool = False,
        reason: str,
        actor: Actor,
        on: date,
        key: str | None = None,
    ) -> Decision:
        """Correct entry number `entry`: other facts in its place, or `void` to take it back."""
        act = Correct(entry, facts or {}, void=void)
        return self._ask(case, act, actor, on, reason=reason, key=key)

    def _ask(
        self,
        case: str,
        act: Act,
        actor: Actor,
        on: date,
        *,
        reason: str | None = None,
        key: str | None = None,
    ) -> Decision:
        return self.do(Request(case, act, actor, on, reason, self._clock(), key))
