"""States that nothing leads out of any more once a day is over."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.checks.structure.ends import ends_of, exits
from reformflow.checks.structure.steps import steps_to
from reformflow.checks.structure.ways import Ways, ways_of
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Late, Severity, State, Text, Track, Witness

CODE = "closed_after"


def states_closing(subject: Subject) -> Iterator[Finding]:
    """Yield each state, of a track that is meant to end, whose ways out are all shut by time.

    A note: who misses the day may be meant to stay there.
    """
    for ways in ways_of(subject):
        for track in ways.flow.tracks.values():
            ends = ends_of(ways, track)
            for state in track.states if ends else ():
                if exits(ways, track, state.id) and ways.reaches(track.id, state.id):
                    yield from _found(ways, track, state)


# ---------------------------------------------------------------------------------------------


def _found(ways: Ways, track: Track, state: State) -> Iterator[Finding]:
    flow, moves = ways.flow, exits(ways, track, state.id)
    here = [one for one in flow.transitions.values() if one.track == track.id]
    here = [one for one in here if state.id in one.source and ways.fires(one.id)]
    days = [_last_day(flow, one) for one in here]
    # What does not lead out may still move the day of what does.
    if None in days or any(one.id not in moves for one in here):
        return
    last = tuple(day for day in days if day is not None)
    listed = ", ".join(last)
    says = Text(
        f"nothing leads out of {state.id} any more once {listed} is over",
        f"{listed}一过，便再没有流转离开{state.id}",
    )
    steps, values = steps_to(ways, ways.within(track.id, state.id))
    path = f"{flow.id}.tracks.{track.id}.states.{state.id}"
    witness = Witness(values, parts=last, steps=steps)
    yield Finding(CODE, Severity.NOTE, path, says, state.clauses, witness)


def _last_day(flow: BoundWorkflow, item: BoundTransition) -> str | None:
    """Return the day after which a transition is refused for good, None if there is none."""
    window, deadline, day = item.window, item.deadline, None
    if window is not None and window.outside is Late.REFUSE:
        day = window.closes
    if day is None and deadline is not None and deadline.late is Late.REFUSE:
        day = None if deadline.can_pause else deadline.due
    sources = {name for one in flow.computed if one.column == day for name in one.sources}
    facts = (flow.facts[name] for name in sources if name in flow.facts)
    movable = any(fact.by and not fact.once for fact in facts)
    return None if item.transition.by_itself or movable else day
