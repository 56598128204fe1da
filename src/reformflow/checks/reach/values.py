"""Which values an expression can give a column, and when."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.reach.domains import Domain
from reformflow.checks.reach.formulas import FALSE, Formula, Is, both
from reformflow.checks.reach.reader import Reader
from reformflow.checks.reach.system import Values
from reformflow.model import (
    SELF,
    Arithmetic,
    Expression,
    Fact,
    FactType,
    Literal,
    Name,
    Operator,
)

Given = tuple[Formula, Values]
"""Where the formula holds, the column gets one of the values."""


def given(reader: Reader, node: Expression, fact: Fact, domain: Domain) -> tuple[Given, ...]:
    """Return the values that an expression can give a fact; nothing where it has none itself."""
    ways = _given(reader, reader.inlined(node), fact, domain)
    return tuple((when, values) for when, values in ways if when != FALSE and values)


# ---------------------------------------------------------------------------------------------


def _given(reader: Reader, node: Expression, fact: Fact, domain: Domain) -> Iterator[Given]:
    match node:
        case Literal(value=value):
            yield both(), domain.holding(value)
        case Name(owner=owner) if owner == SELF and reader.domain(node) is not None:
            yield from _moved(reader, node, 0, domain)
        case Arithmetic(
            op=Operator.ADD | Operator.SUB as op, left=Name() as name, right=Literal(value=int(by))
        ) if reader.domain(name) is not None:
            yield from _moved(reader, name, by if op is Operator.ADD else -by, domain)
        case _ if fact.type is FactType.BOOL:
            for value in (True, False):
                yield reader.truth(node, value), domain.holding(value)
        case _:
            # Which of several values it is cannot be told, nor whether bounds allow it.
            told = len(domain.recorded) == 1 and fact.minimum is None and fact.maximum is None
            yield (
                reader.known(node) if told else both(reader.known(node), reader.perhaps),
                (domain.recorded),
            )


def _moved(reader: Reader, name: Name, by: int, domain: Domain) -> Iterator[Given]:
    """Yield what a column gives another one, value by value, moved on by a number."""
    source = reader.domain(name)
    if source is None:
        return
    for number in source.recorded:
        if source.spans and domain.spans and (span := source.spans[number]) is not None:
            fitting = domain.overlapping((span[0] + by, span[1] + by))
            told = len(fitting) == 1
        else:
            shown = source.shown[number]
            fitting = domain.holding(shown) if source.exact else domain.recorded
            told = source.exact and domain.exact
        own = Is(name.column, frozenset({number}))
        yield own if told else both(own, reader.perhaps), fitting
