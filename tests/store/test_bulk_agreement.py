"""Many cases at once or one after the other: the same states, histories and refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

import attrs
import pytest

from reformflow.binding import BoundWorkflow, bind_question
from reformflow.casework import Book, Plan
from reformflow.casework.waiting import let_pass, waiting
from reformflow.engine import Docket, Engine
from reformflow.errors import CalendarError, RequestError, UnknownName
from reformflow.formats import load
from reformflow.model import Decision, Entry, Extend, Fire, Record, Reform, Request
from support.databases import NOW, checked
from support.lots import Lots
from support.repository import ROOT, WORKFLOWS
from support.servers import KINDS
from support.soak import amount

POLICIES = ROOT / "tests" / "definitions" / "policies"
REFORMS = {
    "errands": ROOT / "tests" / "store" / "reforms" / "errands",
    **{folder.name: folder for folder in sorted(WORKFLOWS.iterdir()) if folder.is_dir()},
    **{folder.name: folder for folder in sorted(POLICIES.iterdir()) if folder.is_dir()},
}
SOME = ["errands", "putuo-2021-9", "摊点备案"]  # for servers, which take longer
LATEST = date(2022, 3, 1)


@cache
def reform_named(name: str) -> Reform:
    return load(REFORMS[name])


@attrs.define
class Pair:
    """The same cases in a book and in memory, drawn by lot."""

    book: Book
    engine: Engine
    docket: Docket
    lots: Lots
    orders: int
    """How many acts are done to many of them."""

    @classmethod
    def drawn(cls, book: Book, seed: int, *, opened: int, orders: int) -> Pair:
        engine = Engine(book.reform, definition=book.practice.definition)
        lots = Lots(engine.program.bound, seed, "c", date(2021, 1, 28))
        pair = cls(book, engine, Docket(), lots, orders)
        with book.transaction() as work:
            for _ in range(40 * opened):
                if len(pair.docket.ids()) >= opened:
                    break
                lots.today = min(lots.today, LATEST)
                request = attrs.evolve(lots.request(pair.docket), recorded_at=NOW)
                try:
                    pair.docket.take(engine.fire(pair.docket, request))
                except (RequestError, CalendarError):
                    continue
                work.do(request)
        return pair

    def order(self) -> tuple[str, Request, str]:
        """Draw an act over the cases of one workflow, and a question that selects some.

        Rather one that is granted for the case it was drawn for.
        """
        drawn = list(islice(self.requests(), 12))
        request = next(filter(self.granted, drawn), drawn[0])
        workflow = self.docket.case(request.case).workflow
        flow = self.book.practice.engine.program.plan(workflow).flow
        where = self.question(flow) if self.lots.random.random() < 0.5 else ""
        return workflow, attrs.evolve(request, recorded_at=NOW), where

    def requests(self) -> Iterator[Request]:
        """Draw acts that can be done to many cases, all about one day."""
        today = min(self.lots.today, LATEST) + timedelta(days=1)
        for _ in range(400):
            self.lots.today = today
            request = self.lots.request(self.docket)
            known = self.docket.exists(request.case)
            if known and isinstance(request.act, Fire | Record | Extend):
                yield request

    def granted(self, request: Request) -> bool:
        try:
            return self.engine.decide(self.docket, request).granted
        except (RequestError, CalendarError):
            return False

    def question(self, flow: BoundWorkflow) -> str:
        pick = self.lots.random.choice
        track = pick(list(flow.tracks))
        state = pick([state.id for state in flow.tracks[track].states])
        asked = f'{track}.state {pick(["==", "!="])} "{state}"'
        facts = [fact.id for fact in flow.facts.values()]
        return f"{asked} or {pick(facts)} is None" if facts and pick([0, 1]) else asked

    def one_by_one(
        self, workflow: str, request: Request, where: str
    ) -> tuple[int, int, Counter[tuple[str, str]]]:
        """Ask the same of each case in memory, in the order of their ids."""
        bound = self.engine.program.bound
        question = bind_question(bound, workflow, where) if where else None
        mine = [id_ for id_ in self.docket.ids() if self.docket.case(id_).workflow == workflow]
        chosen = [
            id_
            for id_ in sorted(mine)
            if question is None or self.engine.holds(self.docket, id_, question, request.on)
        ]
        granted, reasons = 0, Counter[tuple[str, str]]()
        for id_ in chosen:
            try:
                decision = self.engine.fire(self.docket, attrs.evolve(request, case=id_))
            except (RequestError, CalendarError) as error:
                reasons["not_decided", type(error).__name__] += 1
                continue
            self.docket.take(decision)
            granted += decision.granted
            reasons.update({(str(item.code), item.subject) for item in decision.refusals})
        return len(chosen), granted, reasons

    def let_time_pass(self, on: date) -> int:
        """Let time pass in memory, case by case; return how many entries that makes."""

        def look(_: Sequence[Decision]) -> tuple[str, ...]:
            cases = map(self.docket.case, self.docket.ids())
            return waiting(self.book.practice, self.docket, cases, on)

        def tick(case: str) -> Decision | None:
            decision = self.engine.tick(self.docket, case, on, recorded_at=NOW)
            return self.docket.take(decision) if decision.entries else None

        return sum(len(decision.entries) for decision in let_pass(look, tick))


@pytest.fixture(
    params=[(k, r) for k in KINDS for r in (REFORMS if k == "sqlite" else SOME)], ids=str
)
def pair(request: pytest.FixtureRequest, seed: int, tmp_path: Path) -> Iterator[Pair]:
    """Cases of one reform; checked when all is done."""
    kind, name = request.param
    opened, orders = (50, 15) if kind == "sqlite" else (30, 8)
    with checked(kind, tmp_path) as place:
        yield Pair.drawn(place.open(reform_named(name)), seed, opened=opened, orders=orders)


def histories(book: Book, ids: list[str]) -> dict[str, list[Entry]]:
    found = {}
    with book.transaction() as work:
        for id_ in ids:
            found[id_] = [attrs.evolve(entry, key=None) for entry in work.history(id_)]
    return found


def compare(pair: Pair) -> None:
    now = {case.id: case for case in pair.book.cases()}
    for id_ in pair.docket.ids():
        assert now[id_] == pair.docket.case(id_)
    ids = list(pair.docket.ids())
    for id_, entries in histories(pair.book, ids).items():
        assert entries == [attrs.evolve(entry, key=None) for entry in pair.docket.entries(id_)]


def outcome(plan: Plan) -> tuple[int, int, Counter[tuple[str, str]]]:
    reasons = Counter({(str(tally.code), tally.subject): tally.cases for tally in plan.reasons})
    return plan.selected, plan.granted, reasons


@pytest.mark.parametrize("seed", range(amount(2, 40)))
def test_many_at_once_come_to_what_one_after_the_other_does(pair: Pair) -> None:
    book, kinds = pair.book, Counter[str]()
    for number in range(pair.orders):
        workflow, request, where = pair.order()
        if number % 4 == 3:
            passed = book.let_time_pass(pair.lots.today)
            assert passed.total == pair.let_time_pass(pair.lots.today)
            kinds["time"] += passed.total
            compare(pair)
        asked = {"workflow": workflow, "actor": request.actor, "on": request.on, "where": where}
        try:
            plan = book.plan(request.act, reason=request.reason, **asked)
        except (RequestError, UnknownName):
            continue
        before = outcome(plan)
        report = plan.run(f"{number}", chunk=pair.lots.random.choice([1, 7, 1000]))
        expected = pair.one_by_one(workflow, request, where)
        told = (asked, request.act, plan.one_by_one)
        reasons = Counter(
            {(str(tally.code), tally.subject): tally.cases for tally in report.reasons}
        )
        assert (report.selected, report.granted, reasons) == expected, told
        assert report.granted + report.refused + report.changed == report.selected, told
        if not plan.one_by_one:
            assert before == expected, told
            kinds["at once"] += report.granted
        kinds[type(request.act).__name__] += report.granted
        compare(pair)
    assert kinds["Fire"] + kinds["Record"], "the comparison means little if nothing is granted"
