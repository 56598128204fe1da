"""OpenStack `automaton`: a table of states and events, with neither guards nor models.

- One frozen ``FiniteMachine`` is built; each case takes ``copy(shallow=True)`` of it, which shares
  the tables ("If shallow is true then the copied machine will share the internal frozen state").
- ``process_event`` is the documented way to drive a machine without a runner.
- It has no guards: the caller looks at the rule first, so a refusal never reaches the library and
  is not timed. It has no models either: the caller keeps the entry.
"""

from collections.abc import Sequence
from datetime import date

from automaton.machines import FiniteMachine

from contenders import Calls, Contender
from contenders.lifecycle import INITIAL, STATES, STEPS, Entry, Facts

RULES = {step.trigger: (step.due, step.first, step.second) for step in STEPS}


def template() -> FiniteMachine:
    """Build the machine that the cases copy."""
    machine = FiniteMachine()
    for state in STATES:
        machine.add_state(state, terminal=state == STATES[-1])
    for step in STEPS:
        machine.add_transition(step.source, step.target, step.trigger)
    machine.default_start_state = INITIAL
    machine.freeze()
    return machine


class MachineCase:
    """A case beside its own machine, which is where `automaton` keeps the current state."""

    __slots__ = ("facts", "history", "machine", "since")

    def __init__(self, facts: Facts, machine: FiniteMachine) -> None:
        """Open a case on a machine that has been started."""
        self.machine = machine
        self.since: date | None = None
        self.facts = dict(facts)
        self.history: list[Entry] = []


def walk(cases: Sequence[MachineCase], calls: Calls) -> None:
    """Make every call on every case, guard first."""
    for case in cases:
        machine, known = case.machine, case.facts
        for trigger, on in calls:
            due, first, second = RULES[trigger]
            if on <= due and known.get(first) and known.get(second):
                source = machine.current_state or INITIAL
                machine.process_event(trigger)
                case.since = on
                case.history.append((trigger, source, machine.current_state or source, on))


def contender() -> Contender[MachineCase]:
    """Return `automaton`, one shallow copy per case."""
    shared = template()

    def open_case(facts: Facts) -> MachineCase:
        machine = shared.copy(shallow=True)
        machine.initialize()
        return MachineCase(facts, machine)

    return Contender(
        name="automaton",
        open=open_case,
        walk=walk,
        state=lambda case: str(case.machine.current_state),
        history=lambda case: case.history,
    )
