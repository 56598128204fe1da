"""Casework: the use cases of a reform, in the host's transaction or in a database of its own."""

from reformflow.casework.awaited import AsyncCasework
from reformflow.casework.board import Line
from reformflow.casework.book import Book
from reformflow.casework.casework import Casework
from reformflow.casework.connect import connect, preview
from reformflow.casework.migrating import Migrated, Migration
from reformflow.casework.openings import Opening
from reformflow.casework.plans import Plan
from reformflow.casework.practice import Practice
from reformflow.casework.reports import Report
from reformflow.casework.ticking import Passed
from reformflow.casework.totals import Total

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
