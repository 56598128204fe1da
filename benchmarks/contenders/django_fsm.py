"""`django-fsm-2` on a model that is never saved: its machine alone, without a database.

- Django is set up with ``settings.configure()`` ("Using settings without setting
  DJANGO_SETTINGS_MODULE"), no apps and no database.
- Conditions take the instance only, so the day of the act is put on the instance first; the README
  gives every condition that one argument.
- The method's body is where the README puts side effects: it keeps the entry.
- A refusal is the documented ``TransitionNotAllowed``; catching it is part of its price.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import django
from django.conf import settings

from contenders import Calls, Contender
from contenders.lifecycle import INITIAL, STEPS, Entry, Facts, Step

settings.configure()
django.setup()

# Models can only be declared once Django is configured.
from django.db import models  # noqa: E402
from django_fsm import FSMField, TransitionNotAllowed, transition  # noqa: E402

# Neither library publishes types.
ModelCase = Any
Field = Any


def method(field: Field, step: Step) -> Callable[..., None]:
    """Make the transition method of ``step``."""
    due, first, second = step.due, step.first, step.second
    trigger, source, target = step.trigger, step.source, step.target

    def granted(case: ModelCase) -> bool:
        known = case.facts
        return bool(case.on <= due and known.get(first) and known.get(second))

    def act(case: ModelCase) -> None:
        case.since = case.on
        case.history.append((trigger, source, target, case.on))

    act.__name__ = act.__qualname__ = trigger
    decorated: Callable[..., None] = transition(
        field=field, source=source, target=target, conditions=[granted]
    )(act)
    return decorated


class Meta:
    """The model belongs to no installed app, so it names one itself."""

    app_label = "benchmarks"


def declare() -> type[ModelCase]:
    """Declare the model with one method for each step."""
    state = FSMField(default=INITIAL)
    methods = {step.trigger: method(state, step) for step in STEPS}
    declared: type[ModelCase] = type(models.Model)(
        "ModelCase",
        (models.Model,),
        {"__module__": __name__, "Meta": Meta, "state": state, **methods},
    )
    return declared


def walk(cases: Sequence[ModelCase], calls: Calls) -> None:
    """Make every call on every case."""
    for case in cases:
        for trigger, on in calls:
            case.on = on
            getattr(case, trigger)()


def refuse(cases: Sequence[ModelCase], trigger: str, on: date) -> None:
    """Make one call, that is refused, on every case."""
    for case in cases:
        case.on = on
        try:
            getattr(case, trigger)()
        except TransitionNotAllowed:
            continue


def contender() -> Contender[ModelCase]:
    """Return `django-fsm-2` without a database."""
    model = declare()

    def open_case(facts: Facts) -> ModelCase:
        case = model()
        case.facts = dict(facts)
        history: list[Entry] = []
        case.history = history
        case.since = None
        return case

    return Contender(
        name="django-fsm-2",
        open=open_case,
        walk=walk,
        state=lambda case: str(case.state),
        history=lambda case: list(case.history),
        refuse=refuse,
    )
