"""What gives no reason: a binding clause that is not enforced, a rule that cites no clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reformflow.checks.subject import Subject
from reformflow.model import Basis, Finding, Modality, Severity, Standing, Text

WITHOUT_REASON = "standing_without_reason"
WITHOUT_CLAUSE = "rule_without_clause"

BINDING: Final = frozenset(
    {
        Modality.MUST,
        Modality.MUST_NOT,
        Modality.NO_LATER_THAN,
        Modality.AT_MOST,
        Modality.AT_LEAST,
    }
)
"""The modalities of a clause that somebody has to keep."""


def standings_without_reason(subject: Subject) -> Iterator[Finding]:
    """Yield each binding clause that is only monitored, or narrative, and does not say why."""
    for clause in subject.bound.reform.clauses:
        if clause.standing is Standing.ENFORCED or clause.modality not in BINDING or clause.why:
            continue
        says = Text(
            f"clause {clause.id} binds ({clause.modality}) and is {clause.standing} only, without "
            "a reason (`why`)",
            f"条款{clause.id}具有约束力（{clause.modality}），却只定为{clause.standing}，"
            "没有说明原因（why）",
        )
        path = f"clauses.{clause.id}"
        yield Finding(WITHOUT_REASON, Severity.WARNING, path, says, (clause.id,))


def rules_without_clause(subject: Subject) -> Iterator[Finding]:
    """Yield each rule that cites no clause, in a reform that has clauses.

    A note where the rule is marked as an addition to the document.
    """
    if not subject.bound.reform.clauses:
        return
    for flow in subject.flows:
        for rule in flow.workflow.rules:
            if rule.clauses:
                continue
            added = rule.basis is Basis.EXTENSION
            says = Text(
                f"rule {rule.id} cites no clause, so its refusals cannot say what they rest on",
                f"规则{rule.id}没有引用条款，不予办理时无法说明依据",
            )
            severity = Severity.NOTE if added else Severity.WARNING
            yield Finding(WITHOUT_CLAUSE, severity, f"{flow.id}.rules.{rule.id}", says)
