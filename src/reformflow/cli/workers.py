"""Processes that do a command's work side by side."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext


def workers(count: int) -> AbstractContextManager[Executor | None]:
    """Return processes to work in; none for one, which is this process."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(count) if count > 1 else nullcontext()


def end_with_parent() -> None:
    """Let a process of a pool not outlive the command, when that is killed.

    It would wait for work for ever, with a connection to the database. What it has not committed
    is undone. For processes that are spawned.
    """
    from multiprocessing import parent_process
    from threading import Thread

    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


# ---------------------------------------------------------------------------------------------


def _end_after(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)
