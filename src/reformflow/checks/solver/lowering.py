"""Expressions as terms of z3, with the three-valued meaning of `language.meaning`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

import attrs
import z3

from reformflow.checks.solver.terms import Frame, Meaning, Quantity, Rails, Term, Terms
from reformflow.language.folding import COMPARE, COMPUTE
from reformflow.model import (
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
    Today,
)


@attrs.frozen
class Kind:
    """Some children that are alike in all that is asked: how many, and their columns."""

    number: Term
    frame: Frame


@attrs.frozen
class Lowering:
    """Reads names by their owner, and children by their relation, as kinds of children.

    `added` gives the sum of an element over the children of one kind; `counting` is told of each
    count which of the kinds are counted.
    """

    terms: Terms
    today: Term
    owners: Mapping[str, Frame]
    kinds: Callable[[str], Sequence[Kind]]
    added: Callable[[Kind, Expression, Quantity], Term]
    counting: Callable[[Aggregate, Sequence[Term]], None]

    def rails(self, node: Expression) -> Rails:
        """Return the meaning of what is true, false or unknown."""
        meaning = self.meaning(node)
        assert isinstance(meaning, Rails)  # noqa: S101 - expressions are typed when bound
        return meaning

    def quantity(self, node: Expression) -> Quantity:
        """Return the meaning of a number, a day or a text."""
        meaning = self.meaning(node)
        assert isinstance(meaning, Quantity)  # noqa: S101 - expressions are typed when bound
        return meaning

    def meaning(self, node: Expression) -> Meaning:
        """Return the meaning of an expression."""
        terms = self.terms
        match node:
            case Literal(value=value):
                return terms.constant(value)
            case Name(column=column, owner=owner):
                return self.owners[owner].column(column)
            case Today():
                return Quantity(terms.yes, self.today)
            case PolicyName(policy=policy):
                message = f"policy {policy!r} is not bound"
                raise LookupError(message)
            case Compare():
                return self._compare(node)
            case Arithmetic(op=op, left=left, right=right):
                one, other = self.quantity(left), self.quantity(right)
                return Quantity(z3.And(one.known, other.known), COMPUTE[op](one.value, other.value))
            case Member():
                return self._member(node)
            case Recorded(item=item, negated=negated):
                known = self.meaning(item).known
                return _turned(Rails(known, z3.Not(known)), around=negated)
            case Not(operand=operand):
                return _turned(self.rails(operand), around=True)
            case And(operands=operands):
                return self._all([self.rails(operand) for operand in operands])
            case Or(operands=operands):
                return self._any([self.rails(operand) for operand in operands])
            case Aggregate():
                return self._aggregate(node)
            case _:
                assert_never(node)

    def _all(self, parts: Sequence[Rails]) -> Rails:
        true = self.terms.every(part.true for part in parts)
        return Rails(true, self.terms.some(part.false for part in parts))

    def _any(self, parts: Sequence[Rails]) -> Rails:
        return _turned(self._all([_turned(part, around=True) for part in parts]), around=True)

    def _compare(self, node: Compare) -> Rails:
        left, right = self.meaning(node.left), self.meaning(node.right)
        known = z3.And(left.known, right.known)
        one = left.true if isinstance(left, Rails) else left.value
        other = right.true if isinstance(right, Rails) else right.value
        holds = COMPARE[node.op](one, other)
        return Rails(z3.And(known, holds), z3.And(known, z3.Not(holds)))

    def _member(self, node: Member) -> Rails:
        item = self.meaning(node.item)
        options = [self.meaning(option) for option in node.options]
        value = item.true if isinstance(item, Rails) else item.value
        among = self.terms.some(
            value == (option.true if isinstance(option, Rails) else option.value)
            for option in options
        )
        found = Rails(z3.And(item.known, among), z3.And(item.known, z3.Not(among)))
        return _turned(found, around=node.negated)

    def _aggregate(self, node: Aggregate) -> Meaning:
        kinds = self.kinds(node.relation)
        inside = [
            attrs.evolve(self, owners={**self.owners, node.variable: kind.frame}) for kind in kinds
        ]
        conditions = [one.rails(node.condition) for one in inside]
        if node.quantifier is Quantifier.SUM:
            elements = [one.quantity(node.element) for one in inside]
            return self._sum(kinds, conditions, elements, node.element)
        truths = [one.rails(node.element) for one in inside]
        pairs = list(zip(conditions, truths, strict=True))
        # A kind of which there is no child has no say: it is true for `all`, false for `any`.
        absent = [kind.number == 0 for kind in kinds]
        if node.quantifier is Quantifier.ALL:
            answers = [self._any([_turned(one, around=True), other]) for one, other in pairs]
            return self._all(
                [
                    Rails(z3.Or(gone, answer.true), z3.And(z3.Not(gone), answer.false))
                    for gone, answer in zip(absent, answers, strict=True)
                ]
            )
        answers = [self._all([one, other]) for one, other in pairs]
        if node.quantifier is Quantifier.ANY:
            return self._any(
                [
                    Rails(z3.And(z3.Not(gone), answer.true), z3.Or(gone, answer.false))
                    for gone, answer in zip(absent, answers, strict=True)
                ]
            )
        self.counting(node, [answer.true for answer in answers])
        known = self.terms.every(
            z3.Or(gone, answer.known) for gone, answer in zip(absent, answers, strict=True)
        )
        counted = [
            z3.If(answer.true, kind.number, self.terms.number(0))
            for kind, answer in zip(kinds, answers, strict=True)
        ]
        return Quantity(known, z3.Sum([self.terms.number(0), *counted]))

    def _sum(
        self,
        kinds: Sequence[Kind],
        conditions: Sequence[Rails],
        elements: Sequence[Quantity],
        element: Expression,
    ) -> Quantity:
        zero = self.terms.number(0)
        known, added = [], [zero]
        for kind, condition, value in zip(kinds, conditions, elements, strict=True):
            counts = z3.And(condition.true, value.known)
            known.append(z3.Or(kind.number == 0, condition.false, counts))
            added.append(z3.If(condition.true, self.added(kind, element, value), zero))
        return Quantity(self.terms.every(known), z3.Sum(added))


# ---------------------------------------------------------------------------------------------


def _turned(rails: Rails, *, around: bool) -> Rails:
    return Rails(rails.false, rails.true) if around else rails
