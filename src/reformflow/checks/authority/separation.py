"""Separation of duties that a list of staff leaves nobody for.

Whoever fired one of the acts under `not_by` last may not fire the transition. With few people it
is a question of who does what, and sometimes nobody is left however that is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.checks.authority.staff import EVERYWHERE, Staff, firing
from reformflow.checks.reach import Explored, explored
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

CODE = "nobody_left"

People = Mapping[str, frozenset[str]]
"""Who may fire each transition, for one unit."""


def duties_not_separable(subject: Subject) -> Iterator[Finding]:
    """Yield each transition for which nobody may be left once others have been fired.

    It is an error if that is so in every case: the others always come before it, and each of
    them takes somebody whom it then lacks.
    """
    staff = Staff(subject.staff)
    if not staff:
        return
    for flow in subject.flows:
        apart = _Apart(subject, flow)
        for item in flow.transitions.values():
            if item.transition.not_by and not item.transition.by_itself:
                yield from _found(apart, item, staff)


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Apart:
    """The acts of one workflow that have to be done by different people."""

    subject: Subject
    flow: BoundWorkflow

    @cached_property
    def search(self) -> Explored:
        """The reform searched with the marks of who has fired what."""
        marks = [
            (self.flow.id, f"{name}.by")
            for item in self.flow.transitions.values()
            for name in item.transition.not_by
        ]
        return explored(self.subject.bound, also=marks)

    def comes(self, item: str, other: str, *, after: bool) -> bool:
        """Say whether a transition may fire after another one was fired, or before it was."""
        space = self.search.spaces[self.flow.id]
        domain = self.search.grounds[self.flow.id].domains[f"{other}.by"]
        values = domain.recorded if after else domain.missing
        states = space.reached & space.sets.among(f"{other}.by", values)
        return space.sets.any(space.after(item, states))

    def people(self, staff: Staff, unit: str) -> People:
        """Return who may fire each transition that somebody has to fire."""
        return {
            item.id: staff.holding(firing(item), unit)
            for item in self.flow.transitions.values()
            if not item.transition.by_itself
        }

    def always_before(self, item: str) -> frozenset[str]:
        """Return what always comes before a transition and has to be done by somebody else.

        And what has to be done by somebody else than these, and so on.
        """
        found = {item}
        waiting = [item]
        while waiting:
            for other in self.flow.transitions[waiting.pop()].transition.not_by:
                hand = other in self.flow.transitions and not self._by_itself(other)
                if hand and other not in found and not self.comes(item, other, after=False):
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    def _by_itself(self, item: str) -> bool:
        return self.flow.transitions[item].transition.by_itself


def _found(apart: _Apart, item: BoundTransition, staff: Staff) -> Iterator[Finding]:
    units = staff.units(apart.flow)
    before = apart.always_before(item.id)
    never: dict[frozenset[str], list[str]] = {}
    maybe: dict[str, list[str]] = {}
    for unit in units:
        people = apart.people(staff, unit)
        if not people[item.id]:
            continue  # there is nobody at all, which is told elsewhere
        acts = frozenset(act for act in before if people[act])
        if not _assignable(apart.flow, acts - {item.id}, people):
            continue  # that is told of one of the others
        if not _assignable(apart.flow, acts, people):
            never.setdefault(_fewest(apart.flow, item.id, acts, people), []).append(unit)
            continue
        for other in item.transition.not_by:
            alone = len(people[item.id]) == 1 and people.get(other) == people[item.id]
            told = other in before and other != item.id
            if alone and not told and apart.comes(item.id, other, after=True):
                maybe.setdefault(other, []).append(unit)
    for acts, where in never.items():
        yield _finding(apart.flow, item, acts, (where, units), staff)
    for other, where in maybe.items():
        yield _possible(apart.flow, item, other, (where, units), staff)


def _assignable(flow: BoundWorkflow, acts: frozenset[str], people: People) -> bool:
    """Say whether each act can have somebody, those that are kept apart different ones."""
    ordered = sorted(acts, key=lambda act: len(people[act]))

    def fits(chosen: Mapping[str, str], act: str, person: str) -> bool:
        return all(
            person != other
            for done, other in chosen.items()
            if done in flow.transitions[act].transition.not_by
            or act in flow.transitions[done].transition.not_by
        )

    def assigned(chosen: Mapping[str, str]) -> bool:
        if len(chosen) == len(ordered):
            return True
        act = ordered[len(chosen)]
        return any(
            assigned({**chosen, act: person})
            for person in sorted(people[act])
            if fits(chosen, act, person)
        )

    return assigned({})


def _fewest(flow: BoundWorkflow, item: str, acts: frozenset[str], people: People) -> frozenset[str]:
    """Return the fewest of some acts, with the one at hand, that cannot all have somebody."""
    kept = acts
    for act in sorted(acts - {item}):
        if not _assignable(flow, kept - {act}, people):
            kept -= {act}
    return kept


_Where = tuple[list[str], tuple[str, ...]]
"""The units concerned, and all units."""


def _finding(
    flow: BoundWorkflow, item: BoundTransition, acts: frozenset[str], where: _Where, staff: Staff
) -> Finding:
    others = [act for act in flow.transitions if act in acts and act != item.id]
    people = ", ".join(sorted(_anyone(flow, (*others, item.id), where[0], staff)))
    listed = ", ".join(others)
    says = Text(
        f"nobody is left to fire {item.id}{_units(where)}: it must not be who did {listed}, "
        f"and all of that is for {people}",
        f"无人可办理{item.id}{_units(where)}：办理过{listed}的人不得办理，而这些都由{people}承担",
    )
    return _told(flow, item, says, Severity.ERROR, (*others, item.id), where)


def _possible(
    flow: BoundWorkflow, item: BoundTransition, other: str, where: _Where, staff: Staff
) -> Finding:
    person = ", ".join(sorted(_anyone(flow, (item.id,), where[0], staff)))
    says = Text(
        f"nobody is left to fire {item.id}{_units(where)} once {other} was fired: "
        f"there is only {person} for both",
        f"{other}办理后无人可办理{item.id}{_units(where)}：两者都只有{person}",
    )
    return _told(flow, item, says, Severity.WARNING, (other, item.id), where)


def _anyone(
    flow: BoundWorkflow, acts: tuple[str, ...], units: list[str], staff: Staff
) -> frozenset[str]:
    roles = [role for act in acts for role in firing(flow.transitions[act])]
    return frozenset().union(*(staff.holding(roles, unit) for unit in units))


def _units(where: _Where) -> str:
    concerned, every = where
    return "" if len(concerned) == len(every) else f" ({', '.join(concerned)})"


def _told(
    flow: BoundWorkflow,
    item: BoundTransition,
    says: Text,
    severity: Severity,
    acts: tuple[str, ...],
    where: _Where,
) -> Finding:
    index = item.transition.not_by.index(next(a for a in acts if a in item.transition.not_by))
    path = f"{flow.id}.transitions.{item.id}.not_by[{index}]"
    units = tuple(("unit", unit) for unit in where[0] if unit != EVERYWHERE)
    return Finding(
        CODE, severity, path, says, item.transition.clauses, Witness(values=units, parts=acts)
    )
