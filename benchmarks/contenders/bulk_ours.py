"""Reformflow's own way: a plan for all cases, and its run.

As a program it runs one plan in a fresh process and prints the most memory that it ever held, in
bytes: ``python -m contenders.bulk_ours KIND URL PREFIX WORKFLOW``.
"""

import sys
from concurrent.futures import Executor
from pathlib import Path
from typing import Self

from contenders.harbour import DAY, RUN, TASKS, Task, book
from measuring.databases import Database
from reformflow.casework.bulk.plans import CHUNK, Plan


class Planned:
    """An open book, to plan one transition over all cases."""

    def __init__(self, database: Database, task: Task, *, asking: bool = False) -> None:
        """Open the book; `asking` for one with a condition in Python."""
        self._book = book(database, asking=asking)
        self._task = task

    def __enter__(self) -> Self:
        """Keep the book open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the book."""
        self._book.close()

    def plan(self) -> Plan:
        """Count what the transition would come to, and why it would be refused."""
        task = self._task
        return self._book.plan(task.transition, workflow=task.workflow, actor=task.actor, on=DAY)


class Ours(Planned):
    """The plan of one transition over all cases, ready to be run."""

    def __init__(
        self,
        database: Database,
        task: Task,
        executor: Executor | None = None,
        chunk: int = CHUNK,
        *,
        asking: bool = False,
    ) -> None:
        """Open the book and make the plan; its run is what is timed."""
        super().__init__(database, task, asking=asking)
        self._made = self.plan()
        self._executor = executor
        self._chunk = chunk

    def run(self) -> int:
        """Run the plan; answer for how many cases it was granted."""
        with self:
            report = self._made.run(run=RUN, chunk=self._chunk, executor=self._executor)
        return report.granted


def peak() -> int:
    """Return the most memory that this process ever held, in bytes.

    Not what `getrusage` tells: that begins with the memory of whoever started the process.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("this system does not tell the most memory of a process")


if __name__ == "__main__":
    kind, url, prefix, workflow = sys.argv[1:]
    Ours(Database(kind, url, prefix), TASKS[workflow]).run()
    print(peak())
