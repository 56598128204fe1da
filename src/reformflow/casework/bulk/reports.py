"""Reports: how far a run over many cases has come, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import attrs

from reformflow.store import NOTHING, Chunk, Run, Survey, Tally


@attrs.frozen
class Report:
    """A run: what was asked, how many cases its plan selected, and what its chunks came to.

    `changed` are the selected cases that were no longer selected when their turn came, less
    those that had come to be: once the run is complete, `granted`, `refused` and `changed` add
    up to `selected`. `planned` is how many the plan expected to be granted. Cases that are opened
    from rows have no plan: `selected` is how many rows have come so far.
    """

    run: str
    workflow: str
    request: dict[str, Any]
    definition: str
    selected: int
    planned: int
    started_at: datetime
    chunks: int
    done: int = 0
    counted: Survey = NOTHING
    finished_at: datetime | None = None

    @classmethod
    def of(cls, run: Run, chunks: Iterable[Chunk]) -> Report:
        """Sum up a run and all its chunks."""
        listed = tuple(chunks)
        report = cls(
            run=run.id,
            workflow=run.workflow,
            request=run.request,
            definition=run.definition,
            selected=run.selected,
            planned=run.granted,
            started_at=run.started_at,
            chunks=len(listed),
            finished_at=run.started_at if not listed else None,
        )
        for chunk in listed:
            report = report.after(chunk)
        return report

    def after(self, chunk: Chunk) -> Report:
        """Return this report with a chunk in it, if that is done."""
        if chunk.survey is None or chunk.done_at is None:
            return self
        last = max(self.finished_at or chunk.done_at, chunk.done_at)
        done, counted = self.done + 1, self.counted.plus(chunk.survey)
        return attrs.evolve(self, done=done, counted=counted, finished_at=last)

    def grown(self, chunk: Chunk) -> Report:
        """Return this report with one more chunk in it, which has just been done."""
        selected = self.selected + (chunk.survey or NOTHING).selected
        return attrs.evolve(self, selected=selected, chunks=self.chunks + 1).after(chunk)

    @property
    def status(self) -> Literal["running", "complete"]:
        """Whether every chunk is done."""
        return "complete" if self.done == self.chunks else "running"

    @property
    def granted(self) -> int:
        """For how many cases the act was carried out."""
        return self.counted.granted

    @property
    def refused(self) -> int:
        """How many cases were refused."""
        return self.counted.selected - self.counted.granted

    @property
    def changed(self) -> int:
        """How many selected cases were no longer selected, less those that had come to be."""
        return self.selected - self.counted.selected if self.status == "complete" else 0

    @property
    def reasons(self) -> tuple[Tally, ...]:
        """Why cases were refused, and how many for each reason."""
        return self.counted.refused
