"""Workflows made up by lot: what is said of the facts and states of an outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import attrs

from reformflow.model import (
    ANY,
    Branch,
    Duty,
    Expression,
    Fact,
    FactType,
    Literal,
    Name,
    Opening,
    Recorded,
    Relation,
    Rule,
    Text,
    Today,
    Track,
    Transition,
    Unit,
    When,
    Workflow,
)
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing.conditions import condition, number
from reformflow.testing.inventing.dates import deadline, when, whens, window
from reformflow.testing.inventing.outlines import CLAUSES, ROLES, Outline

_WAYS: Final = (*("by hand",) * 6, *("silence",) * 3, "by itself")
_RULE: Final = Text("what was made up", "随机规则")
_SIZES: Final = {"fact": 16, "rule": 24, "step": 64, "opening": 16}


def completed(lot: Lot, flow: Outline) -> Outline:
    """Return an outline with facts that are computed, and with what limits recording them."""
    facts = [_limited(lot.part(_SIZES["fact"]), flow, fact) for fact in flow.facts]
    dates = flow.of(FactType.DATE)
    if dates and lot.chance(0.3):
        facts.append(Fact("ends_on", FactType.DATE, derived=(when(lot.part(8), dates),)))
    if lot.chance(0.3):
        asked = condition(lot.part(_SIZES["rule"]), flow, kin=False)
        facts.append(Fact("special", FactType.BOOL, derived=asked))
    return attrs.evolve(flow, facts=tuple(facts))


def workflow(lot: Lot, flow: Outline) -> Workflow:
    """Make up the rules, transitions and duties of a workflow that is outlined."""
    maker = _Maker(flow)
    steps = [step for track in flow.tracks for step in maker.forwards(lot, track)]
    for place in range(lot.number(3)):
        steps.append(maker.another(lot.part(_SIZES["step"]), place, steps))
    opening = maker.opening(lot.part(_SIZES["opening"]))
    duties = maker.duties(lot.part(_SIZES["fact"]))
    return Workflow(
        flow.id,
        flow.tracks,
        tuple(steps),
        flow.facts,
        tuple(maker.rules),
        opening,
        tuple(Relation(name, child.id) for name, child in flow.children.items()),
        tuple(duties),
        corrected_by=(lot.pick(ROLES),),
        label=Text(flow.id, flow.id),
    )


# ---------------------------------------------------------------------------------------------


class _Maker:
    """Makes up the parts of one workflow, and gathers the rules that they need."""

    def __init__(self, flow: Outline) -> None:
        self.flow = flow
        self.rules: list[Rule] = []
        self._given = [fact for fact in flow.facts if fact.derived is None]
        self._days = [fact.id for fact in self._given if fact.type is FactType.DATE]

    def forwards(self, lot: Lot, track: Track) -> Iterator[Transition]:
        """Yield steps from each state of a track to the next one."""
        made: list[str] = []
        states = [state.id for state in track.states]
        for place, (state, after) in enumerate(pairwise(states)):
            drawn = lot.part(_SIZES["step"])
            name = f"{track.id}_{place + 1}"
            way = drawn.pick(_WAYS)
            if way == "by itself":
                yield self._by_itself(drawn, name, track, state, after)
                continue
            step = self._by_hand(drawn, name, track, (state,), after, made)
            made.append(name)
            yield step
            if step.due is not None and way == "silence":
                silence = self._by_itself(drawn, f"{name}_silence", track, state, after)
                yield attrs.evolve(silence, automatic=False, at=(), after_due=name)

    def another(self, lot: Lot, place: int, steps: Sequence[Transition]) -> Transition:
        """Return one more step by hand, from anywhere to anywhere, or to where it was."""
        track = lot.pick(self.flow.tracks)
        open_ = [state for state in track.states if not state.final]
        source = lot.pick([ANY, *(stage.id for stage in track.stages), *(s.id for s in open_)])
        to = "" if lot.chance(0.2) else lot.pick(track.states).id
        mine = [step.id for step in steps if not step.by_itself]
        return self._by_hand(lot, f"more_{place + 1}", track, (source,), to, mine)

    def opening(self, lot: Lot) -> Opening:
        """Return how cases are opened."""
        by = tuple(lot.some(ROLES, 2))
        records = [fact.id for fact in self._given if fact.by and lot.chance(0.3)]
        needs: tuple[str, ...] = ()
        if records and lot.chance(0.4):
            asked = Recorded(Name(records[0]), negated=True)
            needs = (self._rule(asked),)
        may = [fact.id for fact in self._given if fact.id not in records and lot.chance(0.2)]
        return Opening(by, needs, tuple(records), tuple(may))

    def duties(self, lot: Lot) -> Iterator[Duty]:
        """Yield a recurring duty, where a child can tell when it is due."""
        for relation, child in self.flow.children.items():
            days = [f for f in child.facts if f.type is FactType.DATE and f.derived is None]
            if days and lot.chance(0.4):
                first = when(lot, ["opened", *self._days], least=1)
                every = When(lot.pick((Unit.MONTHS, Unit.WEEKS)), amount=1 + lot.number(3))
                gives = (("due", days[0].id),)
                yield Duty(f"{relation}_due", relation, (first,), every, gives)

    def _by_hand(
        self,
        lot: Lot,
        name: str,
        track: Track,
        source: tuple[str, ...],
        target: str,
        earlier: Sequence[str],
    ) -> Transition:
        joint = lot.chance(0.15)
        records = [fact.id for fact in self._given if fact.by and lot.chance(0.15)]
        may = [fact.id for fact in self._given if fact.id not in records and lot.chance(0.1)]
        due = self._anchors(track, earlier)
        states = [state.id for state in track.states if not state.final]
        return Transition(
            name,
            track.id,
            source,
            self._branches(lot, track, target),
            by=() if joint else tuple(lot.some(ROLES, 2)),
            signed_by=ROLES[:2] if joint else (),
            not_by=(lot.pick(earlier),) if earlier and lot.chance(0.2) else (),
            needs=self._needs(lot),
            due=deadline(lot, self.flow, due, states) if lot.chance(0.35) else None,
            window=window(lot, self.flow, due) if lot.chance(0.15) else None,
            records=tuple(records),
            may_record=tuple(may),
            sets=self._sets(lot),
            reason=lot.chance(0.1),
            label=Text(name, name),
            clauses=(lot.pick(CLAUSES),) if lot.chance(0.3) else (),
        )

    def _by_itself(self, lot: Lot, name: str, track: Track, source: str, target: str) -> Transition:
        """Return a step that leads on as soon as its rules hold, or when a day has come."""
        step = Transition(
            name,
            track.id,
            (source,),
            (Branch(target),),
            needs=self._needs(lot),
            sets=self._sets(lot),
            label=Text(name, name),
        )
        if lot.chance(0.5):
            return attrs.evolve(step, at=whens(lot, self.flow, self._anchors(track, ())))
        return attrs.evolve(step, automatic=True)

    def _anchors(self, track: Track, earlier: Sequence[str]) -> list[str]:
        return [f"{track.id}.since", "opened", *self._days, *earlier]

    def _branches(self, lot: Lot, track: Track, target: str) -> tuple[Branch, ...]:
        if not target:
            return ()
        if not lot.chance(0.15):
            return (Branch(target),)
        other = lot.pick(track.states).id
        return (Branch(other, condition(lot, self.flow, depth=1)), Branch(target))

    def _needs(self, lot: Lot) -> tuple[str, ...]:
        number_of = lot.pick((0, 1, 1, 2))
        return tuple(self._rule(condition(lot, self.flow)) for _ in range(number_of))

    def _rule(self, asked: Expression) -> str:
        name = f"rule_{len(self.rules) + 1}"
        self.rules.append(Rule(name, asked, _RULE, CLAUSES[:1]))
        return name

    def _sets(self, lot: Lot) -> tuple[tuple[str, Expression], ...]:
        if not self._given or not lot.chance(0.2):
            return ()
        fact = lot.pick(self._given)
        return ((fact.id, self._value(lot, fact)),)

    def _value(self, lot: Lot, fact: Fact) -> Expression:
        match fact.type:
            case FactType.BOOL:
                return Literal(lot.chance(0.5))
            case FactType.INT:
                return number(lot, self.flow, fact.id)
            case FactType.DATE:
                return Today()
            case FactType.CHOICE:
                return Literal(lot.pick(fact.choices).id)
            case FactType.TEXT:
                return Literal("吉")


def _limited(lot: Lot, flow: Outline, fact: Fact) -> Fact:
    """Return a fact that is recorded once, or only while something holds, or by nobody."""
    once = lot.chance(0.15)
    during = condition(lot, flow, kin=False, depth=0) if lot.chance(0.15) else None
    return attrs.evolve(fact, once=once, during=during, by=() if lot.chance(0.1) else fact.by)
