"""Lifecycles: state machines that take a workflow's cases through all that can happen to them."""

from __future__ import annotations

from reformflow.binding import BoundReform
from reformflow.engine import Engine
from reformflow.errors import MissingExtra
from reformflow.model import Reform
from reformflow.testing.lifecycles.plots import Plot
from reformflow.testing.lifecycles.seconds import Books, Disagreement
from reformflow.testing.pathfinding import Pathfinder

try:
    from reformflow.testing.lifecycles.machine import LifecycleMachine
    from reformflow.testing.lifecycles.running import run_lifecycle
except ImportError as error:
    raise MissingExtra.of("testing", purpose="a lifecycle") from error

__all__ = ["Disagreement", "LifecycleMachine", "lifecycle", "run_lifecycle"]


def lifecycle(
    reform: Reform | BoundReform | Engine | Pathfinder,
    workflow: str,
    *,
    on: Books | None = None,
    bulk: bool = False,
) -> type[LifecycleMachine]:
    """Return a state machine over cases of a workflow, for tests to subclass.

    Its test case first takes courses that come to every state and to every outcome of every rule
    for which one was found, then steps by lot. With `on`, a book or what opens a new one for each
    run, everything is asked of the book as well, and Disagreement is raised where it answers
    otherwise; with `bulk`, which needs a book for each run, acts are planned for all cases that
    stand alike. A pathfinder remembers what it has found for other machines of its reform.
    DefinitionError if the reform does not hold up, UnknownName if there is no such
    workflow.
    """
    if isinstance(reform, Reform | BoundReform):
        reform = Engine(reform)
    finder = reform if isinstance(reform, Pathfinder) else Pathfinder(reform)
    plot = Plot(finder, workflow, on, bulk=bulk)
    return type(f"Lifecycle of {workflow}", (LifecycleMachine,), {"plot": plot})
