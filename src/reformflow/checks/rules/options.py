"""What policies have to do with a rule: where an option switches it off, that is meant so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product

from reformflow.binding import BoundWorkflow
from reformflow.checks.subject import Subject
from reformflow.language.reading import walk
from reformflow.model import SELF, Expression, Name, PolicyName

_MOST = 64


def policies_of(flow: BoundWorkflow, rules: Iterable[str]) -> tuple[str, ...]:
    """Return the policies that some rules read, also through the rules that they name."""
    written = {rule.id: rule.requires for rule in flow.workflow.rules}
    waiting, seen = [rule for rule in rules if rule in written], set[str]()
    found: dict[str, None] = {}
    while waiting:
        rule = waiting.pop()
        seen.add(rule)
        found |= dict.fromkeys(policies_read(written[rule]))
        waiting += [
            node.column
            for node in walk(written[rule])
            if isinstance(node, Name) and node.owner == SELF and node.column in written
            if node.column not in seen
        ]
    return tuple(found)


def policies_read(expression: Expression) -> tuple[str, ...]:
    """Return the policies that an expression as written names."""
    return tuple(node.policy for node in walk(expression) if isinstance(node, PolicyName))


def elsewise(subject: Subject, policies: Iterable[str]) -> Iterator[Subject]:
    """Yield the reform under the other options of some policies, in every combination."""
    chosen = [subject.bound.reform.policy(policy) for policy in dict.fromkeys(policies)]
    listed = [[option.name for option in policy.options] for policy in chosen]
    for names in islice(product(*listed), _MOST):
        choices = dict(zip([policy.id for policy in chosen], names, strict=True))
        if any(policy.choice != choices[policy.id] for policy in chosen):
            other = subject.choosing(choices)
            if other is not None:
                yield other
