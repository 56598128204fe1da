"""What has to have happened before a transition can fire: in its case, its parent, its children.

Days run forward: what a case, its parent or a child has come to, it came to by that day. The
engine holds this within a track; across tracks and cases it is so where acts are entered in the
order in which they happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from reformflow.binding import BoundRule, BoundTransition, BoundWorkflow
from reformflow.checks.dates.graph import Edge, Why
from reformflow.checks.routes import admitted, conditions
from reformflow.checks.subject import Subject
from reformflow.language.reading import columns_read, walk
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    Compare,
    Comparison,
    Expression,
    Literal,
    Name,
    Quantifier,
    Recorded,
)

_MOST_PARTIES: Final = 16
"""How many cases take part at most; workflows that are their own children have no end."""


@attrs.frozen
class Party:
    """A case that takes part: the one looked at, its parent, or one of its children.

    It is not `sure` to be there if a rule asks something only of those that are.
    """

    prefix: str
    flow: BoundWorkflow = attrs.field(eq=False)
    sure: bool = True

    @property
    def opened(self) -> str:
        """The node of the day on which it was opened."""
        return f"{self.prefix}opened"

    def path(self, id: str) -> str:  # noqa: A002
        """Return the path of one of its transitions."""
        return f"{self.flow.id}.transitions.{id}"


@attrs.frozen
class Event:
    """A transition that has fired, with the nodes of the first and of the last time it did."""

    party: Party
    item: BoundTransition
    first: str
    last: str

    @property
    def nodes(self) -> tuple[str, ...]:
        """The first and the last time, or the only one."""
        return (self.first,) if self.first == self.last else (self.first, self.last)


@attrs.frozen
class Held:
    """A condition that was true at a node; `owners` tells whose the names in it are."""

    node: str
    part: Expression
    owners: Mapping[str, Party]
    why: Why


class Prelude:
    """The events before the first time that a transition of a case fires, and their order."""

    def __init__(self, subject: Subject, flow: BoundWorkflow, target: str) -> None:
        """Find out what has to have happened before `target`."""
        self.edges: list[Edge] = []
        self.events: dict[tuple[str, str], Event] = {}
        self.parties: dict[str, Party] = {}
        self.held: list[Held] = []
        self._subject = subject
        self._above: dict[str, Party] = {}
        self._before: dict[str, set[str]] = {}
        self._target = target
        self.end = target
        self.case = self._join("", flow)
        event = self._event(self.case, target)
        assert event is not None, target  # noqa: S101 - only moves that can be made are asked for
        self.goal = event

    def above(self, party: Party) -> Party | None:
        """Return the party that is the parent of another one."""
        known = party.prefix in self._above or len(self.parties) >= _MOST_PARTIES
        if not known and party.flow.parent is not None:
            flow = self._subject.bound.workflows[party.flow.parent]
            parent = self._join(f"{party.prefix}parent.", flow)
            self._above[party.prefix] = parent
            self._after(parent.opened, party.opened, Why(party.flow.id))
        return self._above.get(party.prefix)

    def event(self, party: Party, id: str) -> Event | None:  # noqa: A002
        """Return a transition as an event, None if it need not have fired."""
        return self.events.get((party.prefix, id))

    def precedes(self, node: str, other: str) -> bool:
        """Say whether what has to have happened makes one node come before another."""
        waiting, found = [other], {other}
        while waiting:
            more = self._before.get(waiting.pop(), set()) - found
            found |= more
            waiting += more
        return node in found - {other}

    # -----------------------------------------------------------------------------------------

    def _join(self, prefix: str, flow: BoundWorkflow, *, sure: bool = True) -> Party:
        party = self.parties[prefix] = Party(prefix, flow, sure)
        self._rules(party, flow.opening_needs, party.opened)
        return party

    def _event(self, party: Party, id: str) -> Event | None:  # noqa: A002
        key = (party.prefix, id)
        routes = self._subject.routes[party.flow.id]
        if key in self.events or id not in routes.moves:
            return self.events.get(key)
        first = last = f"{party.prefix}{id}"
        if first != self._target and not routes.once(id):
            last = f"{first} again"
        event = Event(party, party.flow.transitions[id], first, last)
        self.events[key] = event
        why = Why(party.path(id), event.item.transition.clauses, sure=party.sure)
        self._after(party.opened, first, why)
        self._after(first, last, why)
        move = routes.moves[id]
        self._passed(party, move.track, move.sources, first, why)
        for node in event.nodes:
            self._rules(party, event.item.needs, node)
        return event

    def _rules(self, party: Party, rules: Iterable[BoundRule], node: str) -> None:
        for rule in rules:
            why = Why(f"{party.flow.id}.rules.{rule.id}", rule.clauses, "rule")
            self._hold(node, rule.expression, {SELF: party}, why)

    def _hold(
        self, node: str, expression: Expression, owners: Mapping[str, Party], why: Why
    ) -> None:
        """Take in what follows for events from a condition that is true at a node."""
        for part in conditions(expression):
            mine = self._with_parent(part, owners)
            for name in columns_read(part):
                if name.owner in mine:
                    self._state(node, part, name, mine[name.owner], why)
            for name in _surely_recorded(part):
                if name.owner in mine and name.column.endswith(".on"):
                    event = self._event(mine[name.owner], name.column.removesuffix(".on"))
                    if event is not None:
                        self._after(event.first, node, why)
            self.held.append(Held(node, part, mine, why))
            self._children(node, part, mine, why)

    def _with_parent(self, part: Expression, owners: Mapping[str, Party]) -> Mapping[str, Party]:
        if not any(name.owner == PARENT for name in columns_read(part)):
            return owners
        parent = self.above(owners[SELF])
        return owners if parent is None else {**owners, PARENT: parent}

    def _state(self, node: str, part: Expression, name: Name, party: Party, why: Why) -> None:
        track, _, of = name.column.partition(".")
        if of == "state" and track in party.flow.tracks:
            states = [state.id for state in party.flow.tracks[track].states]
            self._passed(party, track, admitted([part], name, states), node, why)

    def _passed(
        self, party: Party, track: str, states: frozenset[str], node: str, why: Why
    ) -> None:
        """Take in the transitions without which a track cannot be in one of some states."""
        for id in self._subject.routes[party.flow.id].unavoidable(track, states):  # noqa: A001
            event = self._event(party, id)
            if event is not None and event.first != node:
                self._after(event.first, node, why)

    def _children(self, node: str, part: Expression, owners: Mapping[str, Party], why: Why) -> None:
        """Take in a child that there has to be, or that counts where there is one."""
        found = part.left if isinstance(part, Compare) else part
        if not isinstance(found, Aggregate) or not _asks_for_one(part):
            return
        if len(self.parties) >= _MOST_PARTIES:
            return
        party = owners[SELF]
        flow = self._subject.bound.workflows[party.flow.relations[found.relation].workflow]
        prefix = f"{party.prefix}{found.relation}."
        while prefix in self.parties:
            prefix = f"{prefix[:-1]}'."
        self._above[prefix] = party
        sure = why.sure and found.quantifier is not Quantifier.ALL
        child = self._join(prefix, flow, sure=sure)
        why = attrs.evolve(why, sure=sure)
        self._after(party.opened, child.opened, why)
        self._after(child.opened, node, why)
        for inner in (found.condition, found.element):
            self._hold(node, inner, {**owners, found.variable: child}, why)

    def _after(self, source: str, target: str, why: Why) -> None:
        if source != target:
            self.edges.append(Edge(source, target, 0, attrs.evolve(why, kind="order")))
            self._before.setdefault(target, set()).add(source)


# ---------------------------------------------------------------------------------------------


def _asks_for_one(part: Expression) -> bool:
    """Say whether a condition over children is about at least one, if there is any for `all`."""
    match part:
        case Aggregate(quantifier=Quantifier.ALL | Quantifier.ANY):
            return True
        case Compare(op=op, left=Aggregate(quantifier=Quantifier.COUNT), right=Literal(value=n)):
            enough = {Comparison.GE: 1, Comparison.EQ: 1, Comparison.GT: 0}.get(op)
            return enough is not None and isinstance(n, int) and n >= enough
        case _:
            return False


def _surely_recorded(part: Expression) -> tuple[Name, ...]:
    """Return the columns without which a condition is not true."""
    match part:
        case Recorded(item=item, negated=False):
            return (item,)
        case Compare(left=left, right=right):
            return tuple(
                node
                for side in (left, right)
                if not any(isinstance(inner, Aggregate) for inner in walk(side))
                for node in columns_read(side)
            )
        case _:
            return ()
