"""A finite system: variables with few values, how it begins, and the commands that change it.

It is what is left of a workflow when only the questions are kept that its guards ask. The two
ways of searching it, by decision diagrams and by bit sets, read nothing else.
"""

from __future__ import annotations

from math import prod

import attrs

from reformflow.checks.reach.formulas import TRUE, Formula
from reformflow.model import Value

Values = frozenset[int]
"""Numbers of values of one variable."""


@attrs.frozen
class Variable:
    """A column with the values that rules tell apart, each shown by one that stands for it.

    The value None stands for "not recorded".
    """

    name: str
    shown: tuple[Value, ...]


@attrs.frozen
class Free:
    """A variable to which an act may give any of some values where `when` holds.

    With `once` only while it has none, which is value number 0.
    """

    variable: str
    values: Values
    when: Formula = TRUE
    once: bool = False


@attrs.frozen
class Outcome:
    """One way in which a command ends: where `when` holds, the variables get such values."""

    when: Formula = TRUE
    writes: tuple[tuple[str, Values], ...] = ()


@attrs.frozen
class Need:
    """A part of a guard, and the rules of the definition that it comes from, if any."""

    rules: tuple[str, ...]
    holds: Formula


@attrs.frozen
class Command:
    """Something that can happen: a transition fires, or facts are recorded.

    It may begin where `before` holds; then facts are recorded, one after the other; with these
    the `needs` have to hold, and one of the `outcomes` is taken. `urgent` is for what fires by
    itself as soon as it may, and holds where nothing can keep it from that.
    """

    name: str
    before: Formula
    frees: tuple[Free, ...] = ()
    needs: tuple[Need, ...] = ()
    outcomes: tuple[Outcome, ...] = (Outcome(),)
    urgent: Formula | None = None


@attrs.frozen
class Opening:
    """One way in which a case begins: what its variables may hold, and what has to be so."""

    values: tuple[tuple[str, Values], ...]
    needs: tuple[Need, ...] = ()


@attrs.frozen
class System:
    """The finite system of one workflow.

    The variables stand in the order in which decision diagrams ask for them; commands that are
    urgent in the order in which they are tried.
    """

    workflow: str
    variables: tuple[Variable, ...]
    openings: tuple[Opening, ...]
    commands: tuple[Command, ...]

    @property
    def size(self) -> int:
        """The number of combinations of values, reachable or not."""
        return prod(len(variable.shown) for variable in self.variables)
