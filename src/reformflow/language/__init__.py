"""The rule language: text to nodes and back, names and types, meaning, words."""

from reformflow.language.binding import bind
from reformflow.language.bound import (
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
from reformflow.language.parse import ExpressionError, parse
from reformflow.language.unparse import unparse

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
    "ExpressionError",
    "bind",
    "parse",
    "unparse",
]
