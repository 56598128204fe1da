"""The property kit: courses to every part of a reform, properties, coverage, weak tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.testing.lifecycles import (
        Disagreement,
        LifecycleMachine,
        lifecycle,
        run_lifecycle,
    )
    from reformflow.testing.pathfinding.courses import Course, NotFound
    from reformflow.testing.pathfinding.cover import Cover, paths
    from reformflow.testing.pathfinding.pathfinder import Pathfinder, fire, reach
    from reformflow.testing.properties import (
        PropertyBroken,
        Trial,
        always,
        check,
        implies,
        leads_to,
        never,
    )
    from reformflow.testing.stories import Story
    from reformflow.testing.walks import Walk

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

__all__ = [
    "Course",
    "Cover",
    "Disagreement",
    "LifecycleMachine",
    "NotFound",
    "Pathfinder",
    "PropertyBroken",
    "Story",
    "Trial",
    "Walk",
    "always",
    "check",
    "fire",
    "implies",
    "leads_to",
    "lifecycle",
    "never",
    "paths",
    "reach",
    "run_lifecycle",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _HOMES)
