"""Forms: how a value is written in a file, one object for reading, writing and the schema.

A form reads a node into a value, writes a value as plain data and describes itself as JSON
Schema, so that the three cannot drift apart. What it cannot read it reports to its `Spot` and
answers `FAULTY`; it never raises and never stops at the first fault.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final, Protocol

import attrs

from reformflow.errors import Place, Problem, nearest
from reformflow.formats.nodes import Leaf, Node, Tag, described, shortened
from reformflow.formats.positions import HIDDEN

Plain = bool | int | str | date | list["Plain"] | dict[str, "Plain"]
"""What a form writes: data that YAML holds without tags; a date is an unquoted one."""

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""


class Faulty(Enum):
    """The answer of a form that could not read its node."""

    FAULTY = "faulty"


FAULTY: Final = Faulty.FAULTY


@attrs.define
class Reading:
    """What is known while one file is read: its name, its problems, the ids that have some."""

    file: str
    problems: list[Problem] = attrs.field(factory=list)
    lost: set[str] = attrs.field(factory=set)


@attrs.frozen
class Spot:
    """Where in the file a form reads: the field's path."""

    reading: Reading
    path: str

    def key(self, key: str) -> Spot:
        """Return the spot of a mapping's value."""
        return Spot(self.reading, f"{self.path}.{key}" if self.path else key)

    def item(self, index: int) -> Spot:
        """Return the spot of a list's item."""
        return Spot(self.reading, f"{self.path}[{index}]")

    def fault(
        self, node: Node, code: str, message: str, hint: str = "", *, inner: int = 0
    ) -> Faulty:
        """Report a problem at `node`, or at character `inner` (from 1) of its text."""
        column = node.column
        if inner and isinstance(node, Leaf) and node.inner:
            column = node.inner + inner - 1
        place = Place(self.reading.file, node.line, column, self.path)
        self.reading.problems.append(Problem(code, message, hint, place))
        return FAULTY

    def wrong(self, node: Node, expected: str, hint: str = "") -> Faulty:
        """Report that `node` is not what is expected here."""
        if isinstance(node, Leaf) and node.tag is Tag.NULL:
            return self.fault(node, "missing_value", f"{expected} is missing", hint)
        return self.fault(node, "wrong_type", f"expected {expected}, found {described(node)}", hint)


class Form(Protocol):
    """How values of one type are written."""

    def read(self, node: Node, spot: Spot) -> Any:  # noqa: ANN401 - each form has its own type
        """Return the value that `node` holds, or FAULTY after reporting why there is none."""

    def write(self, value: Any) -> Plain:  # noqa: ANN401 - see read
        """Return plain data that reads back as `value`."""

    def schema(self, defs: Schema) -> Schema:
        """Return the JSON Schema of what can be read; named parts are put into `defs`."""


MAX_ID = 64
"""Ids and choices are keys of databases; 64 characters fit everywhere."""

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# For schemas: JSON Schema's \\w knows ASCII only, so these shut out what ASCII has besides words.
_WORD = r"[^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]"
ID_PATTERN = rf"(?![0-9]){_WORD}+"
_CODE_PATTERN = rf"{_WORD}+([.\-]{_WORD}+)*"
_MIN_INT, _MAX_INT = -(2**63), 2**63 - 1


@attrs.frozen
class TextForm:
    """One text. Unquoted numbers are the text that stands there, unquoted true is not."""

    what: str = "a text"
    max_length: int | None = None
    bools: bool = False

    def read(self, node: Node, spot: Spot) -> str | Faulty:
        """Read the value, or report why there is none."""
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, self.what)
        if node.tag is Tag.BOOL and not self.bools:
            return spot.wrong(
                node, self.what, f"write {node.text!r} in quotes if it is meant as text"
            )
        if self.max_length is not None and not 0 < len(node.text) <= self.max_length:
            return spot.fault(
                node, "wrong_length", f"{self.what} has 1 to {self.max_length} characters"
            )
        if self.max_length is not None and HIDDEN.search(node.text):
            return spot.fault(node, "hidden_character", f"{node.text!a} has a hidden character")
        return node.text

    def write(self, value: str) -> Plain:
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        types = ["string", "number", *(["boolean"] if self.bools else [])]
        limit = {"minLength": 1, "maxLength": self.max_length} if self.max_length else {}
        return {"type": types, **limit}


@attrs.frozen
class IdForm:
    """An identifier: letters, digits and `_`, in the form in which rules can name it."""

    what: str = "an id"

    def read(self, node: Node, spot: Spot) -> str | Faulty:
        """Read the value, or report why there is none."""
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, self.what)
        text, what = node.text, self.what
        if len(text) > MAX_ID:
            return spot.fault(node, "identifier", f"{what} has at most {MAX_ID} characters")
        folded = unicodedata.normalize("NFKC", text)
        if keyword.iskeyword(text):
            message = f"{text!r} is a word of Python, in whose syntax rules are written"
            return spot.fault(node, "reserved", message, "rename it")
        if not text.isidentifier():
            hint = "letters, digits and _, not beginning with a digit"
            return spot.fault(node, "identifier", f"{shortened(text)} cannot be {what}", hint)
        if folded != text:
            message = f"{text!a} is written with look-alike or composed characters"
            return spot.fault(node, "identifier", message, f"write {folded!r}")
        return text

    def write(self, value: str) -> Plain:
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": ["string", "boolean"], "pattern": f"^{ID_PATTERN}$", "maxLength": MAX_ID}


@attrs.frozen
class CodeForm:
    """An id that no rule names: letters and digits, with `.`, `-` and `_` between them."""

    what: str = "an id"

    def read(self, node: Node, spot: Spot) -> str | Faulty:
        """Read the value, or report why there is none."""
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, self.what)
        if not re.fullmatch(_CODE, node.text) or len(node.text) > MAX_ID:
            hint = f"letters and digits, with . - _ between; at most {MAX_ID} characters"
            return spot.fault(
                node, "identifier", f"{shortened(node.text)} cannot be {self.what}", hint
            )
        return node.text

    def write(self, value: str) -> Plain:
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": ["string", "number"], "pattern": f"^{_CODE_PATTERN}$", "maxLength": MAX_ID}


_CODE = r"\w+([.\-]\w+)*"


@attrs.frozen
class FlagForm:
    """`true` or `false`, without quotes."""

    def read(self, node: Node, spot: Spot) -> bool | Faulty:
        """Read the value, or report why there is none."""
        if isinstance(node, Leaf) and node.tag is Tag.BOOL:
            return node.text.lower() == "true"
        return spot.wrong(node, "true or false", "write true or false, without quotes")

    def write(self, value: bool) -> Plain:  # noqa: FBT001 - the value itself
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": "boolean"}


@attrs.frozen
class NumberForm:
    """A whole number in decimal, at most 64 bits, between `minimum` and `maximum`."""

    minimum: int = _MIN_INT
    maximum: int = _MAX_INT

    def read(self, node: Node, spot: Spot) -> int | Faulty:
        """Read the value, or report why there is none."""
        if not isinstance(node, Leaf) or node.tag is not Tag.INT:
            quoted = isinstance(node, Leaf) and not node.plain and _INTEGER.fullmatch(node.text)
            return spot.wrong(node, "a whole number", "write it without quotes" if quoted else "")
        if not _INTEGER.fullmatch(node.text):
            message = f"{shortened(node.text)} is not a plain whole number"
            hint = "write it in decimal, without leading zeros; at most 64 bits"
            return spot.fault(node, "wrong_type", message, hint)
        number = int(node.text)
        if not self.minimum <= number <= self.maximum:
            message = f"{number} is not between {self.minimum} and {self.maximum}"
            return spot.fault(node, "out_of_range", message)
        return number

    def write(self, value: int) -> Plain:
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@attrs.frozen
class DayForm:
    """A day as ISO 8601 writes it, `2021-02-10`; it must exist."""

    def read(self, node: Node, spot: Spot) -> date | Faulty:
        """Read the value, or report why there is none."""
        hint = "write it as 2021-02-10"
        if not isinstance(node, Leaf) or not _DAY.fullmatch(node.text):
            return spot.wrong(node, "a date", hint)
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            return spot.fault(node, "no_such_date", f"there is no day {node.text}")

    def write(self, value: date) -> Plain:
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@attrs.frozen
class EnumForm:
    """One word of a fixed list; `as_text` gives the word itself, for a Setting."""

    words: type[StrEnum]
    as_text: bool = False

    def read(self, node: Node, spot: Spot) -> StrEnum | str | Faulty:
        """Read the value, or report why there is none."""
        names = [word.value for word in self.words]
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, "one of " + ", ".join(names))
        if node.text not in names:
            message = f"{shortened(node.text)} is not one of {', '.join(names)}"
            return spot.fault(node, "unknown_word", message, nearest(node.text, names))
        return node.text if self.as_text else self.words(node.text)

    def write(self, value: StrEnum | str) -> Plain:
        """Write plain data that reads back as `value`."""
        return str(value)

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"enum": [word.value for word in self.words]}


def scalar_of(node: Leaf) -> bool | int | str | date | None:
    """Return what YAML 1.2 takes an unquoted scalar for, with ISO days as dates; else the text.

    None stands for what looks like a number but is not written as we write whole numbers.
    """
    if not node.plain:
        return node.text
    if node.tag is Tag.BOOL:
        return node.text.lower() == "true"
    if node.tag is Tag.INT and _INTEGER.fullmatch(node.text):
        number = int(node.text)
        return number if _MIN_INT <= number <= _MAX_INT else None
    if node.tag is not Tag.TEXT:
        return None
    if _DAY.fullmatch(node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            return None
    return node.text


@attrs.frozen
class ScalarForm:
    """A bool, whole number, date or text, told apart by how it is written."""

    def read(self, node: Node, spot: Spot) -> bool | int | str | date | Faulty:
        """Read the value, or report why there is none."""
        what = "true, false, a whole number, a date or a text"
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, what)
        value = scalar_of(node)
        if value is None and looks_like_day(node.text):
            return spot.fault(node, "no_such_date", f"there is no day {node.text}")
        if value is None:
            return spot.wrong(node, what, "put it in quotes if it is meant as text")
        return value

    def write(self, value: bool | int | str | date) -> Plain:  # noqa: FBT001 - the value itself
        """Write plain data that reads back as `value`."""
        return value

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe what can be read."""
        return {"type": ["string", "integer", "boolean"]}


def looks_like_day(text: str) -> bool:
    """Say whether `text` without quotes would be read as a date."""
    return bool(_DAY.fullmatch(text))
