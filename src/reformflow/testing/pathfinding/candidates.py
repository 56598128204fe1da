"""Candidate values: those at which something that is compared with them can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from reformflow.binding import Column
from reformflow.engine.doors import problem
from reformflow.language.reading import parts, walk
from reformflow.model import (
    Aggregate,
    Compare,
    Expression,
    Fact,
    FactType,
    Literal,
    Member,
    Name,
    Today,
    Value,
)
from reformflow.testing.pathfinding.partial import Leaf

_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=366)
_NUMBERS: Final = (0, 1, 2, 3, 5, 10, 100)


class Constants:
    """The constants with which leaves are compared, also by way of each other."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        """Read the constants off some expressions."""
        self._own: dict[Leaf, dict[Value, None]] = {}
        self._near: dict[Leaf, dict[Value, None]] = {}
        self._partners: dict[Leaf, dict[Leaf, None]] = {}
        groups = [group for each in expressions for group in _compared_in(each)]
        for leaves, values in groups:
            for leaf in leaves:
                self._own.setdefault(leaf, {}).update(dict.fromkeys(values))
        for leaves, _ in groups:
            for leaf in leaves:
                for other in leaves:
                    self._partners.setdefault(leaf, {})[other] = None
                    self._near.setdefault(leaf, {}).update(self._own.get(other, {}))

    def of(self, leaf: Leaf) -> tuple[Value, ...]:
        """Return the constants for one leaf, its own ones first."""
        return tuple({**self._own.get(leaf, {}), **self._near.get(leaf, {})})

    def partners(self, leaf: Leaf) -> tuple[Leaf, ...]:
        """Return the leaves with which one is compared."""
        return tuple(self._partners.get(leaf, ()))

    def add(self, leaf: Leaf, values: Iterable[Value]) -> None:
        """Add constants for a leaf."""
        self._own.setdefault(leaf, {}).update(dict.fromkeys(values))


def candidates(
    column: Column, now: Value, constants: Iterable[Value], seen: Iterable[Value], today: date
) -> tuple[Value, ...]:
    """Return candidates for a column, that which it holds now first and nothing last.

    `seen` are the values of other columns, with which it may be compared.
    """
    found = _candidates(column.type, column.choices, tuple(constants), tuple(seen), today)
    if column.fact is not None:
        fact = column.fact
        bounds = [bound for bound in (fact.minimum, fact.maximum) if bound is not None]
        found = (value for value in (*found, *bounds, "x") if not problem(fact, value))
    return _once([now, *found, None])


def plain(fact: Fact, today: date) -> Value:
    """Return some value of a fact, None if there is none."""
    column = Column(fact.id, fact.type, tuple(choice.id for choice in fact.choices), fact)
    return next(iter(candidates(column, None, (), (), today)[1:]), None)


def numbers(now: Value, constants: Iterable[Value]) -> tuple[Value, ...]:
    """Return candidates for a number that is counted, those nearest to what it is now first."""
    here = now if isinstance(now, int) else 0
    found = [number for number in (*_around([here, *constants]), *_NUMBERS) if number >= 0]
    return _once([now, *sorted(found, key=lambda number: abs(number - here))])


def days(today: date, constants: Iterable[Value], seen: Iterable[Value]) -> tuple[Value, ...]:
    """Return candidates for the day of an act: from today on."""
    near = [
        day for value in (*constants, *seen) if isinstance(value, date) for day in _beside(value)
    ]
    return _once([today, *sorted(day for day in near if day > today), today + _DAY])


def shallow(node: Expression) -> list[Expression]:
    """Return the nodes of an expression; an aggregate is one of them."""
    found: list[Expression] = []
    inside: list[Expression] = [node]
    while inside:
        one = inside.pop()
        found.append(one)
        if not isinstance(one, Aggregate):
            inside += parts(one)
    return found


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=4_000)
def _compared_in(expression: Expression) -> tuple[tuple[list[Leaf], list[Value]], ...]:
    return tuple(found for node in walk(expression) if (found := _compared(node))[0])


def _compared(node: Expression) -> tuple[list[Leaf], list[Value]]:
    match node:
        case Compare():
            inside = shallow(node)
        case Member(item=item, options=options):
            inside = [item, *options]
        case _:
            return [], []
    leaves = [one for one in inside if isinstance(one, Name | Today | Aggregate)]
    return leaves, [one.value for one in inside if isinstance(one, Literal)]


def _candidates(
    kind: FactType,
    choices: tuple[str, ...],
    constants: tuple[Value, ...],
    seen: tuple[Value, ...],
    today: date,
) -> Iterator[Value]:
    match kind:
        case FactType.BOOL:
            yield from (True, False)
        case FactType.CHOICE:
            yield from (value for value in constants if value in choices)
            yield from choices
        case FactType.INT:
            yield from _around(constants)
            yield from _NUMBERS
            yield from _around(seen)
            yield -1
        case FactType.DATE:
            direct = [value for value in constants if isinstance(value, date)]
            yield from direct
            yield today
            yield from (day for value in direct for day in _beside(value))
            yield from (day for value in seen if isinstance(value, date) for day in _beside(value))
            yield from (today - _DAY, today + _DAY, today - _YEAR, today + _YEAR)
        case FactType.TEXT:
            yield from (value for value in constants if isinstance(value, str))
            yield "text"
            yield "other text"


def _around(values: Iterable[Value]) -> Iterator[int]:
    found = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    yield from found
    for value in found:
        yield value + 1
        yield value - 1


def _beside(day: date) -> Iterator[date]:
    yield day
    if day < date.max:
        yield day + _DAY
    if day > date.min:
        yield day - _DAY


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return values without repetition; 1 and true are two."""
    return tuple({(type(value), value): value for value in values}.values())
