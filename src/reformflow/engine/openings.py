"""Which transitions stand open to a case, whoever asks: the state, the rules and the dates."""

from __future__ import annotations

from datetime import date

from reformflow.engine.firing import broken, choose
from reformflow.engine.lateness import timing
from reformflow.engine.program import Program
from reformflow.engine.scene import Scene
from reformflow.model import Case, Cases, Code

Ground = tuple[Code, str]
"""A reason against a transition: its code, and the rule or other subject it is about."""


def openings(program: Program, cases: Cases, case: Case, on: date) -> dict[str, tuple[Ground, ...]]:
    """Return every transition from the case's state, with what stands against it on a day.

    Nothing stands against one that can be fired, by whoever may, once its facts are recorded.
    """
    scene = Scene(program, cases, case, case.values, on)
    found: dict[str, tuple[Ground, ...]] = {}
    for step in program.plan(case.workflow).steps.values():
        if case.values[f"{step.bound.track}.state"] not in step.bound.source:
            continue
        _, undecided = choose(scene, step)
        dates = timing(program, scene, step, reason=None)
        refusals = [*broken(scene, step.guards), *undecided, *dates.refusals]
        against = ((refusal.code, refusal.subject) for refusal in refusals)
        found[step.id] = tuple(dict.fromkeys(item for item in against if item[0] is not _REASON))
    return found


# ---------------------------------------------------------------------------------------------

_REASON = Code.REASON_MISSING
