"""Which values of a column make a difference: those that its workflow's rules tell apart.

Whole numbers and days that rules compare with constants fall into spans between these constants;
within a span all comparisons say the same. Texts are those that rules name, and any other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import attrs

from reformflow.binding import Column
from reformflow.checks.reach.system import Values
from reformflow.model import FactType, Scalar, Value

_MOST: Final = 2**63 - 1
_ANYTHING_ELSE: Final = "…"

Span = tuple[int, int]


@attrs.frozen
class Domain:
    """The values of a column that make a difference, each shown by one that stands for it.

    `spans` tells for numbers and days what each stands for; days are counted as ordinals.
    `exact` is whether each stands for itself alone.
    """

    shown: tuple[Value, ...]
    spans: tuple[Span | None, ...] = ()
    exact: bool = True

    @property
    def everything(self) -> Values:
        """All values, also "not recorded"."""
        return frozenset(range(len(self.shown)))

    @property
    def recorded(self) -> Values:
        """All values but "not recorded"."""
        return self.where(lambda _: True)

    @property
    def missing(self) -> Values:
        """The value "not recorded", if the column can be without one."""
        return self.everything - self.recorded

    def where(self, test: Callable[[Scalar], bool]) -> Values:
        """Return the recorded values that pass a test."""
        return frozenset(
            number for number, value in enumerate(self.shown) if value is not None and test(value)
        )

    def holding(self, value: Value) -> Values:
        """Return the value that stands for a given one; none if the column cannot hold it."""
        if value is None:
            return self.missing
        if self.spans:
            number = _ordinal(value)
            return self.overlapping((number, number))
        found = self.where(lambda shown: shown == value)
        return found or self.where(lambda shown: shown == _ANYTHING_ELSE)

    def overlapping(self, span: Span) -> Values:
        """Return the values that stand for something within a span."""
        return frozenset(
            number
            for number, own in enumerate(self.spans)
            if own is not None and own[0] <= span[1] and span[0] <= own[1]
        )


def domain_of(column: Column, constants: Iterable[Scalar]) -> Domain:
    """Return the values of a column that comparisons with some constants tell apart."""
    match column.type:
        case FactType.BOOL:
            return Domain((None, True, False))
        case FactType.CHOICE:
            stateful = column.fact is None
            return Domain(column.choices if stateful else (None, *column.choices))
        case FactType.TEXT:
            named = sorted({str(constant) for constant in constants})
            return Domain((None, *named, _ANYTHING_ELSE), exact=False)
        case FactType.INT:
            return _cut(_bounds(column), constants, int)
        case FactType.DATE:
            return _cut((1, date.max.toordinal()), constants, date.fromordinal)


# ---------------------------------------------------------------------------------------------


def _ordinal(value: Scalar) -> int:
    return value.toordinal() if isinstance(value, date) else int(value)


def _bounds(column: Column) -> Span:
    fact = column.fact
    least = -_MOST if fact is None or fact.minimum is None else fact.minimum
    most = _MOST if fact is None or fact.maximum is None else fact.maximum
    # Bounds are asked of what is recorded, and not of what a case begins with.
    initial = fact.initial if fact is not None and isinstance(fact.initial, int) else least
    return min(least, initial), max(most, initial)


def _cut(bounds: Span, constants: Iterable[Scalar], shown: Callable[[int], Scalar]) -> Domain:
    """Cut a span at constants: what lies between two of them, and each of them by itself."""
    spans: list[Span] = []
    begin, most = bounds
    for cut in sorted({_ordinal(constant) for constant in constants}):
        if begin <= cut <= most:
            spans += [(begin, cut - 1)] if begin < cut else []
            spans.append((cut, cut))
            begin = cut + 1
    spans += [(begin, most)] if begin <= most else []
    return Domain(
        (None, *(shown(most if least == bounds[0] else least) for least, most in spans)),
        (None, *spans),
        exact=all(least == most for least, most in spans),
    )
