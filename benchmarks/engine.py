"""Fire, refuse and hold cases in memory: reformflow beside plain Python and seven libraries.

All contenders run the lifecycle of ``contenders/lifecycle.py`` in one process and take turns. Each
is first proven to do the whole job; one that does not is an error, not a fast contender.
"""

import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from time import thread_time
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from contenders import LIMIT, MODULES, OURS, STOCK, Absent, Contender, load
from contenders.lifecycle import CALLS, FACTS, NO_FACTS, REFUSED_CALL, STEPS, Listener
from contenders.proof import prove
from measuring.report import Figure, against_limit, faster, judged, show, skipped
from measuring.rounds import Job, interleaved

FIRED = "fired"
REFUSED = "refused"
OBSERVED = "fired with a callback"
BARE = "live case beyond facts and entries"
FILLED = "live case, all facts, two entries"
OPENED = "10,000 cases opened"

MOST = {FIRED: 3.0, REFUSED: 4.0, BARE: 1.5}
LEAST = {FIRED: 15.0, REFUSED: 8.0, OBSERVED: 4.0}

#: How many cases one opening figure stands for.
MANY = 10_000
#: Rounds of opening so many: it takes seconds, and varies little.
OPENING_ROUNDS = 5
#: How often a case is refused: one refusal each would time the cache misses of the cases.
ASKED = 20

Contenders = Mapping[str, Contender[Any]]


def opener(one: Contender[Any], facts: Mapping[str, bool]) -> Callable[[int], list[Any]]:
    """Make the function that opens so many cases with ``facts``."""

    def opened(size: int) -> list[Any]:
        if one.begin is not None:
            one.begin()
        return [one.open(facts) for _ in range(size)]

    return opened


def timed_jobs(contenders: Contenders) -> dict[str, dict[str, Job]]:
    """List what is timed: for each figure, one job for each contender that can do it."""
    job = partial(Job, clock=thread_time)
    jobs: dict[str, dict[str, Job]] = {FIRED: {}, REFUSED: {}, OBSERVED: {}, OPENED: {}}
    for name, one in contenders.items():
        ready, empty = opener(one, FACTS), opener(one, NO_FACTS)
        jobs[OPENED][name] = job(prepare=lambda size: size, run=empty, size=one.live)
        if one.live_only:
            continue
        jobs[FIRED][name] = job(prepare=ready, run=partial(call, one.walk), steps=len(STEPS))
        if one.refuse is not None:
            run = partial(refused, one.refuse)
            jobs[REFUSED][name] = job(prepare=empty, run=run, steps=ASKED)
        if one.observed is not None:
            walk = one.observed(Listener())
            jobs[OBSERVED][name] = job(prepare=ready, run=partial(call, walk), steps=len(STEPS))
    return jobs


def call(walk: Callable[..., None], cases: list[Any]) -> None:
    """Walk the cases through all transitions."""
    walk(cases, CALLS)


def refused(refuse: Callable[..., None], cases: list[Any]) -> None:
    """Ask all cases again and again for what all three parts of the guard refuse."""
    for _ in range(ASKED):
        refuse(cases, *REFUSED_CALL)


def times(contenders: Contenders, *, rounds: int) -> Iterator[Figure]:
    """Measure all times, figure by figure."""
    jobs = timed_jobs(contenders)
    scale = {OPENED: (MANY * 1e3, "ms")}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        turns = dict.fromkeys(jobs, rounds) | {OPENED: min(rounds, OPENING_ROUNDS)}
        total = sum(turns[figure] * len(named) for figure, named in jobs.items())
        bar = progress.add_task("timing", total=total)
        for figure, named in jobs.items():
            told = partial(progress.advance, bar)
            seconds = interleaved(named, rounds=turns[figure], told=told)
            factor, unit = scale.get(figure, (1e6, "µs"))
            for name, value in seconds.items():
                yield Figure(name, figure, value * factor, unit)


def sizes(contenders: Contenders) -> Iterator[Figure]:
    """Measure what one live case holds in memory, empty and in the middle of its life."""
    for name, one in contenders.items():
        yield Figure(name, BARE, held(one, opener(one, NO_FACTS), calls=0), "B")
    for name, one in contenders.items():
        yield Figure(name, FILLED, held(one, opener(one, FACTS), calls=2), "B")


def held(one: Contender[Any], opened: Callable[[int], list[Any]], *, calls: int) -> float:
    """Return the bytes per case that stay allocated after opening it and making some calls.

    The place in the list that keeps the cases counts too. What a library stores once, in caches
    and classes, does not: a first small batch has already paid for it.
    """
    one.walk(opened(2), CALLS[:calls])
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        cases = opened(one.live)
        one.walk(cases, CALLS[:calls])
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    return (after - before) / len(cases)


def gathered(only: tuple[str, ...]) -> dict[str, Contender[Any]]:
    """Load and prove the wanted contenders; those not installed are skipped aloud."""
    found: dict[str, Contender[Any]] = {}
    for name in MODULES:
        if only and name not in only and name != LIMIT:
            continue
        try:
            found[name] = load(name)
        except Absent as why:
            skipped(name, str(why))
            continue
        prove(found[name])
    return found


def versions(contenders: Contenders) -> str:
    """Name the releases that were measured."""
    known: list[str] = []
    for library in dict.fromkeys(MODULES[name][1] for name in contenders):
        if library is not None:
            try:
                known.append(f"{library} {version(library)}")
            except PackageNotFoundError:
                known.append(f"{library} (version unknown)")
    return ", ".join(known)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(list(MODULES), case_sensitive=False),
    help="Only this contender beside the limit; may be repeated.",
)
def main(*, as_json: bool, rounds: int, only: tuple[str, ...]) -> None:
    """Measure and print."""
    contenders = gathered(only)
    measured = [*times(contenders, rounds=rounds), *sizes(contenders)]
    figures = judged(against_limit(measured, LIMIT), contender=OURS, most=MOST)
    figures += faster(measured, contender=OURS, peer=STOCK, least=LEAST)
    medians = f"Medians of {rounds} rounds ({OPENED}: at most {OPENING_ROUNDS}), in turns, of"
    notes = [
        f"{medians} the processor's time. The limit is {LIMIT}.",
        f"{versions(contenders)}. benchmarks/README.md says how to read this.",
    ]
    show(figures, title="One case in memory", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
