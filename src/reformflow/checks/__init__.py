"""Checks: what can be said about a definition before any case exists."""

from reformflow.checks.catalogue import CHECKS, QUICK, Check, check
from reformflow.checks.dates.schedule import Start, latest_starts
from reformflow.checks.differences import differences
from reformflow.checks.subject import Subject

__all__ = [
    "CHECKS",
    "QUICK",
    "Check",
    "Start",
    "Subject",
    "check",
    "differences",
    "latest_starts",
]
