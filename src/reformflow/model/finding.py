"""Findings: what a static check reports about a definition."""

from __future__ import annotations

from enum import StrEnum

import attrs

from reformflow.model.text import Text


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@attrs.frozen
class Finding:
    """Something a check found: a code, the path of the definition's part, the clauses."""

    code: str
    severity: Severity
    path: tuple[str, ...]
    says: Text
    clauses: tuple[str, ...] = ()
    witness: str = ""
