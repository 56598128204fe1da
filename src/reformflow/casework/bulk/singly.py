"""Deciding some of many cases one by one, where no statement can decide them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice

import attrs

from reformflow.casework.bulk.orders import Order
from reformflow.casework.practice import Practice
from reformflow.errors import CalendarError, NotMigrated, RequestError
from reformflow.model import Cases, Code, Decision, Refusal, Request, Text
from reformflow.store import Connection, StoredCases, Survey, Tally, write

_TOGETHER = 500
"""So many cases are read together."""


@attrs.frozen
class Singly:
    """The cases of one transaction, each decided by itself, in the order in which it is asked.

    What is carried out for one case is seen by the next. A case whose request would raise an
    error is refused as `not_decided`, so that it does not hold up the others.
    """

    practice: Practice
    connection: Connection
    recorded_at: datetime

    def decisions(self, order: Order, cases: Iterable[str]) -> Iterator[Decision]:
        """Yield what each case would be answered now."""
        for reader, some in self._read(cases):
            for case in some:
                request = self._request(order, case)
                yield _decided(self.practice.engine.decide, reader, request, order.workflow)

    def count(self, order: Order, cases: Iterable[str]) -> Survey:
        """Count what the cases would be answered now."""
        count = Count()
        for decision in self.decisions(order, cases):
            count.add(decision)
        return count.survey()

    def carry_out(self, order: Order, cases: Iterable[str], key: str) -> Survey:
        """Carry the order out for each case for which it is granted; say what came of it."""
        count = Count()
        for reader, some in self._read(cases):
            for case in some:
                request = attrs.evolve(self._request(order, case), key=key)
                decision = _decided(self.practice.engine.fire, reader, request, order.workflow)
                self._take(reader, decision)
                count.add(decision)
        return count.survey()

    def settle(self, cases: Iterable[str], on: date) -> None:
        """Let fire what fires by itself in each case and its kin because of an act on a day."""
        for reader, some in self._read(cases):
            for case in some:
                engine = self.practice.engine
                decision = engine.settle(reader, case, on, recorded_at=self.recorded_at)
                self._take(reader, decision)

    def _request(self, order: Order, case: str) -> Request:
        return attrs.evolve(order.request(case), recorded_at=self.recorded_at)

    def _take(self, reader: StoredCases, decision: Decision) -> None:
        if decision.entries:
            write(self.practice.schema, reader, decision)
            reader.take(decision)

    def _read(self, cases: Iterable[str]) -> Iterator[tuple[StoredCases, list[str]]]:
        """Yield some cases at a time, with a reader that has fetched them together."""
        rest = iter(cases)
        while some := list(islice(rest, _TOGETHER)):
            own = self.practice.definition
            reader = StoredCases(self.connection, self.practice.schema, pinned=own)
            reader.together(some)
            yield reader, some


class Count:
    """Counts decisions as a survey does."""

    def __init__(self) -> None:
        self._selected = self._granted = 0
        self._reasons: Counter[tuple[Code, str]] = Counter()
        self._clauses: dict[tuple[Code, str], dict[str, None]] = {}

    def add(self, decision: Decision) -> None:
        """Count one more decision."""
        self._selected += 1
        self._granted += decision.granted
        self._reasons.update({(refusal.code, refusal.subject) for refusal in decision.refusals})
        for refusal in decision.refusals:
            cited = self._clauses.setdefault((refusal.code, refusal.subject), {})
            cited |= dict.fromkeys(refusal.clauses)

    def survey(self) -> Survey:
        """Return what has been counted."""
        tallies = tuple(
            Tally(code, subject, tuple(self._clauses[code, subject]), cases)
            for (code, subject), cases in self._reasons.items()
        )
        return Survey(self._selected, self._granted, tallies)


# ---------------------------------------------------------------------------------------------


def _decided(
    decide: Callable[[Cases, Request], Decision], cases: Cases, request: Request, workflow: str
) -> Decision:
    try:
        return decide(cases, request)
    except NotMigrated as error:  # of the case itself or of its kin
        refusal = Refusal(Code.NOT_DECIDED, "definition", says=Text(error.message))
    except (RequestError, CalendarError) as error:
        refusal = Refusal(Code.NOT_DECIDED, type(error).__name__, says=Text(error.message))
    return Decision(request.case, refusals=(refusal,), workflow=workflow)
