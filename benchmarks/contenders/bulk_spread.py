"""Several chunks at once: who carries them out, and how busy that keeps the machine's cores."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from contenders.bulk_ours import Ours

WORKERS = 4


@contextmanager
def processes() -> Iterator[Executor]:
    """Give ``WORKERS`` processes that have begun."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(abs, range(WORKERS * 4)))
        yield pool


@contextmanager
def dask() -> Iterator[Executor]:
    """Give a cluster of ``WORKERS`` processes on this machine; ImportError without Dask."""
    from distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=":0"
    )
    with cluster, Client(cluster) as client:
        yield client.get_executor()


class Busy:
    """Keeps how many cores of the machine were busy while plans ran, by whomever."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.cores: dict[str, list[float]] = {}

    def counted(self, name: str, plan: Ours) -> int:
        """Run a plan, and keep how many cores were busy under a name."""
        start, used = perf_counter(), _busy()
        granted = plan.run()
        cores = (_busy() - used) / (perf_counter() - start)
        self.cores.setdefault(name, []).append(cores)
        return granted


# ---------------------------------------------------------------------------------------------


def _busy() -> float:
    """Return the seconds that all cores together have worked since the machine was started."""
    fields = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]
    worked = [int(one) for place, one in enumerate(fields) if place not in {3, 4}]
    return sum(worked) / 100
