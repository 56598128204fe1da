"""The decision engine: one definition, compiled; decisions, effects, time, and a machine."""

from reformflow.engine.decide import check_request
from reformflow.engine.doors import check_facts
from reformflow.engine.engine import Engine
from reformflow.engine.firing import callback_name
from reformflow.engine.happened import Happened
from reformflow.engine.openings import Ground, openings
from reformflow.engine.passage import LATER, STATE, VALUE, Obstacle, Passage, Passed
from reformflow.engine.program import Callback, Program
from reformflow.engine.replay import Replayed, replay
from reformflow.engine.scene import Scene
from reformflow.engine.standing import Standing
from reformflow.engine.unlock import Unlock
from reformflow.engine.work import Docket

__all__ = [
    "LATER",
    "STATE",
    "VALUE",
    "Callback",
    "Docket",
    "Engine",
    "Ground",
    "Happened",
    "Obstacle",
    "Passage",
    "Passed",
    "Program",
    "Replayed",
    "Scene",
    "Standing",
    "Unlock",
    "callback_name",
    "check_facts",
    "check_request",
    "openings",
    "replay",
]
