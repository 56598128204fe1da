"""Conversions of many values at once, by generated Python: one step for each value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, Final

from reformflow.language.compile import Writer, function, local_walrus

_VALUES: Final = "values"
_VALUE: Final = "value"
_NONE: Final = ast.Constant(None)
Process = Callable[[Any], Any]


def converter(
    keys: Iterable[str | int], processes: Iterable[Process | None], *, named: bool = False
) -> Callable[[Any], Any]:
    """Return a function from values by key to a tuple of converted ones, `named` to a dict.

    NULL is NULL for every type that we have.
    """
    writer = Writer()
    names: list[ast.expr | None] = []
    read: list[ast.expr] = []
    for key, process in zip(keys, processes, strict=True):
        names.append(ast.Constant(key))
        found = ast.Subscript(_load(_VALUES), ast.Constant(key), ast.Load())
        read.append(found if process is None else _converted(writer.constant(process), found))
    made = ast.Dict(names, read) if named else ast.Tuple(read, ast.Load())
    space = writer.run([function("convert", [_VALUES], [ast.Return(made)])])
    convert: Callable[[Any], Any] = space["convert"]
    return convert


# ---------------------------------------------------------------------------------------------


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _converted(process: ast.expr, found: ast.expr) -> ast.expr:
    """Write `process(value) if (value := found) is not None else None`."""
    known = ast.Compare(local_walrus(_VALUE, found), [ast.IsNot()], [_NONE])
    return ast.IfExp(known, ast.Call(process, [_load(_VALUE)], []), _NONE)
