"""A reform with every option of its policies at once: what is impossible then is so under all.

Each policy becomes a fact of which nothing is known. A transition that a policy switches on or off
gets a rule about it instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import attrs

from reformflow.binding import bind
from reformflow.checks.reach.exploring import Explored, explored
from reformflow.errors import DefinitionError
from reformflow.language.replacing import replaced
from reformflow.model import (
    Arithmetic,
    Choice,
    Deadline,
    Duty,
    Expression,
    Fact,
    FactType,
    Name,
    Operator,
    Policy,
    PolicyName,
    Reform,
    Rule,
    Transition,
    When,
    Window,
    Workflow,
)

_PREFIX: Final = "policy_option"


def under_any_options(reform: Reform) -> Explored | None:
    """Search a reform under all options of its policies; None if they do not go together.

    The options chosen make no difference, so the answer is kept for the next choice.
    """
    undecided = tuple(attrs.evolve(policy, chosen=None) for policy in reform.policies)
    return _searched(attrs.evolve(reform, policies=undecided))


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _searched(reform: Reform) -> Explored | None:
    facts = {
        policy.id: _fact(f"{_PREFIX}_{number}", policy)
        for number, policy in enumerate(reform.policies)
    }
    flows = [_Opened(facts).workflow(flow) for flow in reform.workflows]
    try:
        bound = bind(attrs.evolve(reform, workflows=tuple(flows)))
    except DefinitionError:
        return None
    return explored(bound, apart=[(flow.id, fact.id) for flow in flows for fact in facts.values()])


def _fact(name: str, policy: Policy) -> Fact:
    values = [option.value for option in policy.options]
    match values[0]:
        case bool():
            return Fact(name, FactType.BOOL)
        case int():
            numbers = [value for value in values if isinstance(value, int)]
            return Fact(name, FactType.INT, minimum=min(numbers), maximum=max(numbers))
        case str():
            choices = tuple(Choice(str(value)) for value in dict.fromkeys(values))
            return Fact(name, FactType.CHOICE, choices=choices)
        case _:
            return Fact(name, FactType.DATE)


@attrs.frozen
class _Opened:
    """Writes a workflow with facts in place of policies."""

    facts: Mapping[str, Fact]

    def workflow(self, flow: Workflow) -> Workflow:
        switches = [
            Rule(_switch(item), self._new(item.enabled))
            for item in flow.transitions
            if item.enabled is not None
        ]
        rules = [attrs.evolve(rule, requires=self._new(rule.requires)) for rule in flow.rules]
        return attrs.evolve(
            flow,
            facts=(*map(self._derived, flow.facts), *self.facts.values()),
            rules=(*rules, *switches),
            transitions=tuple(map(self._transition, flow.transitions)),
            duties=tuple(map(self._duty, flow.duties)),
        )

    def _derived(self, fact: Fact) -> Fact:
        derived = fact.derived
        during = None if fact.during is None else self._new(fact.during)
        if isinstance(derived, tuple):
            return attrs.evolve(fact, derived=self._dates(derived), during=during)
        new = None if derived is None else self._new(derived)
        return attrs.evolve(fact, derived=new, during=during)

    def _transition(self, item: Transition) -> Transition:
        switch = () if item.enabled is None else (_switch(item),)
        to = (
            attrs.evolve(branch, when=None if branch.when is None else self._new(branch.when))
            for branch in item.to
        )
        return attrs.evolve(
            item,
            to=tuple(to),
            needs=(*item.needs, *switch),
            sets=tuple((name, self._new(value)) for name, value in item.sets),
            at=self._dates(item.at),
            due=None if item.due is None else self._deadline(item.due),
            window=None if item.window is None else self._window(item.window),
            enabled=None,
        )

    def _deadline(self, due: Deadline) -> Deadline:
        return attrs.evolve(due, dates=self._dates(due.dates), answerable=())

    def _window(self, window: Window) -> Window:
        opens, closes = self._dates(window.opens), self._dates(window.closes)
        return attrs.evolve(window, opens=opens, closes=closes)

    def _duty(self, duty: Duty) -> Duty:
        condition = None if duty.condition is None else self._new(duty.condition)
        sets = tuple((name, self._new(value)) for name, value in duty.sets)
        first = self._dates(duty.first)
        return attrs.evolve(duty, condition=condition, sets=sets, first=first, enabled=None)

    def _dates(self, dates: tuple[When, ...]) -> tuple[When, ...]:
        return tuple(
            attrs.evolve(date, when=None if date.when is None else self._new(date.when))
            for date in dates
        )

    def _new(self, expression: Expression) -> Expression:
        return replaced(expression, self._named)

    def _named(self, node: Expression) -> Expression | None:
        match node:
            case PolicyName(policy=policy) if policy in self.facts:
                return Name(self.facts[policy].id)
            case Arithmetic(op=Operator.MUL):
                return node  # only a constant may be multiplied with, and what comes out is open
            case _:
                return None


def _switch(item: Transition) -> str:
    return f"{_PREFIX}_of_{item.id}"
