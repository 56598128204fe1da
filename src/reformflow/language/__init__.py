"""The rule language: text to nodes and back, their three-valued meaning, generated Python."""

from reformflow.language.parse import ExpressionError, parse
from reformflow.language.unparse import unparse

__all__ = ["ExpressionError", "parse", "unparse"]
