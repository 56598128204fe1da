"""Casework: the use cases of a reform, in the host's transaction or in a database of its own."""

from reformflow.casework.awaited import AsyncCasework
from reformflow.casework.board import Line
from reformflow.casework.book import Book
from reformflow.casework.bulk.openings import Opening
from reformflow.casework.bulk.plans import Plan
from reformflow.casework.bulk.reports import Report
from reformflow.casework.bulk.ticking import Passed
from reformflow.casework.casework import Casework
from reformflow.casework.connect import connect, preview
from reformflow.casework.practice import Practice
from reformflow.casework.totals import Total
from reformflow.casework.versions.migrating import Migrated, Migration

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
