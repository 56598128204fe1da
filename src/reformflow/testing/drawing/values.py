"""Values of facts: rather those at which a rule changes its answer, seldom impossible ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from reformflow.binding import BoundReform, BoundWorkflow, Column
from reformflow.model import Fact, FactType, Name, Value
from reformflow.testing.drawing.lots import Lot
from reformflow.testing.pathfinding.candidates import Constants, candidates

TEXTS: Final = ("x", "吉", "𠮷", "e\u0301", "x" * 40, 'a; "b"')
_NEAR: Final = (0, 0, -1, 1, -30, 10, 30, -5)
_IMPOSSIBLE: Final = ("?", -1, True, "nul\0", 2**63)
_LARGE: Final = (2**62, -(2**62))


class Values:
    """Draws values for the facts of a reform."""

    def __init__(self, bound: BoundReform, texts: Sequence[str] = TEXTS) -> None:
        """Read off its rules which values tell something; a text is one of these, or of `texts`."""
        self._texts = texts
        self._known = {id: _of_flow(flow) for id, flow in bound.workflows.items()}  # noqa: A001

    def of(self, workflow: str, fact: Fact, today: date, lot: Lot) -> Value:
        """Draw a value; now and then None, which takes it back, or what the fact cannot hold."""
        if lot.chance(0.04):
            return lot.pick((None, None, *_IMPOSSIBLE))
        known = self._known[workflow][fact.id]
        match fact.type:
            case FactType.BOOL:
                return not lot.chance(0.3)
            case FactType.INT:
                large = _LARGE if lot.chance(0.05) else known
                return lot.pick(known[:4] if lot.chance(0.5) else large)
            case FactType.DATE:
                if known and lot.chance(0.3):
                    return lot.pick(known)
                return today + timedelta(days=lot.pick(_NEAR))
            case FactType.TEXT:
                return lot.pick((*known, *self._texts))[: fact.max_length]  # type: ignore[index]
            case FactType.CHOICE:
                return lot.pick(known)

    def some(
        self, flow: BoundWorkflow, names: Iterable[str], today: date, lot: Lot
    ) -> dict[str, Value]:
        """Draw a value for each of the named facts."""
        return {name: self.of(flow.id, flow.facts[name], today, lot) for name in names}


# ---------------------------------------------------------------------------------------------


def _of_flow(flow: BoundWorkflow) -> Mapping[str, tuple[Value, ...]]:
    """Return for each fact the values that tell something, the most telling first."""
    rules = [rule.expression for rule in flow.rules.values()]
    branches = [when for item in flow.transitions.values() for _, when in item.to if when]
    constants = Constants([*rules, *branches, *flow.during.values()])
    return {name: tuple(_of_fact(fact, constants)) for name, fact in flow.facts.items()}


def _of_fact(fact: Fact, constants: Constants) -> Iterable[Value]:
    known = constants.of(Name(fact.id))
    if fact.type in {FactType.DATE, FactType.TEXT}:
        kind = date if fact.type is FactType.DATE else str
        return [value for value in known if isinstance(value, kind)]
    choices = tuple(choice.id for choice in fact.choices)
    column = Column(fact.id, fact.type, choices, fact)
    return [v for v in candidates(column, None, known, (), date.min) if v is not None]
