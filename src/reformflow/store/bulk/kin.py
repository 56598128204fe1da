"""What conditions ask of the kin of a case, its parent and its children, as SQL.

By itself each such question is a subquery for each row. A statement over many rows is `gathered`:
all that it asks of the children of one kind is found in one pass over them, however often it is
asked, and the parent is joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.visitors import replacement_traverse

from reformflow.store.bulk.spelling import Operand
from reformflow.store.schema import WorkflowTable

Joined = Callable[[Operand], Operand]
"""Brings what is found of several rows to one value, as `sa.func.sum` does."""


class OfKin(sa.ScalarSelect[Any]):
    """A value found in the kin of a row of `own`: in its parent, or in its children together.

    `kin` are their rows, `tie` is the condition that they belong to the row, and `value` what
    is found in each, or in all of `several`. It is NULL where there are none.
    """

    inherit_cache = True

    def __init__(
        self,
        own: sa.FromClause,
        kin: sa.FromClause,
        tie: sa.ColumnElement[bool],
        value: Operand,
        aggregate: Joined | None = None,
    ) -> None:
        """Ask for it by a subquery; without an `aggregate` there is one row of kin at most."""
        asked = value
        if aggregate is not None:
            # An aggregate whose argument names only outer columns would belong to the outer query
            # (for SQLite, a column that is never NULL is not named by asking whether it is).
            asked = aggregate(sa.case((kin.c.parent.is_not(None), value)))
            value = aggregate(value)
        super().__init__(sa.select(asked).select_from(kin).where(tie).correlate(own))
        self.own, self.kin, self.tie = own, kin, tie
        self.value, self.several = value, aggregate is not None


def gathered(
    table: WorkflowTable, columns: Sequence[Operand], *rows: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Return the SELECT of columns of those rows of a workflow for which all conditions hold."""
    own = table.table
    if not table.flow.relations and table.flow.parent is None:  # then nothing is asked of kin
        query = sa.select(*columns).select_from(own)
        return query.where(*rows) if rows else query
    plain: list[sa.ColumnElement[bool]] = []
    asking: list[sa.ColumnElement[bool]] = []
    for part in (part for condition in rows for part in _parts(condition)):
        (asking if _asks(own, part) else plain).append(part)
    found = _Gathered(own, plain)
    selected = [found.replaced(column) for column in columns]
    chosen = [found.replaced(condition) for condition in asking]
    query = sa.select(*selected).select_from(found.source())
    return query.where(*plain, *chosen) if rows else query


# ---------------------------------------------------------------------------------------------


@attrs.define
class _Gathered:
    """What is asked of the kin of the rows for which all of `plain` hold."""

    own: sa.FromClause
    plain: Sequence[sa.ColumnElement[bool]]
    parents: dict[sa.FromClause, OfKin] = attrs.field(factory=dict)
    children: dict[sa.FromClause, list[OfKin]] = attrs.field(factory=dict)
    read: dict[OfKin, Operand] = attrs.field(factory=dict)

    def replaced(self, expression: Operand) -> Operand:
        """Return an expression that reads what was gathered in place of subqueries."""
        if not _asks(self.own, expression):
            return expression
        done: Operand = replacement_traverse(expression, {}, self._replace)
        return done

    def source(self) -> sa.FromClause:
        """Return the rows with what was found in their kin beside them."""
        joined = self.own
        for number, questions in enumerate(self.children.values()):
            below = self._grouped(number, questions)
            joined = joined.outerjoin(below, below.c.id == self.own.c.id)
        for kin, asked in self.parents.items():
            joined = joined.outerjoin(kin, asked.tie)
        return joined

    def _replace(self, element: Any, **_: Any) -> Any:  # noqa: ANN401 - whatever is in SQL
        if isinstance(element, OfKin) and element.own is self.own:
            if element not in self.read:
                found = self._child if element.several else self._parent
                self.read[element] = found(element)
            return self.read[element]
        # What other subqueries ask is asked in them.
        return element if isinstance(element, sa.Select) else None

    def _parent(self, asked: OfKin) -> Operand:
        self.parents.setdefault(asked.kin, asked)
        return asked.value

    def _child(self, asked: OfKin) -> Operand:
        questions = self.children.setdefault(asked.kin, [])
        known = (n for n, other in enumerate(questions) if _same(other, asked))
        place = next(known, len(questions))
        if place == len(questions):
            questions.append(asked)
        number = list(self.children).index(asked.kin)
        # Named without its table, which cannot be written before all that is asked is known.
        return sa.column(_name(number, place), asked.type)

    def _grouped(self, number: int, questions: Sequence[OfKin]) -> sa.Subquery:
        """Return the answers of all children of a kind, for each of our rows that has any."""
        kin, tie = questions[0].kin, questions[0].tie
        answers = [one.value.label(_name(number, place)) for place, one in enumerate(questions)]
        query = sa.select(kin.c.parent.label("id"), *answers)
        if all(map(self._knows_only_ids, (*self.plain, *answers))):  # which the children know
            query = query.where(*(self._seen_from(kin, condition) for condition in self.plain))
        else:
            query = query.select_from(self.own.join(kin, tie)).where(*self.plain)
        return query.group_by(kin.c.parent).subquery(f"below_{number}")

    def _knows_only_ids(self, expression: Operand) -> bool:
        """Say whether an expression reads of our rows nothing but their ids."""
        parts = list(sa.sql.visitors.iterate(expression))
        mine = (part for part in parts if isinstance(part, sa.Column) and part.table is self.own)
        elsewhere = any(isinstance(part, sa.Select) for part in parts)
        return not elsewhere and all(column is self.own.c.id for column in mine)

    def _seen_from(self, kin: sa.FromClause, condition: Operand) -> Operand:
        """Return a condition on our ids as one on those that the children name."""

        def replace(element: Any, **_: Any) -> Any:  # noqa: ANN401 - whatever is in SQL
            return kin.c.parent if element is self.own.c.id else None

        done: Operand = replacement_traverse(condition, {}, replace)
        return done


def _name(number: int, place: int) -> str:
    return f"below_{number}_{place}"


def _same(one: OfKin, other: OfKin) -> bool:
    return one is other or bool(one.element.compare(other.element, compare_keys=False))


def _parts(condition: sa.ColumnElement[bool]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions that together are one."""
    if isinstance(condition, sa.True_):
        return
    if isinstance(condition, sa.BooleanClauseList) and condition.operator is operators.and_:
        for part in condition.clauses:
            yield from _parts(part)
    else:
        yield condition


def _asks(own: sa.FromClause, condition: Operand) -> bool:
    """Say whether a condition asks anything of the kin of a row."""
    return any(
        isinstance(part, OfKin) and part.own is own for part in sa.sql.visitors.iterate(condition)
    )
