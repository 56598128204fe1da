"""Asking the engine, and mending what signatures, days and extensions can mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reformflow.binding import BoundTransition
from reformflow.engine import Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Act, Actor, Code, Extend, Record, Refusal, Sign, Value
from reformflow.testing.pathfinding.worlds import World, somebody


class Spent(Exception):
    """The search has asked the engine as often as it may."""


class Asking:
    """Asks the engine on behalf of a search, as often as it may.

    `refusals` are the last ones for each workflow and transition, "" for its opening.
    """

    def __init__(self, engine: Engine, asks: int) -> None:
        """Ask at most `asks` times."""
        self.engine = engine
        self.left = asks
        self.refusals: dict[tuple[str, str], tuple[Refusal, ...]] = {}

    def ask(self, world: World, case: str, act: Act, actor: Actor) -> World | None:
        """Return the world after a request; None if the engine cannot decide it at all."""
        if self.left <= 0:
            raise Spent
        self.left -= 1
        try:
            return world.ask(case, act, actor)
        except (RequestError, CalendarError):
            return None

    def somebody(self, role: str, *, person: int = 1) -> Actor:
        """Return a holder of a role."""
        return somebody(self.engine, role, person=person)

    def record(self, world: World, case: str, facts: Mapping[str, Value]) -> World | None:
        """Return the world after facts were recorded, each by somebody who may."""
        flow = self.engine.program.plan(world.case(case).workflow).flow
        groups: dict[str, dict[str, Value]] = {}
        for name, value in facts.items():
            by = flow.facts[name].by
            role = next((role for role in by if role in groups), by[0])
            groups.setdefault(role, {})[name] = value
        now = world
        for role, some in groups.items():
            after = self.ask(now, case, Record(some), self.somebody(role))
            if after is None or not after.last.granted:
                return None
            now = after
        return now

    def mended(
        self, world: World, case: str, bound: BoundTransition, refusals: Sequence[Refusal]
    ) -> World | None:
        """Return the world after what signatures, days and extensions can mend; None if nothing."""
        mended: World | None = None
        for refusal in refusals:
            now = mended or world
            day = next((value for _, value in refusal.values if isinstance(value, date)), None)
            match refusal.code:
                case Code.NOT_SIGNED:
                    for role in refusal.must_act:
                        signed = self.ask(now, case, Sign(bound.id), self.somebody(role))
                        if signed is None or not signed.last.granted:
                            return None
                        now = signed
                    mended = now
                case Code.TOO_EARLY | Code.BEFORE_LAST_ENTRY if day is not None and day > now.on:
                    mended = now.at(day)
                case Code.LATE | Code.NOT_EXTENDED:
                    mended = self._extended(now, case, bound)
                case _:
                    continue
            if mended is None:
                return None
        return mended

    def _extended(self, world: World, case: str, bound: BoundTransition) -> World | None:
        permit = bound.deadline.extension if bound.deadline else None
        for role in permit.by if permit else ():
            act = Extend(bound.id, world.on)
            after = self.ask(world, case, act, self.somebody(role))
            if after is not None and after.last.granted:
                return after
        return None
