"""`transitions` the way most tutorials show it: every case is bound with ``add_model``.

Only its live cases are measured. Binding gives each model its own trigger, ``is_…`` and ``may_…``
partials, and looks through all earlier models first, so that time grows with the square. The
models need a ``__dict__`` to carry those partials.
"""

from collections.abc import Sequence
from datetime import date

from transitions import Machine

from contenders import Calls, Contender
from contenders.lifecycle import Entry, Facts
from contenders.transitions import shared_machine


class BoundCase:
    """A case that the machine may hang its partials on."""

    def __init__(self, facts: Facts) -> None:
        """Open a case; the machine sets ``state`` when it binds it."""
        self.state = ""
        self.since: date | None = None
        self.facts = dict(facts)
        self.history: list[Entry] = []


class Binder:
    """Opens bound cases; starts a new machine whenever a new batch of cases is begun."""

    def __init__(self) -> None:
        """Begin with an empty machine."""
        self.machine: Machine = shared_machine()

    def begin(self) -> None:
        """Forget the models bound so far."""
        self.machine = shared_machine()

    def open(self, facts: Facts) -> BoundCase:
        """Open one case and bind it."""
        case = BoundCase(facts)
        self.machine.add_model(case)
        return case


def walk(cases: Sequence[BoundCase], calls: Calls) -> None:
    """Make every call on every case by the methods bound to it."""
    for case in cases:
        for trigger, on in calls:
            getattr(case, trigger)(on)


def contender() -> Contender[BoundCase]:
    """Return `transitions` with bound models, for the memory rows only."""
    binder = Binder()
    return Contender(
        name="transitions, bound",
        open=binder.open,
        begin=binder.begin,
        walk=walk,
        state=lambda case: case.state,
        history=lambda case: case.history,
        live_only=True,
    )
