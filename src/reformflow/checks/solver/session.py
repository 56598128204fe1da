"""A solver of z3 that knows a world: which answers questions about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import attrs
import z3

from reformflow.checks.solver.demands import Answer, Demand, Situation, Truth, Verdict, Wanted
from reformflow.checks.solver.family import Family
from reformflow.checks.solver.kinds import Kinds
from reformflow.checks.solver.laws import Laws, lesson
from reformflow.checks.solver.lowering import Lowering
from reformflow.checks.solver.models import TooMany, read
from reformflow.checks.solver.terms import (
    FIRST_DAY,
    LAST_DAY,
    Entry,
    Frame,
    Key,
    Rails,
    Term,
    Terms,
)
from reformflow.checks.solver.world import World
from reformflow.model import Expression, FactType

_EFFORT: Final = 3_000_000
"""How much work one question may be, in z3's own measure: the same on every machine."""

_CARE: Final = 100_000
"""How much work a plain witness may be."""

_LESSONS: Final = 40
"""How often a date that was counted wrongly is put right before the question is given up."""

_WISHES: Final = 8
"""How often wishes for a plain witness are dropped before it is taken as it comes."""

_BEFORE, _AFTER = timedelta(days=400), timedelta(days=1200)
_SMALL, _FEW = 100, 3


@attrs.frozen
class _Asked:
    """A demand as a term, and the columns it is about."""

    term: Term
    touched: frozenset[Key]


class Session:
    """Answers demands on the cases of one world, with a certain number of kinds of children."""

    def __init__(self, world: World, family: Family, terms: Terms) -> None:
        self._world = world
        self._whole = family.whole
        self._terms = terms
        laws = Laws(self._terms, world.calendar)
        self._frames = {
            owner: Frame(self._terms, owner, table, laws.follow)
            for owner, table in world.frames.items()
        }
        self._today = self._terms.integer("today")
        self._kinds = Kinds(self._terms, world, dict(family.kinds), laws.follow)
        self._lowering = Lowering(
            self._terms,
            self._today,
            self._frames,
            self._kinds.of,
            self._kinds.added,
            self._kinds.counting,
        )
        self._asked: dict[tuple[Expression, Truth], _Asked] = {}
        self._wished_for: dict[Key, list[Term]] = {}
        self._solver = z3.Solver(ctx=self._terms.context)
        self._solver.set("rlimit", _EFFORT)
        self._solver.add(self._today >= FIRST_DAY, self._today <= LAST_DAY)

    def touched(self, demands: Sequence[Demand]) -> frozenset[Key]:
        """Return the columns that demands are about, those that these follow from with them."""
        return frozenset[Key]().union(*(self._lowered(demand).touched for demand in demands))

    def ask(self, demands: Sequence[Demand], wanted: Wanted) -> Answer:
        """Return whether some case meets all demands."""
        asked = [self._lowered(demand) for demand in demands]
        touched = self.touched(demands)
        self._solver.push()
        try:
            self._solver.add(*self._sides(touched))
            labels: dict[str, Term] = {}
            for demand, one in zip(demands, asked, strict=True):
                if demand.label:
                    label = labels.setdefault(
                        demand.label, self._terms.flag(f"demand {demand.label}")
                    )
                    self._solver.add(z3.Implies(label, one.term))
                else:
                    self._solver.add(one.term)
            return self._answer(demands, labels, touched, wanted)
        finally:
            self._solver.pop()

    def _lowered(self, demand: Demand) -> _Asked:
        key = (demand.expression, demand.truth)
        known = self._asked.get(key)
        if known is None:
            with self._terms.touching() as touched:
                term = _admitted(self._lowering.rails(demand.expression), demand.truth)
            known = self._asked[key] = _Asked(term, frozenset(touched))
        return known

    def _entries(self, touched: frozenset[Key]) -> dict[Key, Entry]:
        entries = self._terms.entries
        return {key: entries[key] for key in sorted(touched) if key in entries}

    def _sides(self, touched: frozenset[Key]) -> list[Term]:
        sides = [side for key in sorted(touched) for side in self._terms.noted.get(key, ())]
        for entry in self._entries(touched).values():
            sides += (entry.side, *entry.lessons)
            if entry.domain.longest is not None:
                long = self._terms.texts.longer_than(entry.domain.longest)
                sides += (entry.value != number for number in long)
        return sides

    def _answer(
        self,
        demands: Sequence[Demand],
        labels: Mapping[str, Term],
        touched: frozenset[Key],
        wanted: Wanted,
    ) -> Answer:
        assumed = list(labels.values())
        counted = any(entry.counts for entry in self._entries(touched).values())
        for _ in range(_LESSONS):
            verdict = self._check(assumed, touched)
            if verdict == z3.unsat and self._whole:
                return Answer(Verdict.IMPOSSIBLE, core=self._core(labels))
            if verdict != z3.sat:
                break
            if wanted is Wanted.VERDICT and not counted:
                return Answer(Verdict.POSSIBLE)
            # Near days are those of which calendars have data.
            plain = wanted is Wanted.PLAIN or counted
            model = self._plain(assumed, touched) if plain else self._solver.model()
            lessons = self._learn(model, touched)
            if not lessons:
                return self._checked(model, demands, assumed, touched)
            self._solver.add(*lessons)
        return Answer(Verdict.UNKNOWN)

    def _check(self, assumed: Sequence[Term], touched: frozenset[Key]) -> z3.CheckSatResult:
        guess = self._kinds.guess(touched)
        if guess and self._solver.check(*assumed, *guess) == z3.sat:
            return z3.sat
        return self._solver.check(*assumed)

    def _checked(
        self,
        model: z3.ModelRef,
        demands: Sequence[Demand],
        assumed: Sequence[Term],
        touched: frozenset[Key],
    ) -> Answer:
        """Return the case of a model, if the reference evaluator agrees that it is one.

        It may not be where many children of a kind are added up; then each kind is one child.
        """
        situation = self._situation(model, touched)
        if situation is None or not all(map(situation.meets, demands)):
            single = [number <= 1 for number in self._kinds.numbers(touched)]
            if self._solver.check(*assumed, *single) != z3.sat:
                return Answer(Verdict.UNKNOWN)
            situation = self._situation(self._solver.model(), touched)
        if situation is None or not all(map(situation.meets, demands)):
            return Answer(Verdict.UNKNOWN)
        return Answer(Verdict.POSSIBLE, situation)

    def _situation(self, model: z3.ModelRef, touched: frozenset[Key]) -> Situation | None:
        try:
            return read(model, self._terms, self._entries(touched), self._kinds, self._today)
        except TooMany:
            return None

    def _plain(self, assumed: Sequence[Term], touched: frozenset[Key]) -> z3.ModelRef:
        """Return a model with small numbers and near days, where there is one."""
        model = self._solver.model()
        self._solver.set("rlimit", _CARE)
        try:
            return self._wished(assumed, self._wishes(touched)) or model
        finally:
            self._solver.set("rlimit", _EFFORT)

    def _wished(self, assumed: Sequence[Term], wishes: list[Term]) -> z3.ModelRef | None:
        for _ in range(_WISHES):
            verdict = self._solver.check(*assumed, *wishes)
            if verdict == z3.sat:
                return self._solver.model()
            if verdict != z3.unsat:
                break
            wrong = {wish.get_id() for wish in self._solver.unsat_core()}
            left = [wish for wish in wishes if wish.get_id() not in wrong]
            if len(left) == len(wishes):
                break
            wishes = left
        return None

    def _wishes(self, touched: frozenset[Key]) -> list[Term]:
        wishes = [self._near(self._today, self._world.near)]
        for key, entry in self._entries(touched).items():
            if key not in self._wished_for:
                self._wished_for[key] = self._wished_of(entry)
            wishes += self._wished_for[key]
        wishes += [number <= _FEW for number in self._kinds.numbers(touched)]
        return wishes

    def _wished_of(self, entry: Entry) -> list[Term]:
        if entry.domain.values is not None:
            return []
        match entry.domain.type:
            case FactType.DATE:
                near = self._world.near
                return [self._near(entry.value, near), self._near(entry.value, near - _BEFORE)]
            case FactType.INT:
                return [z3.And(entry.value >= 0, entry.value <= _SMALL)]
            case FactType.TEXT:
                return [entry.value <= _SMALL]
            case FactType.BOOL | FactType.CHOICE:
                return []

    def _near(self, day: Term, first: date) -> Term:
        last = self._world.near + _AFTER
        return z3.And(day >= first.toordinal(), day <= last.toordinal())

    def _learn(self, model: z3.ModelRef, touched: frozenset[Key]) -> list[Term]:
        """Return what a model has to be told about dates that it counted wrongly."""
        lessons: list[Term] = []
        for entry in self._entries(touched).values():
            for count in entry.counts:
                if z3.is_false(model.eval(count.anchor.known, model_completion=True)):
                    continue
                anchor = model.eval(count.anchor.value, model_completion=True).as_long()
                learnt = lesson(count, date.fromordinal(anchor))
                if z3.is_false(model.eval(learnt, model_completion=True)):
                    entry.lessons.append(learnt)
                    lessons.append(learnt)
        return lessons

    def _core(self, labels: Mapping[str, Term]) -> tuple[str, ...]:
        """Return labels that exclude each other, none of which can be left out."""
        named = {term.get_id(): label for label, term in labels.items()}
        first = {named[term.get_id()] for term in self._solver.unsat_core()}
        core = [label for label in labels if label in first]
        for label in list(core):
            rest = [labels[other] for other in core if other != label]
            if self._solver.check(*rest) == z3.unsat:
                core.remove(label)
        return tuple(core)


# ---------------------------------------------------------------------------------------------


def _admitted(rails: Rails, truth: Truth) -> Term:
    match truth:
        case Truth.TRUE:
            return rails.true
        case Truth.FALSE:
            return rails.false
        case Truth.UNKNOWN:
            return z3.Not(rails.known)
        case Truth.NOT_TRUE:
            return z3.Not(rails.true)
        case Truth.NOT_FALSE:
            return z3.Not(rails.false)
