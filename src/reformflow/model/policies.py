"""Policies: named choices where the document is silent or ambiguous."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.model.text import Text

Scalar = bool | int | str | date
"""A value that a policy, a fact or a literal may have."""


@attrs.frozen
class Option:
    """One option of a policy: its name and the value that rules and dates read."""

    name: str
    value: Scalar


@attrs.frozen
class PolicySetting:
    """A reference to a policy, used where a definition would otherwise hold a constant."""

    policy: str


Setting = Scalar | PolicySetting
"""A value written into a definition, or the policy that supplies it."""


@attrs.frozen
class Policy:
    """A named choice: its options, the default, the clauses it interprets, and what is chosen.

    `interprets` is free text for the author's own list of ambiguities (an id such as `A12`).
    """

    id: str
    default: str
    options: tuple[Option, ...]
    says: Text = Text()
    clauses: tuple[str, ...] = ()
    interprets: str = ""
    chosen: str | None = None

    @property
    def choice(self) -> str:
        """The name of the option in force: the chosen one, else the default."""
        return self.default if self.chosen is None else self.chosen

    @property
    def value(self) -> Scalar:
        """The value of the option in force; KeyError if that option does not exist."""
        return {option.name: option.value for option in self.options}[self.choice]
