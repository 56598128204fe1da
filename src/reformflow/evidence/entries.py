"""Entries of the history as evidence: one spelling for each, and its place in the order of seals.

The spelling is JSON by RFC 8785: keys in the order of their UTF-16 code units, no spaces, no
escapes but the necessary ones, UTF-8. A whole number that JSON readers would round stands as
`{"int": "…"}`. Whoever has the text of an entry can compute its leaf: digest(0x00 + text).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NoReturn

import attrs

from reformflow.model import Entry

Document = dict[str, Any]
"""An entry as JSON has it."""

FIELDS: Final = (
    "actor", "case", "changes", "definition", "key", "kind", "late", "name", "on", "opened",
    "reason", "recorded_at", "seq", "voids", "workflow",
)  # fmt: skip
"""The members of every document, in the order of their spelling.

`opened` is `{parent, subject, unit}` of the case in its first entry, null in the others: those
three never change, and stand nowhere else in a history.
"""

_EXACT: Final = 2**53 - 1


@attrs.frozen
class Sealed:
    """An entry with its place in the order of seals; `position` counts from 1 without gaps."""

    position: int
    workflow: str
    entry: Entry
    document: Document

    @property
    def text(self) -> str:
        """The one spelling of the entry, over which its leaf is computed."""
        return spelled(self.document).decode()


def spelled(document: Mapping[str, Any]) -> bytes:
    """Return the one spelling of an entry with all `FIELDS`; ValueError if it has none."""
    ordered = {name: document[name] for name in FIELDS}
    ordered["changes"] = _ordered(document["changes"])
    for name in ("late", "opened"):
        if ordered[name] is not None:
            ordered[name] = _ordered(ordered[name])
    try:
        return _ENCODE(ordered).encode()
    except TypeError as error:
        raise ValueError(str(error)) from error


def strict(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON in which no key stands twice and every number is one; ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not text")  # noqa: TRY004 - one error for all bad JSON
    try:
        return _DECODE(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=10_000)
def _units(key: str) -> bytes:
    """Return what RFC 8785 sorts keys by."""
    return key.encode("utf-16-be")


def _ordered(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_units)}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, int) and not -_EXACT <= value <= _EXACT:
        return {"int": str(value)}
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant).decode
