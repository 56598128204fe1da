"""What a live case answers: yes, or no with the name of every condition that failed.

An answer is made on the hot path, so it only keeps what it was decided on; refusals with their
clauses, values and sentences are worked out when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from reformflow.model import Actor, Refusal, Refused

_FAILED, _TRANSITION, _CASE, _ACTOR, _ON, _COLUMNS = range(6)


class Answer(tuple[Any, ...]):
    """The answer to one act on a live case; true if it was granted.

    A tuple, because that is what Python makes fastest: the failed names, the transition, the
    case, actor and day, and the columns that were read, as they were then.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        """Say whether the act was granted."""
        return not self[_FAILED]

    @property
    def granted(self) -> bool:
        """Whether the act was granted."""
        return not self[_FAILED]

    @property
    def failed(self) -> tuple[str, ...]:
        """What failed: rules by id, and `source`, `authority`, `order`, `due` … for the rest."""
        failed: tuple[str, ...] = self[_FAILED]
        return failed

    @property
    def transition(self) -> str:
        """The transition that was asked for, "" for another act or a granted one."""
        transition: str = self[_TRANSITION]
        return transition

    @property
    def actor(self) -> Actor:
        """Who asked."""
        actor: Actor = self[_ACTOR]
        return actor

    @property
    def on(self) -> date:
        """The day of the act."""
        day: date = self[_ON]
        return day

    @property
    def columns(self) -> tuple[Any, ...]:
        """The columns that a plain transition was decided on."""
        return self[_COLUMNS:]

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every reason against the act, with clauses and values."""
        if not self[_FAILED]:
            return ()
        case = self[_CASE]
        explain: Callable[[Answer], tuple[Refusal, ...]] = case.flow.explain
        return explain(self)

    def raise_for_refusal(self) -> Answer:
        """Return this answer if it was granted; raise Refused with every reason if not."""
        if not self:
            raise Refused(message=", ".join(self.failed), refusals=self.refusals)
        return self


GRANTED = Answer(((), "", None, None, None))
"""The answer to every act that was granted; the case itself tells the rest."""
