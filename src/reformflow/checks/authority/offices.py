"""Offices that answer for a date and may do nothing about it, and roles that nobody needs."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundWorkflow
from reformflow.checks.authority.staff import roles_of
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

ANSWERS = "answers_without_right"
UNUSED = "unused_role"


def offices_without_right(subject: Subject) -> Iterator[Finding]:
    """Yield each deadline for which only offices answer that may do nothing about it.

    An office may do something if it may open, fire, sign, record, extend or correct anything in
    the workflow, its parent's or its children's.
    """
    for flow in subject.flows:
        able = {role for other in _near(subject, flow) for role in roles_of(other.workflow)}
        for item in flow.transitions.values():
            roles = [role for role, _ in item.deadline.answerable] if item.deadline else []
            if item.deadline is None or not roles or able.intersection(roles):
                continue
            listed = ", ".join(dict.fromkeys(roles))
            says = Text(
                f"{listed} answers for the date of {item.id}, but may do nothing in {flow.id}",
                f"{listed}对{item.id}的期限负责，但在{flow.id}中无权做任何事",
            )
            path = f"{flow.id}.transitions.{item.id}.due.answerable"
            witness = Witness(parts=tuple(dict.fromkeys(roles)))
            yield Finding(ANSWERS, Severity.WARNING, path, says, item.deadline.clauses, witness)


def unused_roles(subject: Subject) -> Iterator[Finding]:
    """Yield each role that may do nothing and answers for nothing, in any workflow."""
    used: set[str] = set()
    for flow in subject.flows:
        used.update(roles_of(flow.workflow))
        for item in flow.workflow.transitions:
            used.update(one.role for one in item.due.answerable) if item.due else None
    for role in subject.bound.roles.values():
        if role.id not in used:
            says = Text(
                f"the role {role.id} may do nothing and answers for nothing",
                f"角色{role.id}无权做任何事，也不对任何事负责",
            )
            path = f"reform.roles.{role.id}"
            yield Finding(UNUSED, Severity.NOTE, path, says, role.clauses)


# ---------------------------------------------------------------------------------------------


def _near(subject: Subject, flow: BoundWorkflow) -> Iterator[BoundWorkflow]:
    yield flow
    if flow.parent is not None:
        yield subject.bound.workflows[flow.parent]
    for relation in flow.relations.values():
        yield subject.bound.workflows[relation.workflow]
