"""The property kit: courses to every part of a reform, properties, coverage, weak tests."""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "Course": "pathfinding.courses",
    "Cover": "pathfinding.cover",
    "Disagreement": "lifecycles",
    "NotFound": "pathfinding.courses",
    "Pathfinder": "pathfinding.pathfinder",
    "LifecycleMachine": "lifecycles",
    "PropertyBroken": "properties",
    "Story": "stories",
    "Trial": "properties",
    "Walk": "walks",
    "always": "properties",
    "check": "properties",
    "fire": "pathfinding.pathfinder",
    "implies": "properties",
    "lifecycle": "lifecycles",
    "leads_to": "properties",
    "never": "properties",
    "paths": "pathfinding.cover",
    "run_lifecycle": "lifecycles",
    "reach": "pathfinding.pathfinder",
}
"""Where each name lives: pytest loads this package before a test run begins to be measured."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
