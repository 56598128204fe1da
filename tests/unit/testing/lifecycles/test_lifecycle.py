"""Lifecycles: every state and outcome is visited; what breaks is told, and can be replayed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from reformflow.binding import BoundReform, bind
from reformflow.casework import Book, connect
from reformflow.cli import main
from reformflow.engine import Engine
from reformflow.errors import EmbeddingError, UnknownName
from reformflow.formats import fingerprint, load
from reformflow.language import parse
from reformflow.model import Decision, Fire, Reform, Request
from reformflow.testing import (
    Disagreement,
    LifecycleMachine,
    Pathfinder,
    lifecycle,
    run_lifecycle,
)
from reformflow.testing.coverage import Recorder, listening, measure
from support.building import bound_of
from support.repository import ROOT, WORKFLOWS

STALLS = ROOT / "docs" / "examples" / "market-stalls"
NEVER = Path(__file__).with_name("never.txt")
BY_LOT = settings(
    phases=[Phase.generate],
    database=None,
    deadline=None,
    max_examples=30,
    derandomize=True,
    stateful_step_count=10,
)
FAMILIES = {
    "market-stalls": ["permit"],
    "putuo-2021-9": ["programme", "department", "matter", "secondment"],
    "uk-service-standard": ["spending", "digital_service"],
    "cisa-directives": ["agency", "web_email", "vulnerability", "disclosure", "agency_system"],
}
KNOWN = [(reform, flow) for reform, flows in FAMILIES.items() for flow in flows]


@cache
def reform_named(name: str) -> BoundReform:
    return bind(load(STALLS if name == "market-stalls" else WORKFLOWS / name))


@cache
def finder(reform: str) -> Pathfinder:
    return Pathfinder(Engine(reform_named(reform)))


@cache
def machine(reform: str, workflow: str) -> type[LifecycleMachine]:
    return lifecycle(finder(reform), workflow)


def missed(reform: str, workflow: str, made: type[LifecycleMachine]) -> set[str]:
    """Return what of a workflow the courses of a machine do not come to."""
    recorder, bound = Recorder(), reform_named(reform)
    with listening(recorder):
        for course in made.plot.courses:
            made().play(course)
    tried = recorder.tried[fingerprint(bound.reform)]
    return {
        f"{reform} {part.path} {outcome}"
        for part in measure(bound, tried).parts
        if part.path.startswith(f"{workflow}.") and part.kind != "date"
        for outcome in part.missed
    }


def never() -> dict[str, str]:
    lines = NEVER.read_text("utf-8").splitlines()
    told = [line.partition(": ") for line in lines if not line.startswith("#")]
    return {outcome: reason for outcome, _, reason in told}


@pytest.mark.parametrize(("reform", "workflow"), KNOWN)
def test_every_state_and_every_outcome_of_every_rule_is_visited(reform: str, workflow: str) -> None:
    """Granted, refused and unknown; what cannot come is written down with the reason."""
    mine = {outcome for outcome in never() if outcome.startswith(f"{reform} {workflow}.")}
    assert missed(reform, workflow, machine(reform, workflow)) == mine


def test_the_test_case_comes_to_everything_by_itself() -> None:
    """With the settings it has, as pytest runs it."""
    recorder, bound = Recorder(), reform_named("market-stalls")
    with listening(recorder):
        machine("market-stalls", "permit").TestCase("runTest").debug()
    found = measure(bound, recorder.tried[fingerprint(bound.reform)])
    assert [part.path for part in found.parts if part.missed] == []


def test_every_outcome_that_never_comes_has_a_reason_and_a_test() -> None:
    assert all(never().values())
    tested = {f"{reform} {flow}." for reform, flow in KNOWN}
    assert all(any(line.startswith(begin) for begin in tested) for line in never())


class Stalls(lifecycle(reform_named("market-stalls"), "permit")):  # type: ignore[misc]
    """No permit is for more than 12 m²: not so, as the area may be recorded anew."""

    @invariant()
    def no_large_stall(self) -> None:
        for case in self.cases():
            area = case.values["area"]
            assert case.values["progress.state"] != "granted" or (area or 0) <= 12, "too large"


class Refused(lifecycle(reform_named("market-stalls"), "permit")):  # type: ignore[misc]
    """Nobody is ever refused for the fee: not so, and a course shows it."""

    @invariant()
    def the_fee_is_no_obstacle(self) -> None:
        refusals = self.decision.refusals if self.decision else ()
        assert all(refusal.subject != "paid" for refusal in refusals), "too large"


def broken(made: type[LifecycleMachine], chosen: settings) -> tuple[str, LifecycleMachine]:
    """Return what a broken run tells, and the run itself."""
    runs: list[LifecycleMachine] = []

    class Kept(made):  # type: ignore[misc, valid-type]
        def told(self) -> str:
            runs.append(self)
            return super().told()

    with pytest.raises(AssertionError, match="too large") as caught:
        run_lifecycle(Kept, settings=chosen)
    return "\n".join(caught.value.__notes__), runs[-1]


@pytest.mark.parametrize(
    ("made", "chosen", "steps"), [(Stalls, BY_LOT, 5), (Refused, settings(database=None), 2)]
)
def test_what_breaks_is_told_in_few_steps_that_run_replays(
    made: type[LifecycleMachine], chosen: settings, steps: int, tmp_path: Path
) -> None:
    """By lot or on a course: a ledger, its actors, and a picture; replayed, it ends alike."""
    text, run = broken(made, chosen)
    assert "key,on,case,action,name,actor" in text
    assert "actor,role,unit" in text
    assert "stateDiagram-v2" in text
    assert len(run.steps) <= steps
    run.write(tmp_path)
    url = f"sqlite:///{tmp_path}/cases.db"
    command = ["run", str(STALLS), "--roster", str(tmp_path / "roster"), "--db", url]
    assert main([*command, "--ledger", str(tmp_path / "ledger.csv")]) == 0
    with connect(url, reform_named("market-stalls").reform) as book:
        for case in run.cases():
            assert book.case(case.id).values == case.values


DATED = """
corrected_by: office
facts: {size: {type: int, by: office}}
rules: {small: {requires: size < 5}}
transitions:
  send:
    from: draft
    to: sent
    by: office
    needs: [small]
    due: {days: 20, after: opened, late: flag, extension: {by: office}, suspension: {by: office}}
  close:
    from: sent
    to: done
    signed_by: [office, treasury]
    not_by: [send]
    window: {opens: {days: 5, after: send}, closes: {days: 30, after: send}}
"""


def test_steps_by_lot_are_of_every_kind_early_late_and_in_time() -> None:
    seen: Counter[str] = Counter()

    class Counted(lifecycle(bound_of(flow=DATED), "flow")):  # type: ignore[misc]
        def ask(self, request: Request) -> Decision | None:
            decision = super().ask(request)
            granted = decision is not None and decision.granted
            seen.update([f"{type(request.act).__name__} {granted}"])
            if decision is not None:
                seen.update(refusal.code for refusal in decision.refusals)
                seen.update("flagged" for entry in decision.entries if entry.late)
            return decision

    run_lifecycle(Counted, settings=BY_LOT)
    kinds = ("Open", "Record", "Fire", "Sign", "Correct", "Extend", "Suspend", "Resume")
    assert [kind for kind in kinds for how in (True, False) if not seen[f"{kind} {how}"]] == []
    codes = "too_early late rule_broken not_recorded not_authorised not_signed same_person"
    assert [code for code in ("flagged", *codes.split()) if not seen[code]] == []


def test_users_add_rules_and_every_step_is_looked_at() -> None:
    looked: list[int] = []

    class Own(
        lifecycle(bound_of(flow="transitions: {send: {from: draft, to: sent, by: office}}"), "flow")
    ):  # type: ignore[misc]
        @rule(days=st.integers(1, 5))
        def idle(self, days: int) -> None:
            """Let some days pass."""
            before = self.today
            self.wait_until(before.replace(year=before.year + 1))
            assert self.today.year == before.year + 1

        @precondition(lambda self: self.steps)
        @invariant()
        def look(self) -> None:
            looked.append(len(self.steps))
            assert all(self.history(case.id)[0].kind == "opened" for case in self.cases())

    case = Own.TestCase
    case.settings = settings(BY_LOT, max_examples=5)
    case("runTest").debug()
    assert set(range(1, max(looked) + 1)) == set(looked)


# -- stores ---------------------------------------------------------------------------------------

FEW = settings(
    database=None, deadline=None, derandomize=True, max_examples=2, stateful_step_count=4
)


def books(reform: Reform) -> Book:
    return connect("sqlite://", reform)


def laxer(reform: Reform) -> Reform:
    """Return the reform with a fault: stalls of 13 m² are small enough."""
    (flow,) = reform.workflows
    text = "area <= 13"
    rules = tuple(
        attrs.evolve(one, requires=parse(text)) if one.id == "small_enough" else one
        for one in flow.rules
    )
    return attrs.evolve(reform, workflows=(attrs.evolve(flow, rules=rules),))


@pytest.mark.parametrize("bulk", [False, True], ids=["one by one", "many at once"])
def test_a_store_answers_as_the_engine_does(bulk: bool) -> None:
    reform = reform_named("market-stalls").reform
    run_lifecycle(lifecycle(reform, "permit", on=lambda: books(reform), bulk=bulk), settings=FEW)


@pytest.mark.parametrize("bulk", [False, True], ids=["one by one", "many at once"])
def test_a_store_that_answers_otherwise_is_noticed(bulk: bool) -> None:
    """The fault is in the definition that the store was made for."""
    reform = reform_named("market-stalls").reform
    wrong = laxer(reform)
    made = lifecycle(reform, "permit", on=lambda: books(wrong), bulk=bulk)
    with pytest.raises(Disagreement, match="small_enough") as caught:
        run_lifecycle(made, settings=FEW)
    assert "area=13" in caught.value.__notes__[0]


def test_a_store_that_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    reform = reform_named("market-stalls").reform
    kept = Book.do

    def forgetful(book: Book, request: Request) -> Decision:
        if isinstance(request.act, Fire):
            with book.transaction() as work:
                answer = work.do(request)
                work._host.rollback()
                return answer
        return kept(book, request)

    monkeypatch.setattr(Book, "do", forgetful)
    with pytest.raises(Disagreement):
        run_lifecycle(lifecycle(reform, "permit", on=lambda: books(reform)), settings=FEW)


def test_one_book_may_serve_all_runs_unless_it_is_for_many_cases() -> None:
    reform = reform_named("market-stalls").reform
    with books(reform) as book:
        run_lifecycle(lifecycle(reform, "permit", on=book), settings=FEW)
        assert len(list(book.cases())) > 5
        with pytest.raises(EmbeddingError, match="other runs"):
            lifecycle(reform, "permit", on=book, bulk=True)()


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName):
        lifecycle(reform_named("market-stalls"), "licence")
