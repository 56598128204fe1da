"""What authors write instead of the rule language, and what to write in its place."""

from __future__ import annotations

import ast
import re
import unicodedata
from typing import Final

SHARE: Final = "a share is written in whole numbers: 100 * cut >= 5 * before"
"""What to write instead of a fraction, a percentage or a division."""

_CALLS = "only date(…), all(…), any(…), count(…) and sum(…) are called"
_QUOTES: Final = "“”‘’「」«»"
_CONSTANTS: Final = {"true": "True", "false": "False", "null": "None", "none": "None"}
_SLIPS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?<![=<>!])=(?!=)"), "compare with =="),
    (re.compile(r"&&|\|\||!(?!=)"), "write and, or, not"),
    (re.compile(r"\d\s*%"), SHARE),
    (re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)"), 'a date is written date("2021-02-10")'),
    (re.compile(r"\?"), "write and, or, not; a transition branches in its `to`"),
)
_NODES: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.Div: ("division", SHARE),
    ast.FloorDiv: ("division", SHARE),
    ast.Mod: ("%", SHARE),
    ast.Pow: ("a power", "multiply by a constant"),
    ast.BitAnd: ("&", "write and"),
    ast.BitOr: ("|", "write or"),
    ast.Call: ("this call", _CALLS),
    ast.IfExp: ("if … else", "write and, or, not; a transition branches in its `to`"),
    ast.Subscript: ("[…]", "name one fact, or ask about children by all, any, count or sum"),
    ast.List: ("a list", 'a set stands after in: x in {"a", "b"}'),
    ast.Tuple: ("a tuple", 'a set stands after in: x in {"a", "b"}'),
    ast.Set: ("a set by itself", 'a set stands after in: x in {"a", "b"}'),
    ast.USub: ("a minus before a name", "write 0 - x"),
    ast.UAdd: ("a plus before a name", "leave it out"),
    ast.Is: ("is", "write ==; `is` stands before None only"),
    ast.IsNot: ("is not", "write !=; `is not` stands before None only"),
    ast.Lambda: ("lambda", ""),
    ast.JoinedStr: ("an f-string", ""),
    ast.NamedExpr: (":=", ""),
}


def slip(text: str) -> str:
    """Return a hint for text that is not an expression (texts in quotes left out), or nothing."""
    for char in text:
        plain = unicodedata.normalize("NFKC", char)
        if plain != char and plain.isascii() and not plain.isalnum():
            return f"write {plain} in place of the full-width {char}"
        if char in _QUOTES:
            return f'write " in place of {char}'
    return next((hint for pattern, hint in _SLIPS if pattern.search(text)), "")


def named(node: ast.AST) -> tuple[str, str]:
    """Return what a node outside the language is called, and a hint, or nothing."""
    match node:
        case ast.Constant(value=None):
            return "None", "write `x is None`, or `x is not None`"
        case ast.BinOp(op=inner) | ast.UnaryOp(op=inner) if type(inner) in _NODES:
            return _NODES[type(inner)]
    return _NODES.get(type(node), (type(node).__name__, ""))


def constant_meant(name: str) -> str:
    """Return a hint for an unknown name that other languages spell a constant with, or nothing."""
    meant = _CONSTANTS.get(name.lower())
    return f"write {meant}" if meant else ""
