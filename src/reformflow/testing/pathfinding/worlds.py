"""A world: cases in memory, the day it is there, and the steps that led to it."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import (
    Act,
    Actor,
    Case,
    Decision,
    Entry,
    Grant,
    Kind,
    Refusal,
    Request,
    Role,
    Scope,
    Value,
)
from reformflow.sheets import Tick

UNIT: Final = "unit-1"
"""The unit of all cases of a course."""

REASON: Final = "stated for the record"


@attrs.frozen
class Step:
    """One step of a course: what was asked, and what became of it."""

    asked: Request | Tick
    refusals: tuple[Refusal, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def granted(self) -> bool:
        """Whether it was carried out."""
        return not self.refusals

    @property
    def entry(self) -> Entry | None:
        """The entry of the request itself."""
        return next((entry for entry in self.entries if entry.actor), None)


@attrs.frozen
class World:
    """Cases as they stand on a day after some steps; a step leads to another world.

    `opened` counts the cases opened by hand, by workflow.
    """

    engine: Engine
    docket: Docket
    on: date
    steps: tuple[Step, ...] = ()
    opened: tuple[str, ...] = ()

    @classmethod
    def empty(cls, engine: Engine, on: date) -> World:
        """Return a world without cases."""
        return cls(engine, Docket(), on)

    def case(self, case: str) -> Case:
        """Return a case."""
        return self.docket.case(case)

    def values(self, case: str) -> dict[str, Value]:
        """Return the columns of a case."""
        return self.docket.case(case).values  # type: ignore[return-value]

    def children(self, case: str, workflow: str) -> list[str]:
        """Return the ids of the children of one workflow."""
        return [child.id for child in self.docket.children(case, workflow)]

    def fired(self, case: str, transition: str) -> int:
        """Return how often a transition has fired on a case."""
        entries = self.docket.added(case)
        return sum(entry.name == transition and entry.kind is Kind.FIRED for entry in entries)

    def visited(self, case: str, track: str) -> tuple[Value, ...]:
        """Return the states in which a track has stood, in order."""
        column = f"{track}.state"
        if not self.docket.exists(case):
            return ()
        first = self.engine.program.plan(self.case(case).workflow).flow.initial[column]
        entries = self.docket.added(case)
        return (first, *(entry.changes[column] for entry in entries if column in entry.changes))

    def ask(
        self, case: str, act: Act, actor: Actor, *, on: date | None = None, reason: bool = True
    ) -> World:
        """Return the world after a request; nothing but the step is new if it was refused.

        RequestError or CalendarError if it cannot be decided at all.
        """
        request = Request(case, act, actor, on or self.on, reason=REASON if reason else None)
        return self.take(request, self.engine.fire(self.docket, request))

    def take(self, request: Request, decision: Decision) -> World:
        """Return the world after a decision about a request."""
        steps = (*self.steps, Step(request, decision.refusals, decision.entries))
        if not decision.granted:
            return attrs.evolve(self, steps=steps)
        docket = self.docket.copy()
        docket.take(decision)
        return attrs.evolve(self, docket=docket, steps=steps, on=max(self.on, request.on))

    def at(self, on: date) -> World | None:
        """Return the world when a day has come, with all that time brought; None if it cannot."""
        if on <= self.on:
            return self
        if not self.engine.program.timed:
            return attrs.evolve(self, on=on)
        docket = self.docket.copy()
        try:
            brought = pass_time(self.engine, docket, on)
        except (CalendarError, RequestError):
            return None
        steps = (*self.steps, Step(Tick(on), entries=brought)) if brought else self.steps
        return attrs.evolve(self, docket=docket, on=on, steps=steps)

    def signature(self) -> int:
        """Return a number that is the same for worlds whose cases stand alike on the same day."""
        ids = self.docket.ids()
        held = [tuple(self.docket.case(case).values.values()) for case in ids]
        return hash((self.on, ids, *held))

    @property
    def last(self) -> Step:
        """The step that led here."""
        return self.steps[-1]


def pass_time(engine: Engine, docket: Docket, on: date) -> tuple[Entry, ...]:
    """Let a day come for all cases until nothing more follows; return what it brought."""
    brought: list[Entry] = []
    more = True
    while more:
        more = False
        for case in docket.ids():
            if engine.timed(docket.case(case).workflow):
                decision = docket.take(engine.tick(docket, case, on))
                brought += decision.entries
                more = more or bool(decision.entries)
    return tuple(brought)


def somebody(engine: Engine, role: str, unit: str = UNIT, *, person: int = 1) -> Actor:
    """Return the holder of a role; other persons hold the same role under other names."""
    return holder(engine.program.bound.roles[role], unit, person=person)


def holder(role: Role, unit: str = UNIT, *, person: int = 1) -> Actor:
    """Return the holder of a role of a reform; a person holds the same roles in every course."""
    local = role.scope is Scope.UNIT
    name = role.id if person == 1 else f"{role.id}-{person}"
    place = f" {unit}" if local and unit != UNIT else ""
    return Actor(name + place, frozenset({Grant(role.id, unit if local else None)}))
