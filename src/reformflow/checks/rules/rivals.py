"""Automatic transitions that are true at once: their order in the file decides which one fires."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from reformflow.checks.acts import Act, act_of, opening
from reformflow.checks.subject import Subject
from reformflow.language.reading import columns_read, reads_today, relations_read
from reformflow.model import PARENT, SELF, Finding, Severity, Text, Witness

CODE = "automatic_at_once"


def automatic_at_once(subject: Subject) -> Iterator[Finding]:
    """Yield each two automatic transitions that one case can come to at once, with that case."""
    for flow in subject.flows:
        automatic = [
            act
            for act in subject.acts[flow.id]
            if act.transition is not None and act.transition.transition.automatic
        ]
        for one, other in combinations(automatic, 2):
            found = _both(subject, one, other)
            if found is not None:
                yield found


# ---------------------------------------------------------------------------------------------


def _both(subject: Subject, one: Act, other: Act) -> Finding | None:
    first, second = one.transition, other.transition
    if first is None or second is None or first.track != second.track:
        return None
    if not first.source & second.source or (first.to, first.sets) == (second.to, second.sets):
        return None
    demands = [*one.given, *other.given]
    demands += (ground.demand for ground in (*one.grounds, *other.grounds))
    answer = subject.solvers[one.flow.id].ask(demands)
    if answer.situation is None or (_apart(one, other) and not _entered(subject, one, other)):
        return None
    says = Text(
        f"{one.id} and {other.id} can both fire by themselves in one case: "
        f"{one.id} goes first because it is written first",
        f"{one.id}和{other.id}可能在同一案件中同时自动触发：{one.id}写在前面，因此先触发",
    )
    clauses = tuple(dict.fromkeys((*one.clauses, *other.clauses)))
    situation = answer.situation
    witness = Witness(situation.listed, situation.today, parts=(one.id, other.id))
    return Finding(CODE, Severity.WARNING, other.path, says, clauses, witness)


def _apart(one: Act, other: Act) -> bool:
    """Say whether two acts ask about different kin, and nothing of the case itself.

    No act changes both: what becomes true first fires before the other can.
    """
    mine, others = _about(one), _about(other)
    return SELF not in mine | others and not mine & others


def _about(act: Act) -> frozenset[str]:
    """Return whom an act asks about: the case itself, its parent, its children by relation."""
    found: set[str] = set()
    for ground in act.grounds:
        found |= relations_read(ground.demand.expression)
        owners = {name.owner for name in columns_read(ground.demand.expression)}
        found |= owners & {SELF, PARENT}
        if reads_today(ground.demand.expression):
            found.add(SELF)
    return frozenset(found)


def _entered(subject: Subject, one: Act, other: Act) -> bool:
    """Say whether both can be true already when a case comes to where they start."""
    first, second = one.transition, other.transition
    if first is None or second is None:
        return True
    start = first.source & second.source
    flow, both = one.flow, [ground.demand for ground in (*one.grounds, *other.grounds)]
    entering = [
        act_of(subject.bound, flow, item, sorted(item.source))
        for item in flow.transitions.values()
        if item.track == first.track and {state for state, _ in item.to} & start
    ]
    if flow.tracks[first.track].initial in start:
        entering.append(opening(flow))
    return any(
        subject.solvers[flow.id].ask([*(g.demand for g in act.grounds), *both]).situation
        for act in entering
    )
