"""One definition, five ways to fire: decide, at once, live cases, the machine, quick and stock.

Every request is put to all of them on equal cases. They have to grant and refuse alike, name the
same reasons, and leave the same case and the same history behind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError

from reformflow.engine import Docket, Engine
from reformflow.engine.computing import standing_due
from reformflow.engine.course import carry_out
from reformflow.engine.live import LiveCase
from reformflow.engine.machine import ReformMachine, StockMachine
from reformflow.engine.prompt import Prompt
from reformflow.errors import RequestError
from reformflow.formats import load, shipped
from reformflow.model import (
    Actor,
    Case,
    Code,
    Correct,
    Decision,
    Extend,
    Fact,
    FactType,
    Fire,
    Grant,
    Open,
    Record,
    Request,
    Value,
)
from support.building import reform_of

PLAIN = """
facts:
  ready: {type: bool, by: office}
  number: {type: int, by: office}
tracks:
  progress:
    initial: draft
    states: {draft: {}, sent: {}, back: {}, done: {final: true}}
rules:
  is_ready: {requires: ready, clauses: [R1]}
  enough: {requires: number >= 2 or not ready, clauses: [R2]}
  begun: {requires: 'today >= date("2021-03-02")', clauses: [R3]}
transitions:
  send: {from: [draft, back], to: sent, by: bureau, needs: [is_ready, begun],
         due: {on: 2021-03-20}}
  give_back: {from: sent, to: back, by: [office, treasury], not_by: send}
  approve: {from: sent, to: done, by: office, not_by: [send, give_back], needs: [enough],
            window: {opens: {on: 2021-03-05}, closes: {on: 2021-03-25}}}
  note: {from: any, by: office, records: [number]}
  choose: {from: back, to: [{state: draft, when: number < 2}, {state: done, when: number >= 2}],
           by: office}
"""
DUES = """
facts: {told_on: {type: date, by: office}}
tracks:
  progress: {initial: draft, states: {draft: , sent: , done: {final: true}}}
rules: {not_at_once: {requires: today > send.on}}
transitions:
  send: {from: [draft, sent], to: sent, by: bureau}
  give_back: {from: sent, to: draft, by: office, needs: not_at_once, due: {on: 2021-03-10}}
  approve: {from: sent, to: done, by: office, due: {days: 3, after: told_on}}
"""
PAUSED = """
tracks:
  progress: {initial: draft, states: {draft: , waiting: , sent: {final: true}}}
transitions:
  ask: {from: draft, to: waiting, by: office}
  answer: {from: waiting, to: draft, by: bureau}
  send: {from: [draft, waiting], to: sent, by: office,
         due: {on: 2021-03-10, suspended_in: waiting}}
"""
COUNTED = """
facts: {told_on: {type: date, by: office}}
tracks:
  progress: {initial: draft, states: {draft: , sent: , done: {final: true}}}
transitions:
  send: {from: draft, to: sent, by: office}
  give_back: {from: sent, to: draft, by: office, due: {days: 4, after: told_on}}
  approve: {from: sent, to: done, by: office, due: {days: 3, after: send}}
"""
SMALL = {"plain": PLAIN, "dues": DUES, "paused": PAUSED, "counted": COUNTED}
DAYS = st.dates(date(2021, 2, 26), date(2021, 4, 2))


@cache
def engine_of(name: str) -> Engine:
    if name in SMALL:
        return Engine(reform_of(**{name: SMALL[name]}))
    return Engine(load(name))


def tracks() -> list[tuple[str, str, str]]:
    """List the tracks, of the small definitions and the shipped reforms, in which actors fire."""
    return [
        (name, workflow, track)
        for name in (*SMALL, *shipped())
        for workflow, plan in engine_of(name).program.plans.items()
        for track in plan.flow.tracks
        if any(
            step.bound.track == track and not step.bound.transition.by_itself
            for step in plan.steps.values()
        )
    ]


@st.composite
def values(draw: st.DrawFn, fact: Fact, *, days: st.SearchStrategy[date] = DAYS) -> Value:
    """Draw a value that the fact may have, or nothing."""
    if draw(st.integers(0, 4)) == 0:
        return None
    match fact.type:
        case FactType.BOOL:
            return draw(st.booleans())
        case FactType.INT:
            low = 0 if fact.minimum is None else fact.minimum
            return draw(st.integers(low, low + 3 if fact.maximum is None else fact.maximum))
        case FactType.DATE:
            return draw(days)
        case FactType.CHOICE:
            return draw(st.sampled_from([choice.id for choice in fact.choices]))
        case FactType.TEXT:
            return draw(st.sampled_from(["a", "文本"]))


@st.composite
def beginnings(draw: st.DrawFn, engine: Engine, workflow: str) -> Case:
    """Draw a case in any state of its tracks, with any facts, without kin."""
    flow = engine.program.plan(workflow).flow
    opened = draw(st.dates(date(2021, 2, 26), date(2021, 3, 8)))
    columns: dict[str, Value] = {**flow.initial, "opened.on": opened}
    for fact in flow.facts.values():
        columns[fact.id] = draw(values(fact))
    for id, track in flow.tracks.items():  # noqa: A001
        columns[f"{id}.state"] = draw(st.sampled_from([state.id for state in track.states]))
        columns[f"{id}.since"] = columns[f"{id}.last"] = opened
    for deadline in flow.deadlines.values():
        columns[deadline.due] = draw(st.none() | DAYS)
    for id in flow.tracks:  # noqa: A001
        columns[f"{id}.due"] = standing_due(engine.program.plan(workflow), id, columns)
    return Case("c", workflow, columns, unit="north")


@st.composite
def acts(draw: st.DrawFn, engine: Engine, workflow: str, track: str) -> tuple[object, ...]:
    """Draw a transition of a track, an actor, a day, and perhaps facts and a reason."""
    plan = engine.program.plan(workflow)
    steps = [
        step
        for step in plan.steps.values()
        if step.bound.track == track and not step.bound.transition.by_itself
    ]
    transition = draw(st.sampled_from(steps)).bound.transition
    roles = sorted(engine.program.bound.roles)
    likely = sorted({*transition.by, *transition.signed_by})
    grant = st.builds(
        Grant, st.sampled_from(likely) | st.sampled_from(roles), st.sampled_from(["north", None])
    )
    actor = Actor(
        draw(st.sampled_from(["ann", "bo"])), frozenset(draw(st.lists(grant, max_size=3)))
    )
    facts = {
        name: draw(values(plan.flow.facts[name]))
        for name in (*transition.records, *transition.may_record)
        if draw(st.booleans())
    }
    reason = draw(st.none() | st.just("late post"))
    return transition.id, actor, draw(DAYS), facts or None, reason


class Alone(Docket):
    """A docket that begins with one case."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._cases[case.id] = case
        self._entries[case.id] = []


def decided(engine: Engine, docket: Docket, act: tuple[object, ...]) -> Decision:
    transition, actor, on, facts, reason = act
    request = Request("c", Fire(str(transition), facts or {}), actor, on, reason)  # type: ignore[arg-type]
    decision = carry_out(engine.program, docket, request)
    assert engine.fire(docket, request) == decision
    return docket.take(decision)


def triggered(machine: ReformMachine, model: object, act: tuple[object, ...]) -> bool:
    """Trigger by name of the parameters; a wrong state refuses, as it does everywhere else."""
    transition, actor, on, facts, reason = act
    more = {name: value for name, value in (("facts", facts), ("reason", reason)) if value}
    try:
        event = machine.events[str(transition)]
        return bool(event.trigger(model, actor=actor, on=on, **more))
    except MachineError:
        return False


def told(fire: Callable[..., Any], *arguments: Any) -> Any:
    """Return what firing comes to: an answer, or what is wrong with the request."""
    try:
        return fire(*arguments)
    except RequestError as error:
        return str(error)


@pytest.mark.parametrize(("name", "workflow", "track"), tracks())
def test_all_ways_of_firing_agree(name: str, workflow: str, track: str) -> None:
    """What decide grants, live cases and machines grant, with the same effects."""
    engine = engine_of(name)
    live = engine.live(workflow)
    quick, stock = ReformMachine(live, track), StockMachine(live, track)

    @given(st.data())
    def agree(data: st.DataObject) -> None:
        case = data.draw(beginnings(engine, workflow))
        docket = Alone(case)
        one, two, three = live.adopt(case), live.adopt(case), live.adopt(case)
        for act in data.draw(st.lists(acts(engine, workflow, track), min_size=1, max_size=5)):
            decision = told(decided, engine, docket, act)
            answer = told(live.fire, one, *act)
            fired = [told(triggered, quick, two, act), told(triggered, stock, three, act)]
            if isinstance(decision, str):  # a count would pass its bounds
                assert [answer, *fired] == [decision] * 3
            else:
                assert answer.granted == decision.granted
                assert answer.refusals == decision.refusals
                assert fired == [decision.granted] * 2
            for other in (one, two, three):
                assert other.value() == docket.case("c")
        entries = docket.entries("c")
        assert [one.history, two.history, three.history] == [entries] * 3

    agree()


def test_the_definitions_reach_the_compiled_way_and_the_other_one() -> None:
    """The comparison above is worth something only if both ways are taken."""
    hot = engine_of("plain").live("plain").hot
    assert {"send", "give_back", "approve"} <= hot.keys()
    assert "choose" not in hot
    assert engine_of("dues").live("dues").hot.keys() == {"give_back", "approve", "send"}
    assert not engine_of("paused").live("paused").hot
    assert engine_of("counted").live("counted").hot.keys() == {"give_back", "approve"}
    assert {"send", "give_back", "approve"} <= Prompt(engine_of("plain").program).grants.keys()
    assert any(engine_of(name).live(flow).hot for name, flow, _ in tracks() if name not in SMALL)


def test_an_answer_keeps_what_it_was_decided_on() -> None:
    """Refusals asked for later tell of the case as it was then."""
    engine = engine_of("plain")
    live = engine.live("plain")
    columns = {**live.plan.flow.initial, "opened.on": date(2021, 3, 1), "ready": False}
    columns |= {"progress.since": date(2021, 3, 1), "progress.last": date(2021, 3, 1)}
    case = live.adopt(Case("c", "plain", columns, unit="north"))
    clerk = Actor.holding("ann", "bureau", unit="north")
    answer = live.fire(case, "send", clerk, date(2021, 3, 1))
    case.c1 = "elsewhere"  # type: ignore[attr-defined]
    assert answer.failed == ("is_ready", "begun")
    assert [(item.subject, item.clauses) for item in answer.refusals] == [
        ("is_ready", ("R1",)),
        ("begun", ("R3",)),
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "prepare_event",
                "before_state_change",
                "after_state_change",
                "finalize_event",
                "on_exception",
                "on_final",
                "prepare",
                "before",
                "after",
                "on_enter",
                "on_exit",
            ]
        ),
        unique=True,
    ),
    st.booleans(),
    st.booleans(),
)
def test_callbacks_hear_what_stock_callbacks_hear(
    where: list[str], grants: bool, ends: bool
) -> None:
    """Whatever is listened to, both machines call the same listeners in the same order."""
    heard: list[list[tuple[str, str, str]]] = []
    live = engine_of("plain").live("plain")
    start = date(2021, 3, 1)
    state = "sent" if ends else "draft"
    columns: dict[str, Value] = {**live.plan.flow.initial, "opened.on": start, "ready": grants}
    columns |= {"progress.since": start, "progress.last": start, "progress.state": state}
    columns |= {"number": 2 if grants else 0}
    trigger, role = ("approve", "office") if ends else ("send", "bureau")
    for kind in (ReformMachine, StockMachine):
        machine = kind(live, "progress")
        log: list[tuple[str, str, str]] = []
        listen(machine, trigger, state, where, log)
        model = machine.model(Case("c", "plain", columns, unit="north"))
        actor = Actor.holding("ann", role)
        machine.events[trigger].trigger(model, actor, start + timedelta(days=5))
        log.append(("end", str(model["progress.state"]), ""))
        heard.append(log)
    assert heard[0] == heard[1]


def listen(
    machine: ReformMachine,
    trigger: str,
    state: str,
    where: list[str],
    log: list[tuple[str, str, str]],
) -> None:
    """Attach a listener to each place; it notes the place, the state and the trigger."""

    def listener(place: str):  # noqa: ANN202 - a callback of the library
        return lambda data: log.append((place, str(data.model["progress.state"]), data.event.name))

    transition = machine.events[trigger].transitions[state][0]
    for place in where:
        if place in {"prepare", "before", "after"}:
            getattr(transition, place).append(listener(place))
        elif place in {"on_enter", "on_exit"}:
            for one in machine.states.values():
                getattr(one, place).append(listener(place))
        else:
            setattr(machine, place, [listener(place)])


def test_a_callback_that_raises_reaches_on_exception() -> None:
    """A host's faulty callback is handed to on_exception, as the library does."""
    live = engine_of("plain").live("plain")
    start = date(2021, 3, 1)
    columns = {**live.plan.flow.initial, "opened.on": start, "ready": True}
    columns |= {"progress.since": start, "progress.last": start}
    caught: list[BaseException] = []
    for kind in (ReformMachine, StockMachine):
        machine = kind(live, "progress")
        machine.before_state_change = [lambda _: 1 / 0]
        model = machine.model(Case("c", "plain", columns, unit="north"))
        act = (Actor.holding("ann", "bureau"), date(2021, 3, 2))
        with pytest.raises(ZeroDivisionError):
            machine.events["send"].trigger(model, *act)
        machine.on_exception = [lambda data: caught.append(data.error)]
        machine.events["send"].trigger(model, *act)
        assert model["progress.state"] == "draft"
    assert [type(error) for error in caught] == [ZeroDivisionError] * 2


def test_methods_look_like_those_of_the_library() -> None:
    """`case.send(...)` and `case.may_send(...)` work without binding anything to the case."""
    machine = engine_of("plain").machine("plain")
    start = date(2021, 3, 1)
    columns = {**machine.live.plan.flow.initial, "opened.on": start, "ready": True}
    columns |= {"progress.since": start, "progress.last": start}
    case = machine.bound(machine.model(Case("c", "plain", columns, unit="north")))
    clerk = Actor.holding("ann", "bureau")
    assert not case.may_send(clerk, start)
    assert case.may_send(clerk, date(2021, 3, 2))
    assert case.send(clerk, date(2021, 3, 2))
    with pytest.raises(MachineError):
        case.send(clerk, date(2021, 3, 3))
    with pytest.raises(AttributeError, match="to_done"):
        case.to_done()
    assert not [name for name in machine.events if name.startswith("to_")]


def test_a_machine_ignores_wrong_states_if_it_is_told_to() -> None:
    """`ignore_invalid_triggers` answers False instead of raising, as in the library."""
    machine = engine_of("plain").machine("plain", ignore_invalid_triggers=True)
    start = date(2021, 3, 1)
    columns = {**machine.live.plan.flow.initial, "opened.on": start}
    columns |= {"progress.since": start, "progress.last": start}
    model = machine.model(Case("c", "plain", columns, unit="north"))
    assert not machine.events["approve"].trigger(model, Actor.holding("x", "office"), start)


@pytest.mark.parametrize("kind", [ReformMachine, StockMachine])
@pytest.mark.parametrize("target", ["done", "sent"])
def test_what_a_callback_spoils_is_not_carried_out(kind: type[ReformMachine], target: str) -> None:
    """A callback that runs before the move may make a condition fail; then nothing moves."""
    machine, model = ready_case(kind, "sent" if target == "done" else "draft")
    values = {**model.values, "ready": target == "done", "number": 0}
    machine.before_state_change = [lambda data: data.model.write(values)]
    trigger, role = ("approve", "office") if target == "done" else ("send", "bureau")
    with pytest.raises(MachineError, match=f"{trigger} no longer holds: (enough|is_ready)"):
        machine.events[trigger].trigger(model, Actor.holding("x", role), date(2021, 3, 8))
    assert model["progress.state"] != target
    assert not model.history


def ready_case(kind: type[ReformMachine], state: str, **options: object) -> tuple[Any, LiveCase]:
    """Return a machine over the small definition, and a case of it that may go on."""
    live = engine_of("plain").live("plain")
    start = date(2021, 3, 1)
    columns: dict[str, Value] = {**live.plan.flow.initial, "opened.on": start, "ready": True}
    columns |= {"progress.since": start, "progress.last": start, "progress.state": state}
    columns |= {"number": 2}
    machine = kind(live, "progress", **options)
    return machine, machine.model(Case("c", "plain", columns, unit="north"))


@pytest.mark.parametrize("kind", [ReformMachine, StockMachine])
@pytest.mark.parametrize("way", ["both by place", "both by name", "one of each"])
def test_actor_and_day_are_given_by_place_or_by_name(kind: type[ReformMachine], way: str) -> None:
    machine, model = ready_case(kind, "draft")
    actor, on = Actor.holding("x", "bureau"), date(2021, 3, 8)
    event = machine.events["send"]
    match way:
        case "both by place":
            assert event.trigger(model, actor, on)
        case "both by name":
            assert event.trigger(model, on=on, actor=actor)
        case _:
            assert event.trigger(model, actor, on=on)
    assert model["progress.state"] == "sent"


@pytest.mark.parametrize("kind", [ReformMachine, StockMachine])
def test_a_trigger_without_an_actor_says_so(kind: type[ReformMachine]) -> None:
    """Two arguments that are not actor and day take the way of all others."""
    machine, model = ready_case(kind, "draft")
    event = machine.events["send"]
    with pytest.raises(RequestError, match="who acts"):
        event.trigger(model, on=date(2021, 3, 8), facts={})


PLACES = (
    "prepare",
    "before",
    "after",
    "before_state_change",
    "after_state_change",
    "on_exit",
    "on_enter",
    "on_final",
)
HEARD_BY_ALL = {"prepare", "before", "after", "before_state_change", "after_state_change"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("trigger", "role", "state"),
    [("send", "bureau", "draft"), ("approve", "office", "sent"), ("note", "office", "draft")],
)
def test_each_callback_alone_is_heard(place: str, trigger: str, role: str, state: str) -> None:
    """One listener takes the short way, and hears what it hears on the library's own way."""
    heard: list[list[tuple[str, str, str]]] = []
    for kind in (ReformMachine, StockMachine):
        machine, model = ready_case(kind, state)
        log: list[tuple[str, str, str]] = []
        listen(machine, trigger, state, [place], log)
        assert not machine.wants_whole_procedure
        assert machine.events[trigger].trigger(model, Actor.holding("x", role), date(2021, 3, 8))
        heard.append([*log, ("end", str(model["progress.state"]), str(len(model.history)))])
    assert heard[0] == heard[1]
    moves, ends = trigger != "note", trigger == "approve"
    loud = place in HEARD_BY_ALL or (moves and place != "on_final") or (ends and moves)
    assert len(heard[0]) == 1 + loud


@pytest.mark.parametrize("kind", [ReformMachine, StockMachine])
def test_a_callback_may_be_named_by_its_module(
    kind: type[ReformMachine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the library does: a text is looked up when it is called."""
    heard: list[str] = []
    host = SimpleNamespace(hear=lambda data: heard.append(data.event.name))
    monkeypatch.setitem(sys.modules, "a_host", host)  # type: ignore[arg-type]
    machine, model = ready_case(kind, "draft")
    machine.after_state_change = ["a_host.hear"]
    machine.events["send"].trigger(model, Actor.holding("x", "bureau"), date(2021, 3, 8))
    assert heard == ["send"]


def test_reasons_are_those_of_the_case_as_it_was_also_for_a_window() -> None:
    """The window moved after the live case was made; the answer tells of it as it then was."""
    text = """
    facts: {told_on: {type: date, by: office}}
    transitions:
      go: {from: draft, to: done, by: office,
           window: {opens: {days: 5, after: told_on}, outside: refuse}}
    """
    engine = Engine(reform_of(case=text))
    live = engine.live("case")
    assert "go" in live.hot
    start = date(2021, 3, 1)
    columns = {**live.plan.flow.initial, "opened.on": start}
    case = live.adopt(Case("c", "case", {**columns, "progress.last": start}, unit="north"))
    office = Actor.holding("x", "office")
    assert live.act(case, Record({"told_on": start}), office, start)
    answer = live.fire(case, "go", office, start)
    live.act(case, Record({"told_on": None}), office, start)
    assert answer.failed == ("opens",)
    assert [refusal.code for refusal in answer.refusals] == [Code.TOO_EARLY]
    assert answer.refusals[0].values == (("go.opens", date(2021, 3, 6)),)


def test_a_live_case_takes_no_attribute_that_is_no_column() -> None:
    """A slip of the pen does not hide in a case, and a case stays small."""
    _, model = ready_case(ReformMachine, "draft")
    with pytest.raises(AttributeError):
        model.state = "done"  # type: ignore[attr-defined]


def test_a_live_case_keeps_what_a_duty_brings_it_and_not_what_its_children_hold() -> None:
    """A period of a duty opens a case of its own, which a live case does not hold."""
    text = """
    children: {reports: report}
    facts: {posts: {type: int, by: office}}
    transitions: {close: {from: draft, to: done, by: office}}
    duties: {reporting: {opens: reports, first: {on: 2021-03-31}, every: {months: 1},
      gives: {due: due_on}}}
    """
    report = """
    facts: {due_on: {type: date}}
    tracks: {progress: {initial: asked, states: {asked: , handed: }}}
    transitions: {hand_in: {from: asked, to: handed, by: office}}
    """
    engine = Engine(reform_of(case=text, report=report))
    office, docket = Actor.holding("x", "office"), Docket()
    opening = Request("c", Open("case", unit="north"), office, date(2021, 3, 1))
    docket.take(engine.fire(docket, opening))
    case = engine.live("case").adopt(docket.case("c"))
    on = date(2021, 5, 5)
    docket.take(engine.fire(docket, Request("c", Record({"posts": 2}), office, on)))
    assert case.flow.act(case, Record({"posts": 2}), office, on)
    assert case.value() == docket.case("c")
    assert case["progress.state"] == "draft"
    assert case.history == docket.entries("c")[1:]
    assert len(case.history) > 1


@pytest.mark.parametrize("kind", [ReformMachine, StockMachine])
def test_a_callback_learns_with_what_the_trigger_was_called(kind: type[ReformMachine]) -> None:
    actor, on = Actor.holding("x", "bureau"), date(2021, 3, 8)
    for args, kwargs in [((actor, on), {}), ((), {"actor": actor, "on": on})]:
        machine, model = ready_case(kind, "draft")
        heard: list[Any] = []
        machine.before_state_change = [
            lambda data, heard=heard: heard.extend(
                [data.args, data.kwargs, data.transition.dest, data.state.name, data.model]
            )
        ]
        machine.events["send"].trigger(model, *args, **kwargs)
        assert heard == [args, kwargs, "sent", "draft", model]


def test_a_live_case_remembers_what_was_corrected_and_how_often_it_was_extended() -> None:
    """Acts that look into the history find that of the live case."""
    text = """
    corrected_by: office
    facts: {posts: {type: int, by: office}}
    transitions:
      go: {from: draft, to: done, by: office,
           due: {on: 2021-03-20, extension: {by: office, times: 1}}}
    """
    engine = Engine(reform_of(case=text))
    office, docket, on = Actor.holding("x", "office"), Docket(), date(2021, 3, 1)
    docket.take(engine.fire(docket, Request("c", Open("case", unit="north"), office, on)))
    live = engine.live("case")
    case = live.adopt(attrs.evolve(docket.case("c"), revision=0))
    assert live.act(case, Record({"posts": 1}), office, on)
    assert live.act(case, Correct(1, {"posts": 2}), office, on, "a slip")
    assert case["posts"] == 2
    assert live.act(case, Extend("go", date(2021, 3, 25)), office, on)
    again = live.act(case, Extend("go", date(2021, 3, 26)), office, on)
    assert [refusal.code for refusal in again.refusals] == [Code.EXTENDED_ALREADY]
    assert (again.transition, again.failed) == ("", ("go",))
