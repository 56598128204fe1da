"""The same workflow as a `transitions` machine, for hosts that know its callbacks.

One shared machine drives all live cases of a track. Its transitions carry the rules of the
definition as conditions, so it decides like the engine in whatever way it is driven; its event
class takes the compiled way where a transition is plain and no more of the stock procedure than
the host's callbacks ask for. Cases are never bound to it (`add_model`), and it has no automatic
`to_<state>` triggers, which would walk past every guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from transitions import EventData, Machine, MachineError, Transition
from transitions.core import Event

from reformflow.engine.answers import Answer
from reformflow.engine.hot import Hot
from reformflow.engine.live import LiveCase, LiveWorkflow
from reformflow.engine.program import Step
from reformflow.model import Actor, Case, Fire, Value

_NOBODY = Actor("")


class Guarded(Transition):
    """A transition that moves its case by the definition's own effects."""

    def execute(self, event_data: Any) -> bool:
        """Run the library's procedure, with the effects in the place of the change of state."""
        machine: ReformMachine = event_data.machine
        machine.callbacks(self.prepare, event_data)
        if not self._eval_conditions(event_data):
            return False
        machine.callbacks([*machine.before_state_change, *self.before], event_data)
        if self.dest is None:
            machine.carry_out(event_data)
        else:
            self._change_state(event_data)
        machine.callbacks([*self.after, *machine.after_state_change], event_data)
        return True

    def _change_state(self, event_data: Any) -> None:
        machine: ReformMachine = event_data.machine
        machine.get_state(self.source).exit(event_data)
        machine.carry_out(event_data)
        target = machine.get_state(str(self.dest))
        event_data.state = target
        target.enter(event_data)
        if target.final:
            machine.callbacks(machine.on_final, event_data)


class TimelyEvent(Event):
    """The library's event, on a case for which time has passed up to the day of the act."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Fire on a live case; true if it was granted, and then also time's entries stay."""
        machine: Any = self.machine
        if not machine.live.plan.waits_for_time:
            return bool(super().trigger(model, *args, **kwargs))
        _, on, _, _ = arguments(args, kwargs)
        with machine.live.up_to(model, on) as time:
            granted = bool(super().trigger(model, *args, **kwargs))
            time.kept = granted
        return granted


class GuardedEvent(TimelyEvent):
    """An event that runs only those parts of the library's procedure that somebody listens to."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Fire on a live case; true if it was granted.

        Takes `actor`, `on`, and where needed `facts` and `reason`, by name or in that order.
        Raises MachineError in a state from which the transition does not start, unless the
        machine ignores that, as the library does.
        """
        machine: Any = self.machine
        hot = machine.hot.get(self.name)
        choices = self.transitions.get(getattr(model, machine.model_attribute))
        plain = _plain(args, kwargs)
        if (
            hot is None
            or plain is None
            or not choices
            or len(choices) != 1
            or machine.wants_whole_procedure
        ):
            return bool(super().trigger(model, *args, **kwargs))
        actor, on = plain
        transition: Any = choices[0]
        if machine.silent(transition):
            return bool(hot.fire(model, actor, on))
        data = EventData(None, self, machine, model, args, kwargs)
        data.transition = transition
        return _observed(machine, hot, data, actor, on)


def _observed(machine: Any, hot: Hot, data: Any, actor: Actor, on: date) -> bool:
    """Fire a plain transition with the callbacks around it, in the library's order.

    Callbacks may change the case, so what was checked before them is checked again with the move.
    """
    transition, states = data.transition, machine.states
    data.state = source = states[transition.source]
    target = None if transition.dest is None else states[transition.dest]
    if transition.prepare:
        _tell(machine, data, transition.prepare)
    if not hot.check(data.model, actor, on):
        return False
    if machine._before_state_change:  # noqa: SLF001 - the public property copies nothing but costs
        _tell(machine, data, machine._before_state_change)  # noqa: SLF001
    if transition.before:
        _tell(machine, data, transition.before)
    if target is None:
        _demand(hot.fire(data.model, actor, on), data)
    else:
        if source.on_exit:
            _tell(machine, data, source.on_exit)
        _demand(hot.fire(data.model, actor, on), data)
        data.state = target
        if target.on_enter:
            _tell(machine, data, target.on_enter)
        if target.final:
            _tell(machine, data, machine.on_final)
    if transition.after:
        _tell(machine, data, transition.after)
    if machine._after_state_change:  # noqa: SLF001
        _tell(machine, data, machine._after_state_change)  # noqa: SLF001
    data.result = True
    return True


def _tell(machine: Any, data: Any, listeners: Iterable[Any]) -> None:
    """Call each listener; names of functions are looked up as the library does."""
    for listener in listeners:
        if callable(listener):
            listener(data)
        else:
            machine.callback(listener, data)


class ReformMachine(Machine):
    """A `transitions` machine over one track of a workflow, shared by all its live cases.

    `machine.model(case)` gives the live case to trigger on:
    `machine.events["approve"].trigger(model, actor, on)`, or `model.approve(actor, on)` through
    `machine.bound(model)`. Callbacks take one `EventData`, whose `model` is the live case.
    """

    transition_cls = Guarded
    event_cls: type[Event] = GuardedEvent

    def __init__(self, live: LiveWorkflow, track: str, **options: Any) -> None:
        """Build the machine of one track; `options` go to `transitions.Machine`."""
        self.live = live
        self.track = track
        slots = live.slots
        plan = live.plan
        states = [
            {"name": state.id, "final": state.final} for state in plan.flow.tracks[track].states
        ]
        super().__init__(
            model=None,
            states=states,
            initial=plan.flow.tracks[track].initial,
            auto_transitions=False,
            send_event=True,
            model_attribute=slots[f"{track}.state"],
            **options,
        )
        steps = [step for step in plan.steps.values() if step.bound.track == track]
        for step in steps:
            if not step.bound.transition.by_itself:
                self._add(step)
        plain = live.hot if self.event_cls is GuardedEvent else {}
        self.hot = {id: hot for id, hot in plain.items() if id in self.events}  # noqa: A001

    def model(self, case: Case) -> LiveCase:
        """Return a live case that this machine can trigger."""
        return self.live.adopt(case)

    def bound(self, model: LiveCase) -> Bound:
        """Return the case with a method for each trigger and each `may_<trigger>`."""
        return Bound(self, model)

    def may(self, model: LiveCase, trigger: str, *args: Any, **kwargs: Any) -> bool:
        """Say whether a trigger would be granted, without firing it."""
        _, on, _, _ = arguments(args, kwargs)
        with self.live.up_to(model, on):
            return bool(self._can_trigger(model, trigger, *args, **kwargs))

    @property
    def wants_whole_procedure(self) -> bool:
        """Whether events are queued, or callbacks want every attempt, also those that fail."""
        return bool(
            self._prepare_event or self._finalize_event or self._on_exception or self._queued
        )

    def silent(self, transition: Transition) -> bool:
        """Say whether nobody listens to a transition; lists of callbacks may change any time."""
        if (
            self._before_state_change
            or self._after_state_change
            or transition.prepare
            or transition.before
            or transition.after
        ):
            return False
        if transition.dest is None:
            return True
        target = self.states[transition.dest]
        return not (
            self.states[transition.source].on_exit
            or target.on_enter
            or (target.final and self._on_final)
        )

    def carry_out(self, event_data: Any) -> None:
        """Apply the effects of a transition whose conditions hold."""
        actor, on, facts, reason = arguments(event_data.args, event_data.kwargs)
        answer = self.live.fire(
            event_data.model, event_data.event.name, actor, on, facts or None, reason
        )
        _demand(answer, event_data)

    def _add(self, step: Step) -> None:
        targets: Iterable[str | None] = dict.fromkeys(state for state, _ in step.bound.to) or (
            None,
        )
        for source in sorted(step.bound.source):
            for target in targets:
                self.add_transition(
                    step.id, source, target, conditions=[_granted(self.live, step.id, target)]
                )


class StockMachine(ReformMachine):
    """The same machine driven by the library's own event class alone, step by step."""

    event_cls: type[Event] = TimelyEvent


class Bound:
    """A live case with the methods that `transitions` would have bound to it."""

    __slots__ = ("_machine", "_model")

    def __init__(self, machine: ReformMachine, model: LiveCase) -> None:
        """Bind nothing: methods are looked up when they are called."""
        self._machine = machine
        self._model = model

    def __getattr__(self, name: str) -> Callable[..., bool]:
        """Return the trigger or `may_` method of that name; AttributeError if there is none."""
        machine, model = self._machine, self._model
        if name in machine.events:
            event = machine.events[name]
            return lambda *args, **kwargs: bool(event.trigger(model, *args, **kwargs))
        if name.startswith("may_") and name.removeprefix("may_") in machine.events:
            trigger = name.removeprefix("may_")
            return lambda *args, **kwargs: machine.may(model, trigger, *args, **kwargs)
        message = f"no trigger {name!r}; the machine has {', '.join(machine.events)}"
        raise AttributeError(message)


def arguments(
    args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Actor, date, dict[str, Value], str | None]:
    """Return actor, day, facts and reason from what a trigger was called with."""
    given = dict(zip(("actor", "on", "facts", "reason"), args, strict=False)) | kwargs
    return given.get("actor", _NOBODY), given["on"], given.get("facts") or {}, given.get("reason")


# ---------------------------------------------------------------------------------------------

_PLAIN = 2
"""How many arguments a plain trigger takes: actor and day."""


def _plain(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Actor, date] | None:
    """Return actor and day if the trigger was called with nothing else; None otherwise."""
    if len(args) == _PLAIN and not kwargs:
        return args
    if len(kwargs) == _PLAIN and not args and "actor" in kwargs and "on" in kwargs:
        return kwargs["actor"], kwargs["on"]
    return None


def _demand(answer: Answer, event_data: Any) -> None:
    """Raise MachineError for a move that its conditions, after the callbacks, refuse."""
    if not answer:
        message = f"{event_data.event.name} no longer holds: {', '.join(answer.failed)}"
        raise MachineError(message)


def _granted(live: LiveWorkflow, transition: str, target: str | None) -> Callable[..., bool]:
    """Return the condition that the engine grants a transition and leads it to `target`."""

    def granted(event_data: Any) -> bool:
        actor, on, facts, reason = arguments(event_data.args, event_data.kwargs)
        decision = live.decide(event_data.model, Fire(transition, facts), actor, on, reason)
        if not decision.granted:
            return False
        state = f"{live.plan.step(transition).bound.track}.state"
        entry = decision.entry
        reached = entry.changes.get(state, event_data.model[state]) if entry else None
        return target is None or reached == target

    return granted
