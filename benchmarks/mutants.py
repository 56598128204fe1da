"""How long an author waits: a reform's mutants, and its checks under all options of its policies.

Each is the command that an author gives, in a fresh process, with two processes at work. The clock
is the one on the wall, so nothing else should run on the machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import click

from measuring.report import Figure, show

OURS = "reformflow"
REFORM = "putuo-2021-9"
MANY = 500

MUTANTS = f"{MANY} mutants of one workflow against all properties and examples"
CHECKS = "all checks, all options of policies alone and two at a time"

#: Seconds each may take on two processors.
MOST = {MUTANTS: 300.0, CHECKS: 30.0}


def figures(rounds: int) -> Iterator[Figure]:
    """Measure everything; the quickest of some rounds counts."""
    hunt = ("mutants", REFORM, "--about", "department: ", "--most", str(MANY), "--workers", "2")
    check = ("check", REFORM, "--deep", "--workers", "2")
    for name, command in ((CHECKS, check), (MUTANTS, hunt)):
        turns = [_timed(command) for _ in range(rounds)]
        seconds, found = min(turns, key=lambda turn: turn[0])
        yield Figure(OURS, name, seconds, "s", None, f"≤ {MOST[name]:g} s", seconds <= MOST[name])
        if name == MUTANTS:
            share = 100 * found["killed"] / found["mutants"]
            yield Figure(OURS, "of them noticed", share, "%")
            share = 100 * found["by_properties"] / found["mutants"]
            yield Figure(OURS, "of them noticed by properties", share, "%")


def _timed(command: tuple[str, ...]) -> tuple[float, dict[str, Any]]:
    """Return how long a command took, and the document that it printed."""
    begun = perf_counter()
    asked = [sys.executable, "-m", "reformflow", *command, "--json"]
    done = subprocess.run(asked, capture_output=True, check=False)  # noqa: S603 - our own command
    seconds = perf_counter() - begun
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr.decode())
    return seconds, json.loads(done.stdout)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1), help="Turns each.")
def main(*, as_json: bool, rounds: int) -> None:
    """Measure and print."""
    notes = ["Processes of their own, timed from start to end; two of them work."]
    show(list(figures(rounds)), title="Mutants and checks", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
