"""Casework: the use cases of a reform, in the host's transaction or in a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.casework.book import Book
from reformflow.casework.casework import Casework
from reformflow.casework.connect import connect, preview
from reformflow.casework.practice import Practice
from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.casework.awaited import AsyncCasework
    from reformflow.casework.board import Line
    from reformflow.casework.bulk.openings import Opening
    from reformflow.casework.bulk.plans import Plan
    from reformflow.casework.bulk.reports import Report
    from reformflow.casework.bulk.ticking import Passed
    from reformflow.casework.totals import Total
    from reformflow.casework.versions.migrating import Migrated, Migration

_SELDOM = {
    "AsyncCasework": "awaited",
    "Line": "board",
    "Migrated": "versions.migrating",
    "Migration": "versions.migrating",
    "Opening": "bulk.openings",
    "Passed": "bulk.ticking",
    "Plan": "bulk.plans",
    "Report": "bulk.reports",
    "Total": "totals",
}

__all__ = [
    "AsyncCasework",
    "Book",
    "Casework",
    "Line",
    "Migrated",
    "Migration",
    "Opening",
    "Passed",
    "Plan",
    "Practice",
    "Report",
    "Total",
    "connect",
    "preview",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _SELDOM)
