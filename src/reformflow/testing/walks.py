"""Walks: requests drawn by lot and played one after the other, for the cases of any reform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reformflow.engine import Docket, Engine
from reformflow.errors import RequestError
from reformflow.model import Decision, Request
from reformflow.testing.drawing import Lot, Requests


class Walk:
    """Draws requests from a seed, and plays them against a docket; the same seed, the same walk."""

    def __init__(self, engine: Engine, seed: int, start: date = date(2021, 2, 1)) -> None:
        """Begin on `start`, with no cases."""
        self.engine = engine
        self.docket = Docket()
        self.decisions: list[Decision] = []
        self._lot = Lot.seeded(seed)
        self._requests = Requests(engine.program.bound, self._lot, start)

    @property
    def on(self) -> date:
        """The day it is."""
        return self._requests.today

    def play(self, steps: int) -> Iterator[tuple[Request | None, Decision]]:
        """Yield each request and its decision, taken if granted; None stands for a tick.

        A request that is no request at all raises RequestError, and only that; it is passed over.
        """
        for _ in range(steps):
            self._requests.wait(self.docket)
            if self.docket.ids() and self._lot.chance(0.1):
                case = self._lot.pick(self.docket.ids())
                yield None, self._take(self.engine.tick(self.docket, case, self.on))
                continue
            request = self.request()
            try:
                decision = self.engine.fire(self.docket, request)
            except RequestError:
                continue
            self._requests.listen(self.docket, decision)
            yield request, self._take(decision)

    def request(self) -> Request:
        """Draw one request."""
        return self._requests.request(self.docket)

    def _take(self, decision: Decision) -> Decision:
        self.decisions.append(decision)
        return self.docket.take(decision)
