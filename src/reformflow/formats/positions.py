"""Files to plain trees: YAML 1.2 read safely, each node with its line and column.

The walker follows the parser's events and keeps its own stack, so that neither depth nor
aliases of a hostile file cost more than the file's length. It refuses what a definition does
not need and what has fooled readers elsewhere: tags, anchors, aliases, merge keys, duplicate
keys (also ones that only look different), several documents, and characters that do not show.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import attrs
import yaml
import yamlcore

from reformflow.errors import Place, Problem
from reformflow.formats.nodes import Leaf, ListNode, MapNode, Node, Tag, shortened

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_PROBLEMS = 100
"""After so many faults of its YAML a file is not read on; the rest would be noise."""

# Controls, byte order marks, line breaks that editors do not show, and marks that turn the
# direction of writing: they make a file read differently from what it says (Unicode TR 36).
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ufeff\ufffe\uffff]|\r(?!\n)"
)

_TAGS = {f"tag:yaml.org,2002:{tag.value}": tag for tag in Tag}
_QUOTES = {"'", '"'}
_FORMS = {
    first: [(form.match, _TAGS[tag]) for tag, form in forms if tag in _TAGS]
    for first, forms in yamlcore.CCoreLoader.yaml_implicit_resolvers.items()
}
"""By their first character, what the core schema takes for something else than text."""


class _Mark(Protocol):
    """A position of the parser's, counted from 0."""

    line: int
    column: int


class _Stop(Exception):
    """The file cannot be read on."""


def read_file(path: str | os.PathLike[str], *, name: str) -> tuple[Node | None, list[Problem]]:
    """Read one YAML file; `name` is what problems call it. None if it has no readable tree."""
    try:
        data = _bytes(Path(path))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [_unreadable(name, reason)]
    except ValueError as error:
        return None, [_unreadable(name, str(error))]
    return read_bytes(data, name=name)


def read_bytes(data: bytes, *, name: str) -> tuple[Node | None, list[Problem]]:
    """Read the bytes of one YAML file into a tree; the problems are those of its YAML alone."""
    if len(data) > MAX_BYTES:
        return None, [
            _problem(name, "file_too_large", f"is larger than {MAX_BYTES} bytes", "split it")
        ]
    problems: list[Problem] = []
    text = _decoded(data, name, problems)
    if text is None or problems:
        return None, problems
    walk = _Walk(name=name, events=yamlcore.CCoreLoader(text), problems=problems)
    try:
        return walk.document(), problems
    except _Stop:
        return None, problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        walk.report("yaml_syntax", f"is not YAML: {error.problem}", mark, hint=_syntax_hint(error))
    except yaml.YAMLError as error:
        walk.report("yaml_syntax", f"is not YAML: {error}", None)
    return None, problems


def _bytes(path: Path) -> bytes:
    """Read at most one byte more than is allowed, from a regular file only."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is not a regular file")
    with path.open("rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is not a regular file")
        return file.read(MAX_BYTES + 1)


def _decoded(data: bytes, name: str, problems: list[Problem]) -> str | None:
    """Decode UTF-8 without a byte order mark, and look for characters that do not show."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "UTF-8"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if data.startswith(mark):
            message = f"begins with a byte order mark of {encoding}"
            problems.append(
                _problem(name, "not_utf8", message, "save it as UTF-8 without BOM", 1, 1)
            )
            return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = _line_column(before)
        message = f"is not UTF-8: byte 0x{data[error.start]:02x}"
        problems.append(_problem(name, "not_utf8", message, "save it as UTF-8", line, column))
        return None
    for found in HIDDEN.finditer(text):
        if len(problems) == MAX_PROBLEMS:
            break
        line, column = _line_column(text[: found.start()])
        message = f"contains the hidden character U+{ord(found[0]):04X}"
        hint = "take it out, or write it as an escape in double quotes"
        problems.append(_problem(name, "hidden_character", message, hint, line, column))
    return text


def _line_column(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _problem(
    file: str, code: str, message: str, hint: str = "", line: int = 0, column: int = 0
) -> Problem:
    return Problem(code, message, hint, Place(file, line, column))


def _unreadable(file: str, reason: str) -> Problem:
    hint = "look at the path, and at the rights to the file"
    return _problem(file, "unreadable_file", f"cannot be read: {reason}", hint)


def _syntax_hint(error: yaml.MarkedYAMLError) -> str:
    if "mapping values are not allowed" in (error.problem or ""):
        return "a text with a colon must stand in quotes"
    if "cannot start any token" in (error.problem or ""):
        return "indent with spaces; put a text that begins with a special character in quotes"
    if "flow" in (error.context or ""):
        return "close what is open; between { and } a text with , : { } [ or ] stands in quotes"
    if "expected key" in (error.problem or ""):
        return "give the keys of one mapping the same indentation"
    return str(error.context or "")


@attrs.define
class _Open:
    """A mapping or list that the walk is inside of."""

    line: int
    column: int
    items: list[Node]
    keys: list[Leaf]
    seen: dict[str, Leaf]
    is_map: bool
    key: Leaf | None = None
    skip: bool = False


@attrs.define
class _Walk:
    """One walk over the events of one file."""

    name: str
    events: yamlcore.CCoreLoader
    problems: list[Problem]

    def report(self, code: str, message: str, mark: _Mark | None, *, hint: str = "") -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.problems.append(_problem(self.name, code, message, hint, line, column))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def document(self) -> Node | None:
        """Return the root of the one document."""
        root: Node | None = None
        documents = 0
        stack: list[_Open] = []
        for event in self._all():
            match event:
                case yaml.ScalarEvent():
                    self._plainness(event)
                    root = self._add(stack, self._leaf(event), event) or root
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._plainness(event)
                    self._deeper(stack, event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    done = stack.pop()
                    root = self._add(stack, _closed(done), event) or root
                case yaml.DocumentStartEvent():
                    documents += 1
                    self._document_start(event, documents)
                case yaml.AliasEvent():
                    self.report(
                        "yaml_alias",
                        f"the alias *{event.anchor} is not allowed",
                        event.start_mark,
                        hint="write the value out",
                    )
                    root = self._add(stack, Leaf("", Tag.NULL, *_at(event)), event) or root
                case _:  # the starts and ends of stream and document
                    pass
        if root is None and not self.problems:
            self.problems.append(_problem(self.name, "empty_file", "is empty", "", 1, 1))
        return root

    def _all(self) -> Iterator[yaml.Event]:
        while (event := self.events.get_event()) is not None:
            yield event

    def _document_start(self, event: yaml.DocumentStartEvent, documents: int) -> None:
        if event.version or event.tags:
            self.report(
                "yaml_directive",
                "directives (%YAML, %TAG) are not allowed",
                event.start_mark,
                hint="remove the line",
            )
        if documents > 1:
            self.report(
                "yaml_documents",
                "holds more than one document",
                event.start_mark,
                hint="write one file for each",
            )
            raise _Stop

    def _plainness(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        """Refuse tags and anchors."""
        if event.anchor is not None:
            self.report(
                "yaml_anchor",
                f"the anchor &{event.anchor} is not allowed",
                event.start_mark,
                hint="write the value out where it is needed",
            )
        if event.tag is not None:
            self.report(
                "yaml_tag",
                f"the tag {shortened(event.tag)} is not allowed",
                event.start_mark,
                hint="remove it",
            )

    def _deeper(self, stack: list[_Open], event: yaml.CollectionStartEvent) -> None:
        if len(stack) == MAX_DEPTH:
            self.report("too_deep", f"is nested more than {MAX_DEPTH} deep", event.start_mark)
            raise _Stop
        is_map = isinstance(event, yaml.MappingStartEvent)
        stack.append(_Open(*_at(event), items=[], keys=[], seen={}, is_map=is_map))

    def _leaf(self, event: yaml.ScalarEvent) -> Leaf:
        text, style = event.value, event.style
        plain, quote = not style, int(style in _QUOTES)
        line, column = _at(event)
        exact = (plain or quote) and _width(event) == len(text) + 2 * quote
        if "\0" in text:
            self.report(
                "hidden_character",
                "contains the character U+0000",
                event.start_mark,
                hint="remove it",
            )
        tag = _tag(text) if plain else Tag.TEXT
        return Leaf(text, tag, line, column, plain, column + quote if exact else 0)

    def _add(self, stack: list[_Open], node: Node, event: yaml.Event) -> Node | None:
        """Put a finished node into what is open; return it if it is the root."""
        if not stack:
            return node
        top = stack[-1]
        if not top.is_map:
            top.items.append(node)
        elif top.key is None:
            self._key(top, node, event)
        else:
            if not top.skip:
                top.keys.append(top.key)
                top.items.append(node)
            top.key, top.skip = None, False
        return None

    def _key(self, top: _Open, node: Node, event: yaml.Event) -> None:
        """Take a node as a key, and see that the mapping does not have it yet."""
        if not isinstance(node, Leaf):
            self.report("yaml_key", "a key must be one text", event.start_mark)
            top.key, top.skip = Leaf("", Tag.NULL, node.line, node.column), True
            return
        top.key = node
        if node.plain and node.text == "<<":
            self.report(
                "yaml_merge",
                "the merge key << is not allowed",
                event.start_mark,
                hint="write the values out",
            )
            top.skip = True
        elif HIDDEN.search(node.text):
            self.report(
                "hidden_character",
                f"the key {node.text!a} has a hidden character",
                event.start_mark,
                hint="take it out",
            )
            top.skip = True
        else:
            text = node.text
            folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
            first = top.seen.setdefault(folded, node)
            if first is not node:
                same = (
                    "again"
                    if first.text == node.text
                    else f"beside {first.text!a}, which is the same"
                )
                self.report(
                    "duplicate_key",
                    f"the key {shortened(node.text)} stands here {same}",
                    event.start_mark,
                    hint=f"first in line {first.line}",
                )
                top.skip = True


def _at(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _tag(text: str) -> Tag:
    """Say what the core schema takes an unquoted scalar for."""
    for fits, tag in _FORMS.get(text[:1], ()):
        if fits(text):
            return tag
    return Tag.TEXT


def _width(event: yaml.ScalarEvent) -> int | None:
    """How many characters of one line a scalar takes; None if it takes several lines."""
    start, end = event.start_mark, event.end_mark
    return end.column - start.column if start and end and start.line == end.line else None


def _closed(done: _Open) -> Node:
    if done.is_map:
        return MapNode(tuple(zip(done.keys, done.items, strict=True)), done.line, done.column)
    return ListNode(tuple(done.items), done.line, done.column)
