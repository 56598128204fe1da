"""What an expression means: three-valued evaluation, one node at a time.

This is the reference that the other readers are held against. `None` is unknown, in the sense
of Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics, 1952, § 64), which is
also how SQL treats NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import assert_never

import attrs

from reformflow.language.folding import COMPARE, COMPUTE
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Expression,
    Literal,
    Member,
    Name,
    Not,
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Scalar,
    Today,
    Value,
)

Columns = Mapping[str, Value]
"""The columns of one case."""


class _Nothing(dict[str, Value]):
    """The columns of a case that does not exist: none is recorded."""

    def __missing__(self, key: str) -> Value:
        return None


NOTHING: Columns = _Nothing()
"""Stands for the parent of a case that has none."""


def no_children(relation: str) -> Sequence[Columns]:  # noqa: ARG001 - the shape of `children`
    """Answer for a case without children."""
    return ()


@attrs.frozen
class View:
    """What an expression is evaluated over: a case, its parent, its children, a day.

    `others` are further cases that names may belong to, by owner.
    """

    own: Columns
    today: date
    parent: Columns = NOTHING
    children: Callable[[str], Sequence[Columns]] = no_children
    others: Mapping[str, Columns] = MappingProxyType({})


def evaluate(expression: Expression, view: View) -> Value:
    """Return the value of a lowered expression, None if it is unknown."""
    return _evaluate(expression, view, {**view.others, SELF: view.own, PARENT: view.parent})


def conjunction(values: Iterable[Value]) -> bool | None:
    """Kleene's `and`: false if any is false, else unknown if any is unknown."""
    known = True
    for value in values:
        if value is False:
            return False
        known = known and value is not None
    return True if known else None


def disjunction(values: Iterable[Value]) -> bool | None:
    """Kleene's `or`: true if any is true, else unknown if any is unknown."""
    return negation(conjunction(negation(value) for value in values))


def negation(value: Value) -> bool | None:
    """Kleene's `not`: unknown stays unknown."""
    return None if value is None else not value


# ---------------------------------------------------------------------------------------------


def _evaluate(node: Expression, view: View, owners: Mapping[str, Columns]) -> Value:
    match node:
        case Literal(value=value):
            return value
        case Name(column=column, owner=owner):
            return owners[owner][column]
        case Today():
            return view.today
        case PolicyName(policy=policy):
            message = f"policy {policy!r} is not bound"
            raise LookupError(message)
        case Compare(op=op, left=left, right=right):
            return _both(COMPARE[op], left, right, view, owners)
        case Arithmetic(op=op, left=left, right=right):
            return _both(COMPUTE[op], left, right, view, owners)
        case Member(item=item, options=options, negated=negated):
            found = _evaluate(item, view, owners)
            return None if found is None else (Literal(found) in options) != negated
        case Recorded(item=item, negated=negated):
            return (_evaluate(item, view, owners) is not None) != negated
        case Not(operand=operand):
            return negation(_evaluate(operand, view, owners))
        case And(operands=operands):
            return conjunction(_evaluate(operand, view, owners) for operand in operands)
        case Or(operands=operands):
            return disjunction(_evaluate(operand, view, owners) for operand in operands)
        case Aggregate():
            return _aggregate(node, view, owners)
        case _:
            assert_never(node)


def _both(
    operate: Callable[[Scalar, Scalar], Scalar],
    left: Expression,
    right: Expression,
    view: View,
    owners: Mapping[str, Columns],
) -> Value:
    first, second = _evaluate(left, view, owners), _evaluate(right, view, owners)
    return None if first is None or second is None else operate(first, second)


def _aggregate(node: Aggregate, view: View, owners: Mapping[str, Columns]) -> Value:
    answers: list[tuple[Value, Value]] = []
    for child in view.children(node.relation):
        inner = {**owners, node.variable: child}
        condition = _evaluate(node.condition, view, inner)
        answers.append((condition, _evaluate(node.element, view, inner)))
    match node.quantifier:
        case Quantifier.ALL:
            return conjunction(
                disjunction((negation(condition), element)) for condition, element in answers
            )
        case Quantifier.ANY:
            return disjunction(conjunction(answer) for answer in answers)
        case Quantifier.COUNT:
            counted = [conjunction(answer) for answer in answers]
            return None if None in counted else sum(map(bool, counted))
        case Quantifier.SUM:
            added = [
                (None if condition is None else element)
                for condition, element in answers
                if condition is not False
            ]
            numbers = [number for number in added if isinstance(number, int)]
            return sum(numbers) if len(numbers) == len(added) else None
        case _:
            assert_never(node.quantifier)
