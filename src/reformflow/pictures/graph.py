"""The picture of a workflow as plain values: lanes of states, and the steps between them."""

from __future__ import annotations

from enum import StrEnum

import attrs

from reformflow.binding import BoundReform, BoundTransition, BoundWorkflow
from reformflow.model import Basis, Expression, Literal, Or
from reformflow.words.labels import Labels
from reformflow.words.spoken import expression_sentence

_ALWAYS = Literal(True)  # noqa: FBT003 - the constant itself
_NEVER = Literal(False)  # noqa: FBT003 - the constant itself


class Way(StrEnum):
    """How a step comes about: by an act, by itself, or by the passing of time."""

    ACT = "act"
    AUTOMATIC = "automatic"
    TIMED = "timed"


@attrs.frozen
class Node:
    """A state; `stage` is the label of its stage, or ""."""

    id: str
    label: str
    stage: str
    initial: bool
    final: bool
    basis: Basis


@attrs.frozen
class Edge:
    """A step from one state to another, or to itself.

    `actors` names who takes it, `condition` says when this of several ways is taken; both may
    be empty.
    """

    transition: str
    source: str
    target: str
    label: str
    actors: str
    way: Way
    condition: str
    basis: Basis


@attrs.frozen
class Lane:
    """One track: its states in the order of the definition, and the steps between them."""

    id: str
    label: str
    stages: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@attrs.frozen
class Graph:
    """A workflow's picture, with labels in one language."""

    workflow: str
    label: str
    lanes: tuple[Lane, ...]


def graph_of(bound: BoundReform, workflow: str, *, lang: str = "en") -> Graph:
    """Return the picture of one workflow; steps that the policies switch off are not in it."""
    flow = bound.workflows[workflow]
    labels = Labels(bound, flow, lang)
    lanes = tuple(_lane(labels, track) for track in flow.tracks)
    return Graph(workflow, labels.workflow(), lanes)


# ---------------------------------------------------------------------------------------------


def _lane(labels: Labels, track: str) -> Lane:
    flow = labels.flow
    states = flow.tracks[track].states
    nodes = tuple(
        Node(
            id=state.id,
            label=labels.state(track, state.id),
            stage=labels.stage(track, state.stage) if state.stage else "",
            initial=state.id == flow.tracks[track].initial,
            final=state.final,
            basis=state.basis,
        )
        for state in states
    )
    edges = tuple(
        edge
        for item in flow.transitions.values()
        if item.track == track
        for state in states
        if state.id in item.source
        for edge in _edges(labels, item, state.id)
    )
    stages = tuple(labels.stage(track, stage.id) for stage in flow.tracks[track].stages)
    return Lane(track, labels.track(track), stages, nodes, edges)


def _edges(labels: Labels, item: BoundTransition, source: str) -> list[Edge]:
    written = item.transition
    roles = tuple(dict.fromkeys((*written.by, *written.signed_by)))
    return [
        Edge(
            transition=item.id,
            source=source,
            target=target,
            label=labels.transition(item.id),
            actors=labels.roles(roles) if roles else "",
            way=_way(item),
            condition=_condition(labels.flow, labels, item, target),
            basis=written.basis,
        )
        for target in _targets(item, source)
    ]


def _branches(item: BoundTransition) -> list[tuple[str, Expression | None]]:
    """Return the branches that can be taken: up to the first that always is."""
    branches: list[tuple[str, Expression | None]] = []
    for state, when in item.to:
        if when in (None, _ALWAYS):
            return [*branches, (state, None)]
        if when != _NEVER:
            branches.append((state, when))
    return branches


def _targets(item: BoundTransition, source: str) -> list[str]:
    """Return where a step can lead."""
    return list(dict.fromkeys(state for state, _ in _branches(item))) if item.to else [source]


def _condition(flow: BoundWorkflow, labels: Labels, item: BoundTransition, target: str) -> str:
    """Say when a step leads to a state; "" where it also does if no other condition holds."""
    conditions = [when for state, when in _branches(item) if state == target]
    known = tuple(when for when in conditions if when is not None)
    if not known or len(known) < len(conditions):
        return ""
    either = known[0] if len(known) == 1 else Or(known)
    return expression_sentence(flow, labels.bound, either, labels.lang)


def _way(item: BoundTransition) -> Way:
    if item.transition.automatic:
        return Way.AUTOMATIC
    return Way.TIMED if item.transition.by_itself else Way.ACT
