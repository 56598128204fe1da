"""What the solver is asked, and what it answers: demands on a case, and a case that meets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType

import attrs

from reformflow.language.meaning import Columns, View, evaluate
from reformflow.model import PARENT, SELF, Expression, Value


class Truth(StrEnum):
    """What an expression is demanded to be; it is true, false or unknown."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    NOT_TRUE = "not true"
    NOT_FALSE = "not false"

    def admits(self, value: Value) -> bool:
        """Say whether the value of an expression is as demanded."""
        match self:
            case Truth.TRUE:
                return value is True
            case Truth.FALSE:
                return value is False
            case Truth.UNKNOWN:
                return value is None
            case Truth.NOT_TRUE:
                return value is not True
            case Truth.NOT_FALSE:
                return value is not False


@attrs.frozen(cache_hash=True)  # answers are looked up by demands, and expressions are deep
class Demand:
    """That a lowered expression is true, or what else `truth` says.

    `label` names it where it takes part in a contradiction; one without a label is taken for
    granted there.
    """

    label: str
    expression: Expression
    truth: Truth = Truth.TRUE


@attrs.frozen
class Situation:
    """A case in its family on a day: the columns that were asked about.

    `frames` has the columns of each owner of names: the case itself, its parent, and whatever
    else the world of the question names. `children` are by relation. A column that is not there
    makes no difference.
    """

    today: date
    frames: Mapping[str, Columns]
    children: Mapping[str, tuple[Columns, ...]] = MappingProxyType({})

    @property
    def values(self) -> Columns:
        """The columns of the case itself."""
        return self.frames[SELF]

    @property
    def listed(self) -> tuple[tuple[str, Value], ...]:
        """Every column with its value, as a witness shows it, also `parent.a` and `kin[0].b`."""
        shown: list[tuple[str, Value]] = []
        for owner, columns in self.frames.items():
            prefix = f"{owner}." if owner else ""
            facts_first = sorted(columns.items(), key=lambda column: "." in column[0])
            shown += [(f"{prefix}{name}", value) for name, value in facts_first]
        for relation, children in self.children.items():
            shown.append((f"count({relation})", len(children)))
            for index, child in enumerate(children):
                shown += [(f"{relation}[{index}].{name}", value) for name, value in child.items()]
        return tuple(shown)

    def value(self, expression: Expression) -> Value:
        """Return what an expression is here, by the reference evaluator."""
        others = {owner: columns for owner, columns in self.frames.items() if owner}
        parent = others.pop(PARENT, Partial())
        children = self.children
        view = View(
            self.values, self.today, parent, lambda name: children.get(name, ()), others=others
        )
        return evaluate(expression, view)

    def meets(self, demand: Demand) -> bool:
        """Say whether a demand is met here."""
        return demand.truth.admits(self.value(demand.expression))


class Partial(dict[str, Value]):
    """Some columns of a case; the others are not recorded."""

    def __missing__(self, key: str) -> Value:
        return None


class Wanted(IntEnum):
    """What is wanted of an answer: whether there is a case, which one, or a plain one."""

    VERDICT = 0
    CASE = 1
    PLAIN = 2


class Verdict(StrEnum):
    """Whether all demands can be met at once."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@attrs.frozen
class Answer:
    """What the solver says to some demands.

    If they can be met, `situation` meets them: that was tried out with the reference evaluator.
    If they cannot, `core` are the labels of demands that exclude each other: each of them is
    needed for that. An unknown answer is no claim at all.
    """

    verdict: Verdict
    situation: Situation | None = None
    core: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether some case is known to meet the demands."""
        return self.verdict is Verdict.POSSIBLE

    @property
    def impossible(self) -> bool:
        """Whether it is proven that no case meets the demands."""
        return self.verdict is Verdict.IMPOSSIBLE
