"""Random requests for the cases of any reform: sensible ones, careless ones, hostile ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from reformflow.binding import BoundWorkflow
from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import (
    Act,
    Actor,
    Case,
    Correct,
    Decision,
    Extend,
    Fact,
    FactType,
    Fire,
    Grant,
    Open,
    Record,
    Request,
    Resume,
    Scope,
    Sign,
    Suspend,
    Value,
)

UNITS = ("north", "south")
PEOPLE = ("ann", "bob", "eve")


class Walk:
    """Draws requests from a seed, and plays them against a docket; the same seed, the same walk."""

    def __init__(self, engine: Engine, seed: int, start: date = date(2021, 2, 1)) -> None:
        """Begin on `start`, with no cases."""
        self.engine = engine
        self.rng = random.Random(seed)
        self.on = start
        self.docket = Docket()
        self.decisions: list[Decision] = []
        self._wanted: tuple[str, tuple[str, ...]] | None = None
        self._flows = engine.program.bound.workflows

    def play(self, steps: int) -> Iterator[tuple[Request | None, Decision]]:
        """Yield each request and its decision, taken if granted; None stands for a tick.

        A request that is no request at all raises RequestError, and only that; it is passed over.
        """
        for _ in range(steps):
            self.on += timedelta(days=self.rng.choice([0, 0, 0, 1, 1, 2, 5, 20]))
            if self.docket.ids() and self.rng.random() < 0.1:
                case = self.rng.choice(self.docket.ids())
                yield None, self._take(self.engine.tick(self.docket, case, self.on))
                continue
            request = self.request()
            try:
                decision = self.engine.fire(self.docket, request)
            except RequestError:
                continue
            self._listen(decision)
            yield request, self._take(decision)

    def _listen(self, decision: Decision) -> None:
        """Remember which facts a refusal asks for: the next request may well record them."""
        self._wanted = None
        if decision.refusals and self.docket.exists(decision.case):
            flow = self._flows[self.docket.case(decision.case).workflow]
            columns = [c for r in decision.refusals for c in (*r.missing, *dict(r.values))]
            names = tuple(c for c in dict.fromkeys(columns) if c in flow.facts and flow.facts[c].by)
            self._wanted = (decision.case, names) if names else None

    def request(self) -> Request:
        """Draw one request."""
        rng = self.rng
        ids = self.docket.ids()
        on = self.on - timedelta(days=rng.choice([0] * 9 + [3]))
        if not ids or rng.random() < 0.15:
            name, act = self._opening()
        elif self._wanted is not None and rng.random() < 0.7:
            name, names = self._wanted
            flow = self._flows[self.docket.case(name).workflow]
            act = Record(self.facts(flow, names, most=1.0))
        else:
            name = rng.choice(ids)
            act = self._act(self.docket.case(name))
        reason = rng.choice([None, "because", "因故"])
        unit = self.docket.case(name).unit if self.docket.exists(name) else rng.choice(UNITS)
        return Request(name, act, self.actor(unit), on, reason)

    def actor(self, unit: str) -> Actor:
        """Draw somebody: mostly with all roles of the unit, sometimes with few, or of another."""
        roles = self.engine.program.bound.roles.values()
        if self.rng.random() < 0.1:
            unit = self.rng.choice(UNITS)
        grants = [Grant(r.id, unit if r.scope is Scope.UNIT else None) for r in roles]
        if self.rng.random() < 0.1:
            grants = self.rng.sample(grants, min(len(grants), self.rng.choice([0, 1, 2])))
        return Actor(self.rng.choice(PEOPLE), frozenset(grants))

    def facts(
        self, flow: BoundWorkflow, names: tuple[str, ...], *, most: float = 0.9
    ) -> dict[str, Value]:
        """Draw values for some of the named facts."""
        return {name: self.value(flow.facts[name]) for name in names if self.rng.random() < most}

    def value(self, fact: Fact) -> Value:
        """Draw a value of a fact; now and then None, which takes it back."""
        rng = self.rng
        if rng.random() < 0.03:
            return None
        match fact.type:
            case FactType.BOOL:
                return rng.random() < 0.75
            case FactType.INT:
                low = 0 if fact.minimum is None else fact.minimum
                high = low + 6 if fact.maximum is None else fact.maximum
                return rng.randint(low, max(low, min(high, low + 6)))
            case FactType.DATE:
                return self.on - timedelta(days=rng.choice([0, 0, 1, 30, -10]))
            case FactType.TEXT:
                return rng.choice(["x", "沪编〔2021〕9号", ""])[: fact.max_length]
            case FactType.CHOICE:
                return rng.choice([choice.id for choice in fact.choices])

    def _opening(self) -> tuple[str, Act]:
        name = self.rng.choice(list(self._flows))
        flow = self._flows[name]
        parents = [id for id in self.docket.ids() if self.docket.case(id).workflow == flow.parent]  # noqa: A001
        parent = self.rng.choice(parents) if parents and self.rng.random() < 0.95 else None
        opening = flow.workflow.opening
        facts = self.facts(flow, (*opening.records, *opening.may_record), most=0.95)
        act = Open(name, unit=self.rng.choice(UNITS), parent=parent, facts=facts)
        return f"case {len(self.docket.ids())}", act

    def _act(self, case: Case) -> Act:
        rng = self.rng
        flow = self._flows[case.workflow]
        usable = [
            bound
            for bound in flow.transitions.values()
            if case.values[f"{bound.track}.state"] in bound.source
            and not bound.transition.by_itself
        ]
        every = list(flow.transitions.values())
        bound = rng.choice(usable if usable and rng.random() < 0.9 else every or usable)
        match rng.choice(["fire"] * 8 + ["record"] * 6 + ["sign", "extend", "stop", "go", "mend"]):
            case "record":
                names = [fact.id for fact in flow.facts.values() if fact.by]
                some = tuple(rng.sample(names, min(len(names), rng.choice([1, 2, 8]))))
                return Record(self.facts(flow, some, most=1.0))
            case "sign":
                signed = [item.id for item in usable if item.transition.signed_by]
                return Sign(rng.choice(signed or [bound.id]))
            case "extend":
                return Extend(self._with_due(flow, bound.id), self.on + timedelta(days=60))
            case "stop":
                return Suspend(self._with_due(flow, bound.id))
            case "go":
                return Resume(self._with_due(flow, bound.id))
            case "mend":
                entry = rng.randint(1, case.revision)
                if rng.random() < 0.5:
                    return Correct(entry, void=True)
                changed = self.docket.entries(case.id)[entry - 1].changes
                mended = tuple(name for name in changed if name in flow.facts)
                return Correct(entry, self.facts(flow, mended, most=1.0))
            case _:
                transition = bound.transition
                named = (*transition.records, *transition.may_record)
                return Fire(bound.id, self.facts(flow, named))

    def _with_due(self, flow: BoundWorkflow, otherwise: str) -> str:
        return self.rng.choice(list(flow.deadlines) or [otherwise])

    def _take(self, decision: Decision) -> Decision:
        self.decisions.append(decision)
        return self.docket.take(decision)
