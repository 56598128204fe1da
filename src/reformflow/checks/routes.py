"""Routes: the ways through the tracks of one workflow, as far as states alone tell.

A transition leads from each of its from-states to the states of its branches. Left out is what
can never be taken: a branch whose condition is false whatever the case, a transition that needs
a rule which is, and from-states in which the rules of the transition cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from reformflow.binding import BoundTransition, BoundWorkflow
from reformflow.language.folding import FALSE, TRUE, fold
from reformflow.language.reading import columns_read
from reformflow.model import SELF, And, Expression, Name


@attrs.frozen
class Move:
    """A transition as a way: from where, and to where (from-state and to-state may be the same)."""

    id: str
    track: str
    sources: frozenset[str]
    targets: frozenset[str]

    def leads(self, state: str) -> frozenset[str]:
        """Return the states that the move can lead to from a state."""
        if state not in self.sources:
            return frozenset()
        return self.targets or frozenset({state})


@attrs.frozen
class Routes:
    """The moves of one workflow, those that can be made at all from where its cases begin."""

    initial: Mapping[str, str]
    moves: Mapping[str, Move]
    _onward: Mapping[tuple[str, str], list[tuple[str, frozenset[str]]]] = attrs.field(
        init=False, eq=False, repr=False
    )
    _passed: dict[tuple[str, frozenset[str]], tuple[str, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @_onward.default
    def _found_onward(self) -> Mapping[tuple[str, str], list[tuple[str, frozenset[str]]]]:
        found: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
        for move in self.moves.values():
            for state in move.sources:
                found.setdefault((move.track, state), []).append((move.id, move.leads(state)))
        return found

    @classmethod
    def of(cls, flow: BoundWorkflow) -> Routes:
        """Find the routes of a workflow."""
        initial = {track.id: track.initial for track in flow.tracks.values()}
        moves = {item.id: _move(item) for item in flow.transitions.values()}
        reached = cls(initial, moves).reached()
        return cls(
            initial,
            {
                move.id: attrs.evolve(move, sources=move.sources & reached[move.track])
                for move in moves.values()
                if move.sources & reached[move.track]
            },
        )

    def reached(self) -> dict[str, frozenset[str]]:
        """Return the states of each track that a case can come to."""
        return {track: self.beyond(track, [state]) for track, state in self.initial.items()}

    def beyond(
        self,
        track: str,
        states: Iterable[str],
        *,
        without: str | None = None,
        around: frozenset[str] = frozenset(),
    ) -> frozenset[str]:
        """Return some states of a track and all that follow them.

        `without` one transition, and on ways `around` some states.
        """
        found = set(states) - around
        waiting = list(found)
        while waiting:
            for id, targets in self._onward.get((track, waiting.pop()), ()):  # noqa: A001
                if id != without:
                    more = targets - found - around
                    found |= more
                    waiting += more
        return frozenset(found)

    def unavoidable(self, track: str, states: frozenset[str]) -> tuple[str, ...]:
        """Return the transitions without which none of some states of a track can be come to.

        None if a case begins in one of them, and none if they cannot be come to at all.
        """
        found = self._passed.get((track, states))
        if found is None:
            found = self._passed[track, states] = tuple(self._unavoidable(track, states))
        return found

    def ways_into(self, track: str, states: frozenset[str]) -> tuple[str, ...]:
        """Return the transitions that can lead to one of some states, or stay in one."""
        return tuple(
            move.id
            for move in self.moves.values()
            if move.track == track and any(states & move.leads(state) for state in move.sources)
        )

    def once(self, id: str) -> bool:  # noqa: A002
        """Say whether a transition can fire only once, since nothing leads back to it."""
        move = self.moves[id]
        after = {target for state in move.sources for target in move.leads(state)}
        return not move.sources & self.beyond(move.track, after)

    def _unavoidable(self, track: str, states: frozenset[str]) -> Iterator[str]:
        start = self.initial[track]
        if start in states or not states & self.beyond(track, [start]):
            return
        for move in self.moves.values():
            if move.track == track and not states & self.beyond(track, [start], without=move.id):
                yield move.id


def demands(item: BoundTransition) -> tuple[Expression, ...]:
    """Return what has to be true for a transition to fire, each condition by itself."""
    return tuple(part for rule in item.needs for part in conditions(rule.expression))


def conditions(expression: Expression) -> Iterator[Expression]:
    """Yield the conditions that an expression joins by `and`."""
    if isinstance(expression, And):
        for operand in expression.operands:
            yield from conditions(operand)
    else:
        yield expression


def admitted(parts: Iterable[Expression], state: Name, states: Iterable[str]) -> frozenset[str]:
    """Return the states of a track, `state` being its column, that some conditions leave open."""
    about = [part for part in parts if state in columns_read(part)]
    return frozenset(
        option for option in states if all(fold(part, {state: option}) != FALSE for part in about)
    )


# ---------------------------------------------------------------------------------------------


def _move(item: BoundTransition) -> Move:
    parts = demands(item)
    sources = admitted(parts, Name(f"{item.track}.state", SELF), item.source)
    targets = frozenset(_targets(item))
    if FALSE in parts or (item.to and not targets):
        sources = frozenset()
    return Move(item.id, item.track, sources, targets)


def _targets(item: BoundTransition) -> Iterator[str]:
    for state, when in item.to:
        if when != FALSE:
            yield state
        if when in (None, TRUE):
            return
