"""The trail of one goal's pursuit, so that it neither goes in circles nor on for ever."""

from __future__ import annotations

import attrs

from reformflow.testing.pathfinding.worlds import World


@attrs.frozen
class Trail:
    """How many rounds are left, and where the pursuit has been in any of its branches."""

    rounds: int
    been: set[int] = attrs.field(factory=set)

    def on(self, world: World) -> Trail | None:
        """Return the trail one round on; None if it has been here, or has gone on too long."""
        place = world.signature()
        if self.rounds == 0 or place in self.been:
            return None
        self.been.add(place)
        return Trail(self.rounds - 1, self.been)
