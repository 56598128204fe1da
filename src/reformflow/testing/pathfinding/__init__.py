"""Courses that reach any state, transition or refusal of a workflow on purpose."""

from reformflow.testing.pathfinding.courses import (
    Asked,
    Course,
    NotFound,
    confirmed,
    docket_of,
    replayed,
)
from reformflow.testing.pathfinding.cover import Cover, paths
from reformflow.testing.pathfinding.marks import Mark
from reformflow.testing.pathfinding.pathfinder import Pathfinder, fire, reach
from reformflow.testing.pathfinding.worlds import REASON, UNIT, Step, World, somebody

__all__ = [
    "REASON",
    "UNIT",
    "Asked",
    "Course",
    "Cover",
    "Mark",
    "NotFound",
    "Pathfinder",
    "Step",
    "World",
    "confirmed",
    "docket_of",
    "fire",
    "paths",
    "reach",
    "replayed",
    "somebody",
]
