"""The one machine that every contender of ``engine.py`` runs: a reform's way through eight states.

Seven transitions join the states in a line. Each has one guard of three parts: the act happens on
or before its due date, and two prerequisites have been recorded as true.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import frozen

Facts = Mapping[str, bool]


@frozen
class Step:
    """One transition: from ``source`` to ``target``, until ``due``, when both facts are true."""

    trigger: str
    source: str
    target: str
    due: date
    first: str
    second: str


STATES = (
    "announced",
    "consolidated",
    "submitted",
    "staffed",
    "authorised",
    "planned",
    "approved",
    "stationed",
)
INITIAL = STATES[0]

STEPS = (
    Step("consolidate", STATES[0], STATES[1], date(2021, 1, 31), "duties_listed", "unit_named"),
    Step("submit", STATES[1], STATES[2], date(2021, 2, 10), "form_filled", "form_signed"),
    Step("staff", STATES[2], STATES[3], date(2021, 2, 28), "posts_kept", "chief_named"),
    Step("authorise", STATES[3], STATES[4], date(2021, 3, 15), "letter_signed", "letter_filed"),
    Step("plan", STATES[4], STATES[5], date(2021, 3, 31), "matters_mapped", "seal_ready"),
    Step("approve", STATES[5], STATES[6], date(2021, 4, 15), "plan_read", "plan_agreed"),
    Step("station", STATES[6], STATES[7], date(2021, 4, 30), "desk_ready", "staff_moved"),
)

#: What a caller says to walk the whole line: trigger and day, each inside its date.
CALLS = tuple((step.trigger, step.due) for step in STEPS)

#: Every prerequisite recorded as true: with these facts each transition is granted in time.
FACTS: Facts = {fact: True for step in STEPS for fact in (step.first, step.second)}

#: The refused call: the first trigger on a day past its date; on a case with ``NO_FACTS`` all
#: three parts of the guard fail.
REFUSED_CALL = (STEPS[0].trigger, date(2021, 2, 1))
NO_FACTS: Facts = {}

Entry = tuple[str, str, str, date]
"""One line of history: trigger, source, target, and the day it happened."""


class SlotsCase:
    """The smallest mutable case: its state, since when, its facts and its history."""

    __slots__ = ("facts", "history", "since", "state")

    def __init__(self, facts: Facts) -> None:
        """Open a case in the first state with its own copy of ``facts``."""
        self.state = INITIAL
        self.since: date | None = None
        self.facts = dict(facts)
        self.history: list[Entry] = []


class Listener:
    """The callback that a host attaches: it counts how often it was called."""

    __slots__ = ("heard",)

    def __init__(self) -> None:
        """Start at zero."""
        self.heard = 0

    def __call__(self, *_: object) -> None:
        """Count one call, whatever it is called with."""
        self.heard += 1


def states_of(history: Iterable[Entry]) -> tuple[str, ...]:
    """Return the states a history passed through, the first one included."""
    return (INITIAL, *(target for _, _, target, _ in history))
