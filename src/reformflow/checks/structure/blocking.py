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

    That is no fault where the other track can still end, for the whole case may end with it; nor
    where the track has not begun. Only what is sure to be possible is told.
    """
    for ways in ways_of(subject):
        for track in ways.flow.tracks.values():
            if len(ways.flow.tracks) > 1 and ends_of(ways, track):
                yield from _found(ways, track)


# ---------------------------------------------------------------------------------------------


def _found(ways: Ways, track: Track) -> Iterator[Finding]:
    leading = leading_to_ends(ways, track)
    stuck = ways.space.reached & ~leading
    if not ways.space.sets.any(stuck):
        return
    for state in track.states:
        if state.id == track.initial or not _goes_on(ways, track, state.id, leading):
            continue
        for other, far in _stopping(ways, track, state.id, leading):
            # What may be is not enough here, so it is asked anew among what is sure.
            certain = Ways(surely(ways.search, ways.flow.id), ways.flow)
            both = certain.within(track.id, state.id) & certain.within(other.id, far)
            steps, values = steps_to(certain, both)
            if values:
                yield _finding(ways, (track, state), (other, far), Witness(values, parts=steps))
                break


def _goes_on(ways: Ways, track: Track, state: str, leading: States) -> bool:
    """Say whether a state is no end of its track, but can come to one."""
    ends = ends_of(ways, track)
    return state not in ends and ways.space.sets.any(ways.within(track.id, state) & leading)


def _stopping(ways: Ways, track: Track, state: str, leading: States) -> Iterator[tuple[Track, str]]:
    """Yield the states in which another track, which never ends from there, stops this one."""
    met, here = ways.space.sets.any, ways.within(track.id, state)
    for other in ways.flow.tracks.values():
        ending = ways.space.leading_to(ways.being(other.id, *ways.flow.finals[other.id]))
        for far in other.states:
            there = ways.within(other.id, far.id)
            stops = met(here & there) and not met(here & there & leading)
            if other.id != track.id and stops and not met(there & ending):
                yield other, far.id


def _finding(
    ways: Ways, stuck: tuple[Track, State], by: tuple[Track, str], witness: Witness
) -> Finding:
    (track, state), (other, far) = stuck, by
    says = Text(
        f"{track.id} can go no further from {state.id} once {other.id} has come to {far}",
        f"{other.id}到{far}后，处于{state.id}的{track.id}无法继续",
    )
    path = f"{ways.flow.id}.tracks.{track.id}.states.{state.id}"
    return Finding(CODE, Severity.WARNING, path, says, state.clauses, witness)
