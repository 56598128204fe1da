"""Transitions that never fire though cases come to where they start, and why they do not.

Some wait for themselves: they could only ever fire after having fired. Some wait for each other,
across tracks or between a case and its kin. The others need what never holds there.
"""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.structure.waiting import Node, Waiting
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Witness

NEVER_FIRES = "never_fires"
NEVER_FIRST = "never_first"
IN_A_CIRCLE = "waits_in_a_circle"


def never_firing(subject: Subject) -> Iterator[Finding]:
    """Yield each transition that never fires; of those that wait for each other only one."""
    waiting = Waiting.of(subject)
    for circle in waiting.circles:
        yield _first(waiting, circle[0]) if len(circle) == 1 else circle_of(waiting, circle)
    told = {node for circle in waiting.circles for node in circle}
    for node in waiting.stuck:
        if node not in told and waiting.begins(node):
            yield _never(waiting, node)


def circle_of(waiting: Waiting, circle: tuple[Node, ...]) -> Finding:
    """Return the finding that transitions wait for each other, in that order."""
    flows = {flow for flow, _ in circle}
    names = [name if len(flows) == 1 else f"{flow}.{name}" for flow, name in circle]
    round_ = " → ".join((*names, names[0]))
    says = Text(
        f"each waits for the next, so none of them ever fires: {round_}",
        f"各自等待下一个，因此谁都不会发生：{round_}",
    )
    return _finding(waiting, circle[0], IN_A_CIRCLE, says, tuple(names))


# ---------------------------------------------------------------------------------------------


def _never(waiting: Waiting, node: Node) -> Finding:
    ways, item = waiting.ways[node[0]], waiting.stuck[node]
    before = ways.before(item)
    rules = ways.blockers(item, before)
    overtakers = () if rules else ways.overtakers(item, before)
    listed = ", ".join(rules or overtakers)
    if rules:
        en, zh = f"{listed} never holds there", f"{listed}在那里从不成立"
        if len(rules) > 1:
            en, zh = f"{listed} never hold together there", f"{listed}在那里从不同时成立"
    elif overtakers:
        en, zh = f"{listed} fires by itself before", f"{listed}总是先自动发生"
    elif item.transition.by_itself and not item.transition.automatic:
        en, zh = "the day it waits for is never known", "它等待的日期从不确定"
    elif all(when is None for _, when in item.to):
        en, zh = "what it sets never fits", "它要写入的值从不合乎范围"
    else:
        en, zh = "none of its branches ever applies", "它的任何分支都从不适用"
    says = Text(f"{item.id} never fires: {en}", f"{item.id}从不发生：{zh}")
    return _finding(waiting, node, NEVER_FIRES, says, (*rules, *overtakers))


def _first(waiting: Waiting, node: Node) -> Finding:
    ways, item = waiting.ways[node[0]], waiting.stuck[node]
    rules = ways.blockers(item, ways.before(item))
    listed = f" ({', '.join(rules)})" if rules else ""
    says = Text(
        f"{item.id} can never be fired for the first time: only it brings what it needs{listed}",
        f"{item.id}永远无法首次发生：它所需的只能由它自己带来{listed}",
    )
    return _finding(waiting, node, NEVER_FIRST, says, rules)


def _finding(
    waiting: Waiting, node: Node, code: str, says: Text, parts: tuple[str, ...]
) -> Finding:
    flow, item = waiting.ways[node[0]].flow, waiting.stuck[node]
    rules = [flow.rules[part] for part in parts if part in flow.rules]
    clauses = (*item.transition.clauses, *(clause for rule in rules for clause in rule.clauses))
    path = f"{flow.id}.transitions.{item.id}"
    witness = Witness(parts=parts)
    return Finding(code, Severity.ERROR, path, says, tuple(dict.fromkeys(clauses)), witness)
