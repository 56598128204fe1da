"""Expressions of the rule language as sentences."""

from __future__ import annotations

from typing import assert_never

import attrs

from reformflow.binding.bound import BoundReform, BoundWorkflow
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
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Today,
)
from reformflow.words.labels import Labels, plain, quoted
from reformflow.words.phrases import EXPRESSIONS, LIST, say

_TRUE = Literal(True)  # noqa: FBT003 - the constant itself


def expression_sentence(
    flow: BoundWorkflow, bound: BoundReform, expression: Expression, lang: str
) -> str:
    """Say an expression about cases of `flow` in `lang`, as a condition that holds."""
    return _Speaker(Labels(bound, flow, lang)).condition(expression)


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Speaker:
    """Says expressions; `children` are the names behind the variables of open aggregates."""

    labels: Labels
    children: dict[str, Labels] = attrs.field(factory=dict)

    def condition(self, node: Expression) -> str:
        """Say a node that is true or false."""
        match node:
            case Literal(value=value):
                return self._say("always" if value else "never")
            case Name() | PolicyName():
                return self._say("true", item=self.value(node))
            case Compare():
                return self._compare(node)
            case Member():
                return self._member(node)
            case Recorded(item=item, negated=negated):
                name = "unrecorded" if negated else "recorded"
                return self._say(name, item=self.value(item))
            case Not(operand=Name() as operand):
                return self._say("false", item=self.value(operand))
            case Not(operand=operand):
                return self._say("not", item=self._group(operand))
            case And(operands=operands):
                return self._say("and").join(self._group(item, And) for item in operands)
            case Or(operands=operands):
                return self._say("or").join(self._group(item, Or) for item in operands)
            case Aggregate():
                return self._aggregate(node)
            case Today() | Arithmetic():
                return self.value(node)  # neither is ever true or false
            case _:
                assert_never(node)

    def value(self, node: Expression, beside: Expression | None = None) -> str:
        """Say a node that has a value; `beside` is what it is compared with."""
        match node:
            case Literal(value=value):
                column = self._column(beside)
                if column is None:
                    return plain(value, self.labels.lang)
                labels, name = column
                return labels.value(name, value)
            case Name(column=column, owner=owner):
                return self._name(column, owner)
            case Today():
                return self._say("today")
            case PolicyName(policy=policy):
                return self._say("policy", policy=quoted(policy))
            case Arithmetic(op=op, left=left, right=right):
                return f"{self._operand(left)} {op} {self._operand(right)}"
            case Aggregate(quantifier=Quantifier.COUNT | Quantifier.SUM):
                return self._aggregate(node)
            case Compare() | Member() | Recorded() | Not() | And() | Or() | Aggregate():
                return self._say("whether", item=self._group(node))
            case _:
                assert_never(node)

    def _say(self, name: str, **places: object) -> str:
        return say(EXPRESSIONS[name], self.labels.lang, **places)

    def _group(self, node: Expression, inside: type | None = None) -> str:
        """Say a condition, in parentheses where its end could be misread."""
        text = self.condition(node)
        compound = isinstance(node, And | Or | Aggregate) and type(node) is not inside
        return self._say("group", item=text) if compound else text

    def _operand(self, node: Expression) -> str:
        text = self.value(node)
        return f"({text})" if isinstance(node, Arithmetic) else text

    def _owner(self, owner: str) -> Labels | None:
        if owner == SELF:
            return self.labels
        return self.children.get(owner) or self.labels.kin(owner)

    def _name(self, column: str, owner: str) -> str:
        labels = self._owner(owner)
        if labels is None:
            return quoted(f"{owner}.{column}")
        if owner == PARENT:
            return self.labels.column(f"{PARENT}.{column}")
        return labels.column(column)

    def _column(self, node: Expression | None) -> tuple[Labels, str] | None:
        """Return the column behind a node, with the names of the workflow it belongs to."""
        if not isinstance(node, Name):
            return None
        labels = self._owner(node.owner)
        return (labels, node.column) if labels is not None else None

    def _type(self, node: Expression) -> FactType | None:
        match node:
            case Today():
                return FactType.DATE
            case Name():
                found = self._column(node)
                column = found[0].flow.columns.get(found[1]) if found else None
                return column.type if column else None
            case Compare() | Member() | Recorded() | Not() | And() | Or():
                return FactType.BOOL
            case _:
                return None

    def _compare(self, node: Compare) -> str:
        op, left, right = node.op, node.left, node.right
        if isinstance(left, Literal) and not isinstance(right, Literal):
            op, left, right = _TURNED[op], right, left
        types = {self._type(left), self._type(right)}
        if FactType.BOOL in types:
            return self._equal(op, left, right)
        name = op.value
        if FactType.DATE in types and op not in (Comparison.EQ, Comparison.NE):
            name = f"date {name}"
        return self._say(name, left=self.value(left, right), right=self.value(right, left))

    def _equal(self, op: Comparison, left: Expression, right: Expression) -> str:
        if isinstance(right, Literal):
            holds = (op is Comparison.EQ) == bool(right.value)
            return self.condition(left if holds else Not(left))
        name = "same" if op is Comparison.EQ else "different"
        return self._say(name, left=self._group(left), right=self._group(right))

    def _member(self, node: Member) -> str:
        options = [self.value(option, node.item) for option in node.options]
        item = self.value(node.item)
        if len(options) == 1:
            return self._say("!=" if node.negated else "==", left=item, right=options[0])
        listed = LIST.read(self.labels.lang).join(options)
        return self._say("none of" if node.negated else "one of", item=item, options=listed)

    def _aggregate(self, node: Aggregate) -> str:
        child = self.labels.of(self.labels.flow.relations[node.relation].workflow)
        inner = attrs.evolve(self, children={**self.children, node.variable: child})
        name = node.quantifier.value
        adds = node.quantifier is Quantifier.SUM
        element = inner.value(node.element) if adds else inner.condition(node.element)
        named = quoted(child.workflow())
        if node.quantifier is Quantifier.COUNT and node.element == _TRUE:
            if node.condition == _TRUE:
                return self._say("count all", child=named)
            return self._say("count", child=named, element=inner.condition(node.condition))
        if node.condition == _TRUE:
            return self._say(name, child=named, element=element)
        condition = inner.condition(node.condition)
        return self._say(f"{name} if", child=named, element=element, condition=condition)


_TURNED = {
    Comparison.EQ: Comparison.EQ,
    Comparison.NE: Comparison.NE,
    Comparison.LT: Comparison.GT,
    Comparison.LE: Comparison.GE,
    Comparison.GT: Comparison.LT,
    Comparison.GE: Comparison.LE,
}
