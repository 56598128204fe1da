"""Branches that no case takes are found, and rules that nothing needs."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.branches import branches_never_taken
from reformflow.checks.rules.unused import rules_unused
from support.checking import parts

HEAD = """
    policies:
      mode: {options: [strict, lax], default: lax}
"""
FLOW = """
    facts:
      posts: {type: int, by: [office], minimum: 0}
    rules:
      some: {requires: posts > 3}
    tracks:
      progress:
        initial: draft
        states: {draft: , sent: , kept: , done: {final: true}}
    transitions:
      send:
        from: draft
        to:
          - {state: sent, when: 'FIRST'}
          - {state: kept, when: 'SECOND'}
          - {state: done}
        by: [office]
        needs: [some]
"""


def flow(first: str, second: str) -> str:
    return FLOW.replace("FIRST", first).replace("SECOND", second)


@pytest.mark.parametrize(
    ("first", "second", "index"),
    [
        ("posts > 10", "posts > 20", 1),
        ("posts > 10", "posts < 3", 1),
        ("posts < 0", "posts > 10", 0),
        ("posts > 10", "posts <= 10", 2),
        ("posts > 10", 'policy.mode == "strict" and posts < 2', 1),
        ("posts > 10", "posts > 5", None),
        ("posts > 10", 'policy.mode == "strict"', None),
        ('policy.mode == "lax"', "posts > 10", None),
    ],
)
def test_a_branch_that_no_case_takes(first: str, second: str, index: int | None) -> None:
    found = parts(branches_never_taken, HEAD, item=flow(first, second))
    states = ("sent", "kept", "done")
    expected = (
        {}
        if index is None
        else {("branch_never_taken", f"item.transitions.send.to[{index}]"): ("send", states[index])}
    )
    assert found == expected


UNUSED = """
    facts:
      posts: {type: int, by: [office], during: for_a_fact}
    opening: {by: office, needs: [for_the_opening]}
    rules:
      for_the_opening: {requires: "True"}
      for_an_act: {requires: posts > 3 and inside}
      inside: {requires: posts > 3}
      for_a_fact: {requires: 'state == "draft"'}
      for_a_branch: {requires: posts > 4}
      for_an_act_switched_off: {requires: posts > 5}
      for_nobody: {requires: posts > 6}
    transitions:
      send:
        from: draft
        to: [{state: sent, when: for_a_branch}, {state: done}]
        by: [office]
        needs: [for_an_act]
      off: {from: sent, to: done, by: office, needs: [for_an_act_switched_off], enabled: "False"}
"""


def test_a_rule_that_nothing_needs() -> None:
    assert parts(rules_unused, item=UNUSED) == {
        ("rule_unused", "item.rules.for_nobody"): ("for_nobody",)
    }
