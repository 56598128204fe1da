"""Proving that something is never so of any case of a workflow, or finding acts that lead there."""

from reformflow.checks.proving.claims import Claim
from reformflow.checks.proving.clocks import comes_in_time
from reformflow.checks.proving.prove import Proof, Standing, prove

__all__ = ["Claim", "Proof", "Standing", "comes_in_time", "prove"]
