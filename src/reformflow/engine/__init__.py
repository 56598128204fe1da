"""The decision engine: one definition, compiled; decisions, effects, time, and a machine."""

from reformflow.engine.engine import Engine
from reformflow.engine.standing import Standing
from reformflow.engine.unlock import Unlock
from reformflow.engine.work import Docket

__all__ = ["Docket", "Engine", "Standing", "Unlock"]
