"""Who may do what in which state: every role × transition × state of every shipped workflow.

What is expected is worked out here from the YAML text alone, by PyYAML and the few rules that
the reference states about `from`, `by`, `signed_by` and `enabled`; no bound value takes part.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs
import pytest
import yaml

from reformflow.engine import Engine
from reformflow.engine.work import Docket
from reformflow.formats import load, shipped
from reformflow.model import Actor, Case, Code, Decision, Fire, Grant, Request
from support.building import day
from support.repository import WORKFLOWS

ON = day("2021-03-15")
HERE, ELSEWHERE = "north", "south"


@cache
def written(reform: str, file: str) -> dict[str, Any]:
    return yaml.safe_load((WORKFLOWS / reform / f"{file}.yaml").read_text("utf-8"))


@cache
def engine(reform: str) -> Engine:
    return Engine(load(reform))


def listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def track_of(flow: dict[str, Any], transition: dict[str, Any]) -> str:
    return transition.get("track") or next(iter(flow["tracks"]))


def states_of(flow: dict[str, Any], transition: dict[str, Any]) -> set[str]:
    """Read `from`: states, stages, or any state that is not final."""
    states = flow["tracks"][track_of(flow, transition)]["states"]
    found: set[str] = set()
    for name in listed(transition["from"]):
        if name == "any":
            found |= {id for id, state in states.items() if not (state or {}).get("final")}  # noqa: A001
        elif name in states:
            found.add(name)
        else:
            found |= {id for id, state in states.items() if (state or {}).get("stage") == name}  # noqa: A001
    return found


def by_itself(transition: dict[str, Any]) -> bool:
    return any(transition.get(key) for key in ("automatic", "at", "after_due"))


def allowed(transition: dict[str, Any]) -> set[str]:
    return set(listed(transition.get("by")) or listed(transition.get("signed_by")))


def everything() -> list[tuple[str, str, str]]:
    return [
        (reform, file, name)
        for reform in shipped()
        for file in written(reform, "reform")["workflows"]
        for name in written(reform, file).get("transitions", {})
        if name in engine(reform).program.plan(file).steps
    ]


def switched_off() -> list[tuple[str, str, str]]:
    return [
        (reform, file, name)
        for reform in shipped()
        for file in written(reform, "reform")["workflows"]
        for name in written(reform, file).get("transitions", {})
        if name not in engine(reform).program.plan(file).steps
    ]


def ask(reform: str, file: str, name: str, state: str, actor: Actor) -> Decision:
    """Ask for a transition of a case that stands in a state, and nothing else is known of it."""
    plan = engine(reform).program.plan(file)
    track = track_of(written(reform, file), written(reform, file)["transitions"][name])
    values = {**plan.flow.initial, "opened.on": ON, f"{track}.state": state}
    docket = Docket([Decision("c", opened=(Case("c", file, values, unit=HERE, revision=1),))])
    return engine(reform).decide(docket, Request("c", Fire(name), actor, ON))


@pytest.mark.parametrize(("reform", "file", "name"), everything())
def test_each_role_alone_may_fire_exactly_what_the_file_grants(
    reform: str, file: str, name: str
) -> None:
    flow, roles = written(reform, file), written(reform, "reform")["roles"]
    transition = flow["transitions"][name]
    states = flow["tracks"][track_of(flow, transition)]["states"]
    assert states_of(flow, transition) <= states.keys()
    asked = 0
    for state in states:
        for role in roles:
            decision = ask(reform, file, name, state, Actor("ann", frozenset({Grant(role, HERE)})))
            codes = {refusal.code for refusal in decision.refusals}
            assert (Code.NOT_FROM_HERE in codes) is (state not in states_of(flow, transition))
            assert (Code.NOT_BY_HAND in codes) is by_itself(transition)
            if not by_itself(transition):
                assert (Code.NOT_AUTHORISED in codes) is (role not in allowed(transition)), role
                signed = set(listed(transition.get("signed_by")))
                missing = signed - {role}
                assert (Code.NOT_SIGNED in codes) is bool(missing)
            asked += 1
    assert asked == len(states) * len(roles)


@pytest.mark.parametrize(("reform", "file", "name"), everything())
def test_a_role_of_another_unit_and_no_role_at_all_may_fire_nothing(
    reform: str, file: str, name: str
) -> None:
    flow, roles = written(reform, file), written(reform, "reform")["roles"]
    transition = flow["transitions"][name]
    if by_itself(transition):
        return
    state = min(states_of(flow, transition))
    strangers = [Actor("eve"), Actor("eve", frozenset(Grant(role, ELSEWHERE) for role in roles))]
    for stranger in strangers:
        decision = ask(reform, file, name, state, stranger)
        [refusal] = [item for item in decision.refusals if item.code is Code.NOT_AUTHORISED]
        assert set(refusal.must_act) == allowed(transition)


@pytest.mark.parametrize(("reform", "file", "name"), everything())
def test_who_did_the_one_may_not_do_the_other(reform: str, file: str, name: str) -> None:
    """Separation of duties, as the file's `not_by` says and nowhere else."""
    flow = written(reform, file)
    transition = flow["transitions"][name]
    if by_itself(transition):
        return
    plan = engine(reform).program.plan(file)
    track = track_of(flow, transition)
    state = min(states_of(flow, transition))
    marks = {c: "ann" for c in plan.flow.columns if c.endswith(".by")}
    values = {**plan.flow.initial, **marks, "opened.on": ON, f"{track}.state": state}
    docket = Docket([Decision("c", opened=(Case("c", file, values, unit=HERE, revision=1),))])
    for person, expected in [("ann", set(listed(transition.get("not_by")))), ("bob", set())]:
        actor = Actor(person, frozenset(Grant(role, HERE) for role in allowed(transition)))
        decision = engine(reform).decide(docket, Request("c", Fire(name), actor, ON))
        found = {r.subject for r in decision.refusals if r.code is Code.SAME_PERSON}
        assert found == expected


@pytest.mark.parametrize("reform", shipped())
def test_final_states_let_nothing_out(reform: str) -> None:
    for file in written(reform, "reform")["workflows"]:
        flow = written(reform, file)
        for transition in flow.get("transitions", {}).values():
            states = flow["tracks"][track_of(flow, transition)]["states"]
            finals = {id for id, state in states.items() if (state or {}).get("final")}  # noqa: A001
            assert not states_of(flow, transition) & finals


def test_only_what_says_enabled_can_be_switched_off() -> None:
    for reform, file, name in switched_off():
        assert "enabled" in written(reform, file)["transitions"][name]


def test_the_matrix_would_notice_a_role_too_many() -> None:
    """A fault is planted: one more role under `by` of one transition makes the matrix differ."""
    reform, file, name = next(
        item
        for item in everything()
        if not by_itself(written(item[0], item[1])["transitions"][item[2]])
    )
    definition = load(reform)
    roles = {role.id for role in definition.roles}
    flow = definition.workflow(file)
    extra = min(roles - allowed(written(reform, file)["transitions"][name]))
    transitions = tuple(
        attrs.evolve(item, by=(*item.by, extra)) if item.id == name else item
        for item in flow.transitions
    )
    weak = attrs.evolve(
        definition,
        workflows=tuple(
            attrs.evolve(item, transitions=transitions) if item.id == file else item
            for item in definition.workflows
        ),
    )
    actor = Actor("ann", frozenset({Grant(extra, HERE)}))
    plan = engine(reform).program.plan(file)
    values = {**plan.flow.initial, "opened.on": ON}
    docket = Docket([Decision("c", opened=(Case("c", file, values, unit=HERE, revision=1),))])
    request = Request("c", Fire(name), actor, ON)
    for tried, refused in [(engine(reform), True), (Engine(weak), False)]:
        codes = {refusal.code for refusal in tried.decide(docket, request).refusals}
        assert (Code.NOT_AUTHORISED in codes) is refused
