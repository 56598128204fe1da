"""Workflows with more states than can be searched."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text

CODE = "not_searched"


def too_large_to_search(subject: Subject) -> Iterator[Finding]:
    """Yield each workflow of whose structure nothing can be said."""
    for flow in subject.flows:
        if not subject.explored.spaces[flow.id].complete:
            says = Text(
                f"{flow.id} has too many states to search, so its structure is not checked",
                f"{flow.id}的状态组合过多，无法遍历，其结构未作检查",
            )
            yield Finding(CODE, Severity.NOTE, flow.id, says, flow.workflow.clauses)
