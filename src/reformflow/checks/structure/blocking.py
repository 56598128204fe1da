"""Tracks that stop another one for ever: it needs a state that they have left for good."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.checks.reach import States, surely
from reformflow.checks.structure.ends import ends_of, leading_to_ends
from reformflow.checks.structure.steps import steps_to
from reformflow.checks.structure.ways import Ways, ways_of
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, State, Text, Track, Witness

CODE = "blocked_for_ever"


def blocked_tracks(subject: Subject) -> Iterator[Finding]:
    """Yield each state in which a track is stuck for good once another one has come too far.

    That is a note where the other track can end, for the whole case may be meant to end with it;
    and no fault where the track has not begun. Only what is sure to be possible is told.
    """
    for ways in ways_of(subject):
        for track in ways.flow.tracks.values():
            if len(ways.flow.tracks) > 1 and ends_of(ways, track):
                yield from _found(ways, track)


# ---------------------------------------------------------------------------------------------


def _found(ways: Ways, track: Track) -> Iterator[Finding]:
    leading = leading_to_ends(ways, track)
    if not ways.space.sets.any(ways.space.reached & ~leading):
        return
    for state in track.states:
        if state.id == track.initial or not _goes_on(ways, track, state.id, leading):
            continue
        for other in ways.flow.tracks.values():
            stopping = _stopping(ways, (track, state), other, leading)
            found = next(_shown(ways, (track, state), other, stopping), None)
            if found is not None:
                yield found
                break


def _goes_on(ways: Ways, track: Track, state: str, leading: States) -> bool:
    """Say whether a state is no end of its track, but can come to one."""
    ends = ends_of(ways, track)
    return state not in ends and ways.space.sets.any(ways.within(track.id, state) & leading)


def _stopping(
    ways: Ways, stuck: tuple[Track, State], other: Track, leading: States
) -> tuple[str, ...]:
    """Return the states in which another track stops this one for good; none if it may end well.

    Where one way of its ending spares this track, another that does not may be meant to end all.
    """
    track, state = stuck
    if other.id == track.id:
        return ()
    met, here = ways.space.sets.any, ways.within(track.id, state.id)
    together = {far.id: here & ways.within(other.id, far.id) for far in other.states}
    ends = ends_of(ways, other)
    if any(met(together[far] & leading) for far in ends):
        return ()
    return tuple(far for far, there in together.items() if met(there) and not met(there & leading))


def _shown(
    ways: Ways, stuck: tuple[Track, State], other: Track, stopping: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield a finding for each of the states that is sure to come about together with this one."""
    if not stopping:
        return
    track, state = stuck
    certain = Ways(surely(ways.search, ways.flow.id), ways.flow)
    for far in stopping:
        both = certain.within(track.id, state.id) & certain.within(other.id, far)
        steps, values = steps_to(certain, both)
        if values:
            says = Text(
                f"{track.id} can go no further from {state.id} once {other.id} has come to {far}",
                f"{other.id}到{far}后，处于{state.id}的{track.id}无法继续",
            )
            yield Finding(
                CODE,
                Severity.NOTE if ends_of(ways, other) else Severity.WARNING,
                f"{ways.flow.id}.tracks.{track.id}.states.{state.id}",
                says,
                state.clauses,
                Witness(values, steps=steps),
            )
