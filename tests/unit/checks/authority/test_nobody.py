"""Acts for which there is nobody are found."""

from __future__ import annotations

from reformflow.checks.authority.nobody import nobody_acts
from reformflow.model import Actor
from support.checking import found as findings
from support.checking import told

FLOW = """
opening: {by: [office, bureau], clauses: [R1]}
transitions:
  send: {from: draft, to: sent, by: bureau}
  end: {from: sent, to: done, by: [office, treasury], signed_by: [office, archive], clauses: [R2]}
"""
ALL = ("office:ann", "archive:bob", "bureau@north:eve")


def test_an_opening_without_a_role_is_found_without_a_list() -> None:
    assert findings(nobody_acts, w=FLOW) == []
    (found,) = findings(nobody_acts, w=FLOW.replace("by: [office, bureau], ", ""))
    assert told([found]) == [("error", "nobody_opens", "w.opening")]
    assert found.clauses == ("R1",)


def test_what_a_duty_opens_needs_nobody() -> None:
    top = """
    children: {parts: w}
    transitions: {end: {from: draft, to: done, by: office}}
    duties:
      monthly: {opens: parts, first: {days: 1, after: opened}, every: {months: 1}}
    """
    assert findings(nobody_acts, top=top, w=FLOW.replace("by: [office, bureau], ", "")) == []


def test_a_list_that_has_somebody_for_everything() -> None:
    assert findings(nobody_acts, staff=ALL, w=FLOW) == []


def test_a_role_that_nobody_on_the_list_holds() -> None:
    found = findings(nobody_acts, staff=("office:ann", "bureau@north:eve"), w=FLOW)
    assert told(found) == [("error", "nobody_signs", "w.transitions.end.signed_by[1]")]
    assert found[0].witness.parts == ("archive",)
    assert found[0].clauses == ("R2",)
    found = findings(nobody_acts, staff=("archive:bob", "treasury:ann"), w=FLOW)
    assert told(found) == [
        ("error", "nobody_opens", "w.opening.by"),
        ("error", "nobody_fires", "w.transitions.send.by"),
        ("error", "nobody_signs", "w.transitions.end.signed_by[0]"),
    ]


RECORDED = """
opening: {by: office}
facts:
  posts: {type: int, by: treasury, clauses: [R1]}
  note: {type: text, by: treasury}
  paid: {type: bool, by: treasury, initial: false}
rules:
  few: {requires: posts < 5}
  is_paid: {requires: paid}
transitions:
  end: {from: draft, to: done, by: office, needs: [few, is_paid]}
"""


def test_a_fact_that_a_rule_asks_about_and_nobody_on_the_list_records() -> None:
    assert findings(nobody_acts, staff=("office:ann", "treasury:bob"), w=RECORDED) == []
    (found,) = findings(nobody_acts, staff=("office:ann",), w=RECORDED)
    assert told([found]) == [("error", "nobody_records", "w.facts.posts.by")]
    assert (found.clauses, found.witness.parts) == (("R1",), ("treasury",))


def test_a_fact_that_an_act_records_needs_nobody_else() -> None:
    flow = RECORDED.replace("needs: [few", "records: [posts], needs: [few")
    assert findings(nobody_acts, staff=("office:ann",), w=flow) == []


def test_who_signs_may_fire_where_no_other_is_named() -> None:
    flow = FLOW.replace("by: [office, treasury], signed", "signed")
    found = findings(nobody_acts, staff=("treasury:ann", "bureau@north:eve"), w=flow)
    assert told(found)[0] == ("error", "nobody_fires", "w.transitions.end.signed_by")


def test_a_unit_that_has_nobody_is_a_note() -> None:
    flow = FLOW.replace("[office, archive]", "[bureau]")
    assert findings(nobody_acts, staff=ALL, w=flow) == []
    local = ("bureau@north:eve", "office:ann", Actor.holding("zoe", "office", unit="south"))
    (sends, signs) = findings(nobody_acts, staff=local, w=flow)
    assert told([sends, signs]) == [
        ("note", "nobody_fires", "w.transitions.send.by"),
        ("note", "nobody_signs", "w.transitions.end.signed_by[0]"),
    ]
    assert sends.witness.values == (("unit", "south"),)


def test_what_fires_by_itself_needs_nobody() -> None:
    flow = FLOW.replace("to: sent, by: bureau", "to: sent, automatic: true")
    assert findings(nobody_acts, staff=("office:ann", "archive:bob"), w=flow) == []


def test_more_time_that_nobody_on_the_list_can_give() -> None:
    due = "due: {days: 9, after: opened, late: extension, extension: {by: treasury, clauses: [R3]}}"
    flow = FLOW.replace("to: sent, by: bureau", f"to: sent, by: bureau, {due}")
    assert findings(nobody_acts, staff=(*ALL, "treasury:tom"), w=flow) == []
    (found,) = findings(nobody_acts, staff=ALL, w=flow)
    assert told([found]) == [("error", "nobody_extends", "w.transitions.send.due.extension.by")]
    assert found.clauses == ("R3",)
    paused = flow.replace("extension, extension: {", "flag, suspension: {")
    (found,) = findings(nobody_acts, staff=ALL, w=paused)
    assert told([found]) == [("error", "nobody_suspends", "w.transitions.send.due.suspension.by")]
