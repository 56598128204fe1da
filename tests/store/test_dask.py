"""A run on a Dask cluster: workers are killed meanwhile, and every case gets it exactly once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from reformflow import Actor, Book, load
from reformflow.casework import Report
from reformflow.casework.bulk import elsewhere
from reformflow.cli import main
from reformflow.errors import StoreError
from support.databases import Place
from support.repository import DOCS

distributed = pytest.importorskip("distributed", reason="pip install 'reformflow[dask]'")

CASES, CHUNK = 240, 10
MONDAY = date(2025, 3, 3)
ENTERED = datetime(2025, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers, each a process; one that dies is replaced."""
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def opened(place: Place) -> Book:
    """Return a book of stalls, of which each fifth is too large."""
    book = place.open(load(DOCS / "examples" / "market-stalls"), clock=lambda: ENTERED)
    trader, office = Actor.holding("mei", "trader"), Actor.holding("li", "market_office")
    with book.transaction() as work:
        for number in range(CASES):
            case = f"s{number:03}"
            facts = {"area": 9 + number % 5}
            work.open(case, "permit", facts=facts, actor=trader, on=MONDAY)
            work.record(case, {"fee_paid": True}, actor=office, on=MONDAY)
    return book


@pytest.fixture
def stalls(place: Place) -> Book:
    return opened(place)


class Killer:
    """Kills one worker after the other, each when so many chunks are done."""

    def __init__(self, client: Any, *after: int) -> None:
        client.cluster.scale(len(after))  # those that died before are replaced
        client.wait_for_workers(len(after), timeout=60)
        self._workers = dict(zip(after, client.cluster.workers.values(), strict=True))
        self.killed: list[int] = []

    def __call__(self, report: Report) -> None:
        worker = self._workers.get(report.done)
        if worker is not None:
            os.kill(worker.pid, signal.SIGKILL)
            self.killed.append(worker.pid)


def test_a_run_outlives_its_workers_and_does_each_case_once(stalls: Book, client: Any) -> None:
    plan = stalls.plan("apply", actor=Actor.holding("mei", "trader"), on=MONDAY)
    killer = Killer(client, 3, 9)
    report = plan.run("spring", chunk=CHUNK, executor=client.get_executor(), progress=killer)
    assert len(killer.killed) == 2
    assert (report.status, report.chunks) == ("complete", CASES // CHUNK)
    assert (report.selected, report.granted, report.refused, report.changed) == (240, 192, 48, 0)
    applied = [case.id for case in stalls.cases() if case.values["progress.state"] == "applied"]
    assert len(applied) == 192
    entries = [
        [entry.key for entry in stalls.history(case.id) if entry.name == "apply"]
        for case in stalls.cases()
    ]
    assert sorted(entries) == sorted([["spring"]] * 192 + [[]] * 48)


def test_an_error_of_a_worker_arrives_as_what_it_is(client: Any, tmp_path: Path) -> None:
    nowhere = elsewhere.Place(f"sqlite:///{tmp_path}/no/cases.db", "", None, 0.0)
    answer = client.get_executor().submit(elsewhere.carry_out, nowhere, "spring", 1)
    with pytest.raises(StoreError, match="unable to open"):
        answer.result()


def test_the_command_line_gives_a_run_to_a_cluster(
    client: Any, lite: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(lite):
        ask = ["apply", "--actor", "trader", "--on", "2025-03-04", "--chunk", "50"]
        address = client.scheduler.address
        run = ["bulk", "run", "--db", lite.url, *ask, "--scheduler", address, "--lang", "en"]
        assert main(run) == 0
    assert "240 cases selected = 192 granted + 48 refused" in capsys.readouterr().out
