"""Rules as SQL: the same meaning as in Python, as conditions on plain columns.

Like the generated Python, this writes two conditions for an expression, one that is true exactly
when the expression is true and one exactly when it is false. Negation swaps the two, so what is
unknown (NULL) never has to pass through NOT, and indexes on plain columns stay usable. Inside a
WHERE clause NULL counts as not true, as it does here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, assert_never

import attrs
import sqlalchemy as sa

from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Comparison,
    Expression,
    FactType,
    Literal,
    Member,
    Name,
    Not,
    Operator,
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Scalar,
    Today,
)
from reformflow.store.bulk.kin import Joined, OfKin
from reformflow.store.bulk.spelling import Day, number, on_day
from reformflow.store.schema import Schema, WorkflowTable
from reformflow.store.types import said_text

Operand = sa.ColumnElement[Any]
"""A value in SQL."""

Condition = sa.ColumnElement[bool]
"""A condition that may be NULL where its expression is unknown, and then counts as not true."""

_COMPARE: Mapping[Comparison, Callable[[Any, Any], Condition]] = {
    Comparison.EQ: lambda left, right: left == right,
    Comparison.NE: lambda left, right: left != right,
    Comparison.LT: lambda left, right: left < right,
    Comparison.LE: lambda left, right: left <= right,
    Comparison.GT: lambda left, right: left > right,
    Comparison.GE: lambda left, right: left >= right,
}
_OPERATE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.ADD: lambda left, right: left + right,
    Operator.SUB: lambda left, right: left - right,
    Operator.MUL: lambda left, right: left * right,
}
_ALWAYS: Condition = sa.true()
_NEVER: Condition = sa.false()
_BOOLEAN = sa.Boolean()
_WHOLE = sa.BigInteger()
_SAID = said_text()
_TRUE = sa.literal(True, _BOOLEAN)  # noqa: FBT003
_FALSE = sa.literal(False, _BOOLEAN)  # noqa: FBT003
_ONE, _NONE, _DECIDED = number(1), number(0), number(2)
_UNTOLD = number(10**12)
"""More than there are children: what each counts for of which it is unknown."""


@attrs.frozen
class Sight:
    """What a condition sees: the rows of one workflow's table, and the day.

    `values` replaces columns by what they become with the act at hand (facts recorded with it);
    everything else is read from the row.
    """

    schema: Schema
    table: WorkflowTable
    day: date
    values: Mapping[str, sa.ColumnElement[Any]] = attrs.field(factory=dict)
    _asked: dict[tuple[Aggregate, str], OfKin] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    def true(self, expression: Expression) -> Condition:
        """Return the condition that a lowered expression is true."""
        return _Writer(self, {}).rail(expression, wanted=True)

    def false(self, expression: Expression) -> Condition:
        """Return the condition that a lowered expression is false."""
        return _Writer(self, {}).rail(expression, wanted=False)

    def value(self, expression: Expression) -> sa.ColumnElement[Any]:
        """Return the value of a lowered expression, NULL if it is unknown."""
        return _Writer(self, {}).value(expression)

    def asked(self, node: Aggregate, what: str, ask: Callable[[], OfKin]) -> OfKin:
        """Return what is asked of the children for an aggregate, always the same element."""
        if (node, what) not in self._asked:
            self._asked[node, what] = ask()
        return self._asked[node, what]

    def column(self, name: str) -> sa.ColumnElement[Any]:
        """Return a column of the case as it is with the act."""
        if name in self.values:
            return self.values[name]
        return _read(self.table, self.table.table, name)


def constant(value: Scalar) -> sa.ColumnElement[Any]:
    """Return a constant of a definition as a bound parameter of its own type."""
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, int):
        return sa.literal(value, _WHOLE)
    return on_day(value) if isinstance(value, date) else sa.literal(value, _SAID)


def untold(operand: Operand) -> Condition:
    """Return the condition that there is no value; of a constant that is known here.

    PostgreSQL cannot tell the type of a constant of which nothing else is asked.
    """
    if isinstance(operand, sa.BindParameter) and not operand.required:
        return sa.true() if operand.value is None else sa.false()
    return operand.is_(None)


def is_true(condition: Condition) -> Condition:
    """Return a condition that is never NULL: whether `condition` is true."""
    return sa.case((condition, _ONE), else_=_NONE) == _ONE


def everything() -> Condition:
    """Return the condition that holds for every row."""
    return sa.true()


def both(*conditions: Condition) -> Condition:
    """Return the condition that all of them hold."""
    return sa.and_(*conditions)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that at least one of them holds; plainly false if none can."""
    possible = [condition for condition in conditions if not isinstance(condition, sa.False_)]
    return sa.or_(*possible) if possible else sa.false()


def without(condition: Condition) -> Condition:
    """Return the condition that another one, which is never unknown, does not hold."""
    return sa.not_(condition)


# ---------------------------------------------------------------------------------------------


def _read(table: WorkflowTable, rows: sa.FromClause, name: str) -> Operand:
    """Return a column of rows of a workflow's table."""
    known = table.flow.columns[name]
    found: Operand = rows.c[known.sql_name]
    return Day(found) if known.type is FactType.DATE else found


class _Writer:
    """Writes expressions seen from one row; `children` are the rows of open aggregates."""

    def __init__(self, sight: Sight, children: Mapping[str, tuple[WorkflowTable, Any]]) -> None:
        self._sight = sight
        self._children = children

    def rail(self, node: Expression, *, wanted: bool) -> Condition:
        match node:
            case Literal(value=value):
                return _ALWAYS if value is wanted else _NEVER
            case Name():
                return self._column(node) == constant(wanted)
            case Not(operand=operand):
                return self.rail(operand, wanted=not wanted)
            case And(operands=operands):
                parts = [self.rail(operand, wanted=wanted) for operand in operands]
                return sa.and_(*parts) if wanted else sa.or_(*parts)
            case Or(operands=operands):
                parts = [self.rail(operand, wanted=wanted) for operand in operands]
                return sa.or_(*parts) if wanted else sa.and_(*parts)
            case Compare(op=op, left=left, right=right):
                kind = op if wanted else op.opposite
                return _COMPARE[kind](self.value(left), self.value(right))
            case Member(item=item, options=options, negated=negated):
                values = [constant(option.value) for option in options]
                found = self.value(item)
                return found.in_(values) if negated is not wanted else found.not_in(values)
            case Recorded(item=item, negated=negated):
                missing = untold(self._column(item))
                return sa.not_(missing) if negated is not wanted else missing
            case Aggregate():
                return self._quantified(node, wanted=wanted)
            case PolicyName() | Today() | Arithmetic():
                message = f"{type(node).__name__} is neither true nor false, or not bound"
                raise TypeError(message)
            case _:
                assert_never(node)

    def value(self, node: Expression) -> sa.ColumnElement[Any]:
        match node:
            case Literal(value=value):
                return constant(value)
            case Today():
                return on_day(self._sight.day)
            case Name():
                return self._column(node)
            case Arithmetic(op=op, left=left, right=right):
                computed: Operand = _OPERATE[op](self.value(left), self.value(right))
                return computed
            case Aggregate(quantifier=Quantifier.COUNT):
                return self._count(node)
            case Aggregate(quantifier=Quantifier.SUM):
                return self._sum(node)
            case _:
                return sa.case(
                    (self.rail(node, wanted=True), _TRUE),
                    (self.rail(node, wanted=False), _FALSE),
                    else_=sa.null(),
                )

    def _column(self, node: Name) -> sa.ColumnElement[Any]:
        if node.owner == SELF:
            return self._sight.column(node.column)
        if node.owner == PARENT:
            return self._of_parent(node.column)
        return _read(*self._children[node.owner], node.column)

    def _of_parent(self, column: str) -> sa.ColumnElement[Any]:
        own = self._sight.table
        above = self._sight.schema.workflow(own.flow.parent or "")
        rows = above.again
        found = _read(above, rows, column)
        return OfKin(own.table, rows, rows.c.id == own.table.c.parent, found)

    def _of_children(
        self, node: Aggregate, found: Callable[[_Writer], Operand], aggregate: Joined
    ) -> Operand:
        """Write what is found in each child of an aggregate, all of it joined to one value."""

        def ask() -> OfKin:
            own = self._sight.table
            child = self._sight.schema.workflow(own.flow.relations[node.relation].workflow)
            rows = child.again
            inner = _Writer(self._sight, {**self._children, node.variable: (child, rows)})
            return OfKin(own.table, rows, rows.c.parent == own.table.c.id, found(inner), aggregate)

        return ask() if self._children else self._sight.asked(node, found.__name__, ask)

    def _quantified(self, node: Aggregate, *, wanted: bool) -> Condition:
        every = node.quantifier is Quantifier.ALL

        def verdict(inner: _Writer) -> Operand:
            # Is one child enough to decide for all of them? `all` is false, `any` true by it.
            condition, element = node.condition, node.element
            outside = inner.rail(condition, wanted=False)
            spared = sa.or_(outside, inner.rail(element, wanted=every))
            inside = inner.rail(condition, wanted=True)
            decisive = sa.and_(inside, inner.rail(element, wanted=not every))
            return sa.case((spared, _NONE), (decisive, _DECIDED), else_=_ONE)

        found = sa.func.coalesce(self._of_children(node, verdict, sa.func.max), _NONE)
        return found == (_NONE if every is wanted else _DECIDED)

    def _count(self, node: Aggregate) -> Operand:
        both = And((node.condition, node.element))

        def one(inner: _Writer) -> Operand:
            true, false = inner.rail(both, wanted=True), inner.rail(both, wanted=False)
            return sa.case((true, _ONE), (false, _NONE), else_=_UNTOLD)

        found = sa.func.coalesce(self._of_children(node, one, sa.func.sum), _NONE)
        return sa.case((found < _UNTOLD, found), else_=sa.null())

    def _sum(self, node: Aggregate) -> Operand:
        def number(inner: _Writer) -> Operand:
            counts = inner.rail(node.condition, wanted=True)
            return sa.case((counts, inner.value(node.element)), else_=_NONE)

        def doubt(inner: _Writer) -> Operand:
            false = inner.rail(node.condition, wanted=False)
            known = sa.not_(untold(inner.value(node.element)))
            counts = sa.and_(inner.rail(node.condition, wanted=True), known)
            return sa.case((sa.or_(false, counts), _NONE), else_=_ONE)

        doubtful = sa.func.coalesce(self._of_children(node, doubt, sa.func.max), _NONE)
        total = sa.func.coalesce(self._of_children(node, number, sa.func.sum), _NONE)
        return sa.case((doubtful == _NONE, total), else_=sa.null())
