"""Courses lead to every state and through every transition, whatever stands in the way."""

from __future__ import annotations

import pytest

from reformflow.engine import Docket
from reformflow.errors import UnknownName
from reformflow.formats import load
from reformflow.model import Kind
from reformflow.testing import Course, NotFound, Pathfinder
from reformflow.testing.pathfinding import confirmed, docket_of
from support.building import reform_of
from support.repository import ROOT, WORKFLOWS

DEFINITIONS = {
    "putuo": WORKFLOWS / "putuo-2021-9",
    "service": WORKFLOWS / "uk-service-standard",
    "directives": WORKFLOWS / "cisa-directives",
    "stalls": ROOT / "docs" / "examples" / "market-stalls",
    "harbour": ROOT / "benchmarks" / "definitions" / "harbour",
}
# States to which no transition leads under the default policies.
CUT_OFF = {("department", "oversight", "rectifying")}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_state_is_reached_and_every_transition_fires(name: str) -> None:
    finder = Pathfinder(load(DEFINITIONS[name]))
    missed: set[tuple[str, str, str]] = set()
    for workflow, plan in finder.engine.program.plans.items():
        for transition in reversed(plan.flow.transitions):  # courses of late ones pass early ones
            course = finder.fire(workflow, transition)
            assert course, course
            assert confirmed(finder.engine, course)
        for track in plan.flow.tracks.values():
            for state in track.states:
                found = finder.reach(workflow, track.id, state.id)
                if not found:
                    missed.add((workflow, track.id, state.id))
    assert missed == (CUT_OFF if name == "putuo" else set())


def fired(course: Course | NotFound, finder: Pathfinder, transition: str) -> Docket:
    """Demand a course that is granted throughout and ends by firing a transition."""
    assert course, course
    docket = docket_of(finder.engine, course)
    told = [entry for entry in docket.added(course.case) if entry.kind is Kind.FIRED]
    assert transition in {entry.name for entry in told}
    assert all(step.granted for step in course.steps)
    return docket


def found(transition: str, head: str = "", **workflows: str) -> Docket:
    """Find a course to a transition of the last of some workflows."""
    finder = Pathfinder(reform_of(head, **workflows))
    return fired(finder.fire(list(workflows)[-1], transition), finder, transition)


def test_facts_are_recorded_by_who_may_and_satisfy_all_rules_at_once() -> None:
    docket = found(
        "send",
        flow="""
        facts:
          size: {type: int, by: office, minimum: 1}
          room: {type: int, by: treasury}
          kind: {type: choice, by: archive, choices: [small, large]}
        rules:
          fits: {requires: size * 3 <= room and room < 40, clauses: [R1]}
          large: {requires: 'kind == "large" and size > 9', clauses: [R1]}
        transitions: {send: {from: draft, to: sent, by: office, needs: [fits, large]}}
        """,
    )
    assert docket.case("flow-1").values["kind"] == "large"


def test_a_fact_that_is_recorded_once_serves_a_rule_that_comes_later() -> None:
    docket = found(
        "close",
        flow="""
        opening: {by: office, records: [size]}
        facts: {size: {type: int, once: true}}
        rules:
          small: {requires: size < 100, clauses: [R1]}
          exact: {requires: size == 77, clauses: [R1]}
        transitions:
          send: {from: draft, to: sent, by: office, needs: [small]}
          close: {from: sent, to: done, by: office, needs: [exact]}
        """,
    )
    assert docket.case("flow-1").values["size"] == 77


def test_a_fact_is_recorded_while_it_may_be() -> None:
    found(
        "close",
        flow="""
        facts: {agreed: {type: bool, by: treasury, during: drafting}}
        rules:
          drafting: {requires: state == "draft", clauses: [R1]}
          agreed_on: {requires: agreed, clauses: [R1]}
        transitions:
          send: {from: draft, to: sent, by: office}
          close: {from: sent, to: done, by: office, needs: [agreed_on]}
        """,
    )


def test_signatures_are_given_and_nobody_acts_twice_who_may_not() -> None:
    docket = found(
        "close",
        flow="""
        transitions:
          send: {from: draft, to: sent, by: office, signed_by: [office, treasury, archive]}
          close: {from: sent, to: done, by: office, not_by: send}
        """,
    )
    assert {entry.actor for entry in docket.added("flow-1")} >= {"office", "office-2"}


def test_a_window_is_waited_for_and_a_deadline_is_kept() -> None:
    docket = found(
        "close",
        flow="""
        transitions:
          send: {from: draft, to: sent, by: office, due: {on: 2021-03-10}}
          close:
            from: sent
            to: done
            by: office
            window: {opens: {days: 10, after: send}, closes: {days: 12, after: send}}
        """,
    )
    sent, closed = docket.added("flow-1")[-2:]
    assert 10 <= (closed.on - sent.on).days <= 12


def test_silence_and_days_that_come_are_waited_for() -> None:
    flow = """
        facts: {heard: {type: date, by: office}}
        transitions:
          decide: {from: draft, to: sent, by: office, due: {days: 3, after: heard}}
          silence: {from: draft, to: done, after_due: decide}
          lapse: {from: sent, to: done, at: {months: 1, after: decide}}
        """
    found("silence", flow=flow)
    found("lapse", flow=flow)


def test_what_fires_by_itself_is_brought_about() -> None:
    found(
        "join",
        flow="""
        tracks:
          left: {initial: on, states: {on: , off: {final: true}}}
          right: {initial: on, states: {on: , off: {final: true}}}
          both: {initial: apart, states: {apart: , joined: {final: true}}}
        rules:
          all_off: {requires: left.state == "off" and right.state == "off", clauses: [R1]}
        transitions:
          switch_left: {track: left, from: on, to: off, by: office}
          switch_right: {track: right, from: on, to: off, by: treasury}
          join: {track: both, from: apart, to: joined, automatic: true, needs: [all_off]}
        """,
    )


def test_children_are_opened_and_driven_where_they_are_wanted() -> None:
    docket = found(
        "close",
        child="""
        facts: {weight: {type: int, by: office, minimum: 0}}
        transitions: {send: {from: draft, to: sent, by: office}}
        """,
        flow="""
        children: {parts: child}
        rules:
          two_sent: {requires: count(p for p in parts if p.state == "sent") == 2, clauses: [R1]}
          one_draft: {requires: 'any(p.state == "draft" for p in parts)', clauses: [R1]}
          heavy: {requires: sum(p.weight for p in parts if p.weight is not None) > 9, clauses: [R1]}
        transitions:
          close: {from: draft, to: done, by: office, needs: [two_sent, one_draft, heavy]}
        """,
    )
    assert len(docket.children("flow-1", "child")) == 3


def test_a_parent_is_opened_and_driven_where_it_is_wanted() -> None:
    found(
        "send",
        top="""
        children: {parts: flow}
        facts: {budget: {type: int, by: treasury}}
        transitions: {send: {from: draft, to: sent, by: office}}
        """,
        flow="""
        rules:
          released: {requires: parent.state == "sent" and parent.budget > 5, clauses: [R1]}
        transitions: {send: {from: draft, to: sent, by: office, needs: [released]}}
        """,
    )


def test_rounds_are_gone_through_until_a_number_is_reached() -> None:
    docket = found(
        "close",
        flow="""
        facts: {round: {type: int, initial: 1}}
        rules: {third: {requires: round >= 3, clauses: [R1]}}
        transitions:
          send: {from: draft, to: sent, by: office}
          back: {from: sent, to: draft, by: treasury, set: {round: round + 1}}
          close: {from: sent, to: done, by: office, needs: [third]}
        """,
    )
    assert docket.case("flow-1").values["round"] == 3


def test_of_two_ways_the_one_is_taken_that_sets_what_is_needed_later() -> None:
    found(
        "close",
        flow="""
        tracks:
          progress: {initial: draft, states: {draft: , sent: , done: {final: true}}}
        facts: {route: {type: choice, choices: [short, long]}}
        rules: {took_the_long: {requires: 'route == "long"', clauses: [R1]}}
        transitions:
          quick: {from: draft, to: sent, by: office, set: {route: '"short"'}}
          slow: {from: draft, to: sent, by: office, set: {route: '"long"'}}
          close: {from: sent, to: done, by: office, needs: [took_the_long]}
        """,
    )


def test_each_branch_is_taken_on_purpose() -> None:
    finder = Pathfinder(
        reform_of(
            flow="""
            facts: {good: {type: bool, by: office}, fast: {type: bool, by: office}}
            transitions:
              judge:
                from: draft
                to: [{state: done, when: good and fast}, {state: sent, when: good}, {state: draft}]
                by: office
            """
        )
    )
    for target in ("done", "sent", "draft"):
        course = finder.fire("flow", "judge", target)
        assert course
        docket = docket_of(finder.engine, course)
        assert docket.case(course.case).values["progress.state"] == target


def test_what_cannot_be_is_not_found_and_says_what_stood_in_the_way() -> None:
    finder = Pathfinder(
        reform_of(
            flow="""
            facts: {size: {type: int, by: office}}
            rules:
              small: {requires: size < 5, clauses: [R1]}
              large: {requires: size > 5, clauses: [R2]}
            transitions:
              send: {from: draft, to: sent, by: office, needs: [small], set: {size: "3"}}
              close: {from: sent, to: done, by: office, needs: [small, large]}
              late: {from: draft, to: sent, by: office, due: {on: 2001-03-10}, needs: [small]}
            """
        )
    )
    found = finder.reach("flow", "progress", "done")
    assert isinstance(found, NotFound)
    assert found.goal == "progress.done"
    assert not finder.fire("flow", "close")
    assert finder.fire("flow", "late")


def test_names_that_do_not_exist_are_errors() -> None:
    finder = Pathfinder(load(DEFINITIONS["stalls"]))
    with pytest.raises(UnknownName):
        finder.reach("permit", "progress", "lost")
    with pytest.raises(UnknownName):
        finder.reach("permit", "oversight", "draft")
    with pytest.raises(UnknownName):
        finder.fire("permit", "lose")
    with pytest.raises(UnknownName):
        finder.fire("permit", "apply", "granted")


def test_the_check_of_a_course_notices_another_answer() -> None:
    finder = Pathfinder(load(DEFINITIONS["stalls"]))
    course = finder.reach("permit", "progress", "granted")
    assert course
    assert confirmed(finder.engine, course)
    missing = Course(course.case, course.workflow, course.steps[:1] + course.steps[2:])
    assert not confirmed(finder.engine, missing)
