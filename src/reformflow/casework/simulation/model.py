"""What is assumed of a roll-out: how long acts take, what is chosen, what offices can do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from random import Random

import attrs


class Shape(StrEnum):
    """How durations are spread.

    `fixed`: always the same; `uniform`: between two numbers; `triangular`: least, most usual and
    longest; `lognormal`: half of them below the median, two thirds between median / spread and
    median × spread; `observed`: drawn from numbers that were seen.
    """

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    LOGNORMAL = "lognormal"
    OBSERVED = "observed"


NUMBERS = {Shape.FIXED: 1, Shape.UNIFORM: 2, Shape.TRIANGULAR: 3, Shape.LOGNORMAL: 2}
"""How many numbers a shape takes; `observed` takes any."""


@attrs.frozen
class Spread:
    """How long an act takes, in days: a shape and its numbers."""

    shape: Shape
    numbers: tuple[float, ...]

    def draw(self, chance: Random) -> int:
        """Draw a whole number of days, 0 or more."""
        match self.shape:
            case Shape.FIXED:
                days = self.numbers[0]
            case Shape.UNIFORM:
                days = chance.uniform(*self.numbers)
            case Shape.TRIANGULAR:
                least, usual, longest = self.numbers
                days = chance.triangular(least, longest, usual)
            case Shape.LOGNORMAL:
                median, spread = self.numbers
                days = chance.lognormvariate(math.log(median), math.log(spread))
            case Shape.OBSERVED:
                days = chance.choice(self.numbers)
        return max(0, round(days))


@attrs.frozen
class Durations:
    """The assumptions about one workflow.

    `spreads` say how long each transition takes once its state is come to; one without a spread
    does not happen. `chances` are the shares of transitions that leave the same state; those
    without one share what is left. `capacity` is how many acts a role can have in hand at once.
    Days are working days of the reform's calendar if `working_days`. A run ends on `until`.
    """

    workflow: str
    spreads: Mapping[str, Spread]
    until: date
    chances: Mapping[str, float] = attrs.field(factory=dict)
    capacity: Mapping[str, int] = attrs.field(factory=dict)
    working_days: bool = True
