"""Binding: a reform as written becomes one in which every name is resolved and every type fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.binding.bind import bind
from reformflow.binding.bound import (
    BoundDeadline,
    BoundDuty,
    BoundReform,
    BoundRule,
    BoundTransition,
    BoundWhen,
    BoundWindow,
    BoundWorkflow,
    Column,
    Computed,
)
from reformflow.binding.questions import Questions, bind_expression, bind_question
from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.binding.succession import Renames, Succession, successions

_SELDOM = {
    "Renames": "succession",
    "Succession": "succession",
    "successions": "succession",
}

__all__ = [
    "BoundDeadline",
    "BoundDuty",
    "BoundReform",
    "BoundRule",
    "BoundTransition",
    "BoundWhen",
    "BoundWindow",
    "BoundWorkflow",
    "Column",
    "Computed",
    "Questions",
    "Renames",
    "Succession",
    "bind",
    "bind_expression",
    "bind_question",
    "successions",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _SELDOM)
