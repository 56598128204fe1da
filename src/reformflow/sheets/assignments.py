"""The facts of a ledger line: `a=1; b=2021-02-08; c="text; with a semicolon"`."""

from __future__ import annotations

import re
from typing import Final

from reformflow.sheets.cells import CellError

_PAIR: Final = re.compile(
    r'\s*(?P<name>[^=;"]+?)\s*=\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^;"]*?))\s*(?:;|$)'
)
_WIDE: Final = re.compile(r"；\s*\w+\s*[=＝]")


def read_assignments(text: str) -> dict[str, str]:
    """Return the texts of the facts by name; CellError if the cell is not written as expected.

    A value that holds `;` or `"` stands in double quotes, with quotes inside it doubled.
    """
    found: dict[str, str] = {}
    position = 0
    while text[position:].strip():
        match = _PAIR.match(text, position)
        if match is None:
            message = f"{text[position : position + 40].strip()!r} is not written name=value"
            hint = 'write a=1; b=2021-02-08; c="text; more text"'
            raise CellError("facts", message, hint)
        name, value = match["name"].strip(), match["quoted"]
        if value is None:
            value = match["plain"]
            if _WIDE.search(value):
                hint = "separate facts with ; or put the text in double quotes"
                raise CellError("facts", f"a full-width ； stands in {value[:40]!r}", hint)
        if name in found:
            raise CellError("facts", f"{name!r} is given twice", "give it once")
        found[name] = value.replace('""', '"')
        position = match.end()
    return found
