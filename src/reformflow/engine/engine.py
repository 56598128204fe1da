"""The engine of one reform: what embedders, the store and the tests drive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from reformflow.binding import BoundDuty, BoundReform, bind
from reformflow.engine.course import carry_out, judge
from reformflow.engine.program import Callback, Program
from reformflow.engine.prompt import Prompt
from reformflow.engine.scene import Scene
from reformflow.engine.settle import passing, settle
from reformflow.engine.tick import next_date, next_period, tick
from reformflow.engine.work import Work
from reformflow.errors import UnknownName
from reformflow.language.meaning import Columns
from reformflow.model import Case, Cases, Decision, Expression, Reform, Request

if TYPE_CHECKING:
    from reformflow.engine.happened import Happened
    from reformflow.engine.live import LiveWorkflow
    from reformflow.engine.machine import ReformMachine
    from reformflow.engine.standing import Standing
    from reformflow.engine.unlock import Unlock


class Engine:
    """Decides requests about the cases of one reform.

    Every method is a pure function of its arguments: no clock is read, nothing is stored.
    What only some hosts ask for is loaded when it is asked for.
    """

    def __init__(
        self,
        reform: Reform | BoundReform,
        *,
        definition: str = "",
        callbacks: Mapping[str, Callback] | None = None,
    ) -> None:
        """Compile a reform; DefinitionError with every problem if it does not hold up.

        `definition` is the content hash that entries are stamped with. `callbacks` are
        conditions of the host's own, in Python, by `workflow.transition`: each is asked about the
        case as it is before the act, and the act is refused where it answers no.
        """
        self.bound = bind(reform) if isinstance(reform, Reform) else reform
        self._compile = partial(Program.of, self.bound, definition=definition, callbacks=callbacks)
        self.bound.calendar()  # what is missing, or belongs nowhere, is told at once
        if callbacks:
            self.program  # noqa: B018 - as above

    @classmethod
    def driving(cls, program: Program) -> Engine:
        """Return the engine of a reform that is compiled already."""
        engine = cls(program.bound)
        engine.program = program
        return engine

    @cached_property
    def program(self) -> Program:
        """The reform, compiled: when it is first needed, as whoever only looks does not."""
        return self._compile()

    @cached_property
    def _prompt(self) -> Prompt:
        return Prompt(self.program)

    def decide(self, cases: Cases, request: Request) -> Decision:
        """Answer a request, with what time brought before it, without what follows from it."""
        return judge(self.program, cases, request)

    def fire(self, cases: Cases, request: Request) -> Decision:
        """Answer a request of any kind, with all that comes before it and follows from it."""
        decision = self._prompt.granted(cases, request)
        return carry_out(self.program, cases, request) if decision is None else decision

    def happened(self, cases: Cases, request: Request) -> Happened:
        """Return what the rules say of an act that was done, and what it left behind."""
        from reformflow.engine.happened import happened

        return happened(self.program, cases, request)

    def tick(
        self, cases: Cases, case: str, on: date, *, recorded_at: datetime | None = None
    ) -> Decision:
        """Return what time has brought to one case up to `on`: at most once, never early."""
        return tick(self.program, cases, case, on, recorded_at)

    def settle(
        self, cases: Cases, case: str, on: date, *, recorded_at: datetime | None = None
    ) -> Decision:
        """Return what fires by itself because something on a case has changed on a day."""
        work = Work(cases)
        found = work.case(case)
        settle(self.program, work, case, passing(self.program, found, on, recorded_at))
        return Decision(case, tuple(work.done), tuple(work.opened), workflow=found.workflow)

    def holds(self, cases: Cases, case: str, question: Expression, on: date) -> bool:
        """Say whether a lowered expression is true of a case on one day."""
        found = cases.case(case)
        return Scene(self.program, cases, found, found.values, on).value(question) is True

    def scene(self, cases: Cases, case: Case, on: date, *, values: Columns) -> Scene:
        """Return a case whose columns hold `values` as compiled expressions look at it."""
        return Scene(self.program, cases, case, values, on)

    def next_date(self, cases: Cases, case: str) -> date | None:
        """Return the earliest day on which time will bring something to the case, or None."""
        return next_date(self.program, cases, cases.case(case))

    def next_opening(self, duty: BoundDuty, first: date, known: date, count: int) -> date | None:
        """Return when the next period of a duty opens; CalendarError if that cannot be counted.

        `first` is the due date of period 1, `known` the day on which it became known, `count`
        how many periods there have been.
        """
        period = next_period(self.program, duty, first, known, count)
        return None if period is None else period[0]

    def timed(self, workflow: str) -> bool:
        """Say whether time alone can change cases of a workflow."""
        return self.program.plan(workflow).waits_for_time

    def unlock(self, cases: Cases, request: Request) -> Unlock:
        """Say what a request to fire a transition lacks, and when it could first be granted."""
        from reformflow.engine.unlock import unlock

        return unlock(self.program, cases, request)

    def standing(self, cases: Cases, case: str, on: date) -> tuple[Standing, ...]:
        """Return the deadlines that stand over a case on one day, the earliest due first."""
        from reformflow.engine.standing import standing

        return standing(self.program, cases, cases.case(case), on)

    def live(self, workflow: str) -> LiveWorkflow:
        """Return a workflow compiled for live cases, which change in place."""
        from reformflow.engine.live import LiveWorkflow

        return LiveWorkflow(self.program, workflow)

    def machine(self, workflow: str, track: str | None = None, **options: object) -> ReformMachine:
        """Return a shared `transitions` machine over one track of a workflow.

        `track` may be left out if there is one; `options` go to `transitions.Machine`. Raises
        UnknownName for a workflow or track that does not exist.
        """
        from reformflow.engine.machine import ReformMachine

        live = self.live(workflow)
        tracks = live.plan.flow.tracks
        name = next(iter(tracks)) if track is None and len(tracks) == 1 else track or ""
        if name not in tracks:
            raise UnknownName.of("track", name, tracks)
        return ReformMachine(live, name, **options)
