"""From expressions to formulas: what has to hold of a finite state for a rule to be true, or false.

Some things no finite state can tell: the day, comparisons of two numbers, sums. They read as
`perhaps`: true for a reader that asks what is possible, false for one that asks what is sure.
So what the first finds impossible is so, and what the second finds sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Final

import attrs

from reformflow.binding import BoundWorkflow, Computed
from reformflow.checks.reach.domains import Domain
from reformflow.checks.reach.formulas import FALSE, TRUE, Formula, Is, Kin, both, either, kin_of
from reformflow.language.folding import COMPARE
from reformflow.language.meaning import View, evaluate
from reformflow.language.reading import columns_read, parts, reads_today, relations_read, walk
from reformflow.language.replacing import replaced
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Compare,
    Comparison,
    Expression,
    Literal,
    Member,
    Name,
    Not,
    Or,
    Quantifier,
    Recorded,
)

_OUTER: Final = "outer"
"""The owner of a name that belongs to the case around an aggregate: nothing is known of it."""

_MIRRORED = {
    Comparison.LT: Comparison.GT,
    Comparison.GT: Comparison.LT,
    Comparison.LE: Comparison.GE,
    Comparison.GE: Comparison.LE,
}

_TRUTHS = Compare | Member | Recorded | Not | And | Or


@attrs.frozen
class Ground:
    """What the expressions of one workflow are read against: its columns that are kept."""

    flow: BoundWorkflow
    domains: Mapping[str, Domain]
    computed: Mapping[str, Computed]


@attrs.frozen
class Reader:
    """Reads the expressions of one workflow; `sure` says what it makes of what cannot be told.

    `opening` is for what is asked before there is a case: of its parent as it stands, and not of
    what has become of it since.
    """

    grounds: Mapping[str, Ground]
    workflow: str
    sure: bool = False
    opening: bool = False

    @property
    def ground(self) -> Ground:
        """The columns of the workflow."""
        return self.grounds[self.workflow]

    @property
    def perhaps(self) -> Formula:
        """What cannot be told."""
        return FALSE if self.sure else TRUE

    def truth(self, node: Expression, wanted: bool = True) -> Formula:  # noqa: FBT001, FBT002
        """Return when an expression is true, or false if that is `wanted`."""
        if only_of_parent(node):
            return self._of_parent(node, wanted=wanted)
        match node:
            case Literal(value=value):
                return TRUE if value is wanted else FALSE
            case Not(operand=operand):
                return self.truth(operand, not wanted)
            case And(operands=operands) | Or(operands=operands):
                if isinstance(node, And) is wanted:
                    return both(*(self.truth(part, wanted) for part in _grouped(node)))
                return either(*(self.truth(part, wanted) for part in operands))
            case Recorded(item=item, negated=negated):
                return self.recorded(item) if wanted != negated else self.missing(item)
            case Name():
                return self._holding(node, Literal(wanted), Comparison.EQ)
            case Compare(op=op, left=left, right=right):
                return self._compare(op if wanted else op.opposite, left, right)
            case Member(item=item, options=options, negated=negated):
                return self._member(item, options, among=wanted != negated)
            case Aggregate():
                return self._aggregate(node, wanted=wanted)
            case _:
                return self.perhaps

    def recorded(self, name: Name) -> Formula:
        """Return when a column has a value."""
        domain = self._domain(name)
        if domain is not None:
            return Is(name.column, domain.recorded) if domain.missing else TRUE
        computed = self._computed(name)
        if computed is None:
            return TRUE if self._lasting(name) else self.perhaps
        if computed.expression is not None:
            return self.known(computed.expression)
        ways: list[Formula] = []
        before: list[Formula] = []
        for item in computed.dates:
            anchored = TRUE if item.anchor is None else self.recorded(Name(item.anchor))
            applies = TRUE if item.when is None else self.truth(item.when)
            ways.append(both(*before, applies, anchored))
            if item.when is not None:
                before.append(self.truth(item.when, False))  # noqa: FBT003 - what is wanted
        return either(*ways)

    def missing(self, name: Name) -> Formula:
        """Return when a column has no value."""
        domain = self._domain(name)
        if domain is not None:
            return Is(name.column, domain.missing) if domain.missing else FALSE
        computed = self._computed(name)
        match computed:
            case None:
                return FALSE if self._lasting(name) else self.perhaps
            case Computed(expression=Name() as other):
                return self.missing(other)
            case Computed(expression=None, dates=[item]) if item.when is None:
                return FALSE if item.anchor is None else self.missing(Name(item.anchor))
            case _:
                return self.perhaps

    def known(self, node: Expression) -> Formula:
        """Return when an expression has a value at all."""
        match node:
            case Name():
                return self.recorded(node)
            case Recorded():
                return TRUE
            case Not() | And() | Or():
                return either(self.truth(node), self.truth(node, False))  # noqa: FBT003
            case Aggregate():
                return self.perhaps
            case _:
                return both(*map(self.known, parts(node)))

    def sparing(self, node: Aggregate, *, wanted: bool) -> Kin:
        """Return when a child may let an aggregate be so of all children: it fits, or is not meant.

        `wanted` is what has to be said of each of them.
        """
        below = self.ground.flow.relations[node.relation].workflow
        child = Reader(self.grounds, below)
        condition, element = (
            _owned(part, node.variable) for part in (node.condition, node.element)
        )
        return Kin(below, either(child.truth(condition, False), child.truth(element, wanted)))  # noqa: FBT003

    def inlined(self, node: Expression) -> Expression:
        """Return what a computed column is computed from, else the node itself."""
        while isinstance(node, Name):
            computed = self._computed(node)
            if computed is None or computed.expression is None:
                break
            node = computed.expression
        return node

    def domain(self, node: Expression) -> Domain | None:
        """Return the values of a column that is kept, None for any other expression."""
        return self._domain(node) if isinstance(node, Name) else None

    # -----------------------------------------------------------------------------------------

    def _domain(self, name: Name) -> Domain | None:
        return self.ground.domains.get(name.column) if name.owner == SELF else None

    def _computed(self, name: Name) -> Computed | None:
        return self.ground.computed.get(name.column) if name.owner == SELF else None

    def _lasting(self, name: Name) -> bool:
        """Say whether a column has a value from the first day on."""
        owner, _, part = name.column.rpartition(".")
        lasting = owner in self.ground.flow.tracks and part in {"since", "last"}
        counted = owner in self.ground.flow.duties and part == "count"
        return name.owner == SELF and (lasting or counted or name.column == "opened.on")

    def _holding(self, name: Name, value: Literal, op: Comparison) -> Formula:
        """Return when a column compares so with a constant."""
        node = self.inlined(name)
        if not isinstance(node, Name):
            if isinstance(value.value, bool):
                return self.truth(node, (op is Comparison.EQ) is value.value)
            return self._compare(op, node, value)
        domain = self._domain(node)
        if domain is None:
            return both(self.recorded(node), self.perhaps)
        found = domain.where(lambda shown: COMPARE[op](shown, value.value))
        return Is(node.column, found) if found else FALSE

    def _compare(self, op: Comparison, left: Expression, right: Expression) -> Formula:
        left, right = self.inlined(left), self.inlined(right)
        match left, right:
            case Literal(), Literal():
                return TRUE if COMPARE[op](left.value, right.value) else FALSE
            case Name(), Literal():
                return self._holding(left, right, op)
            case Literal(), Name() | Aggregate():
                return self._compare(_MIRRORED.get(op, op), right, left)
            case Aggregate(quantifier=Quantifier.COUNT), Literal(value=int(value)):
                return self._count(op, left, value)
            case _:
                pass
        mine, other = self.domain(left), self.domain(right)
        if mine is not None and other is not None and mine.exact and other.exact:
            return self._pairs(op, (left, mine), (right, other))
        if isinstance(left, _TRUTHS) or isinstance(right, _TRUTHS):
            same = op is Comparison.EQ
            return either(
                both(self.truth(left), self.truth(right, same)),
                both(self.truth(left, False), self.truth(right, not same)),  # noqa: FBT003
            )
        return both(self.known(left), self.known(right), self.perhaps)

    def _pairs(
        self, op: Comparison, left: tuple[Expression, Domain], right: tuple[Expression, Domain]
    ) -> Formula:
        """Return when two columns compare so, value by value."""
        (mine, values), (other, others) = left, right
        ways = []
        for number in values.recorded:
            shown = values.shown[number]
            fitting = others.where(partial(COMPARE[op], shown))
            if fitting and isinstance(mine, Name) and isinstance(other, Name):
                same = both(Is(mine.column, frozenset({number})), Is(other.column, fitting))
                ways.append(same)
        return either(*ways)

    def _member(self, item: Expression, options: tuple[Literal, ...], *, among: bool) -> Formula:
        item = self.inlined(item)
        if isinstance(item, Literal):
            return TRUE if (item in options) is among else FALSE
        domain = self.domain(item)
        if domain is None or not isinstance(item, Name):
            return both(self.known(item), self.perhaps)
        found = domain.where(lambda value: (Literal(value) in options) is among)
        return Is(item.column, found) if found else FALSE

    def _of_parent(self, node: Expression, *, wanted: bool) -> Formula:
        """Return whether any parent can be so; one that there is none of has nothing recorded."""
        above = self.ground.flow.parent
        if self.sure or above is None:
            return self.perhaps
        alone = evaluate(node, View({}, date.max))
        if alone is wanted or (
            reads_today(node) and any(isinstance(p, Recorded) for p in walk(node))
        ):
            return TRUE
        holds = Reader(self.grounds, above).truth(_owned(node, PARENT), wanted)
        return Kin(above, holds, None if self.opening else self._opened_under(above))

    def _opened_under(self, above: str) -> Formula:
        """Return how a parent is when a case is opened, by hand or by one of its duties."""
        parent, flow = Reader(self.grounds, above), self.ground.flow
        ways = [
            TRUE if duty.condition is None else parent.truth(duty.condition)
            for duty in parent.ground.flow.duties.values()
            if duty.child == flow.id
        ]
        if flow.workflow.opening.by or not ways:
            rules = [rule.expression for rule in flow.opening_needs]
            about = (_owned(rule, PARENT) for rule in rules if not relations_read(rule))
            ways.append(both(*map(parent.truth, about)))
        begun = either(*ways)
        return TRUE if kin_of(begun) else begun

    def _aggregate(self, node: Aggregate, *, wanted: bool) -> Formula:
        """Return whether children can be so; without any, `all` is true and `any` false."""
        if self.sure:
            return FALSE
        match node.quantifier, wanted:
            case Quantifier.ANY, True:
                return self._some_child(node, element=True)
            case Quantifier.ALL, False:
                return self._some_child(node, element=False)
            case _:
                return TRUE

    def _count(self, op: Comparison, node: Aggregate, value: int) -> Formula:
        """Return when a number of children compares so with a constant."""
        if self.sure:
            return FALSE
        if COMPARE[op](0, value):
            return TRUE
        counts = (max(value - 1, 1), max(value, 1), max(value + 1, 1))
        if any(COMPARE[op](count, value) for count in counts):
            return self._some_child(node, element=True)
        return FALSE

    def _some_child(self, node: Aggregate, *, element: bool) -> Formula:
        below = self.ground.flow.relations[node.relation].workflow
        child = Reader(self.grounds, below)
        condition, wanted = (_owned(part, node.variable) for part in (node.condition, node.element))
        return Kin(below, both(child.truth(condition), child.truth(wanted, element)))


def only_of_parent(node: Expression) -> bool:
    """Say whether an expression is about the parent alone."""
    names = columns_read(node)
    return bool(names) and all(name.owner == PARENT for name in names) and not relations_read(node)


# ---------------------------------------------------------------------------------------------


def _grouped(node: And | Or) -> Iterable[Expression]:
    """Return the operands, those about the parent as one: they speak of the same parent."""
    about = tuple(part for part in node.operands if only_of_parent(part))
    rest = [part for part in node.operands if not only_of_parent(part)]
    if len(about) > 1:
        return [*rest, attrs.evolve(node, operands=about)]
    return node.operands


def _owned(node: Expression, owner: str) -> Expression:
    """Return an expression about the cases of `owner` as they would say it of themselves."""

    def renamed(part: Expression) -> Expression | None:
        if not isinstance(part, Name):
            return None
        return Name(part.column, SELF if part.owner == owner else _OUTER)

    return replaced(node, renamed)
