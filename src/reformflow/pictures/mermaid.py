"""A workflow as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html).

States get plain names (`s1`) and their labels as quoted descriptions, so any script works.
Mermaid allows no arrows between states of different composite states; stages are therefore
named in the labels and told apart by colour, not drawn as boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reformflow.model import Basis
from reformflow.pictures.graph import Edge, Graph, Lane, Way

_COLOURS: Final = ("#dbeafe", "#dcfce7", "#fef3c7", "#fce7f3", "#ede9fe", "#ccfbf1", "#fee2e2")
_SIGNS: Final = {Way.ACT: "", Way.AUTOMATIC: "⚙ ", Way.TIMED: "⏰ "}
# Everything that a label shows as it is; other punctuation could mean something to Mermaid.
_HARMLESS: Final = frozenset(" .,()_/'，。、；：？！（）“”‘’《》〈〉【】·—…⚙⏰")


def mermaid(graph: Graph) -> str:
    """Return the text of a Mermaid diagram."""
    return "\n".join(_lines(graph)) + "\n"


# ---------------------------------------------------------------------------------------------


def _lines(graph: Graph) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    accTitle: {_text(graph.label)}"
    names: dict[tuple[str, str], str] = {}
    for lane in graph.lanes:
        for node in lane.nodes:
            names[lane.id, node.id] = f"s{len(names) + 1}"
    stages = [stage for lane in graph.lanes for stage in lane.stages]
    for number, lane in enumerate(graph.lanes, start=1):
        several = len(graph.lanes) > 1
        if several:
            yield f'    state "{_text(lane.label)}" as t{number} {{'
        yield from (f"    {'    ' * several}{line}" for line in _lane(lane, names))
        if several:
            yield "    }"
    for number, stage in enumerate(dict.fromkeys(stages)):
        inside = [
            names[lane.id, node.id]
            for lane in graph.lanes
            for node in lane.nodes
            if node.stage == stage
        ]
        colour = _COLOURS[number % len(_COLOURS)]
        yield f"    classDef g{number + 1} fill:{colour},color:#111827"
        if inside:
            yield f"    class {','.join(inside)} g{number + 1}"


def _lane(lane: Lane, names: dict[tuple[str, str], str]) -> Iterator[str]:
    for node in lane.nodes:
        label = f"{node.label}（{node.stage}）" if node.stage else node.label
        yield f'state "{_text(label)}" as {names[lane.id, node.id]}'
    for node in lane.nodes:
        if node.initial:
            yield f"[*] --> {names[lane.id, node.id]}"
    for edge in lane.edges:
        source, target = names[lane.id, edge.source], names[lane.id, edge.target]
        yield f"{source} --> {target} : {_text(_label(edge))}"
    for node in lane.nodes:
        if node.final:
            yield f"{names[lane.id, node.id]} --> [*]"


def _label(edge: Edge) -> str:
    label = _SIGNS[edge.way] + edge.label
    if edge.condition:
        label += " ?"
    if edge.basis is Basis.EXTENSION:
        label += " *"
    return f"{label} ({edge.actors})" if edge.actors else label


def _text(text: str) -> str:
    """Write a label so that Mermaid reads it as text, whatever it holds."""
    return "".join(
        char if char.isalnum() or char in _HARMLESS else f"#{ord(char)};"
        for char in " ".join(text.split())
    )
