"""Entries of the history as evidence: one spelling for each, and its place in the order of seals.

The spelling is JSON by RFC 8785, in UTF-8. Whoever has the text of an entry can compute its leaf:
digest(0x00 + text).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final, NoReturn

import attrs

from reformflow.evidence.rfc8785 import spelling
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

_TOO_DEEP: Final = "it is nested too deeply"


@attrs.frozen
class Sealed:
    """An entry with its place in the order of seals; `position` counts from 1 without gaps.

    `text` is its one spelling, over which its leaf is computed, and `document` what that says.
    """

    position: int
    workflow: str
    entry: Entry
    document: Document
    text: str


def spelled(document: Mapping[str, Any]) -> bytes:
    """Return the one spelling of an entry with all `FIELDS`; ValueError if it has none."""
    nested = {
        name: None if document[name] is None else spelling(document[name]) for name in _NESTED
    }
    return spelled_of(**{**document, **nested})


def spelled_of(  # noqa: PLR0913 - the members of an entry
    *,
    actor: str,
    case: str,
    changes: str,
    definition: str,
    key: str | None,
    kind: str,
    late: str | None,
    name: str,
    on: str,
    opened: str | None,
    reason: str | None,
    recorded_at: str | None,
    seq: int,
    voids: int | None,
    workflow: str,
) -> bytes:
    """Return the spelling of an entry whose nested members are spelled already."""
    try:
        return (
            f'{{"actor":{_QUOTE(actor)},"case":{_QUOTE(case)},"changes":{changes}'
            f',"definition":{_QUOTE(definition)},"key":{_text(key)},"kind":{_QUOTE(kind)}'
            f',"late":{late or "null"},"name":{_QUOTE(name)},"on":{_QUOTE(on)}'
            f',"opened":{opened or "null"},"reason":{_text(reason)}'
            f',"recorded_at":{_text(recorded_at)},"seq":{_number(seq)}'
            f',"voids":{"null" if voids is None else _number(voids)}'
            f',"workflow":{_QUOTE(workflow)}}}'
        ).encode()
    except TypeError as error:
        raise ValueError(str(error)) from error


@lru_cache(maxsize=1_000)
def respelled(text: str) -> str:
    """Return the one spelling of a JSON text; ValueError if it has none.

    Acts over many cases leave the same changes in all of them, so some are kept. Most others are
    flat and spelled so already, which is seen in half the time of reading and writing them.
    """
    if type(text) is str and _FLAT.fullmatch(text) and _ascend(tuple(_KEYS.findall(text))):
        return text
    try:
        return spelling(strict(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def spelled_opened(parent: str | None, subject: str | None, unit: str | None) -> str:
    """Return the spelling of the member `opened`."""
    return f'{{"parent":{_text(parent)},"subject":{_text(subject)},"unit":{_text(unit)}}}'


def strict(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON in which no key stands twice and every number is one; ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not text")  # noqa: TRY004 - one error for all bad JSON
    try:
        return _DECODE(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=10_000)
def _ascend(keys: tuple[str, ...]) -> bool:
    """Say whether keys stand in their order, and none twice."""
    return list(keys) == sorted(set(keys))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _text(value: str | None) -> str:
    return "null" if value is None else _QUOTE(value)


def _number(value: int) -> str:
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return str(value)


_KEY: Final = '"[A-Za-z0-9_.]+":'
_PLAIN: Final = r'(?:"[^"\\\x00-\x1f]*"|0|-?[1-9][0-9]{0,14}|true|false|null)'
"""Scalars of which there is no other spelling."""

_FLAT: Final = re.compile(rf"\{{(?:{_KEY}{_PLAIN}(?:,{_KEY}{_PLAIN})*)?\}}")
_KEYS: Final = re.compile(_KEY)
"""Finds keys only: in a flat object no text ends before a colon."""

_QUOTE: Final = encode_basestring
_NESTED: Final = ("changes", "late", "opened")
_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant).decode
