"""The one way to ask z3: can some case meet these demands, and which case or why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from reformflow.checks.solver.demands import Answer, Demand, Verdict, Wanted
from reformflow.checks.solver.family import Family, families_of
from reformflow.checks.solver.world import Part, World
from reformflow.errors import MissingExtra

if TYPE_CHECKING:
    import z3

    from reformflow.checks.solver.session import Session
    from reformflow.checks.solver.terms import Terms

Demands = tuple[Demand, ...]


@attrs.frozen
class Known:
    """An answer, what was wanted of it, and the part of the world that it rests on."""

    answer: Answer
    wanted: Wanted
    parts: Mapping[Part, object]

    def serves(self, wanted: Wanted) -> bool:
        """Say whether the answer would be the same to who wants this of it."""
        return self.wanted >= wanted or not self.answer.possible


@attrs.define
class Memory:
    """What solvers remember.

    Solvers of worlds that differ in some columns only, such as those of one reform under other
    options of its policies, share one.
    """

    context: z3.Context | None = None
    answers: dict[Demands, list[Known]] = attrs.field(factory=dict)
    solvers: list[Solver] = attrs.field(factory=list)

    def solver(self, world: World) -> Solver:
        """Return the solver of a world: the same for the same."""
        for solver in self.solvers:
            if solver.world == world:
                return solver
        self.solvers.append(Solver(world, self))
        return self.solvers[-1]


class Solver:
    """Answers demands on the cases of one world."""

    def __init__(self, world: World, memory: Memory | None = None) -> None:
        """Look at a world; nothing is solved yet."""
        self.world = world
        self._memory = Memory() if memory is None else memory
        self._terms: Terms | None = None
        self._sessions: dict[Family, Session] = {}
        self._known: dict[Demands, Known] = {}

    def ask(self, demands: Iterable[Demand], *, plain: bool = True) -> Answer:
        """Return whether some case meets all demands; MissingExtra without the extra `checks`.

        The case is one with small numbers and near days where there is one, or any if not `plain`.
        """
        return self._answer(tuple(demands), Wanted.PLAIN if plain else Wanted.CASE)

    def excludes(self, demands: Iterable[Demand]) -> bool:
        """Say whether it is proven that no case meets all demands: quicker than a case."""
        return self._answer(tuple(demands), Wanted.VERDICT).impossible

    def _answer(self, asked: Demands, wanted: Wanted) -> Answer:
        known = self._known.get(asked)
        if known is None or not known.serves(wanted):
            known = self._remembered(asked, wanted) or self._found(asked, wanted)
            self._known[asked] = known
        return known.answer

    def _remembered(self, asked: Demands, wanted: Wanted) -> Known | None:
        for known in self._memory.answers.get(asked, ()):
            if known.serves(wanted) and self._holds(known.parts):
                return known
        return None

    def _holds(self, parts: Mapping[Part, object]) -> bool:
        return all(self.world.part(part) == so for part, so in parts.items())

    def _found(self, asked: Demands, wanted: Wanted) -> Known:
        answer = Answer(Verdict.UNKNOWN)
        for family in families_of(demand.expression for demand in asked):
            session = self._session(family)
            answer = session.ask(asked, wanted)
            if answer.verdict is not Verdict.UNKNOWN:
                break
        parts = {self.world.part_of(key) for key in session.touched(asked)}
        known = Known(answer, wanted, {part: self.world.part(part) for part in parts})
        self._memory.answers.setdefault(asked, []).append(known)
        return known

    def _session(self, family: Family) -> Session:
        session = self._sessions.get(family)
        if session is None:
            try:
                import z3

                from reformflow.checks.solver.session import Session
                from reformflow.checks.solver.terms import Terms
            except ImportError as error:
                raise MissingExtra.of("checks", purpose="searching a definition") from error
            if self._memory.context is None:
                self._memory.context = z3.Context()
            if self._terms is None:
                self._terms = Terms(self._memory.context)
            session = self._sessions[family] = Session(self.world, family, self._terms)
        return session
