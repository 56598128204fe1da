"""Separation of duties for which a list of staff has too few people is found."""

from __future__ import annotations

import pytest

from reformflow.checks.authority.separation import duties_not_separable
from reformflow.model import Severity
from support.checking import found as findings
from support.checking import told

FLOW = """
transitions:
  send: {from: draft, to: sent, by: bureau}
  end: {from: sent, to: done, by: [office, bureau], not_by: send, clauses: [R1]}
"""


@pytest.mark.parametrize(
    "staff",
    [
        (),
        ("bureau@north:ann", "bureau@north:bob"),
        ("bureau@north:ann", "office:bob"),
        ("bureau+office:ann", "bureau@north:bob"),
        ("office:ann",),  # there is nobody to send it, which is found elsewhere
    ],
)
def test_people_enough(staff: tuple[str, ...]) -> None:
    assert findings(duties_not_separable, staff=staff, w=FLOW) == []


@pytest.mark.parametrize("staff", [("bureau@north:ann",), ("bureau+office:ann",)])
def test_one_person_for_two_acts_that_are_kept_apart(staff: tuple[str, ...]) -> None:
    (found,) = findings(duties_not_separable, staff=staff, w=FLOW)
    assert told([found]) == [("error", "nobody_left", "w.transitions.end.not_by[0]")]
    assert found.severity is Severity.ERROR
    assert found.witness.parts == ("send", "end")
    assert found.clauses == ("R1",)
    assert "ann" in found.says.en


def test_the_unit_that_lacks_somebody_is_named() -> None:
    staff = ("bureau@north:ann", "bureau@north:bob", "bureau@south:eve")
    (found,) = findings(duties_not_separable, staff=staff, w=FLOW)
    assert found.witness.values == (("unit", "south"),)
    assert "(south)" in found.says.en


def test_an_act_that_may_be_left_out_only_may_leave_nobody() -> None:
    flow = FLOW.replace("from: sent", "from: [draft, sent]")
    (found,) = findings(duties_not_separable, staff=("bureau@north:ann",), w=flow)
    assert found.severity is Severity.WARNING
    assert found.witness.parts == ("send", "end")


def test_an_act_that_never_comes_before_takes_nobody_away() -> None:
    flow = """
    transitions:
      send: {from: draft, to: sent, by: office}
      drop: {from: draft, to: done, by: office}
      end: {from: sent, to: done, by: office, not_by: drop}
    """
    assert findings(duties_not_separable, staff=("office:ann",), w=flow) == []


def test_who_may_not_repeat_an_act() -> None:
    flow = """
    transitions:
      look: {from: draft, by: office, not_by: look}
      end: {from: draft, to: done, by: office}
    """
    assert findings(duties_not_separable, staff=("office:ann", "office:bob"), w=flow) == []
    (found,) = findings(duties_not_separable, staff=("office:ann",), w=flow)
    assert found.severity is Severity.WARNING


THREE = """
tracks:
  t: {initial: a, states: {a: , b: , c: , d: {final: true}}}
transitions:
  write: {from: a, to: b, by: office}
  read: {from: b, to: c, by: office, not_by: write}
  seal: {from: c, to: d, by: office, not_by: [write, read]}
"""


def test_three_acts_that_are_kept_apart_take_three_people() -> None:
    (found,) = findings(duties_not_separable, staff=("office:ann", "office:bob"), w=THREE)
    assert told([found]) == [("error", "nobody_left", "w.transitions.seal.not_by[0]")]
    assert found.witness.parts == ("write", "read", "seal")
    three = ("office:ann", "office:bob", "office:eve")
    assert findings(duties_not_separable, staff=three, w=THREE) == []
    # who read may also seal: then two are enough
    two = THREE.replace("[write, read]", "[write]")
    assert findings(duties_not_separable, staff=three[:2], w=two) == []


def test_what_fires_by_itself_takes_nobody_away() -> None:
    flow = FLOW.replace("to: sent, by: bureau", "to: sent, automatic: true")
    assert findings(duties_not_separable, staff=("bureau@north:ann",), w=flow) == []
