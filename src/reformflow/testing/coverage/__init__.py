"""Coverage: which states, transitions, rule outcomes and clauses of a reform a test run tried."""

from reformflow.testing.coverage.measure import ClauseCoverage, Coverage, Part, measure
from reformflow.testing.coverage.recorder import Recorder, Tried, listening

__all__ = [
    "ClauseCoverage",
    "Coverage",
    "Part",
    "Recorder",
    "Tried",
    "listening",
    "measure",
]
