"""Twisted's `Automat`, by its typed builder, the interface its documentation begins with.

- ``TypeMachineBuilder`` with an input protocol and a core; every case gets ``machine(core)``.
- It has no guards, on purpose: the caller decides which input to send. So the caller looks at the
  rule first, a refusal never reaches the library, and is not timed.
- The entry is kept by the transition's output, which is what outputs are for. The current state
  cannot be read from outside; the output notes it on the core.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from automat import TypeMachineBuilder
from automat._typed import TypedState

from contenders import Calls, Contender
from contenders.lifecycle import STATES, STEPS, Facts, SlotsCase, Step

RULES = {step.trigger: (step.due, step.first, step.second) for step in STEPS}


class Inputs(Protocol):
    """One input for each trigger."""

    def consolidate(self, on: date) -> None:
        """Leave ``announced``."""

    def submit(self, on: date) -> None:
        """Leave ``consolidated``."""

    def staff(self, on: date) -> None:
        """Leave ``submitted``."""

    def authorise(self, on: date) -> None:
        """Leave ``staffed``."""

    def plan(self, on: date) -> None:
        """Leave ``authorised``."""

    def approve(self, on: date) -> None:
        """Leave ``planned``."""

    def station(self, on: date) -> None:
        """Leave ``approved``."""


class InputsCase:
    """A case: the core that Automat drives, and the provider of its inputs."""

    __slots__ = ("core", "inputs")

    def __init__(self, core: SlotsCase, inputs: Inputs) -> None:
        """Keep both together."""
        self.core = core
        self.inputs = inputs


def add(states: Mapping[str, TypedState[Inputs, SlotsCase]], step: Step) -> None:
    """Add ``step`` to the machine, with the output that keeps its entry."""
    trigger, source, target = step.trigger, step.source, step.target

    def keep(_: Inputs, core: SlotsCase, on: date) -> None:
        core.state = target
        core.since = on
        core.history.append((trigger, source, target, on))

    states[source].upon(getattr(Inputs, trigger)).to(states[target])(keep)


def walk(cases: Sequence[InputsCase], calls: Calls) -> None:
    """Make every call on every case, guard first."""
    for case in cases:
        inputs, known = case.inputs, case.core.facts
        for trigger, on in calls:
            due, first, second = RULES[trigger]
            if on <= due and known.get(first) and known.get(second):
                getattr(inputs, trigger)(on)


def contender() -> Contender[InputsCase]:
    """Return `Automat`."""
    builder = TypeMachineBuilder(Inputs, SlotsCase)
    states = {name: builder.state(name) for name in STATES}
    for step in STEPS:
        add(states, step)
    machine = builder.build()

    def open_case(facts: Facts) -> InputsCase:
        core = SlotsCase(facts)
        return InputsCase(core, machine(core))

    return Contender(
        name="Automat",
        open=open_case,
        walk=walk,
        state=lambda case: case.core.state,
        history=lambda case: case.core.history,
    )
