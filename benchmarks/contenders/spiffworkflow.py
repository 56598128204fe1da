"""`SpiffWorkflow` by its core specifications, without the cost of BPMN's expression engine.

- One ``WorkflowSpec``; every case is a ``Workflow`` of it, its facts are the workflow's data.
- The guard is a task specification of its own whose ``_update_hook`` leaves the task waiting until
  the rule holds. That is how the library's own ``Gate`` waits, and its documentation names the
  hook as the place that decides "whether the task should run now or need to wait".
- A call is: put the day into the data, ``update_waiting_tasks()``, ``run_next()``. A refusal
  ends after the second, with the task still waiting.
- The entry is kept in ``_run_hook``, the documented place for a task's work.
"""

import logging
from collections.abc import Sequence
from datetime import date

from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from contenders import Calls, Contender
from contenders.lifecycle import INITIAL, STEPS, Facts, Step, states_of


class Guarded(Simple):
    """A task that waits until the guard of its step holds."""

    def __init__(self, wf_spec: WorkflowSpec, step: Step) -> None:
        """Name the task after the trigger of ``step``."""
        super().__init__(wf_spec, step.trigger)
        self.step = step

    def _update_hook(self, my_task: Task) -> bool:
        super()._update_hook(my_task)
        data, step = my_task.workflow.data, self.step
        known, on = data["facts"], data["on"]
        # No day yet means that nobody has called; the first task is looked at when a case opens.
        if on is not None and on <= step.due and known.get(step.first) and known.get(step.second):
            return True
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001 - as the library's own Gate does
        return False

    def _run_hook(self, my_task: Task) -> bool:
        data, step = my_task.workflow.data, self.step
        data["since"] = data["on"]
        data["history"].append((step.trigger, step.source, step.target, data["on"]))
        # The day was this call's; the next task must not take it for its own.
        data["on"] = None
        return True


def specification() -> WorkflowSpec:
    """Build the specification that all workflows share."""
    spec = WorkflowSpec(name="lifecycle", addstart=True)
    last = spec.start
    for step in STEPS:
        task = Guarded(spec, step)
        last.connect(task)
        last = task
    return spec


def walk(cases: Sequence[Workflow], calls: Calls) -> None:
    """Make every call on every case."""
    for case in cases:
        for _, on in calls:
            case.data["on"] = on
            case.update_waiting_tasks()
            case.run_next()


def refuse(cases: Sequence[Workflow], trigger: str, on: date) -> None:
    """Make one call, that is refused, on every case; the waiting task belongs to ``trigger``."""
    del trigger
    for case in cases:
        case.data["on"] = on
        case.update_waiting_tasks()


def contender() -> Contender[Workflow]:
    """Return `SpiffWorkflow`, one workflow per case."""
    # Its tasks log every change at INFO and DEBUG; a host that measures would switch that off.
    logging.getLogger("spiff").setLevel(logging.WARNING)
    spec = specification()

    def open_case(facts: Facts) -> Workflow:
        case = Workflow(spec)
        case.data.update(facts=dict(facts), history=[], since=None, on=None)
        case.run_next()
        return case

    return Contender(
        name="SpiffWorkflow",
        open=open_case,
        walk=walk,
        live=1_000,
        state=lambda case: states_of(case.data["history"])[-1] if case.data["history"] else INITIAL,
        history=lambda case: list(case.data["history"]),
        refuse=refuse,
    )
