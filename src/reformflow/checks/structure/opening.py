"""Workflows of which no case can ever be opened."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.checks.reach import Explored
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

CODE = "never_opens"


def never_opens(subject: Subject) -> Iterator[Finding]:
    """Yield each workflow whose opening needs what no case can meet, under any options."""
    for flow in subject.flows:
        if _opens(subject.explored, flow.id):
            continue
        anyhow = subject.under_any_options
        if anyhow is None or _opens(anyhow, flow.id):
            continue
        rules = _blockers(subject.explored, flow.id)
        listed = ", ".join(rules)
        says = Text(
            f"no case is ever opened: no opening can meet {listed}",
            f"任何案件都无法立案：立案时无法满足{listed}",
        )
        cited = (clause for rule in rules for clause in flow.rules[rule].clauses)
        clauses = tuple(dict.fromkeys((*flow.workflow.opening.clauses, *cited)))
        path = f"{flow.id}.opening"
        yield Finding(CODE, Severity.ERROR, path, says, clauses, Witness(parts=rules))


# ---------------------------------------------------------------------------------------------


def _opens(search: Explored, workflow: str) -> bool:
    space = search.spaces[workflow]
    return space.sets.any(space.reached)


def _blockers(search: Explored, workflow: str) -> tuple[str, ...]:
    """Return the fewest rules that together keep cases from being opened by hand."""
    space = search.spaces[workflow]
    opening = space.system.openings[0]
    needs = opening.needs
    for one in needs:
        rest = tuple(need for need in needs if need is not one)
        if not space.sets.any(space.opened(attrs.evolve(opening, needs=rest))):
            needs = rest
    return tuple(rule for need in needs for rule in need.rules)
