"""The hunt: which changed definitions break a property or an example, and which live on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Executor, as_completed
from typing import Final

import attrs

from reformflow.errors import DefinitionError, ReformflowError
from reformflow.model import Property, Reform
from reformflow.testing.examples import Example
from reformflow.testing.histories import History, nearest_first
from reformflow.testing.mutants.making import Mutant, mutants
from reformflow.testing.mutants.telling import Engines, Telling
from reformflow.testing.properties import Trial

INVALID: Final = "does not load"
"""What kills a mutant that is no definition any more."""

EXAMPLES: Final = "examples"
"""What kills a mutant that only answers examples otherwise."""

_BATCH: Final = 40


@attrs.frozen
class Fate:
    """What became of a mutant: killed by a property, EXAMPLES or INVALID, or it lives on ("")."""

    name: str
    path: str
    killed_by: str

    @property
    def lives(self) -> bool:
        """Whether nothing noticed it."""
        return not self.killed_by


def hunt(  # noqa: PLR0913 - what to hunt, with what, for how long
    reform: Reform,
    properties: Iterable[Property],
    *,
    examples: Iterable[Example] = (),
    chosen: Collection[str] | None = None,
    walks: int = 20,
    steps: int = 60,
    executor: Executor | None = None,
) -> Iterator[Fate]:
    """Yield the fate of every mutant of a reform, or of the `chosen` ones, by name.

    Each is tried over those histories of the reform of which it tells otherwise, nearest first to
    what was changed; then it has to tell the same of the examples. With an executor fates come in
    any order. PropertyBroken if a property does not even hold of the reform as it is.
    """
    asked = tuple(properties)
    trial = Trial.of(reform, walks=walks, steps=steps)
    trial.check(*asked)
    job = _Job(reform, asked, trial.histories, tuple(examples))
    found = (one for one in mutants(reform) if chosen is None or one.name in chosen)
    if executor is None:
        yield from _fates(job, found)
        return
    names = [one.name for one in found]
    batches = [names[first : first + _BATCH] for first in range(0, len(names), _BATCH)]
    waiting = {executor.submit(_batch, job, batch) for batch in batches}
    for done in as_completed(waiting):
        yield from done.result()


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Job:
    """What all mutants are tried with; it travels to workers, which make the mutants anew."""

    reform: Reform
    properties: tuple[Property, ...]
    histories: tuple[History, ...]
    examples: tuple[Example, ...]


def _batch(job: _Job, names: Collection[str]) -> list[Fate]:
    chosen = frozenset(names)
    return list(_fates(job, (one for one in mutants(job.reform) if one.name in chosen)))


def _fates(job: _Job, made: Iterable[Mutant]) -> Iterator[Fate]:
    hunter = _Hunter(job)
    for mutant in made:
        yield Fate(mutant.name, mutant.path, hunter.killer(mutant))


class _Hunter:
    """Tries mutants, and remembers what the reform itself tells of histories and examples."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        told = [Example(history.steps) for history in job.histories]
        self._histories = Telling(job.reform, told)
        parts = [part for example in job.examples for part in example.parts()]
        self._examples = Telling(job.reform, parts)
        self._parts = [History.of(part.steps) for part in parts]

    def killer(self, mutant: Mutant) -> str:
        try:
            engines = Engines(mutant.reform)
            trial = Trial(engines.under({}), self._job.histories)
            asked = trial.bound(self._job.properties)
        except DefinitionError:
            return INVALID
        except ReformflowError as error:  # a property that no longer fits
            return type(error).__name__
        for number in nearest_first(self._job.histories, mutant.about):
            if self._histories.differs(engines, number):
                found = trial.broken(asked, self._job.histories[number].steps)
                if found is not None:
                    return found[0].property.id
        return EXAMPLES if self._shown(mutant, engines) else ""

    def _shown(self, mutant: Mutant, engines: Engines) -> bool:
        """Say whether an example shows a mutant, also under an option that it reads."""
        likeliest = nearest_first(self._parts, mutant.about)
        return any(
            self._examples.differs(engines, number, policy, option)
            for policy, option in [("", ""), *self._options(mutant)]
            for number in likeliest
        )

    def _options(self, mutant: Mutant) -> Iterator[tuple[str, str]]:
        for policy in self._job.reform.policies:
            if policy.id in mutant.policies:
                names = (option.name for option in policy.options)
                yield from ((policy.id, name) for name in names if name != policy.choice)
