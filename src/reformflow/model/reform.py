"""A reform: the clauses of one policy document, its roles, policies and workflows."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import attrs

from reformflow.errors import UnknownName
from reformflow.model.clauses import Clause
from reformflow.model.policies import Policy, PolicySetting, Setting
from reformflow.model.roles import Role
from reformflow.model.text import Text
from reformflow.model.workflow import Workflow


@attrs.frozen
class Document:
    """The policy document that a reform encodes."""

    title: Text
    number: str = ""
    issuer: Text = Text()
    adopted_on: date | None = None
    issued_on: date | None = None
    clauses: tuple[str, ...] = ()


@attrs.frozen
class CalendarChoice:
    """Which working-day calendar a reform counts with, and what it lays over it.

    `days_off` and `working_days` correct single days; `years` are those which these two lists
    describe completely, besides the weekends.
    """

    name: str = "weekdays"
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    years: tuple[int, ...] = ()


@attrs.frozen
class Reform:
    """The one definition value that every reader reads."""

    id: str
    document: Document
    workflows: tuple[Workflow, ...]
    clauses: tuple[Clause, ...] = ()
    roles: tuple[Role, ...] = ()
    policies: tuple[Policy, ...] = ()
    effective_from: Setting | None = None
    time_zone: str = "UTC"
    calendar: CalendarChoice = CalendarChoice()

    @property
    def effective_on(self) -> date | None:
        """The day the document takes effect, from the definition or the policy it names."""
        setting = self.effective_from
        if isinstance(setting, PolicySetting):
            setting = self.policy(setting.policy).value
        return setting if isinstance(setting, date) else self.document.issued_on

    def workflow(self, id: str) -> Workflow:  # noqa: A002
        """Return the workflow named `id`; UnknownName if there is none."""
        return _named("workflow", self.workflows, id)

    def policy(self, id: str) -> Policy:  # noqa: A002
        """Return the policy named `id`; UnknownName if there is none."""
        return _named("policy", self.policies, id)

    def choosing(self, **choices: str) -> Reform:
        """Return this reform with other policy options; UnknownName for what does not exist."""
        for name, choice in choices.items():
            names = [option.name for option in self.policy(name).options]
            if choice not in names:
                raise UnknownName.of(f"option of policy {name!r}", choice, names)
        policies = tuple(
            attrs.evolve(policy, chosen=choices.get(policy.id, policy.chosen))
            for policy in self.policies
        )
        return attrs.evolve(self, policies=policies)


_Item = TypeVar("_Item", Workflow, Policy)


def _named(kind: str, items: tuple[_Item, ...], name: str) -> _Item:
    for item in items:
        if item.id == name:
            return item
    raise UnknownName.of(kind, name, [item.id for item in items])
