"""Facts: the typed attributes of a case."""

from __future__ import annotations

from enum import StrEnum

import attrs

from reformflow.model.clauses import Basis
from reformflow.model.dates import When
from reformflow.model.policies import Scalar
from reformflow.model.rules import Expression
from reformflow.model.text import Text


class FactType(StrEnum):
    """The types a fact may have."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"


@attrs.frozen
class Choice:
    """One value of a choice fact."""

    id: str
    label: Text = Text()


@attrs.frozen
class Fact:
    """A typed attribute of a case, with the roles that may record it.

    `derived` facts are computed when their sources are recorded: dates from `When`
    specifications, other types from an expression. `during` must be true for the fact to be
    recorded by hand; `once` facts change only by correction. Text is at most `max_length`
    characters; whole numbers lie between `minimum` and `maximum`.
    """

    id: str
    type: FactType
    by: tuple[str, ...] = ()
    label: Text = Text()
    choices: tuple[Choice, ...] = ()
    max_length: int = 200
    minimum: int | None = None
    maximum: int | None = None
    initial: Scalar | None = None
    derived: Expression | tuple[When, ...] | None = None
    during: Expression | None = None
    once: bool = False
    clauses: tuple[str, ...] = ()
    basis: Basis = Basis.TEXT
