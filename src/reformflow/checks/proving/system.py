"""A workflow as a system of steps: from one frame of columns to the next, by one act.

It allows everything that the engine allows, and now and then more: what a proof finds impossible
is impossible, what leads somewhere has to be tried out. Corrections are left out: they change
what the history says, which no rule can bind. Kin may be as they like at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundTransition, BoundWorkflow
from reformflow.binding.columns import names_of
from reformflow.checks.proving.certain import (
    TODAY,
    both,
    certain,
    either,
    framed,
    holds,
    same,
    without_kin,
)
from reformflow.checks.solver import Domain, Table, World, table_of
from reformflow.language.folding import TRUE, fold
from reformflow.language.reading import columns_read
from reformflow.model import (
    SELF,
    BeforeEffect,
    Compare,
    Comparison,
    Expression,
    Fact,
    FactType,
    Late,
    Literal,
    Member,
    Name,
    Not,
    Recorded,
    Today,
)

ACT: Final = "the act"
"""The column that names the act which led to a frame; no fact can be called so."""

PICK: Final = "the pick"
"""The column that names a candidate; no fact can be called so."""

OPEN, RECORD, WAIT = "opening", "recording", "waiting"


@attrs.frozen
class Step:
    """One kind of act: what it needs, as conditions on the frame before, and what it changes.

    `given` are facts that may be recorded with it, `written` columns with their new values,
    `touched` those and all others that may change.
    """

    name: str
    needs: tuple[Expression, ...]
    given: frozenset[str]
    written: tuple[tuple[Expression, tuple[tuple[str, Expression], ...]], ...]
    touched: frozenset[str]
    changes: tuple[tuple[str, Expression], ...] = ()


@attrs.frozen
class System:
    """The steps of a workflow, and the columns that a proof looks at.

    `free` are the columns that stand for what is asked about kin, by the question.
    """

    bound: BoundReform
    flow: BoundWorkflow
    free: dict[Expression, Name] = attrs.field(factory=dict, eq=False)

    @classmethod
    def of(cls, bound: BoundReform, flow: BoundWorkflow) -> System:
        """Take a workflow apart; what it asks about kin is known from then on."""
        system = cls(bound, flow)
        for asks in ("steps", "opening_needs", "during"):
            getattr(system, asks)
        return system

    @cached_property
    def names(self) -> Mapping[str, FactType]:
        """Every column that can be asked about, marks that nothing keeps included."""
        columns = names_of(self.flow.workflow).columns
        return {name: column.type for name, column in columns.items()}

    @cached_property
    def derived(self) -> frozenset[str]:
        """The columns that are computed from others."""
        return frozenset(computed.column for computed in self.flow.computed)

    @cached_property
    def loose(self) -> frozenset[str]:
        """The columns that may change at any time, as far as a proof is concerned."""
        parts = {"due", "extended", "paused", "first", "known", "count"}
        loose = {
            name for name in self.names if name.rpartition(".")[2] in parts or ".signed." in name
        }
        return frozenset(loose - self.derived)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every kind of act on a case that is open."""
        fired = [self._fired(item) for item in self.flow.transitions.values()]
        return (*fired, self._recording(), Step(WAIT, (), frozenset(), (), frozenset()))

    @cached_property
    def opening_needs(self) -> tuple[Expression, ...]:
        """What the opening of a case needs."""
        return tuple(self.own(rule.expression) for rule in self.flow.opening_needs)

    @cached_property
    def during(self) -> Mapping[str, Expression]:
        """While what is true each fact may be recorded by itself."""
        return {name: self.own(node) for name, node in self.flow.during.items()}

    def world(self, owners: Iterable[str], columns: frozenset[str], *, picks: int = 0) -> World:
        """Return the world of some frames, each with these columns and those they follow from.

        With `picks` there is a column that holds one of so many candidates.
        """
        whole = table_of(self.bound, self.flow)
        kept = sorted(self.with_sources(columns))  # the same answer every time
        domains = {name: whole.columns[name] for name in kept if name in whole.columns}
        domains |= {name: Domain(self.names[name]) for name in kept if name not in domains}
        acts = (OPEN, *(step.name for step in self.steps))
        domains |= {name.column: Domain(FactType.BOOL) for name in self.free.values()}
        domains[ACT] = Domain(FactType.CHOICE, acts, missing=False)
        domains[PICK] = Domain(FactType.CHOICE, tuple(f"candidate {n}" for n in range(picks)))
        domains[TODAY] = Domain(FactType.DATE, missing=False)
        laws = {name: law for name, law in whole.laws.items() if name in kept}
        table = Table(domains, laws)
        near = self.bound.effective_on
        calendar = self.bound.calendar()
        frames = dict.fromkeys((SELF, *owners), table)
        return World(frames, {}, calendar, near) if near else World(frames, {}, calendar)

    def own(self, node: Expression) -> Expression:
        """Return a condition in which what is asked about kin is a column of the case."""
        return without_kin(node, self._freed)

    def opened(self, owner: str, columns: frozenset[str]) -> Expression:
        """Return whether a frame is that of a case which has just been opened."""
        opening, flow = self.flow.workflow.opening, self.flow
        given = {*opening.records, *opening.may_record, *self._by_duty()}
        today = Name(TODAY, owner)
        demands = [holds(ACT, owner, Literal(OPEN))]
        for name in sorted(columns - self.derived - self.loose - given):
            if name == "opened.on" or name.rpartition(".")[2] in {"since", "last"}:
                demands.append(holds(name, owner, today))
                continue
            value = flow.initial.get(name)
            empty = Recorded(Name(name, owner), negated=True)
            demands.append(empty if value is None else holds(name, owner, Literal(value)))
        recorded = sorted(set(opening.records) & columns)
        demands += (Recorded(Name(name, owner), negated=False) for name in recorded)
        for node in self.opening_needs:
            if self._reads(node) <= columns:
                demands.append(framed(certain(node), lambda _: owner, owner))
        return both(demands)

    def moved(self, before: str, after: str, columns: frozenset[str]) -> Expression:
        """Return whether one act leads from a frame to the next.

        Needs that read other columns than these are taken to be met.
        """
        days = Compare(Comparison.LE, Name(TODAY, before), Name(TODAY, after))
        demands: list[Expression] = [days]
        for step in self.steps:
            chosen = holds(ACT, after, Literal(step.name))
            demands.append(either((fold(Not(chosen)), self._done(step, before, after, columns))))
        names = tuple(Literal(step.name) for step in self.steps)
        demands.append(Member(Name(ACT, after), names))
        for name in sorted(columns - self.derived - self.loose):
            touching = tuple(Literal(s.name) for s in self.steps if name in s.touched)
            kept = same(name, before, after)
            demands.append(either((Member(Name(ACT, after), touching), kept)) if touching else kept)
        return both(demands)

    def related(self, columns: frozenset[str]) -> frozenset[str]:
        """Return these columns and those that the acts look at which touch them."""
        found = set(columns)
        for step in self.steps:
            if step.touched & columns:
                for node in (*step.needs, *(value for _, value in step.changes)):
                    found |= self._reads(node)
                for when, _ in step.written:
                    found |= self._reads(when)
        return self.with_sources(frozenset(found & self.names.keys()))

    def with_sources(self, columns: frozenset[str]) -> frozenset[str]:
        """Return these columns and those that they are computed from."""
        sources = {computed.column: computed.sources for computed in self.flow.computed}
        found, waiting = set(columns), list(columns)
        while waiting:
            for source in sources.get(waiting.pop(), ()):
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        return frozenset(found)

    def _fired(self, item: BoundTransition) -> Step:
        transition, track = item.transition, item.track
        given = (
            frozenset()
            if transition.by_itself
            else frozenset((*transition.records, *transition.may_record))
        )
        states = tuple(Literal(state) for state in sorted(item.source))
        needs: list[Expression] = [Member(Name(f"{track}.state"), states)]
        needs += (self.own(rule.expression) for rule in item.needs)
        if not transition.by_itself:
            needs += self._dates(item)
            needs += (Recorded(Name(fact), negated=False) for fact in transition.records)
            last = Name(f"{track}.last")
            needs.append(
                either((Recorded(last, negated=True), Compare(Comparison.GE, Today(), last)))
            )
        changes: list[tuple[str, Expression]] = [
            (f"{item.id}.on", Today()),
            (f"{track}.last", Today()),
        ]
        changes += ((name, self.own(value)) for name, value in item.sets)
        branches: list[tuple[Expression, tuple[tuple[str, Expression], ...]]] = []
        for state, when in item.to:
            moves = ((f"{track}.state", Literal(state)), (f"{track}.since", Today()))
            branches.append((TRUE if when is None else self.own(when), moves))
        touched = {name for name, _ in changes} | given | {f"{item.id}.by"}
        touched |= {f"{track}.state", f"{track}.since"} if branches else set()
        return Step(
            item.id, tuple(needs), given, tuple(branches), frozenset(touched), tuple(changes)
        )

    def _dates(self, item: BoundTransition) -> Iterator[Expression]:
        """Yield the dates outside of which the act is refused."""
        deadline, window = item.deadline, item.window
        strict = deadline is not None and deadline.before_effect is BeforeEffect.ENFORCE
        if deadline is not None and strict and deadline.late is Late.REFUSE:
            yield from () if deadline.can_pause else [_within(deadline.due, Comparison.LE)]
        if window is not None and window.outside is Late.REFUSE:
            if window.opens:
                yield _within(window.opens, Comparison.GE)
            if window.closes:
                yield _within(window.closes, Comparison.LE)

    def _by_duty(self) -> Iterator[str]:
        """Yield the facts that a period of a duty is opened with."""
        for other in self.bound.workflows.values():
            for duty in other.duties.values():
                if duty.child == self.flow.id:
                    yield from (fact for _, fact in duty.duty.gives)
                    yield from (fact for fact, _ in duty.sets)

    def _recording(self) -> Step:
        facts = frozenset(fact.id for fact in self.flow.facts.values() if _by_hand(fact))
        return Step(RECORD, (), facts, (), facts)

    def _done(
        self, step: Step, before: str, after: str, columns: frozenset[str]
    ) -> Expression:  # fmt: skip
        """Return whether an act that was chosen is possible and did what it does."""

        def read(column: str) -> str:
            return after if column in step.given else before

        def usable(node: Expression) -> bool:
            read = self._reads(node)
            return read <= columns and not (read & self.derived and step.given)

        demands = [framed(certain(node), read, after) for node in step.needs if usable(node)]
        if step.name == RECORD:
            demands += self._recorded(before, after, columns)
        for name, value in step.changes:
            if name in columns and self._reads(value) <= columns:
                demands.append(holds(name, after, framed(value, read, after)))
        demands += self._not_by(step, before, after, columns)
        if step.written:
            demands.append(
                either(
                    both(
                        (
                            framed(certain(when), read, after) if usable(when) else TRUE,
                            *(
                                holds(name, after, framed(value, read, after))
                                for name, value in moves
                                if name in columns
                            ),
                        )
                    )
                    for when, moves in step.written
                )
            )
        return both(demands)

    def _recorded(self, before: str, after: str, columns: frozenset[str]) -> Iterator[Expression]:
        """Yield for each fact that it stays, or may be recorded now."""
        for fact in self.flow.facts.values():
            if not _by_hand(fact) or fact.id not in columns:
                continue
            allowed: list[Expression] = []
            during = self.during.get(fact.id)
            if during is not None and self._reads(during) <= columns:
                allowed.append(framed(certain(during), lambda _: before, after))
            if fact.once:
                allowed.append(Recorded(Name(fact.id, before), negated=True))
            if allowed:
                yield either((same(fact.id, before, after), both(allowed)))

    def _not_by(
        self, step: Step, before: str, after: str, columns: frozenset[str]
    ) -> Iterator[Expression]:
        """Yield that somebody else acts than whoever fired what the act must not be fired by."""
        item = self.flow.transitions.get(step.name)
        mine = f"{step.name}.by"
        if item is None or mine not in columns or item.transition.by_itself:
            return
        yield Recorded(Name(mine, after), negated=False)
        for other in item.transition.not_by:
            theirs = Name(f"{other}.by", before)
            if theirs.column in columns:
                differs = Compare(Comparison.NE, Name(mine, after), theirs)
                yield either((Recorded(theirs, negated=True), differs))

    def _reads(self, node: Expression) -> frozenset[str]:
        free = {name.column for name in self.free.values()}
        return frozenset(name.column for name in columns_read(node)) - free

    def _freed(self, node: Expression) -> Name:
        return self.free.setdefault(node, Name(f"kin {len(self.free) + 1}"))


# ---------------------------------------------------------------------------------------------


def _within(column: str, op: Comparison) -> Expression:
    bound = Name(column)
    return either((Recorded(bound, negated=True), Compare(op, Today(), bound)))


def _by_hand(fact: Fact) -> bool:
    return bool(fact.by) and fact.derived is None
