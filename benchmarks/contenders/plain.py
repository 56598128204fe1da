"""The limit: what anybody would write by hand in plain Python, with no library at all."""

from collections.abc import Sequence
from datetime import date

from contenders import LIMIT, Calls, Contender, Walk
from contenders.lifecycle import STEPS, Listener, SlotsCase

# A dict of dicts is quicker than one dict with (trigger, state) keys: no tuple is built per call.
TABLE = {
    step.trigger: {step.source: (step.due, step.first, step.second, step.target)} for step in STEPS
}


def fire(case: SlotsCase, trigger: str, on: date) -> bool:
    """Fire ``trigger`` on the day ``on`` if its guard holds; answer whether it did."""
    source = case.state
    row = TABLE[trigger].get(source)
    if row is None:
        return False
    due, first, second, target = row
    known = case.facts
    if on <= due and known.get(first) and known.get(second):
        case.state = target
        case.since = on
        case.history.append((trigger, source, target, on))
        return True
    return False


def walk(cases: Sequence[SlotsCase], calls: Calls) -> None:
    """Make every call on every case."""
    for case in cases:
        for trigger, on in calls:
            fire(case, trigger, on)


def refuse(cases: Sequence[SlotsCase], trigger: str, on: date) -> None:
    """Make one call, that is refused, on every case."""
    for case in cases:
        fire(case, trigger, on)


def observed(listener: Listener) -> Walk[SlotsCase]:
    """Build a walk that calls ``listener`` after every transition."""

    def walk_observed(cases: Sequence[SlotsCase], calls: Calls) -> None:
        for case in cases:
            for trigger, on in calls:
                if fire(case, trigger, on):
                    listener(case)

    return walk_observed


def contender() -> Contender[SlotsCase]:
    """Return the limit of every figure."""
    return Contender(
        name=LIMIT,
        open=SlotsCase,
        walk=walk,
        state=lambda case: case.state,
        history=lambda case: case.history,
        refuse=refuse,
        observed=observed,
    )
