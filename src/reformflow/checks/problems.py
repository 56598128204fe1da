"""What is wrong with a reform before it can be looked at, as findings."""

from __future__ import annotations

from reformflow.errors import CalendarError, Problem
from reformflow.model import Finding, Severity, Text


def not_bound(problem: Problem) -> Finding:
    """Return the finding that a name or a type does not fit."""
    says = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    return Finding(problem.code, Severity.ERROR, problem.place.field, Text(says))


def no_calendar(error: CalendarError) -> Finding:
    """Return the finding that there is no calendar, or none for some year."""
    return Finding("calendar_not_covered", Severity.ERROR, "reform.calendar", Text(str(error)))
