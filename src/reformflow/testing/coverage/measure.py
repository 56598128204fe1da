"""From what was tried to what was covered: states, transitions, rule outcomes, clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.model import Standing
from reformflow.testing.coverage.recorder import (
    DONE,
    GRANTED,
    LATE,
    REFUSED,
    TIMELY,
    UNKNOWN,
)
from reformflow.testing.pathfinding.marks import conceivable
from reformflow.words.citations import Cited, citations

_ALWAYS = frozenset({"document", "role", "policy", "workflow", "relation", "stage", "duty"})
"""What cannot be tried by itself: it counts with the workflow it belongs to."""


@attrs.frozen
class Part:
    """One part of a definition: what it is, its path, which outcomes there are, and which came."""

    kind: str
    path: str
    outcomes: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def missed(self) -> tuple[str, ...]:
        """The outcomes that no test has come to."""
        return tuple(one for one in self.outcomes if one not in self.seen)


@attrs.frozen
class ClauseCoverage:
    """A clause: whether it has to be covered, and which of the parts that cite it were tried.

    `tried` and `untried` are the paths of the parts that enforce it.
    """

    id: str
    enforced: bool
    tried: tuple[str, ...]
    untried: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """Whether some part that enforces it was tried."""
        return bool(self.tried)


@attrs.frozen
class Coverage:
    """What a run has covered of one reform."""

    reform: str
    digest: str
    parts: tuple[Part, ...]
    clauses: tuple[ClauseCoverage, ...]

    def of(self, kind: str) -> tuple[Part, ...]:
        """Return the parts of one kind: state, transition, rule or date."""
        return tuple(part for part in self.parts if part.kind == kind)

    def share(self, kind: str) -> tuple[int, int]:
        """Return how many outcomes of a kind came, and how many there are."""
        parts = self.of(kind)
        return sum(len(part.seen) for part in parts), sum(len(part.outcomes) for part in parts)

    @property
    def clause_share(self) -> tuple[int, int]:
        """How many enforced clauses are covered, and how many there are."""
        enforced = [clause for clause in self.clauses if clause.enforced]
        return sum(clause.covered for clause in enforced), len(enforced)


def measure(
    bound: BoundReform, tried: Mapping[tuple[str, str], int], *, digest: str = ""
) -> Coverage:
    """Return what was covered of a reform, from how often each part came out how."""
    parts: list[Part] = []
    for flow in bound.workflows.values():
        parts += _parts(flow, tried)
    touched = {path for path, _ in tried}
    clauses = tuple(_clauses(bound, touched))
    return Coverage(bound.reform.id, digest, tuple(parts), clauses)


# ---------------------------------------------------------------------------------------------


def _parts(flow: BoundWorkflow, tried: Mapping[tuple[str, str], int]) -> Iterator[Part]:
    def part(kind: str, path: str, *outcomes: str) -> Part:
        return Part(kind, path, outcomes, tuple(one for one in outcomes if tried.get((path, one))))

    for track in flow.tracks.values():
        for state in track.states:
            yield part("state", f"{flow.id}.tracks.{track.id}.states.{state.id}", DONE)
    yield part("transition", f"{flow.id}.opening", GRANTED, REFUSED)
    for rule in flow.opening_needs:
        yield part("rule", f"{flow.id}.opening.needs.{rule.id}", GRANTED, REFUSED, UNKNOWN)
    for item in flow.transitions.values():
        path = f"{flow.id}.transitions.{item.id}"
        by_itself = item.transition.by_itself
        yield part("transition", path, *((GRANTED,) if by_itself else (GRANTED, REFUSED)))
        for rule in item.needs:
            outcomes = (GRANTED,) if by_itself else (GRANTED, REFUSED, UNKNOWN)
            yield part("rule", f"{path}.needs.{rule.id}", *outcomes)
        if item.deadline is not None:
            yield part("date", f"{path}.due", TIMELY, LATE)
        if item.window is not None:
            yield part("date", f"{path}.window", TIMELY, LATE)
    for fact, condition in flow.during.items():
        unknown = (UNKNOWN,) if None in conceivable(condition) else ()
        yield part("rule", f"{flow.id}.facts.{fact}.during", GRANTED, REFUSED, *unknown)


def _clauses(bound: BoundReform, touched: set[str]) -> Iterator[ClauseCoverage]:
    opened = {path.partition(".")[0] for path in touched}
    cited = citations(bound)
    for clause in bound.reform.clauses:
        enforcing = [place for place in cited[clause.id] if place.enforces]
        tried = [place for place in enforcing if _tried(place, touched, opened)]
        untried = [str(place) for place in enforcing if place not in tried]
        enforced = bool(enforcing) and clause.standing is Standing.ENFORCED
        paths = tuple(dict.fromkeys(map(str, tried)))
        yield ClauseCoverage(clause.id, enforced, paths, tuple(dict.fromkeys(untried)))


def _tried(place: Cited, touched: set[str], opened: set[str]) -> bool:
    if place.kind in _ALWAYS:
        return place.path[0] in opened or (place.path[0] == "reform" and bool(opened))
    path = str(place)
    return path in touched or any(one.startswith(f"{path}.") for one in touched)
