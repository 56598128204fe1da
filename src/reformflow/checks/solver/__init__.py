"""The solver: can some case meet these demands? A case that does, or why none can.

Whoever asks z3 asks it here: `Solver(world_of(bound, flow)).ask([Demand(label, expression), …])`.
"""

from reformflow.checks.solver.demands import Answer, Demand, Partial, Situation, Truth, Verdict
from reformflow.checks.solver.solver import Memory, Solver
from reformflow.checks.solver.tables import table_of, world_of
from reformflow.checks.solver.world import Domain, Law, Table, World

__all__ = [
    "Answer",
    "Demand",
    "Domain",
    "Law",
    "Memory",
    "Partial",
    "Situation",
    "Solver",
    "Table",
    "Truth",
    "Verdict",
    "World",
    "table_of",
    "world_of",
]
