"""The machine: a case's life as rules of a Hypothesis state machine, checked after every step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import attrs
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from reformflow.engine import Docket
from reformflow.errors import CalendarError, RequestError
from reformflow.model import Case, Decision, Entry, Open, Request
from reformflow.pictures import history_of, mermaid
from reformflow.sheets import Tick, actors_of, ledger_of, write_course
from reformflow.testing.drawing import Lot
from reformflow.testing.lifecycles.bursts import Burst, bursts
from reformflow.testing.lifecycles.plots import Plot
from reformflow.testing.lifecycles.running import LifecycleCase, shortest
from reformflow.testing.lifecycles.seconds import Answer
from reformflow.testing.pathfinding.worlds import pass_time


class LifecycleMachine(RuleBasedStateMachine):
    """One run: cases from an empty beginning on, asked by sensible and by careless people.

    Made by `lifecycle`; subclasses add invariants and rules. `steps` are the requests that were
    decided and the days that brought something, in order; `decision` is the answer to the last.
    """

    plot: ClassVar[Plot]
    TestCase: Any = LifecycleCase()

    def __init__(self) -> None:
        """Begin a run without cases."""
        super().__init__()
        plot = self.plot
        self.docket = Docket()
        self.decision: Decision | None = None
        self.steps: list[Request | Tick] = []
        self.broken: Exception | None = None
        self._second = plot.second()
        self._prefix = f"{uuid4().hex[:8]}-" if plot.shared else ""
        self._requests = plot.requests.again(plot.first, prefix=self._prefix)

    # -- for invariants and rules of one's own ----------------------------------------------------

    @property
    def today(self) -> date:
        """The day it is."""
        return self._requests.today

    def cases(self, workflow: str | None = None) -> list[Case]:
        """Return the cases of a workflow as they are now; by default of the machine's own."""
        name = workflow or self.plot.workflow
        every = map(self.docket.case, self.docket.ids())
        return [case for case in every if case.workflow == name]

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the history of a case."""
        return tuple(self.docket.entries(case))

    def ask(self, request: Request) -> Decision | None:
        """Ask, carry out what is granted, then look at all invariants.

        None if the request is none that could be decided. With acts over many cases the same is
        asked of all cases that stand alike; the decision is that of the last.
        """
        second = self._second
        if second is None:
            answers = [self._answer(request)]
        else:
            asked = second.entered(request, self.today)
            answers = [self._answer(one) for one in second.together(self.docket, asked)]
            with self._breaking():
                second.ask(asked, answers)
        self._look()
        last = answers[-1]
        return last if isinstance(last, Decision) else None

    def wait_until(self, on: date) -> None:
        """Let a day come, with all that it brings, then look at all invariants."""
        if not self._move(on):
            return
        docket = self.docket.copy()
        try:
            brought = pass_time(self.plot.engine, docket, self.today)
        except CalendarError:
            return
        self.docket = docket
        if self._second is not None:
            self._second.wait(self.docket, self.today)
        if brought:
            self.steps.append(Tick(self.today))
            self._look()

    def play(self, steps: Iterable[Request | Tick]) -> None:
        """Take steps that were taken before, in this run or another."""
        for step in steps:
            if isinstance(step, Tick):
                self.wait_until(step.on)
            elif self._move(step.on):
                self.ask(_prefixed(step, self._prefix))
        self._compare()

    def close(self) -> None:
        """Give back what belongs to this run."""
        if self._second is not None:
            self._second.close()

    def write(self, folder: Path) -> None:
        """Write the roster and the ledger of this run into a folder, for `reformflow run`."""
        write_course(self.steps, folder)

    def told(self) -> str:
        """Return what happened: the roster, the ledger, and a picture of each case."""
        pictures = [
            mermaid(history_of(self.plot.bound, case.workflow, self.history(case.id)))
            for case in self.cases()
        ]
        sheets = ["actors.csv:", actors_of(self.steps), "ledger.csv:", ledger_of(self.steps)]
        return "\n".join(part.strip() for part in (*sheets, *pictures))

    # -- rules ------------------------------------------------------------------------------------

    @initialize(drawn=st.binary(min_size=3, max_size=3))
    def begin(self, drawn: bytes) -> None:
        """Begin with nothing, or somewhere on a course that leads to a state on purpose."""
        lot = Lot(drawn)
        course = lot.pick([(), *self.plot.courses])
        self.play(course[: len(course) - lot.number(len(course) + 1)])

    @rule(burst=bursts())
    def act(self, burst: Burst) -> None:
        """Ask for acts of every kind."""
        self._ask_each(burst)

    @rule(burst=bursts())
    def fire(self, burst: Burst) -> None:
        """Fire transitions."""
        self._ask_each(burst, "fire")

    @rule(burst=bursts())
    def record(self, burst: Burst) -> None:
        """Record facts, and fire what they are needed for."""
        self._ask_each(burst, "record", "fire")

    @rule(burst=bursts())
    def sign(self, burst: Burst) -> None:
        """Sign joint acts, and fire them."""
        self._ask_each(burst, "sign", "fire")

    @rule(burst=bursts())
    def open(self, burst: Burst) -> None:
        """Open cases."""
        self._ask_each(burst, "open")

    @rule(burst=bursts())
    def keep_dates(self, burst: Burst) -> None:
        """Act on the day before a date, on it, and on the day after: early, in time and late."""
        for lot in burst:
            self._requests.lot = lot
            before = self.today
            request = self._requests.beside_a_date(self.docket)
            if self._pass(before, lot):
                self._put(request)
        self._compare()

    @rule(burst=bursts())
    def move_dates(self, burst: Burst) -> None:
        """Extend deadlines, stop their clocks and let them run again."""
        self._ask_each(burst, "extend", "suspend", "resume")

    @rule(burst=bursts())
    def correct(self, burst: Burst) -> None:
        """Correct entries."""
        self._ask_each(burst, "correct")

    def teardown(self) -> None:
        """Tell what happened, should this run be the one that is shown."""
        self.close()
        note(_Told(self))

    # ---------------------------------------------------------------------------------------------

    def _ask_each(self, burst: Burst, *kinds: str) -> None:
        """Take the steps of a burst; those of the kinds named make up a good part of it."""
        for lot in burst:
            self._requests.lot = lot
            before = self.today
            self._requests.wait(self.docket)
            self._pass(before, lot)
            kind = lot.pick(kinds) if kinds and not lot.chance(0.4) else None
            self._put(self._requests.request(self.docket, kind))
        self._compare()

    def _pass(self, before: date, lot: Lot) -> bool:
        """Let time bring what it brings, now and then; say whether the day drawn can have come."""
        drawn, self._requests.today = self.today, before
        if drawn > before and lot.chance(0.6):
            self.wait_until(drawn)
        return self._move(drawn)

    def _move(self, on: date) -> bool:
        """Move on to a day, unless the book beside the engine says that it has not come yet."""
        if on > self.today:
            if self._second is not None and not self._second.has_come(on):
                return False
            self._requests.today = on
        return True

    def _compare(self) -> None:
        if self._second is not None:
            with self._breaking():
                self._second.compare(self.docket)

    def _put(self, request: Request) -> None:
        decision = self.ask(request)
        if decision is not None:
            self._requests.listen(self.docket, decision)

    def _answer(self, request: Request) -> Answer:
        try:
            decision = self.plot.engine.fire(self.docket, request)
        except (RequestError, CalendarError) as error:
            return error
        self.steps.append(attrs.evolve(request, recorded_at=None))
        self.decision = self.docket.take(decision)
        return decision

    def _look(self) -> None:
        """Check the invariants: a rule takes many steps, and each may break one."""
        for item in self.invariants:
            if all(holds(self) for holds in item.preconditions):
                with self._breaking():
                    item.function(self)

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        """Remember what is raised inside, so that its steps can be made fewer."""
        try:
            yield
        except Exception as error:
            self.broken = error
            raise


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Told:
    """What a run tells, worked out only if it is shown."""

    machine: LifecycleMachine

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, ARG002, FBT001
        printer.text(shortest(self.machine).told())


def _prefixed(request: Request, prefix: str) -> Request:
    if not prefix or request.case.startswith(prefix):
        return request
    act = request.act
    if isinstance(act, Open) and act.parent is not None:
        act = attrs.evolve(act, parent=f"{prefix}{act.parent}")
    return attrs.evolve(request, case=f"{prefix}{request.case}", act=act)
