"""Policies that nothing reads are found, wherever in a definition a policy may be read."""

from __future__ import annotations

from reformflow.checks.policies.unused import policies_unused
from support.checking import parts

HEAD = """
    effective_from: policy.start
    policies:
      start: {options: {soon: 2021-03-01, late: 2021-06-01}, default: soon}
      most: {options: {few: 3, many: 9}, default: few}
      days: {options: {short: 5, long: 20}, default: short}
      late: {options: [refuse, flag], default: flag}
      switch: {options: ["on", "off"], default: "off"}
      branch: {options: ["on", "off"], default: "off"}
      idle: {options: {low: 10, high: 50}, default: low, clauses: [R1]}
"""
FLOW = """
    facts: {posts: {type: int, by: [office], minimum: 0}}
    rules: {some: {requires: posts <= policy.most}}
    tracks: {progress: {initial: draft, states: {draft: , sent: , kept: , done: {final: true}}}}
    transitions:
      send:
        from: draft
        to: [{state: kept, when: 'policy.branch == "on"'}, {state: sent}]
        by: [office]
        needs: [some]
      finish:
        from: [sent, kept]
        to: done
        by: [office]
        due: {days: policy.days, after: send, late: policy.late}
      again: {from: sent, to: draft, by: [office], enabled: 'policy.switch == "on"'}
"""


def test_a_policy_that_nothing_reads() -> None:
    assert parts(policies_unused, HEAD, item=FLOW) == {
        ("policy_unused", "reform.policies.idle"): ()
    }
