"""One spelling of a reform's meaning, and its digest.

Canonical bytes are RFC 8785 JSON. They do not depend on layout, quotes, comments, the order of
keys, or whether a default is written out. Two orders do count, because they are meant: that of
stages, which is how they are shown, and that of transitions, which is how automatic ones fire.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from reformflow.errors import DefinitionError
from reformflow.evidence import hashing, spelling
from reformflow.formats.records import changed
from reformflow.language import unparse
from reformflow.model import Expression, Option, Policy, PolicySetting, Reform

FORMAT = 1
"""Counts up when the same meaning gets other bytes."""

_ORDERED = {"stages", "transitions"}
_PAIRS = {"gives", "sets"}


def canonical(reform: Reform) -> bytes:
    """Return the reform as canonical JSON (RFC 8785), with the policies that are chosen.

    DefinitionError if a text in it cannot be encoded (a lone surrogate).
    """
    try:
        return spelling({"format": FORMAT, "reform": _plain(reform)}).encode()
    except UnicodeError as error:
        raise DefinitionError(f"reform {reform.id!a} cannot be encoded", str(error)) from None


def fingerprint(reform: Reform, algorithm: str = "sha256") -> str:
    """Return `<algorithm>:<hex digest>` of the canonical bytes; `sha256` or `sm3` (GB/T 32905).

    EmbeddingError for another algorithm, or if this Python's OpenSSL has no SM3.
    """
    return f"{algorithm}:{hashing(algorithm)(canonical(reform)).hexdigest()}"


# ---------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """Return JSON for a value; what differs only in how a definition holds it comes out alike."""
    match value:
        case str():
            return str(value)
        case None | bool() | int():
            return value
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return [_plain(item) for item in value]
        case PolicySetting(policy):
            return {"policy": policy}
        case Policy() if value.choice == value.default:
            # Choosing the default is the same as choosing nothing.
            return _members(attrs.evolve(value, chosen=None))
        case _:
            return {"rule": unparse(value)} if isinstance(value, Expression) else _members(value)


def _members(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any attrs value of the model
    return {name: _member(name, item) for name, item in changed(value, always=set()).items()}


def _member(name: str, value: Any) -> Any:  # noqa: ANN401 - any value of the model
    if name in _PAIRS:
        return {key: _plain(item) for key, item in value}
    if isinstance(value, tuple) and name not in _ORDERED:
        value = _sorted(value)
    return _plain(value)


def _sorted(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put things that are told apart by their id into the order of their ids."""
    if items and all(isinstance(item, Option) for item in items):
        return tuple(sorted(items, key=lambda option: option.name))
    if items and all(hasattr(item, "id") for item in items):
        return tuple(sorted(items, key=lambda item: str(item.id)))
    return items
