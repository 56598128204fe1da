"""Which cases there can be: what each column may hold, and what is computed from what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import attrs

from reformflow.binding import Computed
from reformflow.calendars import Calendar
from reformflow.model import FactType, Scalar


@attrs.frozen
class Domain:
    """What a column may hold.

    `values` are all values there can be, where they are few and known; whole numbers lie between
    `least` and `most`; text has at most `longest` characters. `missing` and `recorded` say
    whether it can be without a value, and with one.
    """

    type: FactType
    values: tuple[Scalar, ...] | None = None
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    missing: bool = True
    recorded: bool = True


@attrs.frozen
class Law:
    """How a column follows from others of its case; `at_least` if it may also be later.

    `calendar` is the one that its dates are counted by, where that is not the world's.
    """

    computed: Computed
    at_least: bool = False
    calendar: Calendar | None = None


@attrs.frozen
class Table:
    """The columns of the cases of one workflow.

    `optional` if there need not be a case at all (a parent).
    """

    columns: Mapping[str, Domain]
    laws: Mapping[str, Law] = MappingProxyType({})
    optional: bool = False


Part = tuple[str, str]
"""A column of a world: the owner of its name, or the relation of its children, and its own."""

KIND = "#"
"""Stands between a relation and the number of a kind of its children."""


@attrs.frozen
class World:
    """What a question is about: whose columns names stand for, and the children there may be.

    `frames` are the tables by the owner of a name, `relations` those of children. Witnesses
    prefer days around `near`.
    """

    frames: Mapping[str, Table]
    relations: Mapping[str, Table] = MappingProxyType({})
    calendar: Calendar | None = None
    near: date = date(2021, 1, 1)

    def part_of(self, key: tuple[str, str]) -> Part:
        """Return the column that a term is about, by the name of its frame and its own."""
        frame, column = key
        return frame.partition(KIND)[0], column

    def part(self, part: Part) -> tuple[Domain | None, Law | None]:
        """Return what is known of a column."""
        owner, column = part
        table = self.frames[owner] if owner in self.frames else self.relations.get(owner)
        if table is None:
            return None, None
        return table.columns.get(column), table.laws.get(column)
