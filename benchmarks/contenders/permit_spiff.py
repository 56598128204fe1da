"""`SpiffWorkflow` with its own JSON serializer: read the text, go on, write the text, commit.

One waiting task for each transition, as in ``spiffworkflow.py``. The serializer writes the workflow
with its specification, and cannot read it back without. The history row is written beside.
"""

import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.serializer.json import JSONSerializer
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from contenders.permit import (
    DAY,
    DEFINITION,
    MOST_POSTS,
    POSTS,
    SPIFF,
    Durable,
    Refused,
    changes,
    ids,
    now,
)


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
    driver = sqlite3.connect(file, isolation_level=None)
    for pragma in pragmas:
        driver.execute(pragma)
    driver.execute("CREATE TABLE permit (id TEXT PRIMARY KEY, revision INT, workflow TEXT)")
    driver.execute(
        "CREATE TABLE history (case_id TEXT, seq INT, name TEXT, actor TEXT, happened_on TEXT,"
        " recorded_at TEXT, changes TEXT, definition TEXT, PRIMARY KEY (case_id, seq))"
    )
    fresh = Workflow(spec)
    fresh.data.update(asked=None, state="draft", last=None, posts=POSTS, paid=True)
    fresh.run_next()
    text = serializer.serialize_workflow(fresh)
    driver.execute("BEGIN")
    driver.executemany("INSERT INTO permit VALUES (?, 1, ?)", [(id_, text) for id_ in ids(count)])
    driver.execute("COMMIT")

    def send(case: str) -> None:
        driver.execute("BEGIN IMMEDIATE")
        row = driver.execute("SELECT revision, workflow FROM permit WHERE id = ?", (case,))
        revision, stored = row.fetchone()
        workflow = serializer.deserialize_workflow(stored)
        workflow.data["asked"] = "send"
        workflow.update_waiting_tasks()
        workflow.run_next()
        if workflow.data["asked"] is not None:
            driver.execute("ROLLBACK")
            raise Refused
        written = serializer.serialize_workflow(workflow)
        driver.execute(
            "UPDATE permit SET revision = ?, workflow = ? WHERE id = ? AND revision = ?",
            (revision + 1, written, case, revision),
        )
        entry = (case, revision + 1, "send", "clerk", DAY.isoformat(), now().isoformat())
        row_ = (*entry, changes(), DEFINITION)
        driver.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row_)
        driver.execute("COMMIT")

    def seen(case: str) -> tuple[str, int]:
        (stored,) = driver.execute("SELECT workflow FROM permit WHERE id = ?", (case,)).fetchone()
        counted = driver.execute("SELECT count(*) FROM history WHERE case_id = ?", (case,))
        state = serializer.deserialize_workflow(stored).data["state"]
        return str(state), counted.fetchone()[0] + 1  # its opening has none

    return Durable(SPIFF, send, seen, driver.close)
