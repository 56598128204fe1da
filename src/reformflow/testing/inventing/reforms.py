"""Reforms made up by lot: families of workflows, policies, a calendar and a time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import attrs

from reformflow.model import (
    CalendarChoice,
    Clause,
    Document,
    Late,
    Modality,
    Option,
    Policy,
    Reform,
    Role,
    Scope,
    Text,
)
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing.outlines import (
    CLAUSES,
    LATE,
    NUMBERS,
    ROLES,
    START,
    Outline,
    outline,
)
from reformflow.testing.inventing.workflows import completed, workflow

_FAMILY: Final = ("plan", "part", "piece")
_OUTLINE: Final = 128
_FLOW: Final = 640
SIZE: Final = 64 + len(_FAMILY) * (_OUTLINE + _FLOW)
"""So many bytes are enough for any reform."""


def reform(lot: Lot, *, workflows: int | None = None) -> Reform:
    """Make up a reform that holds up, of a family of so many workflows, else of one to three."""
    head = lot.part(64)
    number = workflows or head.pick((1, 2, 1, 3))
    outlines = _related([_outlined(lot, name) for name in _FAMILY[:number]], head)
    return Reform(
        "invented",
        Document(Text("Made up by lot", "随机方案"), issued_on=START - timedelta(days=14)),
        tuple(workflow(lot.part(_FLOW), one) for one in outlines),
        clauses=tuple(Clause(id, id, Modality.MUST, Text(id, id)) for id in CLAUSES),  # noqa: A001
        roles=tuple(_roles()),
        policies=tuple(_policies(head)),
        effective_from=START if head.chance(0.3) else None,
        time_zone=head.pick(("UTC", "Asia/Shanghai", "America/New_York")),
        calendar=_calendar(head),
    )


# ---------------------------------------------------------------------------------------------


def _outlined(lot: Lot, name: str) -> Outline:
    drawn = lot.part(_OUTLINE)
    return completed(drawn, outline(drawn, name))


def _related(outlines: list[Outline], lot: Lot) -> Iterator[Outline]:
    """Yield workflows that know their kin: each is the parent of the next, or the first of all."""
    star = lot.chance(0.3)
    above = {child: (0 if star else child - 1) for child in range(1, len(outlines))}
    for place, one in enumerate(outlines):
        parent = outlines[above[place]] if place in above else None
        children = {f"{outlines[c].id}s": outlines[c] for c, p in above.items() if p == place}
        yield attrs.evolve(one, parent=parent, children=children)


def _roles() -> Iterator[Role]:
    for name in ROLES:
        scope = Scope.UNIT if name == ROLES[1] else Scope.ALL
        yield Role(name, Text(name, name), scope)


def _policies(lot: Lot) -> Iterator[Policy]:
    numbers = (Option("few", 2), Option("many", 5))
    yield Policy(NUMBERS, lot.pick(("few", "many")), numbers)
    modes = tuple(Option(mode.value, mode.value) for mode in (Late.FLAG, Late.REFUSE, Late.REASON))
    yield Policy(LATE, lot.pick(modes).name, modes)


def _calendar(lot: Lot) -> CalendarChoice:
    name = lot.pick(("weekdays", "china", "weekdays"))
    off = tuple(START + timedelta(days=7 * n + 2) for n in range(lot.number(3)))
    return CalendarChoice(name, days_off=off)
