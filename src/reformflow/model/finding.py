"""Findings: what a static check reports about a definition."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from reformflow.errors import Place
from reformflow.model.case import Value
from reformflow.model.text import Text


class Severity(StrEnum):
    """How serious a finding is: it cannot work, it may not be meant so, or it is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@attrs.frozen
class Witness:
    """What shows that a finding is so.

    `values` are columns of a case, `on` a day, `schedule` steps with their days in order, `steps`
    transitions in the order in which they lead there, `parts` the ids of what excludes each
    other: rules, clauses, roles or transitions.
    """

    values: tuple[tuple[str, Value], ...] = ()
    on: date | None = None
    schedule: tuple[tuple[str, date], ...] = ()
    parts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to show."""
        return self != _NOTHING


_NOTHING = Witness()


@attrs.frozen
class Finding:
    """Something a check found.

    `path` leads to the part of the definition, such as `<workflow>.transitions.<id>.needs[0]`;
    `place` is where that part stands in the files, once somebody has looked it up. `policies`
    are the options under which it was found, by policy, where those in force do not show it.
    """

    code: str
    severity: Severity
    path: str
    says: Text
    clauses: tuple[str, ...] = ()
    witness: Witness = _NOTHING
    place: Place = Place()
    policies: tuple[tuple[str, str], ...] = ()
