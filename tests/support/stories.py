"""A story: cases of one shipped reform in memory, told act by act and day by day."""

from __future__ import annotations

from datetime import date
from functools import cache

from reformflow.engine import Docket, Engine
from reformflow.formats import load
from reformflow.model import (
    Act,
    Actor,
    Code,
    Decision,
    Entry,
    Extend,
    Fire,
    Open,
    Record,
    Request,
    Scope,
    Value,
)
from support.repository import WORKFLOWS


def day(text: str) -> date:
    """Return the date that is written `2016-12-22`."""
    return date.fromisoformat(text)


@cache
def engine_of(reform: str, choices: tuple[tuple[str, str], ...]) -> Engine:
    """Return the engine of a shipped reform under other policy options."""
    return Engine(load(WORKFLOWS / reform).choosing(**dict(choices)))


class Story:
    """Tells what happens to cases of `reform`; `choices` are options of its policies.

    Days are written `2016-12-22`. Every act names the role that acts; roles held for one unit
    are held for `unit`, unless the act names another.
    """

    def __init__(self, reform: str, unit: str = "home", **choices: str) -> None:
        self.engine = engine_of(reform, tuple(sorted(choices.items())))
        self.docket = Docket()
        self.unit = unit

    def actor(self, role: str, unit: str | None = None) -> Actor:
        """Return somebody who holds the role, for the story's unit if it is held for one."""
        scope = self.engine.program.bound.roles[role].scope
        where = (unit or self.unit) if scope is Scope.UNIT else None
        return Actor.holding(f"{role} of {where or 'all'}", role, unit=where)

    def ask(
        self, case: str, act: Act, by: str, on: str, *, reason: str | None = None, of: str = ""
    ) -> Decision:
        """Ask for an act of `by` (of the unit `of`), and carry it out if it is granted."""
        request = Request(case, act, self.actor(by, of or None), day(on), reason=reason)
        return self.docket.take(self.engine.fire(self.docket, request))

    def open(
        self, case: str, workflow: str, by: str, on: str, parent: str | None = None, **facts: Value
    ) -> Decision:
        """Open a case of the story's unit."""
        act = Open(workflow, unit=self.unit, subject=case, parent=parent, facts=facts)
        return self.ask(case, act, by, on)

    def record(self, case: str, by: str, on: str, **facts: Value) -> Decision:
        """Record facts."""
        return self.ask(case, Record(facts), by, on)

    def fire(
        self,
        case: str,
        transition: str,
        by: str,
        on: str,
        *,
        reason: str | None = None,
        of: str = "",
        **facts: Value,
    ) -> Decision:
        """Fire a transition."""
        return self.ask(case, Fire(transition, facts), by, on, reason=reason, of=of)

    def extend(self, case: str, transition: str, by: str, on: str, *, until: str) -> Decision:
        """Extend a deadline."""
        return self.ask(case, Extend(transition, day(until)), by, on)

    def tick(self, on: str) -> None:
        """Let time pass for every case, up to and including the day."""
        told: set[str] = set()
        while waiting := [case for case in self.docket.ids() if case not in told]:
            for case in waiting:
                self.docket.take(self.engine.tick(self.docket, case, day(on)))
                told.add(case)

    def value(self, case: str, column: str) -> Value:
        """Return what a column of a case holds now."""
        return self.docket.case(case).values[column]

    def children(self, case: str, workflow: str) -> list[str]:
        """Return the ids of the child cases of one workflow, in the order of their opening."""
        return [child.id for child in self.docket.children(case, workflow)]

    def last(self, case: str) -> Entry:
        """Return the last entry of a case's history."""
        return self.docket.entries(case)[-1]


def done(decision: Decision) -> Decision:
    """Demand that an act was granted; the failure shows every refusal."""
    assert decision.granted, decision.refusals
    return decision


def refused(decision: Decision, subject: str, *clauses: str, code: Code | None = None) -> None:
    """Demand a refusal about `subject` that cites `clauses` and speaks both languages or none."""
    found = [refusal for refusal in decision.refusals if refusal.subject == subject]
    assert found, decision
    assert set(clauses) <= set(found[0].clauses), found[0]
    assert bool(found[0].says.en) == bool(found[0].says.zh), found[0]
    if code is not None:
        assert found[0].code is code, found[0]
