"""`transitions`, stock, as fast as its README lets it be: one shared machine, no bound models.

- ``Machine(model=None)`` and ``machine.events[…].trigger(model)``: nothing is bound to a case, so
  that opening one is free and the machine is built once ("Alternative initialization patterns").
- ``auto_transitions=False``: the README's own advice where ``to_<state>()`` is not wanted.
- ``send_event=True``: a callback takes one ``EventData``, which knows the model and the source.
- Conditions and callbacks are functions: names would be looked up again at every firing.
- The guard is one condition, not three: each further condition costs another pass (about 5 %).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from transitions import Machine

from contenders import STOCK, Calls, Contender, Walk
from contenders.lifecycle import INITIAL, STATES, STEPS, Listener, SlotsCase, Step

# The stubs of `transitions` type the model as object and the arguments as an Iterable.
EventData = Any


def guard(step: Step) -> Callable[[EventData], bool]:
    """Make the condition of ``step``: in time, and both prerequisites recorded."""
    due, first, second = step.due, step.first, step.second

    def granted(event: EventData) -> bool:
        known = event.model.facts
        return bool(event.args[0] <= due and known.get(first) and known.get(second))

    return granted


def keep(event: EventData) -> None:
    """Write the entry of a transition that has just fired."""
    case, on, fired = event.model, event.args[0], event.transition
    case.since = on
    case.history.append((event.event.name, fired.source, fired.dest, on))


def shared_machine() -> Machine:
    """Build the machine that all cases share."""
    machine = Machine(
        model=None,
        states=list(STATES),
        initial=INITIAL,
        auto_transitions=False,
        send_event=True,
    )
    for step in STEPS:
        machine.add_transition(
            step.trigger, step.source, step.target, conditions=guard(step), after=keep
        )
    return machine


def walk_with(machine: Machine) -> Walk[SlotsCase]:
    """Make the walk that drives ``machine``."""
    events = machine.events

    def walk(cases: Sequence[SlotsCase], calls: Calls) -> None:
        for case in cases:
            for trigger, on in calls:
                events[trigger].trigger(case, on)

    return walk


def observed(listener: Listener) -> Walk[SlotsCase]:
    """Build a walk on a machine whose every transition calls ``listener`` afterwards."""
    machine = shared_machine()
    machine.after_state_change = [listener]
    return walk_with(machine)


def contender() -> Contender[SlotsCase]:
    """Return stock `transitions` on one shared machine."""
    machine = shared_machine()

    def refuse(cases: Sequence[SlotsCase], trigger: str, on: date) -> None:
        event = machine.events[trigger]
        for case in cases:
            event.trigger(case, on)

    return Contender(
        name=STOCK,
        open=SlotsCase,
        walk=walk_with(machine),
        state=lambda case: case.state,
        history=lambda case: case.history,
        refuse=refuse,
        observed=observed,
    )
