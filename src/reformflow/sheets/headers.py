"""Headers: which column of a table holds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import attrs

from reformflow.errors import nearest
from reformflow.model import Fact, Text
from reformflow.sheets.cells import is_empty
from reformflow.sheets.tables import Faults, Raw, Row, Table

# What people write in Chinese over the fixed columns.
CHINESE: Mapping[str, str] = {
    "编号": "id",
    "单位": "unit",
    "上级": "parent",
    "名称": "subject",
    "日期": "on",
    "经办人": "actor",
    "角色": "role",
    "键": "key",
    "个案": "case",
    "动作": "action",
    "事项": "name",
    "事实": "facts",
    "理由": "reason",
    "备注": "note",
}


def ids_by_name(labels: Mapping[str, Text]) -> Mapping[str, str]:
    """Return the id behind each name: ids themselves, and labels that only one of them has."""
    meant: dict[str, set[str]] = {}
    for id, label in labels.items():  # noqa: A001 - what it is
        for name in {label.en, label.zh} - {""}:
            meant.setdefault(name.strip(), set()).add(id)
    names = {name: next(iter(ids)) for name, ids in meant.items() if len(ids) == 1}
    return names | {id: id for id in labels}  # noqa: A001


@attrs.frozen
class Columns:
    """The names of a table's columns with their positions, counted from 0."""

    positions: Mapping[str, int]

    def cell(self, row: Row, name: str) -> Raw:
        """Return a cell of a row by its column's name; '' if there is none."""
        position = self.positions.get(name)
        if position is None or position >= len(row.cells):
            return ""
        return row.cells[position]

    def number(self, name: str) -> int:
        """Return where a column stands, counted from 1; 0 if it is not there."""
        return self.positions.get(name, -1) + 1


def read_header(
    table: Table, required: Iterable[str], optional: Iterable[str], facts: Iterable[Fact], *,
    faults: Faults,
) -> Columns:  # fmt: skip
    """Return the columns of a table, by fixed names and by the ids or labels of facts.

    A column that is unknown, unclear or there twice, and a required one that is missing, is noted.
    """
    known = _names([*required, *optional], list(facts))
    positions: dict[str, int] = {}
    for position, cell in enumerate(table.header.cells):
        written = str(cell).strip()
        add = partial(faults.add, line=table.header.line, column=position + 1, field=written)
        if not written:
            _nameless(table, position, faults)
            continue
        meant = known.get(written)
        if meant is None:
            names = [name for name, ids in known.items() if len(ids) == 1]
            add("unknown_column", f"unknown column {written!r}", nearest(written, names))
        elif len(meant) > 1:
            hint = f"write one of the ids {', '.join(sorted(meant))}"
            add("ambiguous_column", f"{written!r} names several facts", hint)
        elif (name := next(iter(meant))) in positions:
            hint = "keep one of the two"
            add("duplicate_column", f"a second column {name!r}", hint)
        else:
            positions[name] = position
    for name in required:
        if name not in positions:
            hint = "the first line names the columns"
            message = f"there is no column {name!r}"
            faults.add(
                "missing_column", message, hint, line=table.header.line, column=1, field=name
            )
    return Columns(positions)


# ---------------------------------------------------------------------------------------------


def _names(fixed: list[str], facts: list[Fact]) -> dict[str, set[str]]:
    """Return what each header may mean: fixed names and ids first, then labels."""
    known: dict[str, set[str]] = {}
    for fact in facts:
        for label in {fact.label.en, fact.label.zh} - {""}:
            known.setdefault(label.strip(), set()).add(fact.id)
    for word, name in CHINESE.items():
        if name in fixed:
            known.setdefault(word, {name})
    known |= {fact.id: {fact.id} for fact in facts}
    return known | {name: {name} for name in fixed}


def _nameless(table: Table, position: int, faults: Faults) -> None:
    for row in table.rows:
        if position < len(row.cells) and not is_empty(row.cells[position]):
            hint = "name the column in the first line, or empty it"
            faults.add(
                "unnamed_column",
                "a value under no header",
                hint,
                line=row.line,
                column=position + 1,
            )
            return
