"""What an expression may still come to while some of what it reads is to be chosen.

Kleene's logic has a third value for what is not recorded. While values are being chosen, a
condition has a set of values that it can still take, written as bits: `TRUE`, `FALSE`, `UNKNOWN`.
Where only one bit is left, no later choice changes the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, assert_never

from reformflow.language.folding import COMPARE, COMPUTE
from reformflow.model import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Expression,
    Literal,
    Member,
    Name,
    Not,
    Or,
    PolicyName,
    Recorded,
    Today,
)

OPEN: Final[Any] = type("Open", (), {"__repr__": lambda _: "OPEN"})()
"""Stands for a value that is not chosen yet."""

SOME: Final[Any] = type("Some", (), {"__repr__": lambda _: "SOME"})()
"""Stands for a value that is not chosen yet, but will be recorded."""

Leaf = Name | Today | Aggregate
"""What an expression reads; an aggregate is read as a whole."""

Cells = list[Any]
Answer = Callable[[Cells], int]
"""A condition: from the values of the leaves to the bits of what it can still come to."""

TRUE: Final = 1
FALSE: Final = 2
UNKNOWN: Final = 4
ANY: Final = TRUE | FALSE | UNKNOWN
BITS: Final[dict[bool | None, int]] = {True: TRUE, False: FALSE, None: UNKNOWN}


class Slots:
    """Numbers the leaves of expressions, so that their values stand in one list."""

    def __init__(self) -> None:
        """Begin without leaves."""
        self.numbers: dict[Leaf, int] = {}

    def of(self, leaf: Leaf) -> int:
        """Return the number of a leaf."""
        return self.numbers.setdefault(leaf, len(self.numbers))


def compiled(node: Expression, slots: Slots) -> Answer:
    """Return a condition as a function from the values of its leaves."""
    match node:
        case Compare(op=op, left=left, right=right):
            return _compare(COMPARE[op], _value(left, slots), _value(right, slots))
        case Member(item=item, options=options, negated=negated):
            values = frozenset((type(option.value), option.value) for option in options)
            return _member(_value(item, slots), values, negated=negated)
        case Recorded(item=item, negated=negated):
            return _recorded(slots.of(item), negated=negated)
        case Not(operand=operand):
            return _not(compiled(operand, slots))
        case And(operands=operands):
            return _all([compiled(one, slots) for one in operands])
        case Or(operands=operands):
            return _not(_all([_not(compiled(one, slots)) for one in operands]))
        case Literal() | Name() | Aggregate() | Arithmetic() | Today() | PolicyName():
            return _plain(_value(node, slots))
        case _:
            assert_never(node)


# ---------------------------------------------------------------------------------------------


def _value(node: Expression, slots: Slots) -> Callable[[Cells], Any]:
    match node:
        case Literal(value=value):
            return lambda _: value
        case Name() | Today() | Aggregate():
            number = slots.of(node)
            return lambda cells: cells[number]
        case Arithmetic(op=op, left=left, right=right):
            return _compute(COMPUTE[op], _value(left, slots), _value(right, slots))
        case _:
            return _known(compiled(node, slots))


def _known(answer: Answer) -> Callable[[Cells], Any]:
    values = {bits: value for value, bits in BITS.items()}
    return lambda cells: values.get(answer(cells), OPEN)


def _plain(value: Callable[[Cells], Any]) -> Answer:
    def answer(cells: Cells) -> int:
        found = value(cells)
        return ANY if found is OPEN else BITS[found]

    return answer


def _compute(
    operate: Callable[[Any, Any], Any],
    left: Callable[[Cells], Any],
    right: Callable[[Cells], Any],
) -> Callable[[Cells], Any]:
    def value(cells: Cells) -> Any:  # noqa: ANN401 - any value of a column
        first, second = left(cells), right(cells)
        if first is None or second is None:
            return None
        return OPEN if first is OPEN or second is OPEN else operate(first, second)

    return value


def _compare(
    operate: Callable[[Any, Any], bool],
    left: Callable[[Cells], Any],
    right: Callable[[Cells], Any],
) -> Answer:
    def answer(cells: Cells) -> int:
        first, second = left(cells), right(cells)
        if first is None or second is None:
            return UNKNOWN
        if first is OPEN or second is OPEN:
            return ANY
        if first is SOME or second is SOME:
            return TRUE | FALSE
        return TRUE if operate(first, second) else FALSE

    return answer


def _member(item: Callable[[Cells], Any], values: frozenset[Any], *, negated: bool) -> Answer:
    def answer(cells: Cells) -> int:
        found = item(cells)
        if found is None:
            return UNKNOWN
        if found is OPEN:
            return ANY
        if found is SOME:
            return TRUE | FALSE
        return TRUE if ((type(found), found) in values) != negated else FALSE

    return answer


def _recorded(number: int, *, negated: bool) -> Answer:
    def answer(cells: Cells) -> int:
        found = cells[number]
        if found is OPEN:
            return TRUE | FALSE
        return TRUE if (found is not None) != negated else FALSE

    return answer


def _not(operand: Answer) -> Answer:
    turned = [
        bits & UNKNOWN | (bits & TRUE and FALSE) | (bits & FALSE and TRUE) for bits in range(8)
    ]
    return lambda cells: turned[operand(cells)]


def _all(operands: list[Answer]) -> Answer:
    def answer(cells: Cells) -> int:
        every, some = ANY, 0
        loose = True  # none of them is false for certain
        for operand in operands:
            bits = operand(cells)
            if bits == FALSE:
                return FALSE
            every &= bits
            some |= bits
            loose = loose and bool(bits & (TRUE | UNKNOWN))
        return every & TRUE | some & FALSE | (some & UNKNOWN if loose else 0)

    return answer
