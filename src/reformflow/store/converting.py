"""Conversions of many values at once, by generated Python: one step for each value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from reformflow.language.compile import Writer, function, local_walrus
from reformflow.model import Case

_ROW: Final = "row"
_VALUE: Final = "value"
_NONE: Final = ast.Constant(None)
Process = Callable[[Any], Any]
Reader = Callable[[Sequence[Any]], Any]
"""Makes something of a row of the driver's."""


@attrs.frozen
class Source:
    """Where a value is found, as an expression, and what makes it plain, if anything has to."""

    found: ast.expr
    plain: Process | None = None


def writer(
    takes: Iterable[str],
    sources: Iterable[tuple[str, Source]],
    processes: Iterable[Process | None],
    *,
    named: bool,
) -> Callable[..., Any]:
    """Return a function to what a driver takes: a dict by the sources' names, or a tuple.

    `takes` are its parameters, the names that the sources speak of. NULL is NULL for every type
    that we have.
    """
    code = Writer()
    names: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for (name, source), process in zip(sources, processes, strict=True):
        names.append(ast.Constant(name))
        values.append(_converted(code, _converted(code, source.found, source.plain), process))
    made = ast.Dict(names, values) if named else ast.Tuple(values, ast.Load())
    return _function(code, takes, [ast.Return(made)])


def row_reader(processes: Sequence[Process | None]) -> Reader:
    """Return a function from a row to its values as Python has them."""
    if not any(processes):
        return tuple
    code = Writer()
    read = []
    for place, process in enumerate(processes):
        found = ast.Subscript(_load(_ROW), ast.Constant(place), ast.Load())
        read.append(_converted(code, found, process))
    return _function(code, [_ROW], [ast.Return(ast.Tuple(read, ast.Load()))])


def case_reader(
    processes: Sequence[Process | None], workflow: str, own: Sequence[str], names: Sequence[str]
) -> Callable[[Sequence[Any]], Case]:
    """Return a function from a row to the case of a workflow.

    A row has the fields of a case in the order of `own`, then the columns of the names.
    """
    code = Writer()
    places = [f"column_{place}" for place in range(len(own) + len(names))]
    row = ast.Tuple([ast.Name(place, ast.Store()) for place in places], ast.Store())
    read = [
        _converted(code, _load(place), process)
        for place, process in zip(places, processes, strict=True)
    ]
    values = ast.Dict(list(map(ast.Constant, names)), read[len(own) :])
    fields = {**dict(zip(own, read, strict=False)), "workflow": ast.Constant(workflow)}
    given = [{**fields, "values": values}[field.name] for field in attrs.fields(Case)]
    made = ast.Call(code.constant(Case), given, [])
    return _function(code, [_ROW], [ast.Assign([row], _load(_ROW)), ast.Return(made)])


# ---------------------------------------------------------------------------------------------


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _function(code: Writer, takes: Iterable[str], body: list[ast.stmt]) -> Callable[..., Any]:
    made: Callable[..., Any] = code.run([function("convert", takes, body)])["convert"]
    return made


def _converted(code: Writer, found: ast.expr, process: Process | None) -> ast.expr:
    """Write `process(value) if (value := found) is not None else None`."""
    if process is None:
        return found
    known = ast.Compare(local_walrus(_VALUE, found), [ast.IsNot()], [_NONE])
    return ast.IfExp(known, ast.Call(code.constant(process), [_load(_VALUE)], []), _NONE)
