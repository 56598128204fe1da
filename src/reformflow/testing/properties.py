"""Properties as tests: in one line each, tried over courses of events, told as a ledger.

>>> accepted_last = implies('state == "done"', "paid", workflow="case")
>>> check(reform, accepted_last)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.binding import BoundReform
from reformflow.casework.properties import Breach, Watched, Watcher, shortened, watched
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.language import parse
from reformflow.model import (
    Always,
    Expectation,
    Implies,
    LeadsTo,
    Never,
    Property,
    Reform,
    Request,
    Unit,
)
from reformflow.sheets import Tick, ledger_of
from reformflow.testing.histories import History, histories
from reformflow.testing.pathfinding import Asked

_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=365)

Broken = tuple[Breach, tuple[Asked, ...]]
"""What does not hold, and the steps that lead there."""


def never(
    condition: str,
    *,
    workflow: str,
    name: str = "",
    clauses: Iterable[str] = (),
) -> Property:
    """Expect that a condition is never true."""
    return _property(Never(parse(condition)), workflow, name, tuple(clauses))


def always(
    condition: str,
    *,
    workflow: str,
    name: str = "",
    clauses: Iterable[str] = (),
) -> Property:
    """Expect that a condition is never false; it may be unknown."""
    return _property(Always(parse(condition)), workflow, name, tuple(clauses))


def implies(
    condition: str,
    consequence: str,
    *,
    workflow: str,
    name: str = "",
    clauses: Iterable[str] = (),
) -> Property:
    """Expect that the consequence is true wherever the condition is."""
    return _property(Implies(parse(condition), parse(consequence)), workflow, name, tuple(clauses))


def leads_to(  # noqa: PLR0913 - what, when, and what it is called
    condition: str,
    goal: str,
    *,
    workflow: str,
    within: Mapping[str, int] | None = None,
    by: date | None = None,
    answered: bool = False,
    name: str = "",
    clauses: Iterable[str] = (),
) -> Property:
    """Expect that once the condition was true the goal becomes true in time.

    `within` is such as `{"working_days": 10}`, `by` a day. With `answered` it is enough that a
    role answers for the delay.
    """
    ((unit, amount),) = (within or {"days": 0}).items()
    expects = LeadsTo(parse(condition), parse(goal), Unit(unit), amount, by, answered)
    return _property(expects, workflow, name, tuple(clauses))


class PropertyBroken(AssertionError):
    """A property that does not hold, with the steps that lead there: a ledger for `run`."""

    def __init__(self, breach: Breach, steps: Iterable[Request | Tick]) -> None:
        """Tell what was broken, and by which steps."""
        self.breach = breach
        self.steps = tuple(steps)
        super().__init__(f"{breach}\n{ledger_of(self.steps)}")


def check(reform: Reform | BoundReform, *properties: Property, walks: int = 40) -> None:
    """Try properties over histories; PropertyBroken for the first that does not hold."""
    workflows = dict.fromkeys(item.workflow for item in properties)
    Trial.of(reform, workflows=workflows, walks=walks).check(*properties)


@attrs.frozen
class Trial:
    """A reform and the histories over which properties of it are tried.

    After each history nothing more is asked for a year.
    """

    engine: Engine
    histories: tuple[History, ...]

    @classmethod
    def of(
        cls,
        reform: Reform | BoundReform,
        *,
        workflows: Iterable[str] | None = None,
        walks: int = 40,
        steps: int = 60,
    ) -> Trial:
        """Compile a reform, and find its histories.

        DefinitionError if it does not hold up, UnknownName for a workflow that there is not.
        """
        engine = Engine(reform)
        found = histories(engine, workflows=workflows, walks=walks, steps=steps)
        return cls(engine, tuple(found))

    def check(self, *properties: Property) -> None:
        """Raise PropertyBroken, with the fewest steps found, if a property does not hold.

        RequestError if one does not fit the reform.
        """
        found = self.first(properties)
        if found is not None:
            raise PropertyBroken(*self._fewest(*found))

    def first(self, properties: Iterable[Property]) -> Broken | None:
        """Return the first breach of any property over all histories, None if all hold.

        RequestError if a property does not fit the reform.
        """
        asked = self.bound(properties)
        tried = (self.broken(asked, history.steps) for history in self.histories)
        return next((found for found in tried if found is not None), None)

    def _fewest(self, breach: Breach, steps: tuple[Asked, ...]) -> Broken:
        """Return the same breach by the fewest steps that are found."""
        asked = self.bound((breach.property,))
        fewest = shortened(steps, lambda fewer: self.broken(asked, fewer) is not None)
        return self.broken(asked, fewest) or (breach, steps)

    def bound(self, properties: Iterable[Property]) -> tuple[Watched, ...]:
        """Bind properties to this reform; RequestError for one that does not fit."""
        return watched(self.engine.program.bound, properties)

    def broken(self, properties: tuple[Watched, ...], steps: Iterable[Asked]) -> Broken | None:
        """Play steps from the beginning; return the first breach, and the steps that led to it."""
        docket, watcher = Docket(), Watcher(self.engine, properties)
        played: list[Asked] = []
        on = date.max
        for step in steps:
            eve = step.on - _DAY
            for breach in self._passed(docket, watcher, eve) if on < eve else ():
                return breach, (*played, Tick(eve))
            on = step.on if on == date.max else max(on, step.on)
            played.append(step)
            for breach in self._seen(docket, watcher, step):
                return breach, tuple(played)
        end = on + _YEAR if played else on
        for breach in self._passed(docket, watcher, end):
            return breach, (*played, Tick(end))
        return None

    def _seen(self, docket: Docket, watcher: Watcher, step: Asked) -> Iterator[Breach]:
        """Play a step and look; a request that cannot even be decided is passed over."""
        with suppress(RequestError, CalendarError):
            if isinstance(step, Tick):
                for case in [step.case] if step.case else docket.ids():
                    docket.take(self.engine.tick(docket, case, step.on))
                yield from watcher.passed(docket, docket.ids(), step.on)
            else:
                decision = docket.take(self.engine.fire(docket, step))
                if decision.granted:
                    yield from watcher.seen(docket, decision, step)

    def _passed(self, docket: Docket, watcher: Watcher, on: date) -> Iterator[Breach]:
        """Look at what time brings up to a day, unless that cannot be told."""
        with suppress(RequestError, CalendarError):
            yield from watcher.passed(docket, docket.ids(), on)


# ---------------------------------------------------------------------------------------------


def _property(
    expects: Expectation, workflow: str, name: str, clauses: tuple[str, ...]
) -> Property:  # fmt: skip
    named = name or f"{type(expects).__name__.lower()} of {workflow}"
    return Property(named, workflow, expects, clauses=clauses)
