"""Statements of single cases, and where the values of their parameters are found.

Nothing is laid out as a row before it is written: the driver's values are taken from the case
and the entry themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
import sqlalchemy as sa

from reformflow.model import Lateness
from reformflow.store.converting import Process, Reader, Source, row_reader

Statement = sa.Select[Any] | sa.Insert | sa.Update

ID: Final = ("id",)
CASE: Final = ("case",)
CASE_AND_ENTRY: Final = ("case", "entry")
"""What statements are given: an id, a case, or a case and the entry that changes it."""


@attrs.frozen(eq=False)
class Command:
    """A statement with the source of each parameter, in terms of what it `takes`.

    `reads` gives what makes something of a row of the driver's, from how its values come out.
    """

    statement: Statement
    takes: tuple[str, ...]
    sources: Mapping[str, Source]
    reads: Callable[[Sequence[Process | None]], Reader] = row_reader


def by_id(parameter: str = "b_id") -> dict[str, Source]:
    """Return the source of the one parameter of a command that takes an id."""
    return {parameter: Source(_name("id"))}


def of_case(own: Sequence[str], sql_names: Mapping[str, str]) -> dict[str, Source]:
    """Return the sources of a case's row: fields of a case, and its columns by their SQL names."""
    fields = {name: Source(_part("case", name)) for name in own}
    return fields | {sql: Source(_item("case", "values", name)) for name, sql in sql_names.items()}


def of_change(columns: Sequence[str], sql_names: Mapping[str, str]) -> dict[str, Source]:
    """Return the sources of a versioned UPDATE of some columns; `b_seen` is the revision seen."""
    changed = {sql_names[name]: Source(_item("entry", "changes", name)) for name in columns}
    followed = [_part("entry", "definition"), _part("case", "definition")]
    return changed | {
        "revision": Source(_part("entry", "seq")),
        "definition": Source(ast.BoolOp(ast.Or(), followed)),
        "b_id": Source(_part("case", "id")),
        "b_seen": Source(_part("case", "revision")),
    }


def of_entry() -> dict[str, Source]:
    """Return the sources of an entry's row."""
    marks = ast.BoolOp(ast.Or(), [_part("entry", "late"), ast.Constant(None)])
    fields = {
        "case_id": "case",
        "seq": "seq",
        "name": "name",
        "actor": "actor",
        "happened_on": "on",
        "recorded_at": "recorded_at",
        "changes": "changes",
        "reason": "reason",
        "voids": "voids",
        "definition": "definition",
        "request_key": "key",
    }
    return {column: Source(_part("entry", name)) for column, name in fields.items()} | {
        "workflow": Source(_part("case", "workflow")),
        # `value` is a property in Python, and takes ten times as long.
        "kind": Source(ast.Attribute(_part("entry", "kind"), "_value_", ast.Load())),
        "late": Source(marks, _plain_marks),
    }


# ---------------------------------------------------------------------------------------------


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _part(name: str, part: str) -> ast.expr:
    return ast.Attribute(_name(name), part, ast.Load())


def _item(name: str, part: str, key: str) -> ast.expr:
    return ast.Subscript(_part(name, part), ast.Constant(key), ast.Load())


def _plain_marks(marks: Sequence[Lateness]) -> list[dict[str, Any]]:
    return [
        {
            "transition": mark.transition,
            "bound": mark.bound,
            "days": mark.days,
            "role": mark.answerable,
        }
        for mark in marks
    ]
