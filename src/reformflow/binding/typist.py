"""Names and types of an expression: it either fits its workflow, or says why not.

`Typist.check` returns the lowered expression (policies as constants, stages as sets of states,
rule names replaced by their rules) and its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import assert_never

import attrs

from reformflow.binding.bound import Column
from reformflow.binding.spans import Reach, bounded, check_within
from reformflow.language.folding import fold
from reformflow.language.parse import ExpressionError, unknown_name
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
    Policy,
    PolicyName,
    Quantifier,
    Recorded,
    Scalar,
    Today,
)

MAX_WRITTEN_OUT = 5_000
MAX_DEPTH_WRITTEN_OUT = 64

_ORDERED = {Comparison.LT, Comparison.LE, Comparison.GT, Comparison.GE}


@attrs.frozen
class Kind:
    """The type of an expression; `choices` limits what it may be compared with."""

    type: FactType
    choices: tuple[str, ...] = ()


@attrs.frozen
class Names:
    """What a workflow's expressions may name: its columns, stages, and those of its kin.

    `stages` maps `<track>.stage` to stage → states; `single` is the track that `state`,
    `stage` and `since` stand for, if there is only one.
    """

    workflow: str
    columns: Mapping[str, Column]
    stages: Mapping[str, Mapping[str, tuple[str, ...]]]
    single: str | None = None

    def resolve(self, column: str) -> str:
        """Return the full name of a column that may be written without its track."""
        if column in {"state", "stage", "since"} and column not in self.columns and self.single:
            return f"{self.single}.{column}"
        return column


@attrs.frozen
class Typist:
    """Checks the expressions of one workflow; tells which columns they read and calculate with.

    Without `calculated`, facts have no bounds but those that they declare.
    """

    own: Names
    parent: Names | None
    relations: Mapping[str, Names]
    policies: Mapping[str, Policy]
    rules: Mapping[str, Expression]
    seen: Callable[[str, str], None]
    calculated: Callable[[str, str], None] | None = None

    @cached_property
    def _values(self) -> Mapping[str, Scalar]:
        return {id: policy.value for id, policy in self.policies.items()}  # noqa: A001

    def check(self, expression: Expression) -> tuple[Expression, Kind]:
        """Lower and type an expression; ExpressionError if a name or a type does not fit."""
        lowered, kind = _Walk(self, {}, (), _Size()).check(expression)
        folded = fold(lowered)
        self._reach.check(folded)
        return folded, kind

    def guard(self, expression: Expression) -> Expression:
        """Lower an expression that has to be true or false."""
        lowered, kind = self.check(expression)
        if kind.type is not FactType.BOOL:
            raise _mistyped(f"a rule is true or false, this is {kind.type}")
        return lowered

    def assignment(self, expression: Expression, column: Column) -> Expression:
        """Lower an expression whose value goes into `column`."""
        with _choice_meant(expression, column.choices):
            lowered, kind = self.check(expression)
        _agree(kind, Kind(column.type, column.choices))
        return lowered

    def computation(self, expression: Expression, column: Column) -> Expression:
        """Lower an expression whose value goes into `column` where nobody could be refused."""
        lowered = self.assignment(expression, column)
        if column.type is FactType.INT and column.fact is not None:
            check_within(self._reach.span(lowered), bounded(column.fact))
        return lowered

    @property
    def _reach(self) -> Reach:
        above = {} if self.parent is None else {PARENT: self.parent.workflow}
        owners = {SELF: self.own.workflow, **above}
        relations = {id: names.workflow for id, names in self.relations.items()}  # noqa: A001
        return Reach(owners, relations, self._column, self._values)

    def _column(self, workflow: str, name: str) -> Column | None:
        """Return a column that an expression calculates with, with its bounds."""
        everybody = (self.own, self.parent, *self.relations.values())
        (names, *_) = (names for names in everybody if names and names.workflow == workflow)
        column = names.columns.get(name)
        if self.calculated is None or column is None or column.fact is None:
            return column
        self.calculated(workflow, name)
        return attrs.evolve(column, fact=bounded(column.fact))


# ---------------------------------------------------------------------------------------------


def _mistyped(message: str, hint: str = "") -> ExpressionError:
    return ExpressionError(message=message, hint=hint, code="type")


def _kind_of(value: Scalar) -> Kind:
    if isinstance(value, bool):
        return Kind(FactType.BOOL)
    if isinstance(value, int):
        return Kind(FactType.INT)
    return Kind(FactType.DATE if isinstance(value, date) else FactType.TEXT)


def _text(kind: Kind) -> bool:
    return kind.type in {FactType.TEXT, FactType.CHOICE}


def _agree(left: Kind, right: Kind) -> None:
    """Raise unless values of the two kinds may be compared or assigned."""
    if left.type is right.type or (_text(left) and _text(right)):
        return
    message = f"{left.type} does not go with {right.type}"
    hint = (
        'a date is written date("2021-02-10")' if FactType.DATE in (left.type, right.type) else ""
    )
    raise _mistyped(message, hint)


def _listed(value: Scalar, kind: Kind) -> None:
    """Raise unless a constant is one of the values that the other side can have."""
    if kind.choices and isinstance(value, str) and value not in kind.choices:
        raise unknown_name("value", value, list(kind.choices))


@contextmanager
def _choice_meant(node: Expression, choices: tuple[str, ...]) -> Iterator[None]:
    """Say of an unknown name that is one of the choices that it wants quotes."""
    try:
        yield
    except ExpressionError as error:
        if isinstance(node, Name) and node.owner == SELF and node.column in choices:
            hint = f'a choice stands in quotes: "{node.column}"'
            raise attrs.evolve(error, hint=hint) from None
        raise


class _Size:
    """How large an expression has become, with all the rules that it names written out."""

    def __init__(self) -> None:
        self._nodes = 0
        self._depth = 0

    def __enter__(self) -> None:
        self._nodes += 1
        self._depth += 1
        if self._nodes > MAX_WRITTEN_OUT or self._depth > MAX_DEPTH_WRITTEN_OUT:
            message = "with the rules it names written out, the expression is too large"
            hint = f"at most {MAX_WRITTEN_OUT} nodes, nested {MAX_DEPTH_WRITTEN_OUT} deep"
            raise ExpressionError(message, hint=hint, code="too_large")

    def __exit__(self, *_: object) -> None:
        self._depth -= 1


class _Walk:
    """One walk over one expression, with the variables and rule names that are open in it."""

    def __init__(
        self,
        typist: Typist,
        variables: Mapping[str, Names],
        rules: tuple[str, ...],
        size: _Size,
    ) -> None:
        self._typist = typist
        self._variables = variables
        self._rules = rules
        self._size = size

    def check(self, node: Expression) -> tuple[Expression, Kind]:
        with self._size:
            return self._check(node)

    def _check(self, node: Expression) -> tuple[Expression, Kind]:
        match node:
            case Literal(value=value):
                return node, _kind_of(value)
            case Today():
                return node, Kind(FactType.DATE)
            case PolicyName(policy=policy):
                return self._policy(policy)
            case Name():
                return self._name(node)
            case Compare():
                return self._compare(node), Kind(FactType.BOOL)
            case Member():
                return self._member(node), Kind(FactType.BOOL)
            case Recorded(item=item, negated=negated):
                lowered, _ = self._name(item)
                if not isinstance(lowered, Name):
                    raise _mistyped("only a fact can be `None`")
                return Recorded(lowered, negated), Kind(FactType.BOOL)
            case Not(operand=operand):
                return Not(self._truth(operand)), Kind(FactType.BOOL)
            case And(operands=operands):
                return And(tuple(map(self._truth, operands))), Kind(FactType.BOOL)
            case Or(operands=operands):
                return Or(tuple(map(self._truth, operands))), Kind(FactType.BOOL)
            case Arithmetic():
                return self._arithmetic(node), Kind(FactType.INT)
            case Aggregate(quantifier=quantifier):
                counts = quantifier in {Quantifier.COUNT, Quantifier.SUM}
                return self._aggregate(node), Kind(FactType.INT if counts else FactType.BOOL)
            case _:
                assert_never(node)

    def _truth(self, node: Expression) -> Expression:
        lowered, kind = self.check(node)
        if kind.type is not FactType.BOOL:
            raise _mistyped(f"and, or and not take what is true or false, not {kind.type}")
        return lowered

    def _policy(self, name: str) -> tuple[Expression, Kind]:
        policy = self._typist.policies.get(name)
        if policy is None:
            raise unknown_name("policy", name, list(self._typist.policies))
        kind = _kind_of(policy.value)
        texts = tuple(str(option.value) for option in policy.options) if _text(kind) else ()
        return Literal(policy.value), Kind(kind.type, texts)

    def _names(self, owner: str) -> Names:
        if owner == SELF:
            return self._typist.own
        if owner == PARENT:
            if self._typist.parent is None:
                raise _mistyped(
                    "this workflow is not the child of exactly one other, so it has no parent",
                    "list it under `children` of one workflow",
                )
            return self._typist.parent
        if owner in self._variables:
            return self._variables[owner]
        raise unknown_name("name", owner, [PARENT, *self._variables])

    def _name(self, node: Name) -> tuple[Expression, Kind]:
        names = self._names(node.owner)
        full = names.resolve(node.column)
        if full in names.stages:
            message = f"{full!r} is a stage: compare it with a stage's id by ==, != or in"
            raise _mistyped(message)
        column = names.columns.get(full)
        if column is not None:
            self._typist.seen(names.workflow, full)
            return Name(full, node.owner), Kind(column.type, column.choices)
        if node.owner == SELF and full in self._typist.rules:
            return self._rule(full)
        if full.startswith(f"{PARENT}."):
            message = "an expression sees one level up, no further"
            raise _mistyped(message, "hand the value down as a fact of the parent")
        known = [*names.columns, *names.stages]
        if node.owner == SELF:
            known += self._typist.rules
        raise unknown_name("fact or column", full, known)

    def _rule(self, id: str) -> tuple[Expression, Kind]:  # noqa: A002
        if id in self._rules:
            raise _mistyped(f"the rule {id!r} refers to itself")
        # Variables stay open: they tell that this stands inside an aggregate. No text can use them.
        inside = _Walk(self._typist, self._variables, (*self._rules, id), self._size)
        return inside.check(self._typist.rules[id])

    def _stage(self, node: Expression) -> tuple[Name, Mapping[str, tuple[str, ...]]] | None:
        """Return the state column and the stages, if the node names a stage."""
        if not isinstance(node, Name) or node.column.partition(".")[2] not in {"", "stage"}:
            return None
        names = self._names(node.owner)
        full = names.resolve(node.column)
        if full not in names.stages:
            return None
        return Name(full.removesuffix("stage") + "state", node.owner), names.stages[full]

    def _in_stages(
        self, state: Name, stages: Mapping[str, tuple[str, ...]], wanted: list[Scalar]
    ) -> tuple[Literal, ...]:
        self._typist.seen(self._names(state.owner).workflow, state.column)
        states: list[Literal] = []
        for stage in wanted:
            if stage not in stages:
                raise unknown_name("stage", str(stage), list(stages))
            states += [Literal(item) for item in stages[str(stage)]]
        return tuple(states)

    def _compare(self, node: Compare) -> Expression:
        stage = self._stage(node.left)
        if stage is not None and isinstance(node.right, Literal):
            if node.op not in {Comparison.EQ, Comparison.NE}:
                raise _mistyped("stages have no order; compare by ==, != or in")
            states = self._in_stages(*stage, [node.right.value])
            return Member(stage[0], states, node.op is Comparison.NE)
        left, left_kind = self.check(node.left)
        with _choice_meant(node.right, left_kind.choices):
            right, right_kind = self.check(node.right)
        _agree(left_kind, right_kind)
        if node.op in _ORDERED and left_kind.type not in {FactType.INT, FactType.DATE}:
            raise _mistyped(f"{left_kind.type} has no order; compare by ==, != or in")
        if isinstance(node.right, Literal):
            _listed(node.right.value, left_kind)
        if isinstance(node.left, Literal):
            _listed(node.left.value, right_kind)
        return Compare(node.op, left, right)

    def _member(self, node: Member) -> Expression:
        values = [option.value for option in node.options]
        stage = self._stage(node.item)
        if stage is not None:
            return Member(stage[0], self._in_stages(*stage, values), node.negated)
        item, kind = self.check(node.item)
        for value in values:
            _agree(kind, _kind_of(value))
            _listed(value, kind)
        return Member(item, node.options, node.negated)

    def _number(self, node: Expression) -> Expression:
        lowered, kind = self.check(node)
        if kind.type is not FactType.INT:
            hint = "dates are computed by derived facts and due dates"
            raise _mistyped(
                f"arithmetic takes whole numbers, not {kind.type}",
                hint if kind.type is FactType.DATE else "",
            )
        return lowered

    def _arithmetic(self, node: Arithmetic) -> Expression:
        left, right = self._number(node.left), self._number(node.right)
        constant = isinstance(fold(left), Literal) or isinstance(fold(right), Literal)
        if node.op is Operator.MUL and not constant:
            hint = "have the product recorded as a fact of its own"
            raise _mistyped("one side of a multiplication is a constant or a policy", hint)
        return Arithmetic(node.op, left, right)

    def _aggregate(self, node: Aggregate) -> Expression:
        names = self._typist.relations.get(node.relation)
        if names is None:
            raise unknown_name("relation", node.relation, list(self._typist.relations))
        if node.variable in self._typist.own.columns:
            raise _mistyped(f"the variable {node.variable!r} is also a fact; rename it")
        if self._variables:
            raise ExpressionError("aggregates are one level deep", code="aggregate")
        inside = _Walk(self._typist, {node.variable: names}, self._rules, self._size)
        adds = node.quantifier is Quantifier.SUM
        element = inside._number(node.element) if adds else inside._truth(node.element)
        condition = inside._truth(node.condition)
        return attrs.evolve(node, element=element, condition=condition)
