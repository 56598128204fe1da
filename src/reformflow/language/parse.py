"""From the text of a rule to its nodes: an allow-list over the standard library's `ast`.

Nothing is ever evaluated. What is not on the list does not parse: no calls but the few forms
of the language, no attributes but dotted columns, no powers, string operators or loops.
"""

from __future__ import annotations

import ast
import re
from datetime import date

import attrs

from reformflow.errors import ReformflowError, nearest
from reformflow.language import hints
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
    has_controls,
    storage_problem,
)

MAX_LENGTH = 2_000
MAX_NODES = 500
MAX_DEPTH = 32
MAX_INT = 2**63 - 1

RESERVED = frozenset({"policy", "parent", "today", "date", *Quantifier})
"""Words of the language, which no fact, rule or variable may be named."""

_LONGEST_PATH = 3
_LINE_ENDS = str.maketrans("\n\t\r", "   ")
_DOTTED = 2
"""How many parts a column's name has at most."""

_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_BAD_ESCAPE = re.compile(r"\\(?![\\\"'nrtbf]|u[0-9a-fA-F]{4})")
_ODD_NUMBER = re.compile(r"(?<!\w)\d+[^\W\d]|(?<!\w)\d*\.\d|\d\.(?!\w)")
_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: Comparison.EQ,
    ast.NotEq: Comparison.NE,
    ast.Lt: Comparison.LT,
    ast.LtE: Comparison.LE,
    ast.Gt: Comparison.GT,
    ast.GtE: Comparison.GE,
}
_OPERATORS: dict[type[ast.operator], Operator] = {
    ast.Add: Operator.ADD,
    ast.Sub: Operator.SUB,
    ast.Mult: Operator.MUL,
}


@attrs.frozen
class ExpressionError(ReformflowError):
    """An expression that is not of the language, or does not fit its workflow.

    `code` is stable; `column` counts characters of the expression's text from 1, 0 if unknown.
    """

    code: str = "expression"
    column: int = 0


def parse(text: str) -> Expression:
    """Parse the text of a rule; ExpressionError for anything outside the language."""
    flat = " ".join(text.split("\n")).strip()
    _look_over(flat)
    try:
        tree = ast.parse(flat, mode="eval")
    except SyntaxError as error:
        message, hint = f"not an expression: {error.msg}", hints.slip(_STRING.sub('""', flat))
        raise _problem("syntax", message, hint=hint, column=error.offset or 0) from None
    except (RecursionError, MemoryError, ValueError):
        raise _problem("too_deep", "the expression is nested too deeply") from None
    return _Reader(flat).read(tree.body)


# ---------------------------------------------------------------------------------------------


def _problem(code: str, message: str, *, hint: str = "", column: int = 0) -> ExpressionError:
    return ExpressionError(message=message, hint=hint, code=code, column=column)


def _look_over(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise _problem("too_long", f"an expression has at most {MAX_LENGTH} characters")
    if not text:
        raise _problem("syntax", "the expression is empty")
    if has_controls(text) or storage_problem(text):
        raise _problem("character", "control characters and lone surrogates are not allowed")
    if '"""' in text or "'''" in text:
        raise _problem("syntax", "a text has one quote on each side")
    if _BAD_ESCAPE.search(text.replace(r"\\", "")):
        raise _problem("escape", "this escape is not known", hint='write \\\\ or \\"')
    bare = _STRING.sub('""', text)
    if "#" in bare:
        raise _problem("syntax", "comments have no place in an expression")
    if "\\" in bare:
        raise _problem("syntax", "a backslash stands outside a text")
    if _ODD_NUMBER.search(bare):
        raise _problem("number", "numbers are whole and decimal", hint=f"write 1000; {hints.SHARE}")


class _Reader:
    """One walk over one tree; counts nodes and depth on the way."""

    def __init__(self, text: str) -> None:
        self._source = text.encode()
        self._nodes = 0
        self._variable: str | None = None

    def read(self, node: ast.expr, depth: int = 1) -> Expression:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _problem("too_large", f"an expression has at most {MAX_NODES} nodes")
        if depth > MAX_DEPTH:
            raise _problem("too_deep", f"an expression is nested at most {MAX_DEPTH} deep")
        match node:
            case ast.BoolOp(op=op, values=values):
                operands = tuple(self.read(value, depth + 1) for value in values)
                return And(operands) if isinstance(op, ast.And) else Or(operands)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.read(operand, depth + 1))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if (
                type(value) is int
            ):
                return self._integer(node, -value)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _OPERATORS:
                kind = _OPERATORS[type(op)]
                return Arithmetic(kind, self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return self._comparison(left, ops, comparators, depth)
            case ast.Constant(value=value):
                return self._constant(node, value)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.Call(func=ast.Name(id="date")):
                return self._date(node)
            case ast.Call(func=ast.Name(id="all" | "any" | "count" | "sum")):
                return self._aggregate(node, depth)
            case _:
                raise self._refuse(node)

    def _refuse(self, node: ast.AST) -> ExpressionError:
        what, hint = hints.named(node)
        message = f"{what} is not part of the rule language"
        hint = hint or "the reference lists what a rule may contain"
        return _problem("not_allowed", message, hint=hint, column=self._column(node))

    def _column(self, node: ast.AST) -> int:
        offset = getattr(node, "col_offset", 0)
        return len(self._source[:offset].decode()) + 1

    def _constant(self, node: ast.expr, value: object) -> Literal:
        if type(value) is int:
            return self._integer(node, value)
        if type(value) is bool:
            return Literal(value)
        if isinstance(value, str):
            self._one_plain_text(node)
            if has_controls(value.translate(_LINE_ENDS)) or storage_problem(value):
                raise _problem("character", "this text holds a character that cannot be stored")
            return Literal(value)
        raise self._refuse(node)

    def _one_plain_text(self, node: ast.expr) -> None:
        """Refuse prefixed texts (r"…", u"…") and adjacent ones, which Python would join."""
        end = getattr(node, "end_col_offset", 0)
        if not _STRING.fullmatch(self._source[node.col_offset : end].decode()):
            message = "a text is one pair of quotes and what stands between them"
            raise _problem("text", message, column=self._column(node))

    def _integer(self, node: ast.expr, value: int) -> Literal:
        if abs(value) > MAX_INT:
            column = self._column(node)
            raise _problem("number", "whole numbers have at most 64 bits", column=column)
        return Literal(value)

    def _date(self, node: ast.Call) -> Literal:
        match node:
            case ast.Call(args=[ast.Constant(value=str() as text) as written], keywords=[]):
                self._one_plain_text(written)
                day = _day(text)
            case _:
                day = None
        if day is not None:
            return Literal(day)
        hint = 'write date("2021-02-10")'
        raise _problem("date", "this is no date", hint=hint, column=self._column(node))

    def _path(self, node: ast.expr) -> list[str]:
        links = [node]
        while isinstance(links[-1], ast.Attribute):
            links.append(links[-1].value)
        parts = [self._word(link) for link in reversed(links[-_LONGEST_PATH:])]
        if len(links) > _LONGEST_PATH:
            raise self._no_name(".".join([*parts, "…"]), node)
        return parts

    def _word(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                raise self._refuse(node)
        end = getattr(node, "end_col_offset", 0)
        written = self._source[:end].decode()
        if name.startswith("__") or not written.endswith(name):
            hint = f"write {name!r} with plain characters"
            message = f"the name {name!r} is not allowed"
            raise _problem("name", message, hint=hint, column=self._column(node))
        return name

    def _no_name(self, written: str, node: ast.expr) -> ExpressionError:
        message = f"{written!r} is not a name of the rule language"
        return _problem("name", message, column=self._column(node))

    def _name(self, node: ast.expr) -> Expression:
        match self._path(node):
            case ["today"]:
                return Today()
            case ["policy", policy]:
                return PolicyName(policy)
            case ["parent", *rest] if 1 <= len(rest) <= _DOTTED:
                return Name(".".join(rest), PARENT)
            case [owner, *rest] if owner == self._variable and 1 <= len(rest) <= _DOTTED:
                return Name(".".join(rest), owner)
            case [name] if name == self._variable:
                message = f"{name!r} stands for a whole case; name one of its facts"
                raise _problem("name", message, column=self._column(node))
            case [first, *_] as parts if len(parts) <= _DOTTED and first not in RESERVED:
                return Name(".".join(parts), SELF)
            case parts:
                raise self._no_name(".".join(parts), node)

    def _comparison(
        self, left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], depth: int
    ) -> Expression:
        parts: list[Expression] = []
        for op, right in zip(ops, comparators, strict=True):
            parts.append(self._one_comparison(left, op, right, depth + 1))
            left = right
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one_comparison(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int
    ) -> Expression:
        match op, right:
            case ((ast.In() | ast.NotIn()), ast.Set(elts=elements)):
                options = tuple(self._option(element, depth + 1) for element in elements)
                return Member(self.read(left, depth), options, isinstance(op, ast.NotIn))
            case ((ast.In() | ast.NotIn()), _):
                hint = 'write x in {"a", "b"}'
                column = self._column(right)
                raise _problem("membership", "`in` takes a set", hint=hint, column=column)
            case ((ast.Is() | ast.IsNot()), ast.Constant(value=None)):
                item = self.read(left, depth)
                if not isinstance(item, Name):
                    raise self._refuse(left)
                return Recorded(item, negated=isinstance(op, ast.Is))
            case _ if type(op) in _COMPARISONS:
                kind = _COMPARISONS[type(op)]
                return Compare(kind, self.read(left, depth), self.read(right, depth))
            case _:
                raise self._refuse(op)

    def _option(self, node: ast.expr, depth: int) -> Literal:
        option = self.read(node, depth)
        if not isinstance(option, Literal):
            column = self._column(node)
            hint = 'write x in {"a", "b"}, or compare with =='
            raise _problem("membership", "a set holds constants only", hint=hint, column=column)
        return option

    def _aggregate(self, node: ast.Call, depth: int) -> Aggregate:
        match node:
            case ast.Call(
                func=ast.Name(id=quantifier),
                args=[
                    ast.GeneratorExp(
                        elt=element,
                        generators=[
                            ast.comprehension(
                                target=ast.Name() as target,
                                iter=ast.Name() as relation,
                                ifs=conditions,
                                is_async=0,
                            )
                        ],
                    )
                ],
                keywords=[],
            ) if self._variable is None:
                variable = self._path(target)[0]
                if variable in RESERVED:
                    column = self._column(target)
                    raise _problem("name", f"{variable!r} is a word of the language", column=column)
                self._variable = variable
                read = [self.read(item, depth + 1) for item in conditions]
                counted = quantifier == "count" and isinstance(element, ast.Name)
                if counted and self._path(element) == [variable]:
                    body: Expression = Literal(True)  # noqa: FBT003 - the element is the case
                else:
                    body = self.read(element, depth + 1)
                self._variable = None
                condition = _conjunction(read)
                kind = Quantifier(quantifier)
                return Aggregate(kind, self._path(relation)[0], variable, body, condition)
        shown = 'm.state == "done"'
        if isinstance(node.func, ast.Name) and node.func.id in {"count", "sum"}:
            shown = "m" if node.func.id == "count" else "m.cost"
        written = node.func.id if isinstance(node.func, ast.Name) else "all"
        hint = f"write {written}({shown} for m in children if m.needed), one level deep"
        raise _problem(
            "aggregate", "this aggregate does not parse", hint=hint, column=self._column(node)
        )


def _day(text: str) -> date | None:
    """Read an ISO date written in full."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _conjunction(parts: list[Expression]) -> Expression:
    if not parts:
        return Literal(True)  # noqa: FBT003 - no condition
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def unknown_name(kind: str, name: str, known: list[str]) -> ExpressionError:
    """Build the error for a name that the workflow does not declare."""
    hint = hints.constant_meant(name) or nearest(name, known)
    return _problem("unknown_name", f"unknown {kind} {name!r}", hint=hint)
