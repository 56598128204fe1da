"""Traps: states that cases come to, and from which their track never comes to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reformflow.checks.structure.ends import ends_of, exits, leading_to_ends
from reformflow.checks.structure.steps import steps_to
from reformflow.checks.structure.ways import Ways, some_option_leaves, ways_of
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, Text, Track, Witness

CODE = "trap"


def traps(subject: Subject) -> Iterator[Finding]:
    """Yield each trap, several states that lead to each other as one.

    A track that has final states is meant to end in one. In a track that has none, a trap is a
    state with ways out that can never be taken from it.
    """
    for ways in ways_of(subject):
        for track in ways.flow.tracks.values():
            caught = _caught(ways, track) if ends_of(ways, track) else _shut(subject, ways, track)
            moves = ways.moves(track.id) if caught else {}
            for trap in _last(caught, moves):
                yield _finding(ways, track, trap)


# ---------------------------------------------------------------------------------------------


def _caught(ways: Ways, track: Track) -> tuple[str, ...]:
    """Return the reached states from which the track never comes to an end."""
    ends, leading = ends_of(ways, track), leading_to_ends(ways, track)
    return tuple(
        state.id
        for state in track.states
        if state.id not in ends
        and ways.reaches(track.id, state.id)
        and not ways.space.sets.any(ways.within(track.id, state.id) & leading)
    )


def _shut(subject: Subject, ways: Ways, track: Track) -> tuple[str, ...]:
    """Return the reached states with ways out none of which is ever taken, under any options."""
    moves = ways.moves(track.id)
    return tuple(
        state.id
        for state in track.states
        if exits(ways, track, state.id)
        and not moves[state.id]
        and ways.reaches(track.id, state.id)
        and not some_option_leaves(subject, ways.flow, track.id, state.id)
    )


def _last(caught: tuple[str, ...], moves: Mapping[str, frozenset[str]]) -> Iterator[list[str]]:
    """Yield the states that are caught together and lead to no others of these."""
    onwards = {state: _onwards(state, caught, moves) for state in caught}
    told: set[str] = set()
    for state in caught:
        together = [other for other in caught if other in onwards[state]]
        if state not in told and all(state in onwards[other] for other in together):
            told |= {state, *together}
            yield [state, *(other for other in together if other != state)]


def _onwards(
    state: str, caught: tuple[str, ...], moves: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    found: set[str] = set()
    waiting = [state]
    while waiting:
        for other in moves[waiting.pop()]:
            if other in caught and other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


def _finding(ways: Ways, track: Track, trap: list[str]) -> Finding:
    state = next(state for state in track.states if state.id == trap[0])
    out = [item for one in trap for item in exits(ways, track, one)]
    blocked = [item for item in out if not ways.fires(item)]
    if len(trap) > 1:
        round_ = " → ".join((*trap, trap[0]))
        en = f"{track.id} only goes round in {round_} and never comes to an end"
        zh = f"{track.id}只在{round_}之间循环，永远不会结束"
    else:
        en = f"from {state.id} {track.id} never comes to an end"
        zh = f"{track.id}到{state.id}后永远不会结束"
        if not out:
            en, zh = f"{en}: nothing leads out of it", f"{zh}：没有流转离开它"
    if blocked:
        en = f"{en}: {', '.join(blocked)} never fires"
        zh = f"{zh}：{'、'.join(blocked)}从不发生"
    steps, values = steps_to(ways, ways.within(track.id, state.id))
    return Finding(
        CODE,
        Severity.ERROR,
        f"{ways.flow.id}.tracks.{track.id}.states.{state.id}",
        Text(en, zh),
        state.clauses,
        Witness(values=values, steps=steps),
    )
