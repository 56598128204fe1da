"""Signatures as the reference shows them: names and defaults, what comes back, no other types."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import Any

SHORT = 24
"""A default that is longer is shown as `…`."""


def found(dotted: str) -> Any:
    """Return what a dotted name stands for: a member of a module."""
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)


def signature(name: str, thing: Callable[..., Any]) -> str:
    """Return the line of a function or class: `name(a, *, b=None) -> Result`."""
    real = inspect.signature(thing)
    parts: list[str] = []
    star = False
    for item in real.parameters.values():
        if item.name == "self":
            continue
        if item.kind is item.KEYWORD_ONLY and not star:
            parts.append("*")
        star = star or item.kind in {item.KEYWORD_ONLY, item.VAR_POSITIONAL}
        parts.append(_parameter(item))
    back = "" if isinstance(thing, type) else f" -> {real.return_annotation}"
    return f"{name}({', '.join(parts)}){back}"


def lines(dotted: str) -> list[str]:
    """Return every public line of a function or class, in the order of its source."""
    thing = found(dotted)
    name = dotted.rpartition(".")[2]
    if not isinstance(thing, type):
        return [signature(name, thing)]
    written = [signature(name, thing)]
    for member, value in vars(thing).items():
        if member.startswith("_"):
            continue
        if isinstance(value, property | cached_property):
            written.append(member)
        elif isinstance(value, classmethod | staticmethod) or inspect.isfunction(value):
            written.append(signature(member, getattr(thing, member)))
    return written


# ---------------------------------------------------------------------------------------------


def _parameter(item: inspect.Parameter) -> str:
    sign = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
    if item.default is item.empty:
        return f"{sign}{item.name}"
    default = repr(item.default)
    plain = len(default) <= SHORT and "NOTHING" not in default and "<" not in default
    return f"{item.name}={default if plain else '…'}"
