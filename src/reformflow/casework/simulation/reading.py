"""Reading the assumptions of a simulation from a file.

workflow: permit
until: 2025-12-31
durations: {apply: {triangular: [1, 3, 10]}, grant: {lognormal: [6, 1.5]}}
chances: {refuse: 0.1}
capacity: {market_office: 4}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import attrs

from reformflow.binding import BoundReform
from reformflow.casework.simulation.model import NUMBERS, Durations, Shape, Spread
from reformflow.errors import nearest
from reformflow.formats.forms import (
    FAULTY,
    DayForm,
    Faulty,
    FlagForm,
    IdForm,
    NumberForm,
    Plain,
    Schema,
    Spot,
)
from reformflow.formats.nodes import Leaf, ListNode, MapNode, Node
from reformflow.formats.records import Field, PairsForm, RecordForm
from reformflow.formats.single import Names, read_single

_DECIMAL: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


def read_durations(path: Path, bound: BoundReform) -> Durations:
    """Read assumptions; InputError with every problem, by line and field, if there is any."""
    found: Durations = read_single(path, _DURATIONS, lambda read, names: _check(read, bound, names))
    return attrs.evolve(
        found,
        spreads=dict(found.spreads),
        chances=dict(found.chances),
        capacity=dict(found.capacity),
    )


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _DecimalForm:
    """A number that is not negative, such as 3 or 1.5, up to `most`."""

    most: float = 100_000.0

    def read(self, node: Node, spot: Spot) -> float | Faulty:
        """Read the value, or report why there is none."""
        if not isinstance(node, Leaf) or not _DECIMAL.fullmatch(node.text):
            return spot.wrong(node, "a number that is not negative, such as 3 or 1.5")
        value = float(node.text)
        if value > self.most:
            return spot.fault(node, "out_of_range", f"{node.text} is more than {self.most:g}")
        return value

    def write(self, value: float) -> Plain:
        """Write plain data that reads back as `value`."""
        return int(value) if value == int(value) else str(value)

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": "number", "minimum": 0, "maximum": self.most}


_NUMBER: Final = _DecimalForm()


@attrs.frozen
class _SpreadForm:
    """A number of days, or a shape with its numbers: `{triangular: [2, 5, 12]}`."""

    def read(self, node: Node, spot: Spot) -> Spread | Faulty:
        """Read the value, or report why there is none."""
        if isinstance(node, Leaf):
            days = _NUMBER.read(node, spot)
            return days if isinstance(days, Faulty) else Spread(Shape.FIXED, (days,))
        if not isinstance(node, MapNode) or len(node.entries) != 1:
            hint = "write a number of days, or one of " + ", ".join(Shape)
            return spot.wrong(node, "a duration", hint)
        leaf, inner = node.entries[0]
        here = spot.key(leaf.text)
        if leaf.text not in list(Shape):
            message = f"unknown shape {leaf.text!r}"
            return here.fault(leaf, "unknown_shape", message, nearest(leaf.text, list(Shape)))
        return self._numbers(Shape(leaf.text), inner, here)

    def _numbers(self, shape: Shape, node: Node, spot: Spot) -> Spread | Faulty:
        items = node.items if isinstance(node, ListNode) else (node,)
        read = [_NUMBER.read(item, spot.item(index)) for index, item in enumerate(items)]
        numbers = tuple(number for number in read if not isinstance(number, Faulty))
        if len(numbers) < len(read):
            return FAULTY
        wanted = NUMBERS.get(shape, max(1, len(numbers)))
        if len(numbers) != wanted:
            message = f"{shape} takes {wanted} numbers, not {len(numbers)}"
            return spot.fault(node, "wrong_length", message)
        if shape in {Shape.UNIFORM, Shape.TRIANGULAR} and list(numbers) != sorted(numbers):
            return spot.fault(node, "out_of_order", "the numbers go from the least to the most")
        if shape is Shape.LOGNORMAL and not (numbers[0] > 0 and numbers[1] >= 1):
            message = "lognormal takes a median above 0 and a spread of 1 or more"
            return spot.fault(node, "out_of_range", message)
        return Spread(shape, numbers)

    def write(self, value: Spread) -> Plain:
        """Write plain data that reads back as `value`."""
        return {value.shape.value: [_NUMBER.write(number) for number in value.numbers]}

    def schema(self, defs: Schema) -> Schema:
        """Describe what can be read."""
        number = _NUMBER.schema(defs)
        several = {"anyOf": [number, {"type": "array", "items": number}]}
        shapes = {"type": "object", "properties": dict.fromkeys(Shape, several)}
        return {"anyOf": [number, {**shapes, "additionalProperties": False, "maxProperties": 1}]}


_DURATIONS: Final = RecordForm(
    "durations",
    Durations,
    (
        Field("workflow", IdForm("a workflow"), required=True),
        Field("until", DayForm(), required=True),
        Field("durations", PairsForm(_SpreadForm()), name="spreads", required=True),
        Field("chances", PairsForm(_DecimalForm(1.0))),
        Field("capacity", PairsForm(NumberForm(1, 1_000_000))),
        Field("working_days", FlagForm()),
    ),
)


def _check(found: Durations, bound: BoundReform, names: Names) -> None:
    """Report names that the reform does not have."""
    if not names.known(("workflow",), "workflow", found.workflow, bound.workflows):
        return
    transitions = bound.workflows[found.workflow].transitions
    for key, pairs in (("durations", found.spreads), ("chances", found.chances)):
        for transition, _ in _pairs(pairs):
            names.known((key, transition), "transition", transition, transitions)
    for role, _ in _pairs(found.capacity):
        names.known(("capacity", role), "role", role, bound.roles)


def _pairs(read: object) -> Iterable[tuple[str, object]]:
    """Return a table as its form read it, before it is one."""
    return read if isinstance(read, tuple) else ()
