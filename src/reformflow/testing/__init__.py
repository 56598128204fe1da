"""The property kit: properties as tests, walks, coverage, and what finds weak tests."""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "PropertyBroken": "properties",
    "Trial": "properties",
    "Walk": "walks",
    "always": "properties",
    "check": "properties",
    "implies": "properties",
    "leads_to": "properties",
    "never": "properties",
}
"""Where each name lives: pytest loads this package before a test run begins to be measured."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
