"""The plain tree of a YAML file: mappings, lists and leaves, each with its line and column."""

from __future__ import annotations

from enum import StrEnum

import attrs


class Tag(StrEnum):
    """What YAML 1.2's core schema takes an unquoted scalar for; quoted ones are text."""

    TEXT = "text"
    INT = "int"
    BOOL = "bool"
    FLOAT = "float"
    NULL = "null"


@attrs.frozen
class Leaf:
    """One scalar as it is written, untyped.

    `inner` is the column of the first character of `text` if the text stands in one line just
    as it reads, without escapes; else 0.
    """

    text: str
    tag: Tag
    line: int
    column: int
    plain: bool = True
    inner: int = 0


@attrs.frozen
class ListNode:
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int


@attrs.frozen
class MapNode:
    """A mapping, in the order in which it is written; its keys are leaves and all different."""

    entries: tuple[tuple[Leaf, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None."""
        return next((node for leaf, node in self.entries if leaf.text == key), None)


Node = Leaf | ListNode | MapNode


def described(node: Node) -> str:
    """Say in a few words what a node is, for messages."""
    match node:
        case MapNode():
            return "a mapping"
        case ListNode():
            return "a list"
        case Leaf(tag=Tag.NULL):
            return "nothing"
        case Leaf(tag=Tag.TEXT):
            return f"the text {shortened(node.text)}"
        case Leaf():
            return shortened(node.text)


def shortened(text: str) -> str:
    """Return `text` in quotes, cut to a length that fits into a message."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


_SHOWN = 40
