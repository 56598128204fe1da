"""Which columns a case of a workflow has, and how a date specification reads them."""

from __future__ import annotations

from collections.abc import Mapping

from reformflow.binding.bound import Column
from reformflow.binding.typist import Names
from reformflow.model import FactType, Scalar, Track, Transition, Workflow

OPENED_ON = "opened.on"
"""The day on which the case was opened."""

CASE_COLUMNS = frozenset({"id", "parent", "unit", "subject", "revision", "definition", "workflow"})
"""What every case has besides the columns of its workflow; no fact may be named so."""


def columns_of(workflow: Workflow) -> dict[str, Column]:
    """Return every column that cases of the workflow may have, by name, in table order."""
    columns: dict[str, Column] = {OPENED_ON: Column(OPENED_ON, FactType.DATE)}
    for track in workflow.tracks:
        states = tuple(state.id for state in track.states)
        _add(columns, f"{track.id}.state", FactType.CHOICE, states)
        for part in ("since", "last", "due"):
            _add(columns, f"{track.id}.{part}", FactType.DATE)
    for fact in workflow.facts:
        choices = tuple(choice.id for choice in fact.choices)
        columns[fact.id] = Column(fact.id, fact.type, choices, fact)
    for transition in workflow.transitions:
        for part, kind in _parts(transition):
            _add(columns, f"{transition.id}.{part}", kind)
    for duty in workflow.duties:
        _add(columns, f"{duty.id}.first", FactType.DATE)
        _add(columns, f"{duty.id}.known", FactType.DATE)
        _add(columns, f"{duty.id}.count", FactType.INT)
    return columns


def marks_of(workflow: Workflow) -> frozenset[str]:
    """Return the columns that exist only where something reads them."""
    return frozenset(
        f"{transition.id}.{part}" for transition in workflow.transitions for part in ("on", "by")
    )


def initial_of(workflow: Workflow, columns: Mapping[str, Column]) -> dict[str, Scalar | None]:
    """Return the value of each column before anything has happened."""
    values: dict[str, Scalar | None] = dict.fromkeys(columns)
    values.update({f"{track.id}.state": track.initial for track in workflow.tracks})
    values.update({f"{duty.id}.count": 0 for duty in workflow.duties})
    values.update({fact.id: fact.initial for fact in workflow.facts})
    return values


def names_of(workflow: Workflow) -> Names:
    """Return what expressions about the workflow may name."""
    single = workflow.tracks[0].id if len(workflow.tracks) == 1 else None
    stages = {f"{track.id}.stage": states_by_stage(track) for track in workflow.tracks}
    return Names(workflow.id, columns_of(workflow), stages, single)


def states_by_stage(track: Track) -> dict[str, tuple[str, ...]]:
    """Return the states of each stage of a track."""
    grouped: dict[str, tuple[str, ...]] = {stage.id: () for stage in track.stages}
    for state in track.states:
        if state.stage is not None:
            grouped[state.stage] = (*grouped.get(state.stage, ()), state.id)
    return grouped


# ---------------------------------------------------------------------------------------------


def _add(
    columns: dict[str, Column], name: str, kind: FactType, choices: tuple[str, ...] = ()
) -> None:
    columns[name] = Column(name, kind, choices)


def _parts(transition: Transition) -> list[tuple[str, FactType]]:
    parts = [("on", FactType.DATE), ("by", FactType.TEXT)]
    if transition.due is not None:
        parts.append(("due", FactType.DATE))
        if transition.due.extension:
            parts.append(("extended", FactType.DATE))
        if transition.due.suspended_in or transition.due.suspension:
            parts.append(("paused", FactType.DATE))
    if transition.window is not None:
        if transition.window.opens:
            parts.append(("opens", FactType.DATE))
        if transition.window.closes:
            parts.append(("closes", FactType.DATE))
    if transition.at:
        parts.append(("at", FactType.DATE))
    parts += [(f"signed.{role}", FactType.TEXT) for role in transition.signed_by]
    return parts
