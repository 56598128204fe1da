"""One spelling of JSON, by RFC 8785: what is digested or compared.

Keys stand in the order of their UTF-16 code units; no spaces, no escapes but the necessary ones. A
whole number that JSON readers would round stands as `{"int": "…"}`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

_EXACT: Final = 2**53 - 1


def spelling(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the one spelling of JSON as Python has it; ValueError if it has none."""
    kind = type(value)
    if kind is str:
        return _QUOTE(value)
    if kind is int:
        return str(value) if -_EXACT <= value <= _EXACT else f'{{"int":"{value}"}}'
    if kind is dict:
        found = [head + spelling(value[key]) for key, head in _members(tuple(value))]
        return f"{{{','.join(found)}}}"
    if kind is list:
        return f"[{','.join(map(spelling, value))}]"
    try:
        return _ENCODE(value)
    except TypeError as error:
        raise ValueError(str(error)) from error


# ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=10_000)
def _members(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return keys as RFC 8785 sorts them, each with what its member begins with.

    Histories and definitions have few sets of keys.
    """
    ordered = sorted(keys, key=lambda key: key.encode("utf-16-be"))
    return tuple((key, f"{_QUOTE(key)}:") for key in ordered)


_QUOTE: Final = encode_basestring
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
