"""Trying a combination of options: what checks find under it, here or in another process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from threading import get_ident

from reformflow.binding import bind
from reformflow.checks.policies.pairs import Combination
from reformflow.checks.problems import no_calendar, not_bound
from reformflow.checks.subject import Subject
from reformflow.errors import CalendarError, DefinitionError
from reformflow.model import Actor, Finding, Reform

Check = Callable[[Subject], Iterable[Finding]]

Found = tuple[int, Finding]
"""What was found, and by which of the checks; those that say that it cannot be bound by -1."""

_TOGETHER = 3


def tried(subject: Subject, combination: Combination, checks: Sequence[Check]) -> list[Found]:
    """Return what checks find in a reform under a combination of options."""
    try:
        other = subject.under(dict(combination))
    except DefinitionError as error:
        return [(-1, not_bound(problem)) for problem in error.problems]
    except CalendarError as error:
        return [(-1, no_calendar(error))]
    if combination and other.same(subject):
        return []
    found: list[Found] = []
    for index, check in enumerate(checks):
        try:
            found += ((index, finding) for finding in check(other))
        except CalendarError as error:
            found.append((index, no_calendar(error)))
    return found


def all_tried(
    subject: Subject,
    combinations: Sequence[Combination],
    checks: Sequence[Check],
    executor: Executor | None,
) -> Iterator[tuple[Combination, list[Found]]]:
    """Yield what is found under each combination, in order; with an executor side by side."""
    if executor is None:
        for combination in combinations:
            yield combination, tried(subject, combination, checks)
        return
    batches = [
        combinations[start : start + _TOGETHER] for start in range(0, len(combinations), _TOGETHER)
    ]
    reform, staff = subject.bound.reform, subject.staff
    waiting = [executor.submit(_batch, reform, staff, batch, tuple(checks)) for batch in batches]
    for batch, future in zip(batches, waiting, strict=True):
        yield from zip(batch, future.result(), strict=True)


# ---------------------------------------------------------------------------------------------


def _batch(
    reform: Reform,
    staff: tuple[Actor, ...],
    combinations: Sequence[Combination],
    checks: Sequence[Check],
) -> list[list[Found]]:
    subject = _subject(reform, staff, get_ident())
    return [tried(subject, combination, checks) for combination in combinations]


@lru_cache(maxsize=8)
def _subject(reform: Reform, staff: tuple[Actor, ...], _thread: int) -> Subject:
    """Keep the reform of a run, with what was worked out for it, from batch to batch.

    Every thread has its own: the solver must not be asked by two at once.
    """
    return Subject.of(bind(reform), staff=staff)
