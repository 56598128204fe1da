"""Mutants: reforms with one thing changed, to find out what a set of properties would notice."""

from reformflow.testing.mutants.hunting import Fate, hunt
from reformflow.testing.mutants.making import Mutant, mutants

__all__ = ["Fate", "Mutant", "hunt", "mutants"]
