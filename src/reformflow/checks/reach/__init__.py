"""Which states the cases of a reform can come to, and how.

Each workflow becomes a finite system (`slices`, `domains`, `reader`, `building`), whose states are
searched as sets (`space`, `bitsets`, `diagrams`), all workflows together (`exploring`).

What no finite state can tell counts as possible: what an act's day is, how two numbers compare,
which of its children a case has. Taking back and correcting entries is left out: what is a
mistake is not what the definition allows. So "never" is proven, and "may" is not.
"""

from reformflow.checks.reach.exploring import Explored, explored, surely
from reformflow.checks.reach.formulas import FALSE, TRUE, Formula, both, either
from reformflow.checks.reach.options import under_any_options
from reformflow.checks.reach.recording import RECORD
from reformflow.checks.reach.space import Space, States, Step

__all__ = [
    "FALSE",
    "RECORD",
    "TRUE",
    "Explored",
    "Formula",
    "Space",
    "States",
    "Step",
    "both",
    "either",
    "explored",
    "surely",
    "under_any_options",
]
