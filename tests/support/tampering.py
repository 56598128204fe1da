"""What somebody who holds the database could do to it: each change drawn by lot.

Those of `LOUD` are found by anybody who verifies. Those of `QUIET` leave a database that hangs
together, with seals made anew: only a checkpoint that was kept elsewhere tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import attrs
import sqlalchemy as sa

from reformflow.store import Schema
from reformflow.store.evidence.seals import give_positions, hash_next
from reformflow.store.schema import WorkflowTable

_SET_ELSEWHERE = {"changes", "late", "seq"}


@attrs.frozen
class Tampering:
    """Changes the tables of `schema` through a connection, as `random` decides."""

    connection: sa.Connection
    schema: Schema
    random: Random

    # --- found by anybody

    def edit_an_entry(self) -> str:
        """Write something else into a column of an entry."""
        table = self.schema.shared.history
        row = self._row(table)
        names = [column.name for column in table.c if column.name not in _SET_ELSEWHERE]
        name = self.random.choice(names)
        return self._set(table, row, name, self._other(row[name], table.c[name]))

    def edit_changes(self) -> str:
        """Change, add, or take away one of the changes of an entry."""
        row = self._row(self.schema.shared.history)
        changes: dict[str, Any] = dict(row["changes"])
        name = self.random.choice([*changes, "new"]) if changes else "new"
        if name in changes and self.random.random() < 0.3:
            del changes[name]
        else:
            changes[name] = self._other_plain(changes.get(name))
        return self._set(self.schema.shared.history, row, "changes", changes)

    def break_changes(self) -> str:
        """Put something into the changes that is not what they were, or no JSON at all."""
        table = self.schema.shared.history
        row = self._row(table)
        good = json.dumps(row["changes"], ensure_ascii=False)
        twice = good[:-1] + (", " if row["changes"] else "") + '"x": 1, "x": 2}'
        nested = '{"x":' * 700 + "1" + "}" * 700  # deeper than Python writes, not than it reads
        text = self.random.choice(
            ["", "{", "[]", "null", "{}x", twice, nested, good.replace("{", '{"": 1.5, ')]
        )
        if row["changes"] == {}:
            text = "{"
        here = self._same(table, row)
        raw = sa.table(table.name, sa.column("changes"), schema=table.schema)
        update = sa.update(raw).values(changes=text)
        self.connection.execute(update.where(sa.text(str(self._literal(here)))))
        return f"changes {text!r}"

    def mark_late(self) -> str:
        """Put a mark of lateness on an entry, or take it off."""
        table = self.schema.shared.history
        row = self._row(table)
        mark = {"transition": "send", "bound": "2021-03-01", "days": 1, "role": "clerk"}
        return self._set(table, row, "late", None if row["late"] else [mark])

    def delete_an_entry(self) -> str:
        """Take an entry away."""
        table = self.schema.shared.history
        row = self._row(table)
        self.connection.execute(sa.delete(table).where(self._same(table, row)))
        return f"deleted {row['case_id']}/{row['seq']}"

    def swap_entries(self) -> str:
        """Let two entries change places."""
        table = self.schema.shared.history
        one, two = self._rows(table, 2)
        names = [name for name in table.c.keys() if name not in {"case_id", "seq"}]  # noqa: SIM118
        if all(one[name] == two[name] for name in names):
            return self.delete_an_entry()
        for row, other in ((one, two), (two, one)):
            values = {name: other[name] for name in names}
            self.connection.execute(sa.update(table).where(self._same(table, row)).values(**values))
        return f"swapped {one['case_id']}/{one['seq']} and {two['case_id']}/{two['seq']}"

    def renumber_an_entry(self) -> str:
        """Give an entry another number, or another case."""
        table = self.schema.shared.history
        row = self._row(table)
        name, value = self.random.choice([("seq", row["seq"] + 100), ("case_id", "somebody")])
        return self._set(table, row, name, value)

    def edit_a_case(self) -> str:
        """Write something else into a column of a case."""
        table = self._cases().table
        row = self._row(table)
        name = self.random.choice([name for name in table.c.keys() if name != "id"])  # noqa: SIM118
        return self._set(table, row, name, self._other(row[name], table.c[name]))

    def delete_a_case(self) -> str:
        """Take a case away, or its line in the catalog."""
        table = self.random.choice([self._cases().table, self.schema.shared.catalog])
        row = self._row(table)
        self.connection.execute(sa.delete(table).where(table.c.id == row["id"]))
        return f"deleted {row['id']} from {table.name}"

    def edit_a_seal(self) -> str:
        """Change a root, or the digest's name, or take a seal away."""
        table = self.schema.shared.seals
        row = self._row(table)
        match self.random.randrange(3):
            case 0:
                return self._set(table, row, "root", self._flipped(row["root"]))
            case 1:
                return self._set(table, row, "algorithm", "sm3")
        row = self._last(table, table.c.size)
        return self._set(table, row, "size", row["size"] + self.random.choice([1, 10**15]))

    def edit_a_position(self) -> str:
        """Let two positions change places, or take one away."""
        table = self.schema.shared.seal_positions
        one, two = self._rows(table, 2)
        self.connection.execute(sa.delete(table).where(table.c.position == one["position"]))
        if self.random.random() < 0.5:
            self.connection.execute(sa.delete(table).where(table.c.position == two["position"]))
            for row, place in ((one, two), (two, one)):
                changed = {**row, "position": place["position"]}
                self.connection.execute(sa.insert(table).values(**changed))
        return f"positions {one['position']} and {two['position']}"

    def edit_a_tile(self) -> str:
        """Change one byte of the tree, or cut it, or take a tile away."""
        table = self.schema.shared.seal_tiles
        row = self._row(table)
        here = (table.c.level == row["level"]) & (table.c.number == row["number"])
        if self.random.random() < 0.2:
            self.connection.execute(sa.delete(table).where(here))
            return "deleted a tile"
        hashes = bytearray(row["hashes"])
        at = self.random.randrange(len(hashes))
        hashes[at] ^= 1 << self.random.randrange(8)
        cut = bytes(hashes) if self.random.random() < 0.7 else bytes(hashes[:-1])
        self.connection.execute(sa.update(table).where(here).values(hashes=cut))
        return f"byte {at} of tile {row['level']}/{row['number']}"

    # --- found with a checkpoint

    def cut_the_tail(self) -> str:
        """Take the last entries back, with all that they did, and seal what is left anew."""
        places = self.schema.shared.seal_positions
        last = self._last(places, places.c.position)["position"]
        first = self.random.randrange(max(1, last - 5), last + 1)
        for position in range(last, first - 1, -1):
            self._take_back(position)
        self._seal_anew()
        return f"cut the positions from {first}"

    def rewrite_an_entry(self) -> str:
        """Say that somebody else did it, consistently, and seal it anew."""
        table = self.schema.shared.history
        told = self._set(table, row := self._row(table), "actor", f"not {row['actor']}")
        self._seal_anew()
        return told

    def rewrite_a_fact(self) -> str:
        """Change the last value of a column in case and history alike, and seal it anew."""
        table = self._cases()
        row = self._row(table.table)
        entries = self._history_of(row["id"])
        names = [name for name in entries[-1]["changes"] if name in table.flow.columns]
        if not names:
            return self.rewrite_an_entry()
        name = self.random.choice(names)
        column = table.flow.columns[name]
        value = self._other(row[column.sql_name], table.table.c[column.sql_name])
        plain = value.isoformat() if isinstance(value, date) else value
        changes = {**entries[-1]["changes"], name: plain}
        self._set(self.schema.shared.history, entries[-1], "changes", changes)
        told = self._set(table.table, row, column.sql_name, value)
        self._seal_anew()
        return told

    def rewrite_what_a_case_is(self) -> str:
        """Change whose a case is, or what it is about, and seal it anew."""
        table = self._cases().table
        told = self._set(table, row := self._row(table), "unit", f"not {row['unit']}")
        self._seal_anew()
        return told

    def forget_a_case(self) -> str:
        """Take a case away with everything that tells of it, and seal what is left anew."""
        shared = self.schema.shared
        case = self._row(self._cases().table)["id"]
        self._take_away(case)
        self.connection.execute(sa.delete(shared.history).where(shared.history.c.case_id == case))
        self._seal_anew()
        return f"forgot {case}"

    # ------------------------------------------------------------------------------------------

    def _seal_anew(self) -> None:
        shared = self.schema.shared
        for table in (shared.seals, shared.seal_positions, shared.seal_tiles):
            self.connection.execute(sa.delete(table))
        upto = give_positions(self.connection, self.schema, None)
        hash_next(self.connection, self.schema, upto)

    def _take_back(self, position: int) -> None:
        shared = self.schema.shared
        places, history = shared.seal_positions, shared.history
        place = self._only(places, places.c.position == position)
        entry = self._only(
            history, (history.c.case_id == place["case_id"]) & (history.c.seq == place["seq"])
        )
        self.connection.execute(sa.delete(places).where(places.c.position == position))
        self.connection.execute(sa.delete(history).where(self._same(history, entry)))
        table = self.schema.workflows[entry["workflow"]]
        rest = self._history_of(entry["case_id"])
        here = table.table.c.id == entry["case_id"]
        if not rest:
            self._take_away(entry["case_id"])
            return
        values: dict[str, Any] = dict.fromkeys(table.flow.columns)
        for one in rest:
            values |= one["changes"]
        typed = {
            column.sql_name: self._typed(table.table.c[column.sql_name], values[name])
            for name, column in table.flow.columns.items()
        }
        last = {"revision": len(rest), "definition": rest[-1]["definition"]}
        self.connection.execute(sa.update(table.table).where(here).values(**typed, **last))

    def _take_away(self, case: str) -> None:
        """Delete the row of a case, and all that leads to it."""
        for table in self.schema.workflows.values():
            here = table.table
            self.connection.execute(sa.delete(here).where(here.c.id == case))
            orphans = sa.update(here).where(here.c.parent == case)
            self.connection.execute(orphans.values(parent=None))
        catalog = self.schema.shared.catalog
        self.connection.execute(sa.delete(catalog).where(catalog.c.id == case))

    def _typed(self, column: sa.Column[Any], value: Any) -> Any:
        is_day = isinstance(column.type, sa.Date) and value is not None
        return date.fromisoformat(value) if is_day else value

    def _cases(self) -> WorkflowTable:
        tables = [
            table
            for table in self.schema.workflows.values()
            if self.connection.scalar(sa.select(sa.func.count()).select_from(table.table))
        ]
        return self.random.choice(tables)

    def _history_of(self, case: str) -> list[Mapping[str, Any]]:
        history = self.schema.shared.history
        query = sa.select(history).where(history.c.case_id == case).order_by(history.c.seq)
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _rows(self, table: sa.Table, count: int) -> list[Mapping[str, Any]]:
        query = sa.select(table).order_by(*table.primary_key)
        rows = [dict(row) for row in self.connection.execute(query).mappings()]
        return self.random.sample(rows, count)

    def _row(self, table: sa.Table) -> Mapping[str, Any]:
        return self._rows(table, 1)[0]

    def _last(self, table: sa.Table, column: sa.Column[int]) -> Mapping[str, Any]:
        query = sa.select(table).order_by(column.desc()).limit(1)
        return dict(self.connection.execute(query).mappings().one())

    def _only(self, table: sa.Table, condition: sa.ColumnElement[bool]) -> Mapping[str, Any]:
        return dict(self.connection.execute(sa.select(table).where(condition)).mappings().one())

    def _same(self, table: sa.Table, row: Mapping[str, Any]) -> sa.ColumnElement[bool]:
        return sa.and_(*(column == row[column.name] for column in table.primary_key))

    def _literal(self, condition: sa.ColumnElement[bool]) -> str:
        compiled = condition.compile(
            dialect=self.connection.dialect, compile_kwargs={"literal_binds": True}
        )
        return str(compiled).replace(":", "\\:")

    def _set(self, table: sa.Table, row: Mapping[str, Any], name: str, value: Any) -> str:
        update = sa.update(table).where(self._same(table, row))
        self.connection.execute(update.values(**{name: value}))
        return f"{table.name}.{name} of {row} set to {value!r}"

    def _other(self, value: Any, column: sa.Column[Any]) -> Any:
        if isinstance(column.type, sa.Date):
            return (value or date(2021, 3, 1)) + timedelta(days=self.random.choice([-1, 1, 365]))
        if isinstance(column.type, sa.Boolean):
            return not value
        if isinstance(column.type, sa.Integer):
            return (value or 0) + self.random.choice([1, 2, 1000])
        if isinstance(value, datetime):
            return value + timedelta(microseconds=self.random.choice([1, -1, 10**9]))
        if column.nullable and value is not None and self.random.random() < 0.3:
            return None
        return self._flipped(value or "")

    def _other_plain(self, value: Any) -> Any:
        others: list[Any] = [None, True, False, 0, 1, -(2**62), "", "x", "2021-03-09", f"{value} "]
        return self.random.choice(
            [other for other in others if (type(other), other) != (type(value), value)]
        )

    def _flipped(self, text: str) -> str:
        """Change one character, or add one."""
        if not text or self.random.random() < 0.3:
            return text + self.random.choice([" ", "x", "𠮷"])
        at = self.random.randrange(len(text))
        return text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]


Change = Callable[[Tampering], str]

LOUD: tuple[Change, ...] = (
    Tampering.edit_an_entry,
    Tampering.edit_changes,
    Tampering.break_changes,
    Tampering.mark_late,
    Tampering.delete_an_entry,
    Tampering.swap_entries,
    Tampering.renumber_an_entry,
    Tampering.edit_a_case,
    Tampering.delete_a_case,
    Tampering.edit_a_seal,
    Tampering.edit_a_position,
    Tampering.edit_a_tile,
)
QUIET: tuple[Change, ...] = (
    Tampering.cut_the_tail,
    Tampering.rewrite_an_entry,
    Tampering.rewrite_a_fact,
    Tampering.rewrite_what_a_case_is,
    Tampering.forget_a_case,
)
