"""Processes that do a command's work side by side."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext


def workers(count: int) -> AbstractContextManager[Executor | None]:
    """Return processes to work in; none for one, which is this process."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(count) if count > 1 else nullcontext()
