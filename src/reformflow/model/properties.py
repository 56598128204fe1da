"""Properties: what the author of a reform expects of every case, told apart from its rules."""

from __future__ import annotations

from datetime import date
from typing import Final

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


@attrs.frozen
class Reserved:
    """That only who holds one of some roles for a case does some acts, and records some facts.

    Acts are transitions, and `open` for the opening; what fires by itself is nobody's act.
    """

    roles: tuple[str, ...]
    acts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@attrs.frozen
class Settled:
    """That while a condition is true nobody records some facts by themselves.

    What a transition records or sets is its own affair.
    """

    facts: tuple[str, ...]
    condition: Expression


OPENING: Final = "open"
"""How the opening of a case is called among acts."""

Expectation = Never | Always | Implies | LeadsTo | Reserved | Settled


@attrs.frozen
class Property:
    """One named expectation about the cases of a workflow, with the clauses it rests on."""

    id: str
    workflow: str
    expects: Expectation
    says: Text = Text()
    clauses: tuple[str, ...] = ()


def names_in(expects: Expectation) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return what an expectation names besides its expressions: the key, the kind, the names."""
    match expects:
        case Reserved(roles=roles, acts=acts, facts=facts):
            return ("only", "role", roles), ("acts", "act", acts), ("records", "fact", facts)
        case Settled(facts=facts):
            return (("settled", "fact", facts),)
        case _:
            return ()
