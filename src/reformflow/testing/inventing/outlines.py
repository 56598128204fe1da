"""Outlines: the facts and states of a workflow made up by lot, before anything is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from reformflow.model import (
    Choice,
    Fact,
    FactType,
    Scalar,
    Stage,
    State,
    Text,
    Track,
)
from reformflow.testing.drawing import Lot

ROLES: Final = ("office", "bureau", "treasury")
"""The roles of every reform made up; the second is held for one unit at a time."""

CLAUSES: Final = ("C1", "C2", "C3")
START: Final = date(2021, 3, 1)
NUMBERS: Final = "least"
LATE: Final = "tardy"
"""The policies of every reform made up: a number, and what lateness means."""

_KINDS: Final = {
    "agreed": FactType.BOOL,
    "size": FactType.INT,
    "told_on": FactType.DATE,
    "colour": FactType.CHOICE,
    "note": FactType.TEXT,
    "urgent": FactType.BOOL,
    "rounds": FactType.INT,
}
_COLOURS: Final = ("red", "green", "蓝")
_STATES: Final = ("begun", "sent", "looked_at", "closed")


@attrs.frozen
class Outline:
    """What can be said something of: facts, tracks, the parent, and the children by relation."""

    id: str
    facts: tuple[Fact, ...]
    tracks: tuple[Track, ...]
    parent: Outline | None = None
    children: Mapping[str, Outline] = attrs.field(factory=dict)

    def of(self, kind: FactType) -> list[str]:
        """Return the facts of one type."""
        return [fact.id for fact in self.facts if fact.type is kind]

    def states(self, track: str) -> list[str]:
        """Return the states of a track."""
        return [state.id for one in self.tracks if one.id == track for state in one.states]


def outline(lot: Lot, name: str) -> Outline:
    """Make up the facts and the tracks of a workflow."""
    chosen = lot.some(list(_KINDS), 5)
    facts = tuple(_fact(lot.part(4), fact) for fact in chosen)
    tracks = [_track(lot.part(4), "progress")]
    if lot.chance(0.4):
        tracks.append(_track(lot.part(4), "oversight"))
    return Outline(name, facts, tuple(tracks))


# ---------------------------------------------------------------------------------------------


def _fact(lot: Lot, name: str) -> Fact:
    kind = _KINDS[name]
    bounded = kind is FactType.INT and not lot.chance(0.3)
    return Fact(
        name,
        kind,
        by=(lot.pick(ROLES),),
        label=Text(name, name),
        choices=tuple(map(Choice, _COLOURS)) if kind is FactType.CHOICE else (),
        minimum=0 if bounded else None,
        maximum=9 if bounded else None,
        initial=_initial(lot, kind) if lot.chance(0.3) else None,
        clauses=("C1",) if lot.chance(0.2) else (),
    )


def _initial(lot: Lot, kind: FactType) -> Scalar:
    match kind:
        case FactType.BOOL:
            return lot.chance(0.5)
        case FactType.INT:
            return lot.number(4)
        case FactType.DATE:
            return START
        case FactType.CHOICE:
            return lot.pick(_COLOURS)
        case FactType.TEXT:
            return "吉"


def _track(lot: Lot, name: str) -> Track:
    number = 2 + lot.number(len(_STATES) - 1)
    staged = lot.chance(0.3)
    endless = lot.chance(0.2)
    states = tuple(
        State(
            id,
            Text(id, id),
            stage="early" if staged and place < number - 1 else None,
            final=place == number - 1 and not endless,
        )
        for place, id in enumerate(_STATES[:number])  # noqa: A001
    )
    stages = (Stage("early", Text("early", "前期")),) if staged else ()
    return Track(name, _STATES[0], states, stages, Text(name, name))
