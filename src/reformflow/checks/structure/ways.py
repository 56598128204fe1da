"""The ways of one workflow's cases: what they come to, what fires, and what keeps it from that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, reduce
from operator import and_

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.checks.reach import Explored, Formula, Space, States, either
from reformflow.checks.reach.system import Command, Need
from reformflow.checks.subject import Subject


@attrs.frozen
class Ways:
    """One workflow of a searched reform."""

    search: Explored
    flow: BoundWorkflow

    @property
    def space(self) -> Space:
        """The states of its cases."""
        return self.search.spaces[self.flow.id]

    @cached_property
    def commands(self) -> Mapping[str, Command]:
        """What can happen, by name."""
        return {command.name: command for command in self.space.system.commands}

    def being(self, track: str, *states: str) -> Formula:
        """Return the formula of a track that is in one of some states."""
        return self.search.holding(self.flow.id, f"{track}.state", *states)

    def within(self, track: str, *states: str) -> States:
        """Return the reached states of cases in which a track is in one of some states."""
        return self.space.reached & self.space.states(self.being(track, *states))

    def reaches(self, track: str, state: str) -> bool:
        """Say whether a track ever comes to a state."""
        return self.space.sets.any(self.within(track, state))

    def before(self, item: BoundTransition) -> States:
        """Return the reached states that a transition starts from."""
        return self.within(item.track, *item.source)

    def begins(self, item: BoundTransition) -> bool:
        """Say whether a state that a transition starts from is ever reached."""
        return self.space.sets.any(self.before(item))

    def fires(self, transition: str) -> bool:
        """Say whether a transition ever fires."""
        return self.space.sets.any(self.space.after(transition, self.space.reached))

    def leads(self, item: BoundTransition, source: str, target: str) -> bool:
        """Say whether a transition ever leads from one state of its track to another."""
        after = self.space.after(item.id, self.within(item.track, source))
        return self.space.sets.any(after & self.within(item.track, target))

    def moves(self, track: str) -> Mapping[str, frozenset[str]]:
        """Return the states to which each reached state of a track ever leads."""
        found: dict[str, set[str]] = {state.id: set() for state in self.flow.tracks[track].states}
        for item in self.flow.transitions.values():
            if item.track == track:
                for source in item.source:
                    for target, _ in item.to:
                        if target not in found[source] and self.leads(item, source, target):
                            found[source].add(target)
        return {state: frozenset(targets - {state}) for state, targets in found.items()}

    def blockers(self, item: BoundTransition, states: States) -> tuple[str, ...]:
        """Return the fewest rules that together keep a transition from firing in some states.

        None if something else does: it never begins there, or none of its branches applies.
        """
        return tuple(dict.fromkeys(rule for need in self.core(item, states) for rule in need.rules))

    def core(self, item: BoundTransition, states: States) -> tuple[Need, ...]:
        """Return the fewest needs that together keep a transition from firing in some states."""
        command, sets = self.commands[item.id], self.space.sets
        found = self.space.recorded(item.id, states)
        if not sets.any(found):
            return (Need((), command.before),)
        ends = either(*(outcome.when for outcome in command.outcomes))
        kept = {need: self.space.states(need.holds) for need in (*command.needs, Need((), ends))}
        for one in list(kept):
            rest = {need: holds for need, holds in kept.items() if need is not one}
            if not sets.any(reduce(and_, rest.values(), found)):
                kept = rest
        return tuple(kept)

    def overtakers(self, item: BoundTransition, states: States) -> tuple[str, ...]:
        """Return what fires by itself before a transition can, in some states."""
        sets = self.space.sets
        return tuple(
            command.name
            for command in self.space.system.commands
            if command.urgent is not None
            and command.name != item.id
            and sets.any(states & self.space.states(command.urgent))
        )


def ways_of(subject: Subject) -> Iterator[Ways]:
    """Yield the ways of every workflow of which cases can be opened at all."""
    for flow in subject.flows:
        ways = Ways(subject.explored, flow)
        if ways.space.sets.any(ways.space.reached):
            yield ways


def some_option_fires(subject: Subject, flow: BoundWorkflow, transition: str) -> bool:
    """Say whether a transition may fire under other options of the policies."""
    search = subject.under_any_options
    return search is None or Ways(search, search.bound.workflows[flow.id]).fires(transition)


def some_option_leaves(subject: Subject, flow: BoundWorkflow, track: str, state: str) -> bool:
    """Say whether a state may be left for another one under other options of the policies."""
    search = subject.under_any_options
    if search is None:
        return True
    return bool(Ways(search, search.bound.workflows[flow.id]).moves(track)[state])


def some_option_reaches(subject: Subject, flow: BoundWorkflow, track: str, state: str) -> bool:
    """Say whether a state may be reached under other options of the policies."""
    search = subject.under_any_options
    return search is None or Ways(search, search.bound.workflows[flow.id]).reaches(track, state)
