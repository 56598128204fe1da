"""What a search is about while it works on one thing: all that is still to come."""

from __future__ import annotations

import attrs

from reformflow.testing.pathfinding.wishes import Wish


@attrs.frozen
class Agenda:
    """The goals being pursued, from the outermost on, and what they will ask of cases.

    `hopes` are wishes that will come up later, by case; `targets` the states that a track is to
    reach later, by case and track, with those that it comes by on the way that was chosen.
    """

    goals: tuple[object, ...] = ()
    hopes: tuple[tuple[str, tuple[Wish, ...]], ...] = ()
    targets: tuple[tuple[str, str, frozenset[str], frozenset[str]], ...] = ()

    def pursuing(self, goal: object) -> Agenda | None:
        """Return the agenda with one more goal; None if it is being pursued already."""
        if goal in self.goals:
            return None
        return attrs.evolve(self, goals=(*self.goals, goal))

    def is_about(self, case: str) -> bool:
        """Say whether a goal that is being pursued is about a case."""
        return any(getattr(goal, "case", None) == case for goal in self.goals)

    def hoping(self, case: str, wishes: tuple[Wish, ...]) -> Agenda:
        """Return the agenda with wishes that will come up later."""
        return attrs.evolve(self, hopes=((case, wishes), *self.hopes)) if wishes else self

    def heading(self, case: str, track: str, states: frozenset[str], way: frozenset[str]) -> Agenda:
        """Return the agenda with states that a track is to reach later, and those on the way."""
        return attrs.evolve(self, targets=((case, track, states, way), *self.targets))

    def hopes_for(self, case: str) -> tuple[Wish, ...]:
        """Return the wishes that will come up for a case, the nearest first."""
        found = (wish for one, wishes in self.hopes if one == case for wish in wishes)
        return tuple(dict.fromkeys(found))

    def targets_of(self, case: str, track: str) -> tuple[frozenset[str], ...]:
        """Return the sets of states that a track is to reach later."""
        return tuple(states for one, on, states, _ in self.targets if (one, on) == (case, track))

    def way_of(self, case: str, track: str) -> frozenset[str]:
        """Return the states that a track comes by on the ways that were chosen."""
        ways = [way for one, on, _, way in self.targets if (one, on) == (case, track)]
        return frozenset().union(*ways)
