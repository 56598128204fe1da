"""`python-statemachine`: a machine class, one instance around each case.

- ``StateMachine`` rather than ``StateChart``: the flat class, without the error events of SCXML.
- The case is its external ``model`` ("Domain models"), a slots object that carries ``state``.
- Events are called as methods of the instance, the documented short form of ``send``.
- The guard is one function, not three: each further one costs another signature binding.
- A refusal is the documented ``TransitionNotAllowed``; catching it is part of its price.
"""

from collections.abc import Callable, Sequence
from datetime import date
from types import new_class
from typing import Any

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed

from contenders import Calls, Contender
from contenders.lifecycle import INITIAL, STATES, STEPS, Facts, SlotsCase, Step

# The machine class is made from the lifecycle's table, so no type checker can know its events.
Machine = Any


def guard(step: Step) -> Callable[..., bool]:
    """Make the ``cond`` of ``step``; the library passes ``model`` and ``when`` by name."""
    due, first, second = step.due, step.first, step.second

    def granted(model: SlotsCase, when: date) -> bool:
        known = model.facts
        return bool(when <= due and known.get(first) and known.get(second))

    return granted


def action(step: Step) -> Callable[..., None]:
    """Make the ``after`` of ``step``, which keeps the entry."""
    trigger, source, target = step.trigger, step.source, step.target

    def keep(model: SlotsCase, when: date) -> None:
        model.since = when
        model.history.append((trigger, source, target, when))

    return keep


def declare() -> type[Machine]:
    """Declare the machine class."""
    states = {
        name: State(initial=name == INITIAL, final=name == STATES[-1], value=name)
        for name in STATES
    }
    events = {
        step.trigger: states[step.source].to(
            states[step.target], cond=guard(step), after=action(step)
        )
        for step in STEPS
    }
    return new_class(
        "Lifecycle", (StateMachine,), exec_body=lambda body: body.update({**states, **events})
    )


def walk(cases: Sequence[Machine], calls: Calls) -> None:
    """Make every call on every case."""
    for case in cases:
        for trigger, on in calls:
            getattr(case, trigger)(when=on)


def refuse(cases: Sequence[Machine], trigger: str, on: date) -> None:
    """Make one call, that is refused, on every case."""
    for case in cases:
        try:
            getattr(case, trigger)(when=on)
        except TransitionNotAllowed:
            continue


def contender() -> Contender[Machine]:
    """Return `python-statemachine`, one instance per case."""
    machine = declare()

    def open_case(facts: Facts) -> Machine:
        return machine(SlotsCase(facts))

    return Contender(
        name="python-statemachine",
        open=open_case,
        walk=walk,
        live=1_000,
        state=lambda case: str(case.model.state),
        history=lambda case: list(case.model.history),
        refuse=refuse,
    )
