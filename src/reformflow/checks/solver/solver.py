"""The one way to ask z3: can some case meet these demands, and which case or why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reformflow.checks.solver.demands import Answer, Demand
from reformflow.checks.solver.family import Family, family_of
from reformflow.checks.solver.world import World
from reformflow.errors import MissingExtra

if TYPE_CHECKING:
    from reformflow.checks.solver.session import Session


class Solver:
    """Answers demands on the cases of one world; remembers its answers."""

    def __init__(self, world: World) -> None:
        """Look at a world; nothing is solved yet."""
        self.world = world
        self._sessions: dict[Family, Session] = {}
        self._answers: dict[tuple[tuple[Demand, ...], bool], Answer] = {}

    def ask(self, demands: Iterable[Demand], *, plain: bool = True) -> Answer:
        """Return whether some case meets all demands; MissingExtra without the extra `checks`.

        The case is one with small numbers and near days where there is one, or any if not `plain`.
        """
        asked = tuple(demands)
        answer = self._answers.get((asked, plain))
        if answer is None:
            family = family_of(demand.expression for demand in asked)
            answer = self._answers[asked, plain] = self._session(family).ask(asked, plain=plain)
        return answer

    def _session(self, family: Family) -> Session:
        session = self._sessions.get(family)
        if session is None:
            try:
                from reformflow.checks.solver.session import Session
            except ImportError as error:
                raise MissingExtra.of("checks", purpose="searching a definition") from error
            session = self._sessions[family] = Session(self.world, family)
        return session
