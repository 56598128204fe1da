"""States that no case ever comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reformflow.binding import BoundTransition
from reformflow.checks.structure.ways import Ways, some_option_reaches, ways_of
from reformflow.checks.subject import Subject
from reformflow.model import Finding, Severity, State, Text, Track, Witness

CODE = "unreachable_state"


def unreachable_states(subject: Subject) -> Iterator[Finding]:
    """Yield each state that is never reached, but of several in a row only the first.

    One that other options of the policies lead to is not meant to be reached under these.
    """
    for ways in ways_of(subject):
        for track in ways.flow.tracks.values():
            never = {
                state.id: state
                for state in track.states
                if not ways.reaches(track.id, state.id)
                and not some_option_reaches(subject, ways.flow, track.id, state.id)
            }
            yield from _found(ways, track, never)


# ---------------------------------------------------------------------------------------------


def _found(ways: Ways, track: Track, never: Mapping[str, State]) -> Iterator[Finding]:
    leading = {state: tuple(_leading_to(ways, track, state)) for state in never}
    firsts = [
        state
        for state, items in leading.items()
        if not items or any(ways.begins(item) for item in items)
    ]
    told: set[str] = set()
    # What is left over leads in a circle: it has no first, so any will do.
    for state in [*firsts, *never]:
        if state not in told:
            behind = _behind(state, leading, told | set(firsts))
            told |= {state, *behind}
            yield _finding(ways, track, never[state], leading[state], behind)


def _leading_to(ways: Ways, track: Track, state: str) -> Iterator[BoundTransition]:
    for item in ways.flow.transitions.values():
        targets = {target for target, _ in item.to}
        if item.track == track.id and state in targets and item.source != {state}:
            yield item


def _behind(
    state: str, leading: Mapping[str, tuple[BoundTransition, ...]], apart: set[str]
) -> list[str]:
    """Return the unreachable states that this one leads to, without those apart."""
    behind: list[str] = []
    waiting = [state]
    while waiting:
        before = waiting.pop()
        for other, items in leading.items():
            new = other != state and other not in behind and other not in apart
            if new and any(before in item.source for item in items):
                behind.append(other)
                waiting.append(other)
    return behind


def _finding(
    ways: Ways,
    track: Track,
    state: State,
    leading: tuple[BoundTransition, ...],
    behind: list[str],
) -> Finding:
    kept = [(item.id, ways.blockers(item, ways.before(item))) for item in leading]
    rules = tuple(dict.fromkeys(rule for _, blocked in kept for rule in blocked))
    clauses = (clause for rule in rules for clause in ways.flow.rules[rule].clauses)
    also = ", ".join(behind)
    en = f"no case ever comes to {state.id}: {_why(kept).en}"
    zh = f"没有案件能到达{state.id}：{_why(kept).zh}"
    if behind:
        en, zh = f"{en}; so none comes to {also} either", f"{zh}；因此也到不了{also}"
    return Finding(
        CODE,
        Severity.WARNING,
        f"{ways.flow.id}.tracks.{track.id}.states.{state.id}",
        Text(en, zh),
        tuple(dict.fromkeys((*state.clauses, *clauses))),
        Witness(parts=(*(item for item, _ in kept), *rules)),
    )


def _why(kept: list[tuple[str, tuple[str, ...]]]) -> Text:
    if not kept:
        return Text("nothing leads there", "没有任何流转通向它")
    en = ", ".join(f"{item} ({', '.join(rules)})" if rules else item for item, rules in kept)
    return Text(f"what leads there never does: {en}", f"通向它的流转从不实现：{en}")
