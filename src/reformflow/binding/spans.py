"""How large the whole numbers of an expression can become.

Python's whole numbers have no end, those of databases have 64 bits: beyond them one raises an
error, another goes on with a fraction. An expression means the same to both only if it never gets
there. So every sum, difference and product is worked out over the least and the greatest that its
facts can hold; a fact that is calculated with and declares no bounds is bounded by `CALCULATED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from reformflow.binding.bound import Column
from reformflow.language.parse import MAX_INT, ExpressionError
from reformflow.language.reading import parts
from reformflow.model import (
    SELF,
    Aggregate,
    Arithmetic,
    Expression,
    Fact,
    FactType,
    Literal,
    Name,
    Operator,
    PolicyName,
    Quantifier,
    Scalar,
)

CALCULATED: Final = 10**12
"""The bound, up and down, of a fact that is calculated with and declares none."""

CHILDREN: Final = 10**6
"""How many children of one case a sum is sure to hold, and how many periods a duty counts."""

Span = tuple[int, int]
"""The least and the greatest that a whole number can be."""

_EVERY: Final[Span] = (-MAX_INT, MAX_INT)
_NONE: Final[Span] = (0, 0)
"""Stands for what is no number or not there; the typist reports that."""


def bounded(fact: Fact) -> Fact:
    """Return a fact that is calculated with, with the bounds that it did not declare.

    A derived one reaches as far as its expression does.
    """
    if fact.type is not FactType.INT or fact.derived is not None:
        return fact
    known = [
        value for value in (fact.initial, fact.minimum, fact.maximum) if isinstance(value, int)
    ]
    least = -CALCULATED if min(known, default=0) >= -CALCULATED else -MAX_INT
    most = CALCULATED if max(known, default=0) <= CALCULATED else MAX_INT
    return attrs.evolve(
        fact,
        minimum=least if fact.minimum is None else fact.minimum,
        maximum=most if fact.maximum is None else fact.maximum,
    )


def span_of(fact: Fact) -> Span:
    """Return the declared bounds of a fact, or those of 64 bits."""
    least, most = _EVERY
    return (
        least if fact.minimum is None else fact.minimum,
        most if fact.maximum is None else fact.maximum,
    )


def check_within(span: Span, fact: Fact) -> None:
    """Raise ExpressionError if a computed number could be more or less than a fact can hold."""
    least, most = span_of(fact)
    if span[0] < least or span[1] > most:
        beyond = span[1] if span[1] > most else span[0]
        message = f"this could become {beyond}, {fact.id!r} holds {least} to {most}"
        hint = f"give the facts in it, or {fact.id!r}, a fitting minimum and maximum"
        raise ExpressionError(message, hint=hint, code="number")


@attrs.frozen
class Reach:
    """Works out how far the numbers of an expression reach.

    `owners` maps who stands before a name (the case itself, its parent, the children that a
    variable runs over) to their workflow, `relations` each relation to that of its children;
    `find` tells a column of a workflow that is calculated with, `policies` holds the values of
    policies for what is not lowered.
    """

    owners: Mapping[str, str]
    relations: Mapping[str, str]
    find: Callable[[str, str], Column | None]
    policies: Mapping[str, Scalar]
    _derived: dict[tuple[str, str], Span] = attrs.field(factory=dict)

    def check(self, node: Expression) -> None:
        """Raise ExpressionError if any number in a lowered expression could leave 64 bits."""
        inside = self
        if isinstance(node, Aggregate):
            inside = self._inside(node)
        if isinstance(node, Arithmetic | Literal) or _adds(node):
            self.span(node)
        for part in parts(node):
            inside.check(part)

    def span(self, node: Expression) -> Span:
        """Return what a whole number can be; ExpressionError if it could leave 64 bits."""
        match node:
            case Literal(value=int(value)):
                return _held((value, value))
            case PolicyName(policy=policy):
                return self.span(Literal(self.policies.get(policy, 0)))
            case Name(column=column, owner=owner):
                return self._column(self.owners[owner], column)
            case Arithmetic(op=op, left=left, right=right):
                return _held(_computed(op, self.span(left), self.span(right)))
            case Aggregate(quantifier=Quantifier.COUNT):
                return 0, CHILDREN
            case Aggregate(element=element):
                least, most = self._inside(node).span(element)
                return _held((min(least, 0) * CHILDREN, max(most, 0) * CHILDREN))
            case _:
                return _NONE

    def _column(self, workflow: str, column: str) -> Span:
        found = self.find(workflow, column)
        if found is None:
            return _NONE
        fact = found.fact
        if fact is None:
            return 0, CHILDREN
        if fact.derived is None or isinstance(fact.derived, tuple):
            return span_of(fact)
        known = self._derived.get((workflow, column))
        if known is None:
            self._derived[workflow, column] = _NONE  # for facts derived from each other
            known = attrs.evolve(self, owners={SELF: workflow}).span(fact.derived)
            self._derived[workflow, column] = known
        return known

    def _inside(self, node: Aggregate) -> Reach:
        owners = {**self.owners, node.variable: self.relations[node.relation]}
        return attrs.evolve(self, owners=owners)


# ---------------------------------------------------------------------------------------------


def _adds(node: Expression) -> bool:
    return isinstance(node, Aggregate) and node.quantifier is Quantifier.SUM


def _computed(op: Operator, left: Span, right: Span) -> Span:
    (low, high), (least, most) = left, right
    match op:
        case Operator.ADD:
            return low + least, high + most
        case Operator.SUB:
            return low - most, high - least
        case Operator.MUL:
            corners = [one * other for one in left for other in right]
            return min(corners), max(corners)


def _held(span: Span) -> Span:
    least, most = span
    if least < -MAX_INT or most > MAX_INT:
        message = f"this could become {most if most > MAX_INT else least}: more than 64 bits"
        hint = "give the facts in it a narrower minimum and maximum"
        raise ExpressionError(message, hint=hint, code="number")
    return span
