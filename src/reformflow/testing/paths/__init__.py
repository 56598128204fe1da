"""Courses that reach any state, transition or refusal of a workflow on purpose."""

from reformflow.testing.paths.courses import Asked, Course, NotFound, confirmed, docket_of, replayed
from reformflow.testing.paths.pathfinder import Pathfinder, fire, reach
from reformflow.testing.paths.worlds import REASON, UNIT, Step, World, somebody

__all__ = [
    "REASON",
    "UNIT",
    "Asked",
    "Course",
    "NotFound",
    "Pathfinder",
    "Step",
    "World",
    "confirmed",
    "docket_of",
    "fire",
    "reach",
    "replayed",
    "somebody",
]
