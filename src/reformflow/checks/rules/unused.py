"""Rules that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.checks.subject import Subject
from reformflow.model import SELF, Finding, Name, Severity, Text, Witness, Workflow

CODE = "rule_unused"


def rules_unused(subject: Subject) -> Iterator[Finding]:
    """Yield each rule that no transition, opening, fact, duty or other rule names."""
    for flow in subject.flows:
        used = set(_used(flow.workflow))
        for rule in flow.rules.values():
            if rule.id not in used:
                says = Text(f"nothing needs the rule {rule.id}", f"没有任何内容用到规则{rule.id}")
                path, witness = f"{flow.id}.rules.{rule.id}", Witness(parts=(rule.id,))
                yield Finding(CODE, Severity.WARNING, path, says, rule.clauses, witness)


# ---------------------------------------------------------------------------------------------


def _used(flow: Workflow) -> Iterator[str]:
    yield from flow.opening.needs
    for transition in flow.transitions:
        yield from transition.needs
    yield from _named(flow)


def _named(part: object) -> Iterator[str]:
    """Yield every name of the case itself in any expression of a part of the definition."""
    if isinstance(part, Name) and part.owner == SELF:
        yield part.column
    elif isinstance(part, tuple):
        for one in part:
            yield from _named(one)
    else:
        kind = type(part)
        for field in attrs.fields(kind) if attrs.has(kind) else ():
            yield from _named(getattr(part, field.name))
