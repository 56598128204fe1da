"""Take turns: every contender once per round, so that a slow moment of the machine hits all."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from attrs import frozen

#: One timed batch lasts about this long: far above the clock's grain, far below a patience's.
BATCH_SECONDS = 0.02
#: More cases than this would measure the processor's cache and not the library.
MOST_CASES = 2_000
FEWEST_CASES = 10


@frozen
class Job:
    """Something to time: ``run`` works on what ``prepare(size)`` made, untimed, just before.

    ``steps`` is how many of the measured things happen for each of the ``size`` subjects. Work
    that only computes is timed by the processor's time (``thread_time``), which leaves out the
    moments given to other programs; work that waits for a disk or a server, by ``perf_counter``.
    """

    prepare: Callable[[int], Any]
    run: Callable[[Any], object]
    steps: int = 1
    size: int | None = None
    clock: Callable[[], float] = perf_counter


def once(job: Job, size: int) -> float:
    """Return the seconds per step of one batch, with the garbage collector held back."""
    batch = job.prepare(size)
    gc.collect()
    gc.disable()
    try:
        start = job.clock()
        made = job.run(batch)
        seconds = job.clock() - start
    finally:
        gc.enable()
    # What was made lives until here, so that taking it down is not timed.
    del made
    return seconds / (size * job.steps)


def fitting_size(job: Job) -> int:
    """Choose the batch that lasts ``BATCH_SECONDS``; trying it out also warms the code up."""
    if job.size is not None:
        return job.size
    per_subject = once(job, FEWEST_CASES) * job.steps
    return max(FEWEST_CASES, min(MOST_CASES, int(BATCH_SECONDS / per_subject)))


def interleaved(
    jobs: Mapping[str, Job], *, rounds: int, told: Callable[[], object] = lambda: None
) -> dict[str, float]:
    """Time all ``jobs`` in turns and return each one's median, in seconds per step.

    ``told`` is called after every single batch, for a progress bar.
    """
    sizes = {name: fitting_size(job) for name, job in jobs.items()}
    seen: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            seen[name].append(once(job, sizes[name]))
            told()
    return {name: median(times) for name, times in seen.items()}
