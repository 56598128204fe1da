"""Ways along a track: which transitions lead from one state to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from reformflow.binding.bound import BoundWorkflow


def shortest_way(
    flow: BoundWorkflow, track: str, start: str, goals: Collection[str]
) -> tuple[str, ...] | None:
    """Return the fewest transitions of a track that lead from a state to one of `goals`.

    Empty if the state is one of them, None if no way leads there. Only from-states and
    to-states are looked at, not what the transitions need.
    """
    before: dict[str, tuple[str, str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state in goals:
            return _way(before, state)
        for item in flow.transitions.values():
            if item.track == track and state in item.source:
                for target, _ in item.to:
                    if target not in before:
                        before[target] = (state, item.id)
                        waiting.append(target)
    return None


# ---------------------------------------------------------------------------------------------


def _way(before: dict[str, tuple[str, str] | None], state: str) -> tuple[str, ...]:
    steps: list[str] = []
    while (step := before[state]) is not None:
        state, transition = step
        steps.append(transition)
    return tuple(reversed(steps))
