"""Policies that nothing reads: whatever is chosen, the reform stays the same."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.checks.subject import Subject
from reformflow.model import Finding, PolicyName, PolicySetting, Severity, Text

CODE = "policy_unused"


def policies_unused(subject: Subject) -> Iterator[Finding]:
    """Yield each policy that no rule, date, amount or switch of the reform names."""
    reform = subject.bound.reform
    used = set(_named((reform.effective_from, reform.workflows)))
    for policy in reform.policies:
        if policy.id not in used:
            says = Text(f"nothing reads the policy {policy.id}", f"没有任何内容用到口径{policy.id}")
            path = f"reform.policies.{policy.id}"
            yield Finding(CODE, Severity.WARNING, path, says, policy.clauses)


# ---------------------------------------------------------------------------------------------


def _named(part: object) -> Iterator[str]:
    """Yield every policy that any part of a definition names."""
    if isinstance(part, PolicyName | PolicySetting):
        yield part.policy
    elif isinstance(part, tuple):
        for one in part:
            yield from _named(one)
    else:
        kind = type(part)
        for field in attrs.fields(kind) if attrs.has(kind) else ():
            yield from _named(getattr(part, field.name))
