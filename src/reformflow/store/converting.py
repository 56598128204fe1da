"""Conversions of many values at once, by generated Python: one step for each value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from reformflow.language.compile import Writer, function, local_walrus
from reformflow.model import Case

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


def case_reader(workflow: str, own: Sequence[str], names: Sequence[str]) -> Callable[[Any], Case]:
    """Return a function from a row to the case of a workflow.

    A row has the fields of a case in the order of `own`, then the columns of the names.
    """
    writer = Writer()
    places = [f"column_{place}" for place in range(len(own) + len(names))]
    row = ast.Tuple([ast.Name(place, ast.Store()) for place in places], ast.Store())
    read = list(map(_load, places))
    values = ast.Dict(list(map(ast.Constant, names)), read[len(own) :])
    fields = {**dict(zip(own, read, strict=False)), "workflow": ast.Constant(workflow)}
    given = [{**fields, "values": values}[field.name] for field in attrs.fields(Case)]
    made = ast.Call(writer.constant(Case), given, [])
    body = [ast.Assign([row], _load(_VALUES)), ast.Return(made)]
    read_case: Callable[[Any], Case] = writer.run([function("case", [_VALUES], body)])["case"]
    return read_case


# ---------------------------------------------------------------------------------------------


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _converted(process: ast.expr, found: ast.expr) -> ast.expr:
    """Write `process(value) if (value := found) is not None else None`."""
    known = ast.Compare(local_walrus(_VALUE, found), [ast.IsNot()], [_NONE])
    return ast.IfExp(known, ast.Call(process, [_load(_VALUE)], []), _NONE)
