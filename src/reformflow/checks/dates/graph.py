"""The graph of dates: what lies at least how many days after what, and where that cannot be.

A node is the day of an event, or a date as it stands at one; `CALENDAR` is the calendar itself,
its day being fixed. Whatever orders two days is an edge, upper bounds too: what is due at most ten
days after an application lets the application be no earlier than ten days before. The days of a
network of such edges exist if and only if no circle of edges adds up to more than nothing
(R. Bellman, On a routing problem, 1958).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from reformflow.checks.dates.counts import Count

CALENDAR: Final = ""
"""The node whose day is day 0 of `date.fromordinal`."""


@attrs.frozen
class Why:
    """What an edge rests on: a part of the definition, its clauses, and the kind of bound.

    `limits` tells an edge that bounds an event from above; `sure` that it holds in every case,
    not only in those that have the date in question.
    """

    path: str
    clauses: tuple[str, ...] = ()
    kind: str = "order"
    limits: bool = False
    sure: bool = True


@attrs.frozen
class Edge:
    """`target` lies at least `least` days after `source`.

    With a `count` it is exact where the source is known: the target is counted from the source
    or, `inverse`, the source from the target.
    """

    source: str
    target: str
    least: int
    why: Why
    count: Count | None = None
    inverse: bool = False

    def earliest(self, source: int) -> int:
        """Return the first day of the target for a day of the source."""
        day = _day(source)
        if self.count is not None and day is not None:
            found = self.count.first_anchor(day) if self.inverse else self.count.day(day)
            if found is not None:
                return found.toordinal()
        return source + self.least

    def latest(self, target: int) -> int:
        """Return the last day of the source for a day of the target."""
        day = _day(target)
        if self.count is not None and day is not None:
            found = self.count.day(day) if self.inverse else self.count.last_anchor(day)
            if found is not None:
                return found.toordinal()
        return target - self.least


Circle = tuple[Edge, ...]
"""Edges that lead back to where they begin, each from the target of the one before."""


def contradiction(edges: Sequence[Edge]) -> Circle | None:
    """Return a circle of edges that cannot all hold, None if none is found.

    One that holds from no day at all is always found; one that fails only on the days on which
    it falls, where these are fixed.
    """
    return _from_any_day(edges) or _from_fixed_days(edges)


def earliest(edges: Sequence[Edge], given: Mapping[str, int]) -> dict[str, int]:
    """Return the first day of each node that follows from the days of some nodes."""
    days = dict(given)
    for _ in range(len(edges) + 1):
        changed = False
        for edge in edges:
            if edge.source in days and edge.target not in given:
                day = edge.earliest(days[edge.source])
                if day > days.get(edge.target, day - 1):
                    days[edge.target] = day
                    changed = True
        if not changed:
            break
    return days


def latest(edges: Sequence[Edge], given: Mapping[str, int]) -> dict[str, int]:
    """Return the last day of each node that still lets the days of some nodes be kept."""
    days = dict(given)
    for _ in range(len(edges) + 1):
        changed = False
        for edge in edges:
            if edge.target in days and edge.source not in given:
                day = edge.latest(days[edge.target])
                if day < days.get(edge.source, day + 1):
                    days[edge.source] = day
                    changed = True
        if not changed:
            break
    return days


# ---------------------------------------------------------------------------------------------


def _day(ordinal: int) -> date | None:
    if date.min.toordinal() <= ordinal <= date.max.toordinal():
        return date.fromordinal(ordinal)
    return None


def _from_any_day(edges: Sequence[Edge]) -> Circle | None:
    days = dict.fromkeys((node for edge in edges for node in (edge.source, edge.target)), 0)
    last: dict[str, Edge] = {}
    moved: str | None = None
    for _ in range(len(days) + 1):
        moved = None
        for edge in edges:
            if days[edge.source] + edge.least > days[edge.target]:
                days[edge.target] = days[edge.source] + edge.least
                last[edge.target] = edge
                moved = edge.target
        if moved is None:
            return None
    return None if moved is None else _circle(last, moved)


def _from_fixed_days(edges: Sequence[Edge]) -> Circle | None:
    """Look for days that the calendar forces on itself."""
    days = {CALENDAR: 0}
    last: dict[str, Edge] = {}
    for _ in range(len(edges)):
        changed = False
        for edge in edges:
            if edge.source not in days:
                continue
            day = edge.earliest(days[edge.source])
            if edge.target == CALENDAR and day > 0:
                return _circle({**last, CALENDAR: edge}, CALENDAR)
            if day > days.get(edge.target, day - 1):
                days[edge.target], last[edge.target] = day, edge
                changed = True
        if not changed:
            break
    return None


def _circle(last: Mapping[str, Edge], node: str) -> Circle | None:
    """Go back from a node until one comes again."""
    seen: list[Edge] = []
    visited: list[str] = []
    while node not in visited:
        visited.append(node)
        edge = last.get(node)
        if edge is None:
            return None
        seen.append(edge)
        node = edge.source
    return tuple(reversed(seen[visited.index(node) :]))


def clauses_of(edges: Iterable[Edge]) -> tuple[str, ...]:
    """Return the clauses that edges rest on, each once."""
    return tuple(dict.fromkeys(clause for edge in edges for clause in edge.why.clauses))
