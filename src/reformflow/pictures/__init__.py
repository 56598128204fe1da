"""Pictures of workflows: a neutral graph, and its text as Mermaid or DOT."""

from reformflow.pictures.dot import dot
from reformflow.pictures.graph import Edge, Graph, Lane, Node, Way, graph_of
from reformflow.pictures.histories import history_of
from reformflow.pictures.mermaid import mermaid

__all__ = ["Edge", "Graph", "Lane", "Node", "Way", "dot", "graph_of", "history_of", "mermaid"]
