"""Requests drawn by lot, for any reform: most of them sensible, some of them not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.model import (
    Act,
    Actor,
    Cases,
    Correct,
    Extend,
    Fact,
    FactType,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Sign,
    Suspend,
    Value,
)

Item = TypeVar("Item")
UNITS = ("东", "west")
TEXTS = ("", "吉", "𠮷", "e\u0301", "ＡＢ", "AB", "a b ", "零\u200b宽", "x" * 40, "nul\0")


class Lots:
    """Draws requests about cases of `reform` from a seed; `prefix` begins every case's id."""

    def __init__(self, reform: BoundReform, seed: int, prefix: str, start: date) -> None:
        self.random = Random(seed)
        self._reform = reform
        self._prefix = prefix
        self.today = start
        self._cases: dict[str, str] = {}
        self._made = 0

    def request(self, cases: Cases) -> Request:
        """Draw the next request; most are about cases that `cases` already has."""
        self.today += timedelta(days=self._pick((0, 0, 1, 1, 3, 10)))
        if not self._cases or self.random.random() < 0.25:
            return self._opening(cases)
        case = self._pick(list(self._cases))
        flow = self._reform.workflows[self._cases[case]]
        act = self._act(flow, case, cases)
        return self._sent(case, act, self._by(flow, act))

    def forget(self, cases: Cases) -> None:
        """Draw no more requests about cases that were never opened."""
        self._cases = {case: flow for case, flow in self._cases.items() if cases.exists(case)}

    def _opening(self, cases: Cases) -> Request:
        flow = self._pick(list(self._reform.workflows.values()))
        parents = [
            case
            for case, workflow in self._cases.items()
            if flow.id in {r.workflow for r in self._reform.workflows[workflow].relations.values()}
            and cases.exists(case)
        ]
        parent = self._pick(parents) if parents and self.random.random() < 0.9 else None
        case = f"{self._prefix}{self._made}"
        self._made += 1
        self._cases[case] = flow.id
        opening = flow.workflow.opening
        facts = self._facts(flow, opening.records, opening.may_record)
        act = Open(flow.id, self._pick(UNITS), self._pick(TEXTS[:-1]), parent, facts)
        return self._sent(case, act, opening.by)

    def _act(self, flow: BoundWorkflow, case: str, cases: Cases) -> Act:
        transition = self._transition(flow, case, cases)
        match self.random.randrange(20):
            case 0 | 1 | 2 | 3:
                names = [name for name, fact in flow.facts.items() if fact.by]
                return Record(self._facts(flow, names and self.random.choices(names, k=2)))
            case 4 | 5:
                return Sign(transition)
            case 6 | 7 | 8 if flow.deadlines:
                return self._about_a_deadline(self._pick(list(flow.deadlines)))
            case 9:
                facts = self._facts(
                    flow, self.random.choices(list(flow.facts), k=1) if flow.facts else []
                )
                void = self.random.random() < 0.5
                return Correct(self.random.randrange(1, 6), {} if void else facts, void=void)
            case _:
                raw = flow.transitions[transition].transition
                return Fire(transition, self._facts(flow, raw.records, raw.may_record))

    def _about_a_deadline(self, transition: str) -> Act:
        days = self.random.randrange(-5, 40)
        until = self.today + timedelta(days=days)
        return self._pick((Extend(transition, until), Suspend(transition), Resume(transition)))

    def _transition(self, flow: BoundWorkflow, case: str, cases: Cases) -> str:
        names = list(flow.transitions)
        if cases.exists(case) and self.random.random() < 0.8:
            values = cases.case(case).values
            near = [
                name
                for name, bound in flow.transitions.items()
                if values[f"{bound.track}.state"] in bound.source
            ]
            names = near or names
        return self._pick(names)

    def _facts(
        self, flow: BoundWorkflow, must: Sequence[str], may: Sequence[str] = ()
    ) -> dict[str, Value]:
        chosen = [name for name in must if self.random.random() < 0.95]
        chosen += [name for name in may if self.random.random() < 0.6]
        return {name: self._value(flow.facts[name]) for name in chosen}

    def _value(self, fact: Fact) -> Value:
        if self.random.random() < 0.03:
            return self._pick((None, "?", -1, True))
        match fact.type:
            case FactType.BOOL:
                return self.random.random() < 0.7
            case FactType.INT:
                low = max(fact.minimum or 0, -5)
                return self._pick((low, low + 1, low + 10, 2**62, -(2**62)))
            case FactType.DATE:
                return self.today + timedelta(days=self.random.randrange(-30, 30))
            case FactType.CHOICE:
                return self._pick([choice.id for choice in fact.choices])
            case FactType.TEXT:
                return self._pick(TEXTS)[: fact.max_length]

    def _by(self, flow: BoundWorkflow, act: Act) -> tuple[str, ...]:
        match act:
            case Fire(transition=name) | Sign(transition=name):
                raw = flow.transitions[name].transition
                return raw.by or raw.signed_by
            case Record(facts=facts) if facts:
                return flow.facts[next(iter(facts))].by
            case Extend(transition=name):
                deadline = flow.transitions[name].deadline
                return deadline.extension.by if deadline and deadline.extension else ()
            case Suspend(transition=name) | Resume(transition=name):
                deadline = flow.transitions[name].deadline
                return deadline.suspension.by if deadline and deadline.suspension else ()
        return flow.workflow.corrected_by

    def _sent(self, case: str, act: Act, by: Sequence[str]) -> Request:
        roles = by if by and self.random.random() < 0.9 else tuple(self._reform.roles)
        unit = None if self.random.random() < 0.8 else self._pick(UNITS)
        actor = Actor.holding(f"人{self.random.randrange(4)}", self._pick(roles), unit=unit)
        back = self._pick((0, 0, 0, 0, 1, 20))
        reason = self._pick((None, "因为𠮷", "late"))
        return Request(case, act, actor, self.today - timedelta(days=back), reason)

    def _pick(self, items: Sequence[Item]) -> Item:
        return self.random.choice(items)
