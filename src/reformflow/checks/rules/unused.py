"""Rules that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.mentions import mentions
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
    yield from (name.column for name in mentions(flow, Name) if name.owner == SELF)
