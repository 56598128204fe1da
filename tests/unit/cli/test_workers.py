"""Processes that work for a command go with it, however it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

LINES = """
import os, time
from reformflow.cli.bulk_carried import executing

with executing(2, None) as pool:
    pids = set()
    while len(pids) < 2:
        futures = [pool.submit(os.getpid) for _ in range(8)]
        pids |= {future.result() for future in futures}
        time.sleep(0.05)
    print(*pids, flush=True)
    time.sleep(600)
"""
PATIENCE = 60


def running(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_the_workers_of_a_run_that_was_killed_do_not_stay() -> None:
    """Each would keep a connection to the database for ever."""
    with subprocess.Popen([sys.executable, "-c", LINES], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(running, pids))
        run.kill()
    end = time.monotonic() + PATIENCE
    while any(map(running, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(running, pids))
