"""What was covered of a reform: conditions under which facts may be recorded count like rules."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.binding import bind
from reformflow.engine import Docket, Engine
from reformflow.formats import fingerprint
from reformflow.model import Actor, Fire, Open, Record, Request
from reformflow.testing.coverage import Recorder, listening, measure
from reformflow.testing.coverage.report import page
from support.building import reform_of

REFORM = reform_of(
    case="""
        opening: {by: office}
        facts:
          size: {type: int, by: office, during: drafting}
          name: {type: text, by: office, during: size > 3}
          note: {type: text, by: office}
        rules: {drafting: {requires: state == "draft", clauses: R1}}
        transitions: {send: {from: draft, to: sent, by: office}}
    """
)
ON = date(2021, 3, 1)


def covered(*acts: Open | Fire | Record) -> dict[str, tuple[str, ...]]:
    """Return what of the rules was seen when the office does these acts."""
    engine, docket, office = Engine(REFORM), Docket(), Actor.holding("ann", "office")
    recorder = Recorder()
    with listening(recorder):
        for act in acts:
            docket.take(engine.fire(docket, Request("c", act, office, ON)))
    tried = recorder.tried[fingerprint(REFORM)]
    assert tried["case.rules.drafting", "refused"] == tried["case.facts.size.during", "refused"]
    return {part.path: part.seen for part in measure(bind(REFORM), tried).of("rule")}


def test_a_recording_counts_as_granted_refused_or_unknown() -> None:
    named = Record({"name": "x"})
    acts = (Open("case"), named, Record({"size": 3}), named, Record({"size": 4}), named)
    assert covered(*acts, Fire("send"), Record({"size": 5, "note": "y"})) == {
        "case.facts.size.during": ("granted", "refused"),
        "case.facts.name.during": ("granted", "refused", "unknown"),
    }


def test_what_nobody_tried_to_record_is_missed() -> None:
    assert covered(Open("case"), Record({"note": "y"}), Fire("send")) == {
        "case.facts.size.during": (),
        "case.facts.name.during": (),
    }


def test_a_state_is_always_known() -> None:
    parts = {part.path: part for part in measure(bind(REFORM), {}).of("rule")}
    assert parts["case.facts.size.during"].missed == ("granted", "refused")
    assert "unknown" in parts["case.facts.name.during"].missed


def test_a_page_says_so_when_nothing_was_missed() -> None:
    bound = bind(REFORM)
    missed = measure(bound, {})
    told = page([(missed, bound)])
    assert "<code>case.facts.size.during</code>" in told
    assert "Nothing:" not in told
    whole = attrs.evolve(missed, parts=())
    assert "<h2>What no test came to</h2><p>Nothing:" in page([(whole, bound)])
