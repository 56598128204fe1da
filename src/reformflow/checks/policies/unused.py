"""Policies that nothing reads: whatever is chosen, the reform stays the same."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.mentions import mentions
from reformflow.checks.subject import Subject
from reformflow.model import Finding, PolicyName, PolicySetting, Severity, Text

CODE = "policy_unused"


def policies_unused(subject: Subject) -> Iterator[Finding]:
    """Yield each policy that no rule, date, amount or switch of the reform names."""
    reform = subject.bound.reform
    read = (reform.effective_from, reform.workflows)
    named: Iterator[PolicyName | PolicySetting] = mentions(read, PolicyName, PolicySetting)
    used = {name.policy for name in named}
    for policy in reform.policies:
        if policy.id not in used:
            says = Text(f"nothing reads the policy {policy.id}", f"没有任何内容用到口径{policy.id}")
            path = f"reform.policies.{policy.id}"
            yield Finding(CODE, Severity.WARNING, path, says, policy.clauses)
