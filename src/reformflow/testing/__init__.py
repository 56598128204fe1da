"""The property kit: courses to every part of a reform, properties, coverage, weak tests."""

from __future__ import annotations

from reformflow.names import when_used

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


__getattr__ = when_used(__name__, _HOMES)
