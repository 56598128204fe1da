"""The table of actors: who holds which role, for which unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from reformflow.binding import BoundReform
from reformflow.errors import nearest
from reformflow.model import Actor, Grant
from reformflow.sheets.cells import CellError, read_id
from reformflow.sheets.files import read_table
from reformflow.sheets.headers import Columns, read_header
from reformflow.sheets.tables import Faults, Row


def read_actors(path: Path, bound: BoundReform, faults: Faults) -> dict[str, Actor]:
    """Return the actors of a table with the columns actor, role and unit, noting its problems.

    A line grants one role; an empty unit stands for all of them. A role may be written by its
    id, label or alias.
    """
    table = read_table(path, faults)
    if table is None:
        return {}
    columns = read_header(table, ["actor", "role"], ["unit"], (), faults=faults)
    grants: dict[str, set[Grant]] = {}
    roles = role_names(bound)
    for row in table.rows:
        actor = id_cell(columns, row, "actor", faults)
        role = id_cell(columns, row, "role", faults)
        unit = id_cell(columns, row, "unit", faults, needed=False)
        if role and role not in roles:
            hint = nearest(role, bound.roles)
            error = CellError("unknown_role", f"unknown role {role!r}", hint)
            note(faults, error, row, columns, "role")
        elif actor and role and unit is not None:
            grants.setdefault(actor, set()).add(Grant(roles[role], unit or None))
    return {id: Actor(id, frozenset(held)) for id, held in grants.items()}  # noqa: A001


def role_names(bound: BoundReform) -> Mapping[str, str]:
    """Return the role behind each id, alias and label."""
    names: dict[str, str] = {}
    for role in bound.roles.values():
        for name in (*role.aliases, role.label.en, role.label.zh):
            names.setdefault(name, role.id)
    return names | {role: role for role in bound.roles}


def id_cell(
    columns: Columns, row: Row, name: str, faults: Faults, *, needed: bool = True
) -> str | None:
    """Return the id in a cell; None, with the problem noted, if there is none to be had."""
    try:
        text = read_id(columns.cell(row, name))
    except CellError as error:
        note(faults, error, row, columns, name)
        return None
    if needed and not text and name in columns.positions:
        empty = CellError("missing", f"{name} is empty", f"fill in {name}")
        note(faults, empty, row, columns, name)
        return None
    return text


def note(faults: Faults, error: CellError, row: Row, columns: Columns, name: str) -> None:
    """Note what is wrong with one cell."""
    column = columns.number(name)
    faults.add(error.code, error.message, error.hint, line=row.line, column=column, field=name)


def known_actor(
    actors: Iterable[str], columns: Columns, row: Row, actor: str, faults: Faults
) -> None:
    """Note an actor whom the table of actors does not list."""
    error = CellError("unknown_actor", f"unknown actor {actor!r}", nearest(actor, actors))
    note(faults, error, row, columns, "actor")
