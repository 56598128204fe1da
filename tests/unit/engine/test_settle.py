"""Joins: what fires by itself over children, parent and tracks, all in one unit of work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.errors import RequestError
from reformflow.model import Open, Record, Request
from support.building import Play, actor, day

PARENT = """
facts:
  released: {type: bool, initial: false, by: office}
  limit: {type: int, by: office}
children: {parts: part}
tracks:
  progress:
    initial: open
    states: {open: , ready: , finished: {final: true}}
  watch: {initial: calm, states: {calm: , alarmed: , ended: }}
rules:
  live: {requires: all(p.state == "live" for p in parts if p.in_scope)}
  all_live: {requires: live and count(p for p in parts) > 0}
  over: {requires: count(p for p in parts if p.bad) >= limit}
  done: {requires: progress.state == "finished"}
transitions:
  join: {track: progress, from: open, to: ready, automatic: true, needs: all_live}
  finish: {track: progress, from: ready, to: finished, by: office}
  alarm: {track: watch, from: calm, to: alarmed, automatic: true, needs: over}
  end: {track: watch, from: [calm, alarmed], to: ended, automatic: true, needs: done}
"""
CHILD = """
facts:
  in_scope: {type: bool, initial: true, by: office}
  bad: {type: bool, by: office}
tracks:
  course: {initial: new, states: {new: , released: , live: , archived: {final: true}}}
rules:
  parent_released: {requires: parent.released}
  parent_finished: {requires: parent.progress.state == "finished"}
transitions:
  let_go: {from: new, to: released, automatic: true, needs: parent_released}
  go_live: {from: released, to: live, by: office}
  archive: {from: live, to: archived, automatic: true, needs: parent_finished}
"""


def family(children: int = 2) -> Play:
    play = Play(case=PARENT, part=CHILD)
    play.open()
    for index in range(children):
        play.open(case=f"p{index}", workflow="part", parent="c")
    return play


def state(play: Play, case: str) -> str:
    return str(play.value("course.state", case))


def test_what_the_parent_records_lets_all_children_go_in_the_same_decision() -> None:
    play = family(3)
    decision = play.record(on="03-05", released=True)
    assert [(entry.case, entry.name) for entry in decision.entries] == [
        ("c", ""),
        ("p0", "let_go"),
        ("p1", "let_go"),
        ("p2", "let_go"),
    ]
    assert {entry.on for entry in decision.entries} == {day("03-05")}
    assert all(entry.actor == "" for entry in decision.entries[1:])


def test_the_last_child_joins_the_parent() -> None:
    play = family()
    play.record(released=True)
    assert len(play.fire("go_live", case="p0").entries) == 1
    decision = play.fire("go_live", case="p1", on="03-09")
    assert [(entry.case, entry.name) for entry in decision.entries] == [
        ("p1", "go_live"),
        ("c", "join"),
    ]
    assert play["progress.since"] == day("03-09")


def test_effects_run_on_from_parent_to_other_track_to_children_until_nothing_more_fires() -> None:
    play = family()
    play.record(released=True)
    play.fire("go_live", case="p0")
    play.fire("go_live", case="p1")
    decision = play.fire("finish", on="03-09")
    assert [(entry.case, entry.name) for entry in decision.entries] == [
        ("c", "finish"),
        ("c", "end"),
        ("p0", "archive"),
        ("p1", "archive"),
    ]


def test_a_child_taken_out_of_scope_may_be_what_completes_the_join() -> None:
    play = family()
    play.record(released=True)
    play.fire("go_live", case="p0")
    assert play["progress.state"] == "open"
    play.record(case="p1", in_scope=False)
    assert play["progress.state"] == "ready"


def test_an_unknown_child_holds_the_join_back() -> None:
    play = family()
    play.record(limit=1)
    play.record(case="p0", bad=True)
    assert play["watch.state"] == "calm"
    play.record(case="p1", bad=False)
    assert play["watch.state"] == "alarmed"


def test_a_child_opened_later_is_let_go_at_once() -> None:
    play = family(1)
    play.record(released=True)
    decision = play.open(case="late", workflow="part", parent="c", on="03-07")
    assert [entry.name for entry in decision.entries] == ["part", "let_go"]
    assert state(play, "late") == "released"


def test_a_child_belongs_to_its_parents_unit_unless_it_says_another() -> None:
    play = family(0)
    for unit, expected in [("", "north"), ("south", "south")]:
        play.open(case=f"child of {expected}", workflow="part", parent="c", unit=unit)
        assert play.docket.case(f"child of {expected}").unit == expected


def test_a_join_over_no_children_waits_for_the_first() -> None:
    play = family(0)
    assert play["progress.state"] == "open"


def test_by_itself_is_never_entered_before_the_tracks_last_entry() -> None:
    """An act entered late does not turn the order of another case's history round."""
    play = family(1)
    play.record(released=True, on="03-02")
    play.open(case="q", workflow="part", parent="c", on="03-20")
    play.fire("go_live", case="p0", on="03-03")
    play.fire("go_live", case="q", on="03-21")
    assert play["progress.since"] == day("03-21")
    for case in play.docket.ids():
        fired = [e.on for e in play.docket.entries(case) if e.kind == "fired"]
        assert fired == sorted(fired)


def test_what_fires_by_itself_waits_for_the_day_its_own_track_has_reached() -> None:
    """A child's act of the 10th, entered after the parent's of the 20th, joins on the 20th."""
    text = PARENT + "  look: {track: progress, from: open, by: office}\n"
    play = Play(case=text, part=CHILD)
    play.open()
    play.open(case="p", workflow="part", parent="c")
    play.record(released=True)
    play.fire("look", on="03-20")
    play.fire("go_live", case="p", on="03-10")
    assert play.told()[-1] == ("fired", "join", day("03-20"))


def test_a_join_may_set_the_children_going_in_their_turn() -> None:
    """From a child to its parent and back to all children, in one decision."""
    by_hand = "from: ready, to: finished, by: office"
    text = PARENT.replace(by_hand, "from: ready, to: finished, automatic: true")
    play = Play(case=text, part=CHILD)
    play.open()
    for case in ("p", "q"):
        play.open(case=case, workflow="part", parent="c")
    play.record(released=True)
    play.fire("go_live", case="p")
    decision = play.fire("go_live", case="q")
    assert [(entry.case, entry.name) for entry in decision.entries] == [
        ("q", "go_live"),
        ("c", "join"),
        ("c", "finish"),
        ("c", "end"),
        ("p", "archive"),
        ("q", "archive"),
    ]


def test_a_value_out_of_bounds_holds_back_what_fires_by_itself_and_nothing_else() -> None:
    """Otherwise nobody could do anything to the case any more."""
    text = """
    facts: {rounds: {type: int, initial: 2, maximum: 2}, note: {type: text, by: office}}
    transitions: {again: {from: draft, to: sent, at: {days: 1, after: opened},
      set: {rounds: rounds + 1}}}
    """
    play = Play(case=text)
    play.open("03-01")
    assert play.record(on="03-05", note="x").granted
    assert play.tick("04-01").entries == ()


def test_a_refused_act_lets_nothing_happen() -> None:
    play = family()
    assert not play.record("bureau", released=True).granted
    assert state(play, "p0") == "new"


def test_deciding_does_not_show_in_the_cases_until_it_is_taken() -> None:
    play = family()
    request_made = play.docket.case("p0")
    play.engine.fire(play.docket, _request())
    assert play.docket.case("p0") is request_made


def _request() -> Request:
    return Request("c", Record({"released": True}), actor("office"), day("03-05"))


@given(st.permutations(range(4)), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_order_of_the_children_does_not_matter(order: list[int], in_scope: list[bool]) -> None:
    play = family(4)
    play.record(released=True)
    for index in order:
        if in_scope[index]:
            play.fire("go_live", case=f"p{index}")
        else:
            play.record(case=f"p{index}", in_scope=False)
    assert play["progress.state"] == "ready"


def test_a_rule_over_today_is_looked_at_again_when_time_passes() -> None:
    text = """
    rules: {due_now: {requires: 'today >= date("2021-05-01")'}}
    transitions: {wake: {from: draft, to: done, automatic: true, needs: due_now}}
    """
    play = Play(case=text)
    play.open()
    assert play.engine.timed("case")
    assert play.tick("04-30").entries == ()
    assert [entry.name for entry in play.tick("05-01").entries] == ["wake"]
    assert play.tick("05-02").entries == ()


def test_a_child_belongs_to_a_parent_that_has_such_children() -> None:
    play = family()
    with pytest.raises(RequestError, match="has no children"):
        play.ask(Open("case", parent="p0"), case="x")
