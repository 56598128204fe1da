"""Where a track of a workflow ends, and from where it can still get there."""

from __future__ import annotations

from reformflow.checks.reach import States
from reformflow.checks.structure.ways import Ways
from reformflow.model import Track


def ends_of(ways: Ways, track: Track) -> frozenset[str]:
    """Return the states in which a track has come to its end.

    These are the final ones; and a last state in which acts go on, which therefore cannot be
    declared final. Of a track without final states nothing says where it ends.
    """
    finals = ways.flow.finals[track.id]
    return finals | _resting(ways, track) if finals else finals


def leading_to_ends(ways: Ways, track: Track) -> States:
    """Return the reached states from which a track can come to its end."""
    return ways.space.leading_to(ways.being(track.id, *ends_of(ways, track)))


def exits(ways: Ways, track: Track, state: str) -> tuple[str, ...]:
    """Return the transitions that lead from a state to another one, if they ever fire."""
    return tuple(
        item.id
        for item in ways.flow.transitions.values()
        if item.track == track.id
        and state in item.source
        and any(target != state for target, _ in item.to)
    )


# ---------------------------------------------------------------------------------------------


def _resting(ways: Ways, track: Track) -> frozenset[str]:
    acting = {
        state
        for item in ways.flow.transitions.values()
        if item.track == track.id
        and (not item.to or {target for target, _ in item.to} == item.source)
        for state in item.source
    }
    return frozenset(state for state in acting if not exits(ways, track, state))
