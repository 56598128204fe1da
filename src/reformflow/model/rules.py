"""The closed union of nodes that a rule's expression is made of, and the rule itself.

Every reader of an expression is one `match` over `Expression` that ends in `assert_never`.
A name's `column` is a fact (`baseline`), or a dotted part of the case's progress:
`<track>.state`, `<track>.stage`, `<track>.since`, `<transition>.on`, `<transition>.due`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from reformflow.model.clauses import Basis
from reformflow.model.policies import Scalar
from reformflow.model.text import Text

SELF = ""
"""The owner of a name that belongs to the case itself."""

PARENT = "parent"
"""The owner of a name that belongs to the case's parent."""


class Comparison(StrEnum):
    """The comparison operators."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    @property
    def opposite(self) -> Comparison:
        """The comparison that is true exactly when this one is false."""
        return _OPPOSITE[self]


_OPPOSITE = {
    Comparison.EQ: Comparison.NE,
    Comparison.NE: Comparison.EQ,
    Comparison.LT: Comparison.GE,
    Comparison.GE: Comparison.LT,
    Comparison.LE: Comparison.GT,
    Comparison.GT: Comparison.LE,
}


class Operator(StrEnum):
    """The operators of whole-number arithmetic; one side of `*` is a constant."""

    ADD = "+"
    SUB = "-"
    MUL = "*"


class Quantifier(StrEnum):
    """What an aggregate over child cases answers."""

    ALL = "all"
    ANY = "any"
    COUNT = "count"
    SUM = "sum"


@attrs.frozen
class Literal:
    """A constant: bool, whole number, text or date."""

    value: Scalar


@attrs.frozen
class Name:
    """A column of the case (`owner` is ""), of its parent, or of an aggregate's child."""

    column: str
    owner: str = SELF


@attrs.frozen
class PolicyName:
    """The value of a policy."""

    policy: str


@attrs.frozen
class Today:
    """The day on which the act occurred."""


@attrs.frozen
class Compare:
    """A comparison of two operands of one type; unknown if either is missing."""

    op: Comparison
    left: Expression
    right: Expression


@attrs.frozen
class Member:
    """Whether the item is one of the constants; unknown if the item is missing."""

    item: Expression
    options: tuple[Literal, ...]
    negated: bool = False


@attrs.frozen
class Recorded:
    """Whether a column has a value (`is not None`); never unknown."""

    item: Name
    negated: bool = False


@attrs.frozen
class Not:
    """Negation; unknown stays unknown."""

    operand: Expression


@attrs.frozen
class And:
    """Conjunction of two or more operands in Kleene logic."""

    operands: tuple[Expression, ...]


@attrs.frozen
class Or:
    """Disjunction of two or more operands in Kleene logic."""

    operands: tuple[Expression, ...]


@attrs.frozen
class Arithmetic:
    """Whole-number arithmetic; unknown if either side is missing."""

    op: Operator
    left: Expression
    right: Expression


@attrs.frozen
class Aggregate:
    """A question over the child cases of one relation that meet `condition`.

    `all` and `any` follow Kleene logic over the children; `count` is the number of children for
    which condition and element are true, unknown if that is unknown for any child. `sum` adds the
    whole-number element over the children for which the condition is true; it is unknown if the
    condition is for any child, or the element for any child that counts.
    """

    quantifier: Quantifier
    relation: str
    variable: str
    element: Expression
    condition: Expression = Literal(True)  # noqa: FBT003 - the value of a constant


Expression = (
    Literal
    | Name
    | PolicyName
    | Today
    | Compare
    | Member
    | Recorded
    | Not
    | And
    | Or
    | Arithmetic
    | Aggregate
)


@attrs.frozen
class Rule:
    """A guard with an id, the clauses it enforces and a message in both languages.

    `since` and `until` bound the days of occurrence on which the rule is in force (both
    included); outside them it holds.
    """

    id: str
    requires: Expression
    says: Text = Text()
    clauses: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    basis: Basis = Basis.TEXT
