"""Properties: what the author of a reform expects of every case, told apart from its rules."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.model.dates import Unit
from reformflow.model.rules import Expression
from reformflow.model.text import Text


@attrs.frozen
class Never:
    """That a condition is never true of a case."""

    condition: Expression


@attrs.frozen
class Always:
    """That a condition is never false of a case; it may be unknown."""

    condition: Expression


@attrs.frozen
class Implies:
    """That wherever a condition is true of a case, its consequence is true as well."""

    condition: Expression
    consequence: Expression


@attrs.frozen
class LeadsTo:
    """That after a condition has become true, the goal becomes true in time.

    In time is within `amount` of `unit` from the day on which the condition became true, or `by`
    a day. With `answered` it is enough that somebody answers for it when the time has passed: a
    deadline stands over the case, or an act was marked late, with a role that is answerable.
    """

    condition: Expression
    goal: Expression
    unit: Unit = Unit.DAYS
    amount: int = 0
    by: date | None = None
    answered: bool = False


Expectation = Never | Always | Implies | LeadsTo


@attrs.frozen
class Property:
    """One named expectation about the cases of a workflow, with the clauses it rests on."""

    id: str
    workflow: str
    expects: Expectation
    says: Text = Text()
    clauses: tuple[str, ...] = ()
