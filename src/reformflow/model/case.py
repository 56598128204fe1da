"""Cases, their history, and how readers find them.

A case is one flat record of named columns: its facts, and the dotted columns of its progress
(`<track>.state`, `<transition>.on`, …). An entry of its history is a set of changes to those
columns, so the state of a case is the fold of its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import attrs

from reformflow.model.policies import Scalar

Value = Scalar | None
"""What a column holds; None where nothing is recorded."""


class Kind(StrEnum):
    """What an entry of a case's history tells."""

    OPENED = "opened"
    RECORDED = "recorded"
    FIRED = "fired"
    SIGNED = "signed"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CORRECTED = "corrected"
    MIGRATED = "migrated"


@attrs.frozen
class Lateness:
    """That an act was outside its date: the transition's id, the bound, by how many days.

    `days` counts calendar days after the bound (before it, for a window not open yet, as a
    negative number); `answerable` is the role that answers for it, or "".
    """

    transition: str
    bound: date
    days: int
    answerable: str = ""


@attrs.frozen
class Entry:
    """One line of a case's history; `seq` counts from 1 without gaps.

    `on` is the day it happened in the reform's zone, `recorded_at` the UTC instant at which it
    was entered. `actor` is "" for what fired by itself. `voids` is the seq of the entry that a
    correction takes back or mends.
    """

    case: str
    seq: int
    kind: Kind
    name: str
    actor: str
    on: date
    changes: Mapping[str, Value]
    recorded_at: datetime | None = None
    reason: str | None = None
    late: tuple[Lateness, ...] = ()
    voids: int | None = None
    definition: str = ""
    key: str | None = None


@attrs.frozen
class Case:
    """One subject going through one workflow; `revision` is the seq of its last entry."""

    id: str
    workflow: str
    values: Mapping[str, Value]
    unit: str = ""
    subject: str = ""
    parent: str | None = None
    revision: int = 0
    definition: str = ""

    def after(self, entry: Entry) -> Case:
        """Return this case with `entry` folded in."""
        return Case(  # written out: evolve takes four times as long, and every entry comes by
            id=self.id,
            workflow=self.workflow,
            values={**self.values, **entry.changes},
            unit=self.unit,
            subject=self.subject,
            parent=self.parent,
            revision=entry.seq,
            definition=entry.definition or self.definition,
        )


def fold(case: Case, entries: Iterable[Entry]) -> Case:
    """Fold `entries` into `case`, in order; ValueError if their numbers leave a gap."""
    for entry in entries:
        check_next(case.id, case.revision, entry)
        case = case.after(entry)
    return case


def check_next(case: str, revision: int, entry: Entry) -> None:
    """Raise ValueError for an entry that does not follow a case's revision."""
    if entry.seq != revision + 1:
        message = f"history of {case!r} has {entry.seq} after {revision}"
        raise ValueError(message)


class Cases(Protocol):
    """Where a decision reads cases from; a reader sees one unchanging set of them."""

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case; UnknownName if there is none."""

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow, in the order in which they were opened."""

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
