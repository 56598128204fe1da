"""The hunt: which changed definitions break a property, and which live on unnoticed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Executor, as_completed
from typing import Final

import attrs

from reformflow.binding import bind
from reformflow.errors import DefinitionError, ReformflowError
from reformflow.model import Property, Reform
from reformflow.testing.mutants.making import Mutant, mutants
from reformflow.testing.properties import Trial

INVALID: Final = "does not load"
"""What kills a mutant that is no definition any more."""

_BATCH: Final = 8


@attrs.frozen
class Fate:
    """What became of a mutant: killed by a property (or INVALID), or it lives on ("")."""

    name: str
    path: str
    killed_by: str

    @property
    def lives(self) -> bool:
        """Whether no property noticed it."""
        return not self.killed_by


def hunt(
    reform: Reform,
    properties: Iterable[Property],
    *,
    chosen: Collection[str] | None = None,
    walks: int = 20,
    steps: int = 60,
    executor: Executor | None = None,
) -> Iterator[Fate]:
    """Yield the fate of every mutant of a reform, or of the `chosen` ones, by name.

    Each is tried over the same walks as the reform itself. With an executor fates come in any
    order. PropertyBroken if a property does not even hold of the reform as it is.
    """
    asked = tuple(properties)
    trial = Trial.of(reform, walks=walks, steps=steps)
    for item in asked:
        trial.check(item)
    names = [one.name for one in mutants(reform) if chosen is None or one.name in chosen]
    batches = [names[first : first + _BATCH] for first in range(0, len(names), _BATCH)]
    job = _Job(reform, asked, walks, steps)
    if executor is None:
        for batch in batches:
            yield from _fates(job, batch)
        return
    waiting = {executor.submit(_fates, job, batch) for batch in batches}
    for done in as_completed(waiting):
        yield from done.result()


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Job:
    """What all mutants are tried with; it travels to workers, which make the mutants anew."""

    reform: Reform
    properties: tuple[Property, ...]
    walks: int
    steps: int


def _fates(job: _Job, names: Collection[str]) -> list[Fate]:
    chosen = frozenset(names)
    return [_fate(job, one) for one in mutants(job.reform) if one.name in chosen]


def _fate(job: _Job, mutant: Mutant) -> Fate:
    try:
        bound = bind(mutant.reform)
        trial = Trial.of(bound, walks=job.walks, steps=job.steps)
        breach = trial.first(job.properties)
    except DefinitionError:
        return Fate(mutant.name, mutant.path, INVALID)
    except ReformflowError as error:  # a property that no longer fits, a date that cannot be
        return Fate(mutant.name, mutant.path, type(error).__name__)
    return Fate(mutant.name, mutant.path, breach.property.id if breach is not None else "")
