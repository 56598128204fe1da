"""A case and its children that wait for each other, once there are children.

What is asked of all children is met by a case that has none. So it is asked again as if there
were always one: transitions that then wait for each other do so in every case that has children.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from reformflow.binding import bind
from reformflow.checks.structure.holding import children_holding_up
from reformflow.checks.structure.never import circle_of
from reformflow.checks.structure.waiting import Waiting
from reformflow.checks.subject import Subject
from reformflow.model import (
    Aggregate,
    And,
    Expression,
    Finding,
    Not,
    Quantifier,
    Reform,
    Severity,
    Text,
    Workflow,
)

CODE = "waits_once_there_are_children"


def waiting_with_children(subject: Subject) -> Iterator[Finding]:
    """Yield each circle of transitions that wait for each other where a case has children.

    Else what a child in some state stops for good.
    """
    peopled = _peopled(subject.bound.reform)
    if peopled == subject.bound.reform:
        return
    known = {frozenset(circle) for circle in Waiting.of(subject).circles}
    waiting = Waiting.of(Subject.of(bind(peopled)))
    told = {node for circle in waiting.circles for node in circle}
    for circle in waiting.circles:
        flows = {flow for flow, _ in circle}
        if len(flows) > 1 and frozenset(circle) not in known:
            found = circle_of(waiting, circle)
            says = Text(
                f"once there are children, {found.says.en}", f"一旦有下级案件，{found.says.zh}"
            )
            yield attrs.evolve(found, code=CODE, severity=Severity.WARNING, says=says)
    yield from children_holding_up(subject, told)


# ---------------------------------------------------------------------------------------------


def _peopled(reform: Reform) -> Reform:
    """Return a reform whose rules about all children also ask that there is one."""
    flows = tuple(_with_children(flow) for flow in reform.workflows)
    return attrs.evolve(reform, workflows=flows)


def _with_children(flow: Workflow) -> Workflow:
    rules = tuple(
        attrs.evolve(rule, requires=_asking_for_one(rule.requires)) for rule in flow.rules
    )
    return attrs.evolve(flow, rules=rules)


def _asking_for_one(condition: Expression) -> Expression:
    match condition:
        case And(operands=operands):
            return And(tuple(map(_asking_for_one, operands)))
        case Aggregate(quantifier=Quantifier.ALL):
            return And((condition, attrs.evolve(condition, quantifier=Quantifier.ANY)))
        case Not(operand=Aggregate(quantifier=Quantifier.ANY, element=element) as some):
            return And((condition, attrs.evolve(some, element=Not(element))))
        case _:
            return condition
