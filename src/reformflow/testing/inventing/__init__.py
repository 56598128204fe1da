"""Definitions made up by lot: reforms that hold up, with everything that a definition can have."""

from reformflow.testing.inventing.outlines import Outline
from reformflow.testing.inventing.reforms import SIZE, reform
from reformflow.testing.inventing.workflows import workflow

__all__ = ["SIZE", "Outline", "reform", "workflow"]
