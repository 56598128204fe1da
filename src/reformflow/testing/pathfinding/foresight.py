"""What can be seen of a way before it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reformflow.binding import BoundWorkflow
from reformflow.model import PARENT, Case, Literal, Name, Value
from reformflow.testing.pathfinding.lookouts import leaves_of
from reformflow.testing.pathfinding.partial import BITS, OPEN, Slots, compiled
from reformflow.testing.pathfinding.ways import Edge, Map
from reformflow.testing.pathfinding.wishes import Wish, wishes_of

Way = tuple[Edge, ...]


def foreseen(
    flow: BoundWorkflow, maps: Mapping[tuple[str, str], Map], wishes: Sequence[Wish]
) -> tuple[Wish, ...]:
    """Return what a new case will need on the shortest way to where the wishes have it."""
    found: list[Wish] = []
    for track in flow.tracks.values():
        leaf = Name(f"{track.id}.state")
        mine = [wish for wish in wishes if leaf in leaves_of(wish)]
        wanted = frozenset(
            state.id
            for state in track.states
            if all(_possible(wish, {leaf: state.id}) for wish in mine)
        )
        if mine and wanted and track.initial not in wanted:
            ways = maps[flow.id, track.id].ways(track.initial, wanted, frozenset())
            for edge in next(ways, ()):
                found += wishes_of(flow.transitions[edge.transition], edge.target)
    return tuple(found)


def ranked(
    flow: BoundWorkflow, track: str, case: Case, above: Case | None, ways: Iterable[Way]
) -> list[Way]:
    """Return ways with those first on which no transition sets what a later one cannot have.

    Of others, those come first whose beginning asks least of the parent, as it stands now.
    """
    return sorted(
        ways, key=lambda way: (_clashes(flow, track, case.values, way), _asked(flow, above, way))
    )


# ---------------------------------------------------------------------------------------------


def _asked(flow: BoundWorkflow, above: Case | None, way: Way) -> int:
    """Return how many wishes of the first step the parent does not fulfil now."""
    if above is None:
        return 0
    first = flow.transitions[way[0].transition]
    known = {Name(column, PARENT): value for column, value in above.values.items()}
    return sum(not _possible(wish, known) for wish in wishes_of(first, way[0].target))


def _clashes(flow: BoundWorkflow, track: str, values: Mapping[str, Value], way: Way) -> int:
    known = {
        Name(fact.id): values[fact.id]
        for fact in flow.facts.values()
        if fact.derived is None and not fact.by
    }
    clashes = 0
    for edge in way:
        bound = flow.transitions[edge.transition]
        given = {*bound.transition.records, *bound.transition.may_record}
        known = {leaf: value for leaf, value in known.items() if leaf.column not in given}
        known[Name(f"{track}.state")] = edge.source
        clashes += sum(not _possible(wish, known) for wish in wishes_of(bound, edge.target))
        for fact, expression in bound.sets:
            known.pop(Name(fact), None)
            if isinstance(expression, Literal):
                known[Name(fact)] = expression.value
    return clashes


def _possible(wish: Wish, known: Mapping[Name, Value]) -> bool:
    slots = Slots()
    test = compiled(wish.expression, slots)
    cells = [known.get(leaf, OPEN) if isinstance(leaf, Name) else OPEN for leaf in slots.numbers]
    return bool(test(cells) & BITS[wish.want])
