"""Intrusions: what a reform refuses on the way of a history, put in where it would do harm.

Acts by everybody else, acts out of their order or without what they record, facts recorded when
they are settled. A history
goes on as before, unless the reform that is tried lets one of them pass. In the end everything is
taken back that may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.model import (
    OPENING,
    Act,
    Actor,
    Case,
    Code,
    Correct,
    Decision,
    Fact,
    FactType,
    Fire,
    Grant,
    Open,
    Record,
    Request,
    Scope,
    Value,
)
from reformflow.sheets import Tick
from reformflow.testing.pathfinding import Asked

_MANY: Final = 1_000
_DAY: Final = timedelta(days=1)
_REASON: Final = "stated for the record"


class Intruder:
    """Puts intrusions into histories of one reform, each of them once.

    `only` limits them to some transitions and facts.
    """

    def __init__(self, engine: Engine, *, only: frozenset[str] = frozenset()) -> None:
        """Intrude on the cases of a reform."""
        self.engine = engine
        self._only = only
        self._done: set[tuple[str, ...]] = set()
        self._acts: dict[tuple[str, str], Fire] = {}

    def learn(self, steps: Iterable[Asked]) -> None:
        """Learn from a history with which facts each transition is fired."""
        docket = Docket()
        for step in steps:
            decision = self._played(docket, step)
            if isinstance(step, Request) and isinstance(step.act, Fire) and decision is not None:
                key = (docket.case(step.case).workflow, step.act.transition)
                self._acts.setdefault(key, step.act)

    def intruding(self, steps: Iterable[Asked]) -> Iterator[Asked]:
        """Yield a history with what the reform refuses on its way, and what is taken back."""
        docket, last = Docket(), None
        for step in steps:
            if isinstance(step, Request):
                yield from self._instead(docket, step)
            decision = self._played(docket, step)
            yield step
            for name in dict.fromkeys(entry.case for entry in decision.entries) if decision else ():
                yield from self._beside(docket, docket.case(name), step.on)
            last = step if decision else last
        if isinstance(last, Request):
            yield from self._taken_back(docket, last.case, last.on)

    def _instead(self, docket: Docket, step: Request) -> Iterator[Request]:
        """Yield a request as others would make it, and by halves, if it is granted as it is."""
        act, plans = step.act, self.engine.program.plans
        if isinstance(act, Open):
            workflow, name, unit = act.workflow, OPENING, act.unit
            records = plans[workflow].flow.workflow.opening.records
        elif isinstance(act, Fire) and docket.exists(step.case):
            case = docket.case(step.case)
            workflow, name, unit = case.workflow, act.transition, case.unit
            records = plans[workflow].flow.transitions[name].transition.records
        else:
            return
        if not self._wanted(name) or (workflow, name) in self._done:
            return
        if self._refusals(docket, step) != frozenset():
            return
        self._done.add((workflow, name))
        yield from self._refused(
            docket, (attrs.evolve(step, actor=who) for who in self._others(unit))
        )
        yield from self._refused(
            docket, (_without(step, act, fact) for fact in records if fact in act.facts)
        )

    def _beside(self, docket: Docket, case: Case, on: date) -> Iterator[Request]:
        """Yield what may not be done to a case as it stands."""
        flow = self.engine.program.plan(case.workflow).flow
        for id, bound in flow.transitions.items():  # noqa: A001
            state = str(case.values[f"{bound.track}.state"])
            roles = bound.transition.by or bound.transition.signed_by
            if state not in bound.source and roles and self._wanted(id):
                act = self._acts.get((case.workflow, id), Fire(id))
                request = self._asked(case, act, roles[0], on)
                yield from self._out_of_order(docket, request, (case.workflow, id, state))
        if self._new(case.workflow, "correct"):
            void = Correct(case.revision, void=True)
            asked = (Request(case.id, void, who, on, _REASON) for who in self._others(case.unit))
            yield from self._refused(docket, asked)
        states = [str(case.values[f"{track}.state"]) for track in flow.tracks]
        if self._new(case.workflow, *states):
            for fact in flow.facts.values():
                if fact.by and self._wanted(fact.id):
                    yield from self._recording(docket, case, fact, on)

    def _out_of_order(
        self, docket: Docket, request: Request, place: tuple[str, ...]
    ) -> Iterator[Request]:  # fmt: skip
        """Yield an act out of its order, once, and once where nothing else stands against it."""
        if (*place, "alone") in self._done:
            return
        refusals = self._refusals(docket, request)
        alone = refusals == frozenset({Code.NOT_FROM_HERE})
        if alone:
            self._done.add((*place, "alone"))
        if refusals and (self._new(*place) or alone):
            yield request

    def _recording(self, docket: Docket, case: Case, fact: Fact, on: date) -> Iterator[Request]:
        """Yield records of a fact that are refused, by those who may and those who may not."""
        now = case.values[fact.id]
        acts = [Record({fact.id: value}) for value in _values(fact, on) if value != now]
        mine = [self._asked(case, act, fact.by[0], on) for act in acts]
        refused = list(self._refused(docket, mine))
        yield from refused
        if len(refused) == len(mine):
            return
        free = next(request for request in mine if request not in refused)
        if self._new(case.workflow, "record", fact.id):
            others = (attrs.evolve(free, actor=who) for who in self._others(case.unit))
            yield from self._refused(docket, others)

    def _taken_back(self, docket: Docket, name: str, on: date) -> Iterator[Request]:
        """Yield, at the end of a history, what takes back every fact that still may be."""
        flow = self.engine.program.plan(docket.case(name).workflow).flow
        for fact in flow.facts.values():
            case = docket.case(name)
            states = [str(case.values[f"{track}.state"]) for track in flow.tracks]
            if not fact.by or not self._wanted(fact.id) or case.values[fact.id] is None:
                continue
            request = self._asked(case, Record({fact.id: None}), fact.by[0], on)
            if self._refusals(docket, request) == frozenset() and self._new(
                "back", fact.id, *states
            ):
                self._played(docket, request)
                yield request

    def _others(self, unit: str) -> Iterator[Actor]:
        """Yield somebody for each role, who holds no other, and holds it where it counts."""
        for role in self.engine.program.bound.roles.values():
            grant = Grant(role.id, unit if role.scope is Scope.UNIT else None)
            yield Actor(f"only {role.id}", frozenset({grant}))
            if role.scope is Scope.UNIT:
                yield Actor(f"{role.id} elsewhere", frozenset({Grant(role.id, f"not {unit}")}))

    def _asked(self, case: Case, act: Act, role: str, on: date) -> Request:
        scope = self.engine.program.bound.roles[role].scope
        grant = Grant(role, case.unit if scope is Scope.UNIT else None)
        return Request(case.id, act, Actor(f"a {role}", frozenset({grant})), on, _REASON)

    def _wanted(self, name: str) -> bool:
        return not self._only or name in self._only

    def _new(self, *key: str) -> bool:
        if key in self._done:
            return False
        self._done.add(key)
        return True

    def _refused(self, docket: Docket, requests: Iterable[Request]) -> Iterator[Request]:
        return (one for one in requests if self._refusals(docket, one) != frozenset())

    def _refusals(self, docket: Docket, request: Request) -> frozenset[Code] | None:
        """Return why a request is refused; nothing if it is granted, None if it is none."""
        try:
            decision = self.engine.decide(docket, request)
        except (RequestError, CalendarError):
            return None
        return frozenset(refusal.code for refusal in decision.refusals)

    def _played(self, docket: Docket, step: Asked) -> Decision | None:
        """Play a step; None if it was not granted."""
        try:
            if isinstance(step, Tick):
                for case in [step.case] if step.case else docket.ids():
                    docket.take(self.engine.tick(docket, case, step.on))
                return None
            decision = docket.take(self.engine.fire(docket, step))
        except (RequestError, CalendarError):
            return None
        return decision if decision.granted else None


# ---------------------------------------------------------------------------------------------


def _without(step: Request, act: Open | Fire, fact: str) -> Request:
    facts = {name: value for name, value in act.facts.items() if name != fact}
    return attrs.evolve(step, act=attrs.evolve(act, facts=facts))


def _values(fact: Fact, on: date) -> tuple[Value, ...]:
    """Return different values of a fact, those at its ends, and those just beyond."""
    match fact.type:
        case FactType.BOOL:
            return (True, False)
        case FactType.INT:
            low, high = fact.minimum or 0, _MANY if fact.maximum is None else fact.maximum
            return (low, high, low - 1, high + 1)
        case FactType.DATE:
            return (on, on - _DAY)
        case FactType.TEXT:
            return ("x", "y", "x" * (fact.max_length + 1))
        case FactType.CHOICE:
            return tuple(choice.id for choice in fact.choices)
