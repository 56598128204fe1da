"""Rules as generated Python: one function that says true, one that says false.

The functions are built as syntax trees, never as text; what comes from a definition enters
them only as constants. Unknown is what is neither true nor false, so each function stays in
two-valued logic and needs no calls: `not` swaps the two, `and` of the one is `or` of the other
(the dual-rail form of Kleene's logic).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, assert_never

import attrs

from reformflow.language.meaning import Columns
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Comparison,
    Expression,
    Literal,
    Member,
    Name,
    Not,
    Operator,
    Or,
    PolicyName,
    Quantifier,
    Recorded,
    Today,
)

Children = Callable[[str], Sequence[Columns]]
"""Gives the columns of the child cases of a relation."""

Predicate = Callable[[Columns, Columns, date, Children], bool]
"""Takes a case's columns, its parent's, the day, and its children."""

OWN, FROM_PARENT, DAY, KIN = "own", "parent", "today", "children"
"""The parameters of a predicate, in order."""

_ASKED = (OWN, FROM_PARENT, DAY, KIN)
_COMPARE: dict[Comparison, type[ast.cmpop]] = {
    Comparison.EQ: ast.Eq,
    Comparison.NE: ast.NotEq,
    Comparison.LT: ast.Lt,
    Comparison.LE: ast.LtE,
    Comparison.GT: ast.Gt,
    Comparison.GE: ast.GtE,
}
_OPERATE: dict[Operator, type[ast.operator]] = {
    Operator.ADD: ast.Add,
    Operator.SUB: ast.Sub,
    Operator.MUL: ast.Mult,
}


@attrs.frozen
class Compiled:
    """A rule as two functions; when neither is true, the rule is unknown."""

    true: Predicate
    false: Predicate


def compile_rules(expressions: Iterable[Expression]) -> list[Compiled]:
    """Compile lowered expressions, all in one module."""
    listed = list(expressions)
    writer = Writer()
    definitions = []
    for index, expression in enumerate(listed):
        for rail, body in (("true", writer.true(expression)), ("false", writer.false(expression))):
            definitions.append(function(f"{rail}_{index}", _ASKED, [ast.Return(body)]))
    space = writer.run(definitions)
    return [
        Compiled(space[f"true_{index}"], space[f"false_{index}"]) for index in range(len(listed))
    ]


def count_true(answers: Iterable[tuple[bool, bool]]) -> int | None:
    """Count what is true; None if anything is neither true nor false."""
    found = 0
    for true, false in answers:
        if true:
            found += 1
        elif not false:
            return None
    return found


def sum_true(answers: Iterable[tuple[bool, bool, int | None]]) -> int | None:
    """Add the numbers whose condition is true; None if one of them or a condition is unknown."""
    found = 0
    for true, false, number in answers:
        if true and number is not None:
            found += number
        elif not false:
            return None
    return found


class Writer:
    """Writes lowered expressions as syntax trees; gathers the constants that they need."""

    def __init__(self) -> None:
        """Start with an empty set of constants."""
        self._space: dict[str, Any] = {
            "count_true": count_true,
            "sum_true": sum_true,
            "__builtins__": _BUILTINS,
        }
        self._locals = 0

    def own_column(self, column: str) -> ast.expr:
        """Return code that reads a column of the case itself."""
        return ast.Subscript(_name(OWN), ast.Constant(column), ast.Load())

    def run(self, definitions: Sequence[ast.stmt]) -> dict[str, Any]:
        """Compile the definitions and return the names they define."""
        module = ast.Module(body=list(definitions), type_ignores=[])
        code = compile(ast.fix_missing_locations(module), "<rules>", "exec")
        exec(code, self._space)
        return self._space

    def constant(self, value: object) -> ast.expr:
        """Return a node for a constant of the definition or the engine."""
        if value is None or isinstance(value, bool | int | str):
            return ast.Constant(value)
        name = f"constant_{len(self._space)}"
        self._space[name] = value
        return _name(name)

    def true(self, node: Expression) -> ast.expr:
        """Return code that is true exactly when the expression is true."""
        return self._rail(node, wanted=True)

    def false(self, node: Expression) -> ast.expr:
        """Return code that is true exactly when the expression is false."""
        return self._rail(node, wanted=False)

    def _rail(self, node: Expression, *, wanted: bool) -> ast.expr:
        match node:
            case Literal(value=value):
                return ast.Constant(value is wanted)
            case Name():
                return _compare(self._column(node), ast.Is, ast.Constant(wanted))
            case Not(operand=operand):
                return self._rail(operand, wanted=not wanted)
            case And(operands=operands):
                parts = [self._rail(operand, wanted=wanted) for operand in operands]
                return _bool(ast.And if wanted else ast.Or, parts)
            case Or(operands=operands):
                parts = [self._rail(operand, wanted=wanted) for operand in operands]
                return _bool(ast.Or if wanted else ast.And, parts)
            case Compare(op=op, left=left, right=right):
                return self._certain(Compare(op if wanted else op.opposite, left, right))
            case Member(negated=negated):
                return self._certain(attrs.evolve(node, negated=negated is wanted))
            case Recorded(item=item, negated=negated):
                kind = ast.IsNot if negated is not wanted else ast.Is
                return _compare(self._column(item), kind, ast.Constant(None))
            case Aggregate():
                return self._quantified(node, wanted=wanted)
            case PolicyName() | Today() | Arithmetic():
                message = f"{type(node).__name__} is neither true nor false, or not bound"
                raise TypeError(message)
            case _:
                assert_never(node)

    def _certain(self, node: Compare | Member) -> ast.expr:
        checks, answer = self._value(node)
        return _bool(ast.And, [*checks, answer])

    def _operand(self, node: Expression) -> tuple[list[ast.expr], ast.expr]:
        """Return the checks that the operand is known, and its value."""
        match node:
            case Literal(value=value):
                return [], self.constant(value)
            case Today():
                return [], _name(DAY)
            case Name():
                return self._known(self._column(node))
            case Arithmetic(op=op, left=left, right=right):
                checks, first = self._operand(left)
                more, second = self._operand(right)
                return [*checks, *more], ast.BinOp(first, _OPERATE[op](), second)
            case Aggregate(quantifier=Quantifier.COUNT):
                return self._known(self._count(node))
            case Aggregate(quantifier=Quantifier.SUM):
                return self._known(self._sum(node))
            case _:
                return self._known(self._truth(node))

    def _truth(self, node: Expression) -> ast.expr:
        """Return code for a truth value that is compared: true, false or None.

        Every part is written once: the two rails of each level would double at every level.
        """
        match node:
            case Literal() | Name() | Compare() | Member():
                checks, value = self._value(node)
                return ast.IfExp(_bool(ast.And, checks), value, _NONE) if checks else value
            case Recorded():
                return self.true(node)
            case Not(operand=operand):
                checks, value = self._known(self._truth(operand))
                return ast.IfExp(_bool(ast.And, checks), ast.UnaryOp(ast.Not(), value), _NONE)
            case And(operands=operands):
                return self._joined(operands, decisive=False)
            case Or(operands=operands):
                return self._joined(operands, decisive=True)
            case _:
                unknown = ast.IfExp(self.false(node), ast.Constant(value=False), _NONE)
                return ast.IfExp(self.true(node), ast.Constant(value=True), unknown)

    def _value(self, node: Expression) -> tuple[list[ast.expr], ast.expr]:
        """Return the checks that a comparison or its like is known, and its value."""
        match node:
            case Compare(op=op, left=left, right=right):
                checks, first = self._operand(left)
                more, second = self._operand(right)
                return [*checks, *more], _compare(first, _COMPARE[op], second)
            case Member(item=item, options=options, negated=negated):
                checks, found = self._operand(item)
                values = self.constant(frozenset(option.value for option in options))
                return checks, _compare(found, ast.NotIn if negated else ast.In, values)
            case _:
                return self._operand(node)

    def _joined(self, operands: Iterable[Expression], *, decisive: bool) -> ast.expr:
        """Return `and` (decided by False) or `or` (decided by True) of truth values."""
        locals_, found = [], []
        for operand in operands:
            local = self._local()
            locals_.append(local)
            value = local_walrus(local, self._truth(operand))
            found.append(_compare(value, ast.Is, ast.Constant(decisive)))
        open_ = [_compare(_name(local), ast.Is, ast.Constant(None)) for local in locals_]
        rest = ast.IfExp(_bool(ast.Or, open_), _NONE, ast.Constant(not decisive))
        return ast.IfExp(_bool(ast.Or, found), ast.Constant(decisive), rest)

    def _known(self, value: ast.expr) -> tuple[list[ast.expr], ast.expr]:
        local = self._local()
        walrus = local_walrus(local, value)
        return [_compare(walrus, ast.IsNot, ast.Constant(None))], _name(local)

    def _local(self) -> str:
        self._locals += 1
        return f"value_{self._locals}"

    def _column(self, node: Name) -> ast.expr:
        if node.owner == SELF:
            return self.own_column(node.column)
        owner = FROM_PARENT if node.owner == PARENT else "child"
        return ast.Subscript(_name(owner), ast.Constant(node.column), ast.Load())

    def _loop(self, node: Aggregate, element: ast.expr) -> ast.expr:
        source = ast.Call(_name(KIN), [ast.Constant(node.relation)], [])
        target = ast.Name("child", ast.Store())
        loop = ast.comprehension(target=target, iter=source, ifs=[], is_async=0)
        return ast.GeneratorExp(element, [loop])

    def _quantified(self, node: Aggregate, *, wanted: bool) -> ast.expr:
        every = node.quantifier is Quantifier.ALL
        if every:  # true: each child is outside or holds; false: some child is in and fails
            parts = [
                self._rail(node.condition, wanted=not wanted),
                self._rail(node.element, wanted=wanted),
            ]
        else:  # any
            parts = [
                self._rail(node.condition, wanted=wanted),
                self._rail(node.element, wanted=wanted),
            ]
        if every and not wanted:
            parts[0] = self.true(node.condition)
        over_all = every is wanted
        inner = _bool(ast.Or if over_all else ast.And, parts)
        return ast.Call(_name("all" if over_all else "any"), [self._loop(node, inner)], [])

    def _count(self, node: Aggregate) -> ast.expr:
        both = And((node.condition, node.element))
        pair = ast.Tuple([self.true(both), self.false(both)], ast.Load())
        return ast.Call(_name("count_true"), [self._loop(node, pair)], [])

    def _sum(self, node: Aggregate) -> ast.expr:
        checks, value = self._operand(node.element)
        number = ast.IfExp(_bool(ast.And, checks), value, _NONE) if checks else value
        parts = [self.true(node.condition), self.false(node.condition), number]
        loop = self._loop(node, ast.Tuple(parts, ast.Load()))
        return ast.Call(_name("sum_true"), [loop], [])


def function(name: str, parameters: Iterable[str], body: list[ast.stmt]) -> ast.stmt:
    """Return code that defines a function."""
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(item) for item in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return ast.FunctionDef(name, arguments, body, [], lineno=1)


def local_walrus(name: str, value: ast.expr) -> ast.expr:
    """Return code that keeps a value under a local name."""
    return ast.NamedExpr(ast.Name(name, ast.Store()), value)


# ---------------------------------------------------------------------------------------------

_NONE = ast.Constant(None)
_BUILTINS: dict[str, Any] = {"all": all, "any": any, "KeyError": KeyError}


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _compare(left: ast.expr, kind: type[ast.cmpop], right: ast.expr) -> ast.expr:
    return ast.Compare(left, [kind()], [right])


def _bool(kind: type[ast.boolop], parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(kind(), parts)
