"""From a bound workflow to its finite system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundRule, BoundTransition, BoundWorkflow
from reformflow.checks.reach.domains import Domain, domain_of
from reformflow.checks.reach.formulas import FALSE, TRUE, Formula, Is, both, either
from reformflow.checks.reach.ordering import neighbours_together
from reformflow.checks.reach.reader import Ground, Reader, only_of_parent
from reformflow.checks.reach.recording import recording
from reformflow.checks.reach.slices import Slice, clock_of
from reformflow.checks.reach.system import (
    Command,
    Free,
    Need,
    Opening,
    Outcome,
    System,
    Values,
    Variable,
)
from reformflow.checks.reach.values import Given, given
from reformflow.model import And, Name


def grounds_of(bound: BoundReform, kept: Slice) -> dict[str, Ground]:
    """Return the columns of every workflow that are kept, with the values that rules tell apart."""
    return {flow.id: _ground(flow, kept) for flow in bound.workflows.values()}


@attrs.frozen
class Builder:
    """Builds the finite system of one workflow.

    With `sure` it holds only what can be done for certain, else all that may be possible.
    """

    bound: BoundReform
    grounds: Mapping[str, Ground]
    flow: BoundWorkflow
    sure: bool = False

    def system(self) -> System:
        """Return the system."""
        commands = (*self._commands(), *recording(self.flow, self._domains, self._reader))
        variables = [Variable(name, domain.shown) for name, domain in self._domains.items()]
        ordered = neighbours_together(variables, commands, set(map(state_of, self.flow.tracks)))
        return System(self.flow.id, ordered, tuple(self._openings()), commands)

    # -----------------------------------------------------------------------------------------

    @property
    def _domains(self) -> Mapping[str, Domain]:
        return self.grounds[self.flow.id].domains

    @property
    def _reader(self) -> Reader:
        return Reader(self.grounds, self.flow.id, sure=self.sure)

    def _commands(self) -> Iterator[Command]:
        transitions = self.flow.transitions.values()
        for item in sorted(transitions, key=lambda item: not item.transition.automatic):
            yield self._transition(item)

    def _transition(self, item: BoundTransition) -> Command:
        source = self._from(item)
        needs = tuple(self._needs(item, self._reader))
        outcomes = tuple(self._outcomes(item, self._reader))
        urgent = None
        if item.transition.automatic:
            contrary = Reader(self.grounds, self.flow.id, sure=not self.sure)
            firm = (need.holds for need in self._needs(item, contrary))
            ends = (outcome.when for outcome in self._outcomes(item, contrary))
            urgent = both(source, *firm, either(*ends))
        before = source
        if item.transition.by_itself and not item.transition.automatic:
            clock = clock_of(self.flow, item)
            before = FALSE if clock is None else both(source, self._reader.recorded(Name(clock)))
        return Command(item.id, before, tuple(self._frees(item)), needs, outcomes, urgent)

    def _from(self, item: BoundTransition) -> Formula:
        column = state_of(item.track)
        values = self._domains[column].where(lambda state: state in item.source)
        return Is(column, values) if values else FALSE

    def _frees(self, item: BoundTransition) -> Iterator[Free]:
        records = dict.fromkeys(item.transition.records)
        for name in self._kept(dict.fromkeys((*records, *item.transition.may_record))):
            domain = self._domains[name]
            values = domain.recorded if name in records else domain.everything
            yield Free(name, values, once=self.flow.facts[name].once)

    def _needs(self, item: BoundTransition, reader: Reader) -> Iterator[Need]:
        for name in item.transition.records:
            if name in self._domains and self.flow.facts[name].once:
                yield Need((), reader.recorded(Name(name)))
        yield from _asked(item.needs, reader)

    def _outcomes(self, item: BoundTransition, reader: Reader) -> Iterator[Outcome]:
        effects = _few(list(self._effects(item, reader)), sure=reader.sure)
        for when, state in self._branches(item, reader):
            for ways in product(*(ways for _, ways in effects)):
                facts = zip((name for name, _ in effects), ways, strict=True)
                writes = tuple((name, values) for name, (_, values) in facts if name)
                condition = both(when, *(condition for condition, _ in ways))
                if condition != FALSE:
                    yield Outcome(condition, (*state, *writes))

    def _branches(
        self, item: BoundTransition, reader: Reader
    ) -> Iterator[tuple[Formula, tuple[tuple[str, Values], ...]]]:
        if not item.to:
            yield TRUE, ()
        column = state_of(item.track)
        before: list[Formula] = []
        for state, when in item.to:
            applies = TRUE if when is None else reader.truth(when)
            yield both(*before, applies), ((column, self._domains[column].holding(state)),)
            if when is not None:
                before.append(reader.truth(when, False))  # noqa: FBT003 - what is wanted

    def _effects(
        self, item: BoundTransition, reader: Reader
    ) -> Iterator[tuple[str, tuple[Given, ...]]]:
        """Yield what each column may be set to; "" for one that is not kept."""
        for name, expression in item.sets:
            domain = self._domains.get(name)
            if domain is None:
                yield "", ((reader.known(expression), frozenset()),)
            else:
                yield name, given(reader, expression, self.flow.facts[name], domain)
        for mark in (f"{item.id}.on", f"{item.id}.by"):
            if mark in self._domains:
                yield mark, ((TRUE, self._domains[mark].recorded),)

    def _openings(self) -> Iterator[Opening]:
        opening = self.flow.workflow.opening
        initial = {
            name: domain.holding(self.flow.initial[name]) for name, domain in self._domains.items()
        }
        # An opening gives a fact a value or leaves the initial one; it takes none away.
        by_hand = {
            name: self._domains[name].recorded | initial[name]
            for name in self._kept(opening.may_record)
        }
        by_hand |= {name: self._domains[name].recorded for name in self._kept(opening.records)}
        needs = _asked(self.flow.opening_needs, attrs.evolve(self._reader, opening=True))
        yield Opening(tuple({**initial, **by_hand}.items()), tuple(needs))
        duties = () if self.sure else self._duties()
        for handed in duties:
            yield Opening(tuple({**initial, **handed}.items()))

    def _duties(self) -> Iterator[Mapping[str, Values]]:
        """Yield what the duties that open such cases may record in them."""
        for flow in self.bound.workflows.values():
            for duty in flow.duties.values():
                if duty.child == self.flow.id:
                    gives = self._kept(fact for _, fact in duty.duty.gives)
                    sets = self._kept(fact for fact, _ in duty.sets)
                    yield {
                        **{name: self._domains[name].everything for name in sets},
                        **{name: self._domains[name].recorded for name in gives},
                    }

    def _kept(self, names: Iterable[str]) -> Iterator[str]:
        return (name for name in names if name in self._domains)


def state_of(track: str) -> str:
    """Return the column of a track's state."""
    return f"{track}.state"


# ---------------------------------------------------------------------------------------------


def _asked(rules: tuple[BoundRule, ...], reader: Reader) -> Iterator[Need]:
    for rule in rules:
        yield Need((rule.id,), reader.truth(rule.expression))
    about = [rule for rule in rules if only_of_parent(rule.expression)]
    if len(about) > 1:  # they speak of one and the same parent
        together = And(tuple(rule.expression for rule in about))
        yield Need(tuple(rule.id for rule in about), reader.truth(together))


_MANY: Final = 200


def _few(
    effects: list[tuple[str, tuple[Given, ...]]], *, sure: bool
) -> list[tuple[str, tuple[Given, ...]]]:
    """Return effects that can be combined in not too many ways, by telling fewer of them apart."""
    while prod(len(ways) for _, ways in effects) > _MANY:
        place = max(range(len(effects)), key=lambda place: len(effects[place][1]))
        name, ways = effects[place]
        whenever = either(*(when for when, _ in ways))
        whatever = frozenset().union(*(values for _, values in ways))
        effects[place] = name, () if sure else ((whenever, whatever),)
    return effects


def _ground(flow: BoundWorkflow, kept: Slice) -> Ground:
    computed = {item.column: item for item in flow.computed}
    marks = {f"{t.id}.{part}" for t in flow.workflow.transitions for part in ("on", "by")}
    told = {*marks, *map(state_of, flow.tracks), *flow.facts} - computed.keys()
    domains = {
        name: domain_of(column, kept.constants.get((flow.id, name), ()))
        for name, column in flow.columns.items()
        if name in told and (flow.id, name) in kept.columns
    }
    return Ground(flow, domains, computed)
