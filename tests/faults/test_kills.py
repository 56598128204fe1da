"""I4 and more: killed at any moment, what was acknowledged is stored, and work goes on from there.

Processes end by SIGKILL: at a statement or commit that chance chooses, or at any instant.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from reformflow.casework import Book, connect
from reformflow.casework.bulk.reports import Report
from reformflow.engine import Docket, Engine
from reformflow.model import Reform, Request
from support.answering import in_memory, in_store, unrepeated
from support.crowd import Fatal, Shift, Worker, any_request, killed_within, request_and_tell
from support.databases import Place
from support.errands import CHIEF, CLERK, day, errand
from support.repository import WORKFLOWS
from support.soak import amount, chance, course
from support.wires import Tap, Wire, tapped

KILLS = amount(4, 170)
BULK_KILLS = amount(2, 170)
COMMAND_KILLS = amount(2, 60)
CASES = ["a", "b", "c"]
BULK = [f"e{number:03}" for number in range(60)]
FEW = [case for number, case in enumerate(BULK) if number % 5]
ACTS = [("send", CLERK), ("return_it", CHIEF)]
EXAMPLES = WORKFLOWS / "putuo-2021-9" / "examples"


def script(seed: str) -> list[Request]:
    """Return the requests that a process is to send, the same for the same seed."""
    rng = Random(seed)
    return [any_request(rng, rng.choice(CASES), f"{seed}/{number}") for number in range(30)]


def follow(mouth: Connection, shift: Shift, end: Fatal) -> None:
    """Send a script, and tell each request that is granted, until the end comes."""
    with shift.book() as book, tapped(book, end):
        for request in script(shift.seed):
            request_and_tell(book, mouth, request)


def test_what_a_killed_process_was_told_is_stored(
    book: Book, place: Place, errands: Reform
) -> None:
    rng = chance("killed", place.kind)
    docket, engine = Docket(), Engine(errands, definition=book.practice.definition)
    for case in CASES:
        docket.take(errand(book, case))
    for kill in range(KILLS):
        shift = Shift(place.url, place.prefix, [], 0, course("killed", place.kind, kill))
        worker = Worker(follow, shift, killed_within(rng, 90))
        worker.listen()
        assert worker.process.exitcode == -signal.SIGKILL
        stored = {entry.key: entry for case in CASES for entry in book.history(case)}
        for key, case, entries in worker.heard:
            assert (case, stored[key].seq) == entries[0]
        worker.close()
        for request in script(shift.seed):
            expected = in_memory(engine, docket, request)
            assert unrepeated(in_store(book, request)) == expected
    for case in CASES:
        assert book.history(case) == docket.entries(case)


# --- bulk --------------------------------------------------------------------------------------


def carry(mouth: Connection, shift: Shift, number: int, end: Tap) -> None:
    """Send all errands in chunks or back again, or go on with that, until the end comes."""
    run = f"run{number}"
    with shift.book() as book, tapped(book, end):
        if run in {report.run for report in book.runs()}:
            report = book.resume_run(run)
        else:
            act, actor = ACTS[number % len(ACTS)]
            plan = book.plan(act, workflow="errand", actor=actor, on=day(2), reason="改")
            report = plan.run(run=run, chunk=7)
        mouth.send(report)


def begin_bulk(book: Book) -> None:
    """Open the errands; one of five may not be sent."""
    with book.transaction() as work:
        for number, case in enumerate(BULK):
            errand(work, case, facts={"posts": 3 if number % 5 else 30})


def test_a_bulk_run_killed_again_and_again_does_each_case_once(book: Book, place: Place) -> None:
    rng = chance("bulk", place.kind)
    begin_bulk(book)
    kills, runs = 0, 0
    while kills < BULK_KILLS:
        shift = Shift(place.url, place.prefix, [], 0, "")
        reports: list[Report] = []
        for attempt in count():
            worker = Worker(carry, shift, runs, killed_within(rng, 40 + 10 * attempt))
            worker.listen()
            reports = worker.heard
            assert worker.process.exitcode in {0, -signal.SIGKILL}
            kills += worker.process.exitcode != 0
            worker.close()
            assert book.verify() == ()
            if reports:
                break
        runs += 1
        [report] = reports
        check_run(book, report, runs)
    assert len(book.runs()) == runs


def check_run(book: Book, report: Report, runs: int) -> None:
    """Demand that the last of so many runs did each case once, and says so."""
    assert report.status == "complete"
    assert (report.selected, report.granted, report.refused) == (60, 48, 12)
    assert book.resume_run(report.run) == report
    for act, _ in ACTS:
        times = sum(ACTS[number % len(ACTS)][0] == act for number in range(runs))
        assert times_done(book, act) == (dict.fromkeys(FEW, times) if times else {})


@attrs.define
class Apart(Tap):
    """Stores that a chunk is claimed apart from what is done in it, and is killed in between."""

    claimed: bool = False

    def before(self, wire: Wire, sql: str) -> str:
        if self.claimed:
            wire.store_so_far()
            os.kill(os.getpid(), signal.SIGKILL)
        self.claimed = "UPDATE" in sql and "bulk_chunks SET done_at" in sql
        return sql


def test_a_bulk_run_that_claims_its_cases_too_early_is_noticed(book: Book, place: Place) -> None:
    begin_bulk(book)
    worker = Worker(carry, Shift(place.url, place.prefix, [], 0, ""), 0, Apart())
    worker.listen()
    assert (worker.process.exitcode, worker.heard) == (-signal.SIGKILL, [])
    worker.close()
    with pytest.raises(AssertionError):
        check_run(book, book.resume_run("run0"), 1)


def times_done(book: Book, act: str) -> dict[str, int]:
    """Return how often an act was done to each errand."""
    return Counter(
        case.id for case in book.cases() for entry in book.history(case.id) if entry.name == act
    )


# --- the command line --------------------------------------------------------------------------


def test_the_command_killed_at_any_instant_goes_on_where_it_was(tmp_path: Path) -> None:
    rng = chance("command")
    ledger = tmp_path / "ledger.csv"
    lines = (EXAMPLES / "ledger.csv").read_text("utf-8").splitlines(keepends=True)
    ledger.write_text("".join(lines[: amount(100, 1000)]), "utf-8")
    for kill in range(COMMAND_KILLS):
        file = tmp_path / f"killed{kill // 4}.db"  # the same one some times
        running = start(file, ledger)
        while not file.exists() and running.poll() is None:
            time.sleep(0.01)  # what it does before harms nobody
        time.sleep(rng.choice([0, rng.uniform(0, 3)]))
        running.kill()
        running.wait()
    assert start(tmp_path / "clean.db", ledger).wait() == 0
    clean = told(tmp_path / "clean.db")
    for file in tmp_path.glob("killed*.db"):
        assert start(file, ledger).wait() == 0
        assert told(file) == clean


def test_a_bulk_command_killed_at_any_instant_goes_on_where_it_was(
    tmp_path: Path, errands: Reform
) -> None:
    rng = chance("bulk command")
    with connect(f"sqlite:///{tmp_path / 'bulk.db'}", errands) as book:
        with book.transaction() as work:
            for number in range(300):
                errand(work, f"e{number:03}", facts={"posts": 3 if number % 5 else 30})
        for kill in range(COMMAND_KILLS):
            done = [report for report in book.runs() if report.status == "complete"]
            running = command(tmp_path / "bulk.db", *bulk_run(len(done)))
            while kill == 0 and not book.runs():
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 1.5))
            running.kill()
            running.wait()
            assert book.verify() == ()
        for report in book.runs():
            assert command(tmp_path / "bulk.db", "bulk", "resume", report.run).wait() == 0
        for report in book.runs():
            assert (report.status, report.granted, report.refused) == ("complete", 240, 60)
        for number, (act, _) in enumerate(ACTS):
            times = len(range(number, len(book.runs()), len(ACTS)))
            done_by_case = times_done(book, act)
            assert len(done_by_case) == (240 if times else 0)
            assert set(done_by_case.values()) <= {times}


def bulk_run(number: int) -> list[str]:
    """Return the command that sends all errands, or sends them back."""
    act, actor = ACTS[number % len(ACTS)]
    role = next(iter(actor.everywhere))
    asked = [act, "--workflow=errand", f"--actor={role}", "--on=2021-03-02", "--reason=改"]
    return ["bulk", "run", *asked, f"--run=run{number}", "--chunk=3"]


def start(file: Path, ledger: Path) -> subprocess.Popen[bytes]:
    arguments = ["--roster", str(EXAMPLES / "roster"), "--ledger", str(ledger)]
    return command(file, "run", "putuo-2021-9", *arguments)


def command(file: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command line on an SQLite file."""
    return subprocess.Popen(
        [sys.executable, "-m", "reformflow", *arguments, "--db", f"sqlite:///{file}", "--json"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )


def told(file: Path) -> dict[str, Any]:
    """Return all cases and histories but for the instants of entry; they hang together."""
    with connect(f"sqlite:///{file}") as book:
        assert book.verify() == ()
        return {
            case.id: (case, [attrs.evolve(e, recorded_at=None) for e in book.history(case.id)])
            for case in book.cases()
        }
