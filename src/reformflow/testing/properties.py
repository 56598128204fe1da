"""Properties as tests: in one line each, tried over courses of events, told as a ledger.

>>> accepted_last = implies('state == "done"', "paid", workflow="case")
>>> check(reform, accepted_last)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import attrs

from reformflow.binding import BoundReform, bind
from reformflow.casework.properties import Breach, Watcher, shortened
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError
from reformflow.language import parse
from reformflow.model import (
    Always,
    Correct,
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
from reformflow.testing.walks import Walk

_DAY: Final = timedelta(days=1)


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
    """Try properties over courses of events; PropertyBroken for the first that does not hold."""
    trial = Trial.of(reform, walks=walks)
    for item in properties:
        trial.check(item)


@attrs.frozen
class Trial:
    """Courses of events of one reform, over which properties are tried.

    `walks` random walks of `steps` requests each; the same ones every time.
    """

    engine: Engine
    walks: int = 40
    steps: int = 60

    @classmethod
    def of(cls, reform: Reform | BoundReform, *, walks: int = 40, steps: int = 60) -> Trial:
        """Compile a reform; DefinitionError if it does not hold up."""
        bound = bind(reform) if isinstance(reform, Reform) else reform
        return cls(Engine(bound), walks, steps)

    def check(self, item: Property) -> None:
        """Raise PropertyBroken, with the fewest steps found, if a property does not hold.

        RequestError if the property does not fit the reform.
        """
        for seed in range(self.walks):
            found = self._walked((item,), seed)
            if found is not None:
                fewest = shortened(found[1], lambda steps: self.breach(item, steps) is not None)
                raise PropertyBroken(self.breach(item, fewest) or found[0], fewest)

    def first(self, properties: Iterable[Property]) -> Breach | None:
        """Return the first breach of any of some properties over all walks, None if all hold."""
        asked = tuple(properties)
        for seed in range(self.walks):
            found = self._walked(asked, seed)
            if found is not None:
                return found[0]
        return None

    def breach(self, item: Property, steps: Iterable[Request | Tick]) -> Breach | None:
        """Play steps from the beginning; return the breach if a property does not hold then."""
        docket, watcher = Docket(), Watcher(self.engine, (item,))
        for step in steps:
            try:
                for breach in self._play(docket, watcher, step):
                    return breach
            except (RequestError, CalendarError):
                continue
        return None

    def _walked(
        self, properties: tuple[Property, ...], seed: int
    ) -> tuple[Breach, list[Request | Tick]] | None:  # fmt: skip
        start = self.engine.program.effective_on or date(2021, 1, 1)
        walk = Walk(self.engine, seed, start - 30 * _DAY)
        watcher = Watcher(self.engine, properties)
        steps: list[Request | Tick] = []
        for request, decision in walk.play(self.steps):
            if request is None:
                steps.append(Tick(walk.on, decision.case))
            elif isinstance(request.act, Correct):
                return None  # what the history says is changed, which no rule binds
            elif decision.granted:
                steps.append(request)
            on = walk.on if request is None else request.on
            seen = watcher.seen(walk.docket, decision, on) if decision.granted else ()
            for breach in (*seen, *watcher.passed(walk.docket, walk.docket.ids(), walk.on)):
                steps.append(Tick(walk.on))
                return breach, steps
        return None

    def _play(
        self, docket: Docket, watcher: Watcher, step: Request | Tick
    ) -> Iterator[Breach]:  # fmt: skip
        if isinstance(step, Tick):
            for case in [step.case] if step.case else docket.ids():
                docket.take(self.engine.tick(docket, case, step.on))
            yield from watcher.passed(docket, docket.ids(), step.on)
            return
        decision = docket.take(self.engine.fire(docket, step))
        if decision.granted:
            yield from watcher.seen(docket, decision, step.on)


# ---------------------------------------------------------------------------------------------


def _property(
    expects: Expectation, workflow: str, name: str, clauses: tuple[str, ...]
) -> Property:  # fmt: skip
    named = name or f"{type(expects).__name__.lower()} of {workflow}"
    return Property(named, workflow, expects, clauses=clauses)
