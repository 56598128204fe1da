"""What to do about the children of a case so that a question over them gets another answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from reformflow.model import (
    Aggregate,
    And,
    Compare,
    Comparison,
    Literal,
    Not,
    Or,
    Quantifier,
    Value,
)
from reformflow.testing.pathfinding.wishes import Wish, counted, looks_beyond, split

_TRIED: Final = 4
"""How many of the children that are there are considered before a new one."""

Answers = Mapping[str, tuple[Value, Value]]
"""What condition and element come to for each child."""

Gathering = tuple[str, tuple[Wish, ...]]
"""A child, "" for a new one, and what shall hold of it."""


def gatherings(aggregate: Aggregate, value: Value, answers: Answers) -> Iterator[Gathering]:
    """Yield single steps towards an answer: what might be done about one child."""
    condition, element = counted(aggregate)
    if looks_beyond(condition) or looks_beyond(element):
        return
    met = (Wish(condition), Wish(element))
    match aggregate.quantifier:
        case Quantifier.ALL if value is True:
            for child, (given, holds) in answers.items():
                if given is not False and holds is not True:
                    yield child, (Wish(Or((Not(condition), element))),)
                    return
        case Quantifier.ALL:
            yield from _one(answers, (Wish(condition), Wish(element, value)))  # type: ignore[arg-type]
        case Quantifier.ANY if value is False:
            for child, (given, holds) in answers.items():
                if given is not False and holds is not False:
                    yield child, (Wish(And((condition, element)), want=False),)
                    return
        case Quantifier.ANY:
            yield from _one(answers, (Wish(condition), Wish(element, value)))  # type: ignore[arg-type]
        case Quantifier.COUNT:
            yield from _count(aggregate, value, answers, met)
        case Quantifier.SUM:
            yield from _sum(aggregate, value, answers)


def shared(aggregate: Aggregate, wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """Return what wishes about a case hope of the children that another question is about."""
    found: list[Wish] = []
    for wish in wishes:
        for part in split(wish):
            other, want = part.expression, part.want
            if not isinstance(other, Aggregate) or other.relation != aggregate.relation:
                continue
            condition, element = counted(other)
            if looks_beyond(condition) or looks_beyond(element) or want is None:
                continue
            if other.quantifier is Quantifier.ALL:
                found.append(Wish(Or((Not(condition), element)), want, together=True))
            elif other.quantifier is Quantifier.ANY:
                found.append(Wish(And((condition, element)), want, together=True))
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------------------------------------


def _one(answers: Answers, wishes: tuple[Wish, ...]) -> Iterator[Gathering]:
    """Yield each child of which something could come to hold, and a new one."""
    ready = sorted(answers, key=lambda child: answers[child][0] is not True)
    yield from ((child, wishes) for child in ready[:_TRIED])
    yield "", wishes


def _count(
    aggregate: Aggregate, value: Value, answers: Answers, met: tuple[Wish, ...]
) -> Iterator[Gathering]:
    condition, element = counted(aggregate)
    both = And((condition, element))
    counts = {child: _joined(answer) for child, answer in answers.items()}
    if value is None:
        yield from _one(answers, (Wish(both, want=None),))
        return
    for child, counted_in in counts.items():
        if counted_in is None:
            yield child, (Wish(both, want=False),)
            yield child, (Wish(both),)
            return
    number = sum(counted_in is True for counted_in in counts.values())
    if isinstance(value, int) and number < value:
        others = (child for child, counted_in in counts.items() if not counted_in)
        yield from ((child, met) for child in islice(others, _TRIED))
        yield "", met
    elif isinstance(value, int) and number > value:
        for child, counted_in in counts.items():
            if counted_in:
                yield child, (Wish(both, want=False),)


def _sum(aggregate: Aggregate, value: Value, answers: Answers) -> Iterator[Gathering]:
    condition, element = counted(aggregate)
    if value is None:
        missing = Wish(Compare(Comparison.EQ, element, Literal(0)), want=None)
        yield from _one(answers, (Wish(condition), missing))
        return
    if not isinstance(value, int):
        return
    added = {
        child: number if given is True and isinstance(number, int) else 0
        for child, (given, number) in answers.items()
    }
    total = sum(added.values())
    for child, number in added.items():
        wanted = Literal(value - total + number)
        yield child, (Wish(condition), Wish(Compare(Comparison.EQ, element, wanted)))
    wanted = Literal(value - total)
    yield "", (Wish(condition), Wish(Compare(Comparison.EQ, element, wanted)))


def _joined(answer: tuple[Value, Value]) -> bool | None:
    given, holds = answer
    if given is False or holds is False:
        return False
    return None if given is None or holds is None else True
