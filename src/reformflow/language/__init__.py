"""The rule language: text to nodes and back, names and types, meaning, words."""

from reformflow.language.parse import ExpressionError, parse
from reformflow.language.unparse import unparse

__all__ = ["ExpressionError", "parse", "unparse"]
