"""The decision engine: one definition, compiled; decisions, effects, time, and a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.engine.decide import check_request
from reformflow.engine.doors import check_facts
from reformflow.engine.engine import Engine
from reformflow.engine.firing import callback_name
from reformflow.engine.program import Callback, Program
from reformflow.engine.scene import Scene
from reformflow.engine.work import Docket
from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.engine.happened import Happened
    from reformflow.engine.openings import Ground
    from reformflow.engine.passage import LATER, STATE, VALUE, Obstacle, Passage, Passed
    from reformflow.engine.replay import Replayed
    from reformflow.engine.standing import Standing
    from reformflow.engine.unlock import Unlock

_SELDOM = {
    "Ground": "openings",
    "Happened": "happened",
    "LATER": "passage",
    "Obstacle": "passage",
    "Passage": "passage",
    "Passed": "passage",
    "Replayed": "replay",
    "STATE": "passage",
    "Standing": "standing",
    "Unlock": "unlock",
    "VALUE": "passage",
}

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
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _SELDOM)
