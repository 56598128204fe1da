"""The network of dates around a transition: its bounds, and those of all that comes before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.checks.dates.columns import Columns
from reformflow.checks.dates.graph import CALENDAR, Edge, Why
from reformflow.checks.dates.prelude import Event, Held, Prelude
from reformflow.checks.dates.scenario import ANY_CASE, Conditions, Scenario
from reformflow.checks.dates.written import known_days
from reformflow.checks.routes import conditions, demands
from reformflow.checks.subject import Subject
from reformflow.language.folding import FALSE, TRUE, fold
from reformflow.model import (
    SELF,
    BeforeEffect,
    Compare,
    Comparison,
    Expression,
    FactType,
    Late,
    Literal,
    Name,
    Today,
)

Side = tuple[str, int]
"""A node, and how many days after it."""

_STRICT: Final = {Comparison.LT: 1, Comparison.GT: 1}
_FIRST_IS_LEFT: Final = {Comparison.LT, Comparison.LE, Comparison.EQ}
_FIRST_IS_RIGHT: Final = {Comparison.GT, Comparison.GE, Comparison.EQ}


def has_limit(flow: BoundWorkflow, item: BoundTransition) -> bool:
    """Say whether anything of a transition could bound the days on which it fires from above."""
    return (
        item.deadline is not None
        or (item.window is not None and item.window.closes is not None)
        or any(_is_day(part.left) for part in demands(item) if isinstance(part, Compare))
        or any(_by_time(other) and other.track == item.track for other in flow.transitions.values())
    )


class Network:
    """All edges between the days of a prelude.

    `binding` takes in only what refuses; otherwise also dates that may be missed, as if they had
    to be kept. Dates that had passed when the document took effect are left out unless they
    refuse, or `passed` asks for them. It is not `possible` if a rule is false in the scenario.
    """

    def __init__(
        self,
        subject: Subject,
        prelude: Prelude,
        *,
        binding: bool,
        passed: bool = False,
        scenario: Scenario = ANY_CASE,
    ) -> None:
        """Draw the edges that hold in a scenario."""
        self._subject = subject
        self._prelude = prelude
        self._binding = binding
        self._passed = passed
        self._scenario = scenario
        self._columns = Columns(subject, prelude, scenario, binding=binding)
        self.possible = True
        own = [
            edge
            for event in prelude.events.values()
            for node in event.nodes
            for edge in self._of_event(event, node)
        ]
        own += [edge for held in prelude.held for edge in self._of_rule(held)]
        self.edges: tuple[Edge, ...] = (*prelude.edges, *own, *self._columns.edges)

    @property
    def open(self) -> tuple[Conditions, ...]:
        """The conditions of dates that the scenario leaves open."""
        return tuple(dict.fromkeys(self._columns.open))

    # -----------------------------------------------------------------------------------------

    def _of_event(self, event: Event, node: str) -> Iterator[Edge]:
        item = event.item
        if item.window is not None and self._counts(item.window.outside):
            path = f"{event.party.path(item.id)}.window"
            for column, kind in ((item.window.opens, "opens"), (item.window.closes, "closes")):
                if column is not None:
                    why = Why(f"{path}.{kind}", item.window.clauses, kind)
                    yield self._bound(event, node, column, why, limits=kind == "closes")
        if item.deadline is not None and self._keeps(event):
            why = Why(f"{event.party.path(item.id)}.due", item.deadline.clauses, "due")
            yield self._bound(event, node, item.deadline.due, why, limits=True)
        yield from self._of_time(event, node)
        for other in self._sooner(event):
            why = Why(event.party.path(item.id), other.transition.clauses, "sooner")
            column, days = _timed(other)
            # An act finds the day already passed; what fires by itself may still be the first.
            ahead = 0 if event.item.transition.by_itself else 1
            yield self._bound(event, node, column, why, limits=True, days=ahead - days)

    def _of_time(self, event: Event, node: str) -> Iterator[Edge]:
        """Yield the day before which a transition does not fire by itself."""
        item = event.item
        if item.at is not None or item.transition.after_due in event.party.flow.deadlines:
            why = Why(event.party.path(item.id), item.transition.clauses, "timed")
            column, days = _timed(item)
            yield self._bound(event, node, column, why, limits=False, days=days)

    def _bound(
        self, event: Event, node: str, column: str, why: Why, *, limits: bool, days: int = 0
    ) -> Edge:
        """Return the edge from a date to a node or, where it limits it, from the node to it."""
        seen = self._columns.seen(event.party, column, node)
        why = attrs.evolve(why, limits=limits, sure=seen.sure)
        source, target = (node, seen.node) if limits else (seen.node, node)
        return Edge(source, target, days, why)

    def _counts(self, outside: Late) -> bool:
        return outside is Late.REFUSE or not self._binding

    def _keeps(self, event: Event) -> bool:
        """Say whether the deadline of an event is one to keep."""
        deadline = event.item.deadline
        if deadline is None:
            return False
        fixed = not deadline.can_pause and deadline.extension is None
        refuses = deadline.late is Late.REFUSE and fixed
        if self._binding and not refuses:
            return False
        effective = self._subject.bound.effective_on
        enforced = refuses and deadline.before_effect is BeforeEffect.ENFORCE
        if effective is None or enforced or self._passed:
            return True
        # A date that had passed when the document took effect is a finding by itself.
        days = known_days(event.party.flow, self._subject.calendar, deadline.due)
        return all(day >= effective for _, day in days)

    def _sooner(self, event: Event) -> Iterator[BoundTransition]:
        """Yield what fires by itself from where an event starts, and leads away for good."""
        flow, item = event.party.flow, event.item
        routes = self._subject.routes[flow.id]
        states = routes.moves[item.id].sources
        for other in flow.transitions.values():
            move = routes.moves.get(other.id) if _by_time(other) else None
            if move is None or move.track != item.track or other.id == item.id:
                continue
            if not _fires_without_fail(other) or not states <= move.sources:
                continue
            if other.at is None and other.transition.after_due not in flow.deadlines:
                continue
            if move.targets and not states & routes.beyond(move.track, move.targets):
                yield other

    def _of_rule(self, held: Held) -> Iterator[Edge]:
        mine = held.owners[SELF] == self._prelude.case
        known = self._scenario.known if mine else {}
        for part in conditions(fold(held.part, known)) if known else (held.part,):
            if part == FALSE:
                self.possible = False
            elif isinstance(part, Compare):
                yield from self._of_comparison(held, part)

    def _of_comparison(self, held: Held, part: Compare) -> Iterator[Edge]:
        left, right = self._side(held, part.left), self._side(held, part.right)
        if left is None or right is None:
            return
        apart = _STRICT.get(part.op, 0)
        if part.op in _FIRST_IS_LEFT:
            yield self._rule_edge(held, left, right, apart)
        if part.op in _FIRST_IS_RIGHT:
            yield self._rule_edge(held, right, left, apart)

    def _rule_edge(self, held: Held, first: Side, then: Side, apart: int) -> Edge:
        (source, before), (target, after) = first, then
        why = attrs.evolve(held.why, limits=source == held.node)
        return Edge(source, target, before - after + apart, why)

    def _side(self, held: Held, expression: Expression) -> Side | None:
        match expression:
            case Today():
                return held.node, 0
            case Literal(value=date() as day):
                return CALENDAR, day.toordinal()
            case Name(column=column, owner=owner) if owner in held.owners:
                party = held.owners[owner]
                if party.flow.columns[column].type is FactType.DATE:
                    return self._columns.seen(party, column, held.node).node, 0
                return None
            case _:
                return None


# ---------------------------------------------------------------------------------------------


def _by_time(item: BoundTransition) -> bool:
    return item.at is not None or item.transition.after_due is not None


def _is_day(side: Expression) -> bool:
    """Say whether one side of a comparison can be a day: no number, text or truth."""
    if isinstance(side, Literal):
        return isinstance(side.value, date)
    return isinstance(side, Today | Name)


def _timed(item: BoundTransition) -> tuple[str, int]:
    """Return the column of the day on which a transition fires by itself, and the days after it."""
    if item.at is not None:
        return item.at, 0
    return f"{item.transition.after_due}.due", 1


def _fires_without_fail(item: BoundTransition) -> bool:
    """Say whether nothing but the day decides whether a transition fires by itself."""
    open_rules = [part for part in demands(item) if part != TRUE]
    one_way = len(item.to) == 1 and item.to[0][1] in (None, TRUE)
    known = all(isinstance(value, Literal | Today) for _, value in item.sets)
    return one_way and known and not open_rules
