"""`SpiffWorkflow`'s core specifications with its core JSON serializer, without BPMN.

One waiting task for each transition, as in ``spiffworkflow.py``. The serializer writes the workflow
with its specification, and cannot read it back without.
"""

import logging
from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.serializer.json import JSONSerializer
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from contenders.permit import DAY, MOST_POSTS, POSTS, SPIFF_CORE, Durable, Refused
from contenders.permit_text import kept


class Guarded(Simple):  # type: ignore[misc]
    """A task that waits until the guard of its transition holds."""

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401 - no published types
        super()._update_hook(my_task)
        data = my_task.workflow.data
        early = data["last"] is not None and data["last"] > DAY.isoformat()
        asked = data["asked"] == my_task.task_spec.name
        if asked and not early and data["posts"] <= MOST_POSTS and data["paid"]:
            return True
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001 - as the library's own Gate does
        return False

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401 - as above
        my_task.workflow.data.update(asked=None, state="sent", last=DAY.isoformat())
        return True

    @classmethod
    def deserialize(cls, serializer: Any, wf_spec: Any, s_state: Any) -> "Guarded":  # noqa: ANN401
        """Come back as what it was: the library's own would come back as its parent."""
        spec = cls(wf_spec, s_state["name"])
        serializer.deserialize_task_spec(wf_spec, s_state, spec=spec)
        return spec


def contender(file: str, pragmas: Sequence[str], count: int) -> Durable:
    """Build the specification, and store a workflow for each permit."""
    logging.getLogger("spiff").setLevel(logging.WARNING)
    spec = WorkflowSpec(name="permit", addstart=True)
    send_task, grant_task = Guarded(spec, "send"), Guarded(spec, "grant")
    spec.start.connect(send_task)
    send_task.connect(grant_task)
    serializer = JSONSerializer()
    fresh = Workflow(spec)
    fresh.data.update(asked=None, state="draft", last=None, posts=POSTS, paid=True)
    fresh.run_next()

    def sent(stored: str) -> str:
        workflow = serializer.deserialize_workflow(stored)
        workflow.data["asked"] = "send"
        workflow.update_waiting_tasks()
        workflow.run_next()
        if workflow.data["asked"] is not None:
            raise Refused
        return str(serializer.serialize_workflow(workflow))

    def state(stored: str) -> str:
        return str(serializer.deserialize_workflow(stored).data["state"])

    text = serializer.serialize_workflow(fresh)
    return kept(SPIFF_CORE, file, pragmas, count, fresh=text, sent=sent, state=state)
