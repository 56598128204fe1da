"""From the path of a part of a definition to its place in the files."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from reformflow.errors import Place
from reformflow.formats.nodes import Leaf, ListNode, MapNode, Node

_ITEM = re.compile(r"\[(\d+)\]\.?")

_FIRST = "[0]"
_SEVERAL = "dates"


@attrs.frozen
class Source:
    """One file of a definition: its name and its tree, or the part of it that paths start in."""

    name: str
    tree: Node


def place_of(field: str, sources: Mapping[str, Source]) -> tuple[Place, Node | None]:
    """Return the place of `field`, and the node that stands there.

    The path's first part names the source; what follows are keys, which may contain dots, and
    list items. A part that is not written (a default) has the place of the nearest part around
    it that is; a field of no source has no place.
    """
    name = max((n for n in sources if _leads(field, n)), key=len, default=None)
    if name is None:
        return Place(field=field), None
    source = sources[name]
    spot, node = _walk(source.tree, field[len(name) :].removeprefix("."))
    return Place(source.name, spot.line, spot.column, field), node


def _leads(path: str, key: str) -> bool:
    return path == key or (path.startswith(key) and path[len(key)] in ".[")


def _walk(node: Node, rest: str) -> tuple[Node, Node]:
    """Follow `rest` down from `node`; return where the last step stands and what it holds."""
    spot = node
    while rest:
        step: tuple[Node, Node, str] | None = None
        if isinstance(node, MapNode):
            step = _into_mapping(node, rest)
        elif isinstance(node, ListNode):
            step = _into_list(node, rest)
        if step is None and rest.startswith(_FIRST) and not isinstance(node, ListNode):
            step = spot, node, rest.removeprefix(_FIRST).removeprefix(".")  # written without [ ]
        if step is None:
            break
        spot, node, rest = step
    return spot, node


def _into_mapping(node: MapNode, rest: str) -> tuple[Node, Node, str] | None:
    fitting = [entry for entry in node.entries if _leads(rest, entry[0].text)]
    if not fitting:
        # One date or several: a list in place of the one has a key of its own.
        several = node.get(_SEVERAL) if rest.startswith("[") else None
        return None if several is None else (several, several, rest)
    leaf, value = max(fitting, key=lambda entry: len(entry[0].text))
    left = rest[len(leaf.text) :].removeprefix(".")
    # A value is told by its own place, a mapping or list by the place of its key.
    return value if isinstance(value, Leaf) else leaf, value, left


def _into_list(node: ListNode, rest: str) -> tuple[Node, Node, str] | None:
    found = _ITEM.match(rest)
    if not found or int(found[1]) >= len(node.items):
        return None
    item = node.items[int(found[1])]
    return item, item, rest[found.end() :]
