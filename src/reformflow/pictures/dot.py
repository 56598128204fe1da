"""A workflow in the DOT language of Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reformflow.model import Basis
from reformflow.pictures.graph import Edge, Graph, Lane, Node, Way

# The first that is installed is used; each of them has Chinese.
_FONTS: Final = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"
)
_STYLES: Final = {Way.ACT: "solid", Way.AUTOMATIC: "bold", Way.TIMED: "dotted"}


def dot(graph: Graph) -> str:
    """Return the text of a DOT graph: tracks and stages are boxes, states rounded."""
    return "\n".join(_lines(graph)) + "\n"


# ---------------------------------------------------------------------------------------------


def _lines(graph: Graph) -> Iterator[str]:
    yield f"digraph {_quoted(graph.workflow)} {{"
    yield f"  graph [label={_quoted(graph.label)}, labelloc=t, fontname={_quoted(_FONTS)}];"
    yield f"  node [shape=box, style=rounded, fontname={_quoted(_FONTS)}];"
    yield f"  edge [fontname={_quoted(_FONTS)}, fontsize=10];"
    for number, lane in enumerate(graph.lanes, start=1):
        yield f"  subgraph cluster_t{number} {{"
        yield f"    label={_quoted(lane.label if len(graph.lanes) > 1 else '')};"
        yield from (f"    {line}" for line in _lane(lane, f"t{number}"))
        yield "  }"
    yield "}"


def _lane(lane: Lane, prefix: str) -> Iterator[str]:
    names = {node.id: f"{prefix}_s{n}" for n, node in enumerate(lane.nodes, start=1)}
    yield f'{prefix}_start [shape=point, width=0.15, label=""];'
    yield from (_node(node, names) for node in lane.nodes if not node.stage)
    for number, stage in enumerate(lane.stages, start=1):
        yield f"subgraph cluster_{prefix}_g{number} {{"
        yield f"  label={_quoted(stage)}; style=dashed;"
        yield from (f"  {_node(node, names)}" for node in lane.nodes if node.stage == stage)
        yield "}"
    yield from (f"{prefix}_start -> {names[node.id]};" for node in lane.nodes if node.initial)
    for edge in lane.edges:
        yield f"{names[edge.source]} -> {names[edge.target]} [{_edge(edge)}];"


def _node(node: Node, names: dict[str, str]) -> str:
    double = ", peripheries=2" if node.final else ""
    return f"{names[node.id]} [label={_quoted(node.label)}{double}];"


def _edge(edge: Edge) -> str:
    lines = [edge.label, f"({edge.actors})"] if edge.actors else [edge.label]
    style = "dashed" if edge.basis is Basis.EXTENSION else _STYLES[edge.way]
    tip = edge.condition or edge.transition
    return f"label={_quoted(*lines)}, style={style}, tooltip={_quoted(tip)}"


def _quoted(*lines: str) -> str:
    """Write lines as one double-quoted string in which nothing but the line breaks is special."""
    plain = (" ".join(line.split()) for line in lines)
    return '"' + r"\n".join(line.replace("\\", "\\\\").replace('"', r"\"") for line in plain) + '"'
