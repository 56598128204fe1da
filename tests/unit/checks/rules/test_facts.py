"""Facts that something asks about but nobody can record are found."""

from __future__ import annotations

import pytest

from reformflow.checks.rules.facts import facts_never_recorded
from support.checking import parts

FLOW = """
    facts:
      plan_on: {type: date, MORE}
      soon: {type: date, derived: {days: 3, after: ANCHOR}}
      posts: {type: int, by: [office]}
    rules:
      asked: {requires: 'RULE', clauses: [R1]}
    transitions:
      send: {from: draft, to: sent, by: [office], needs: [asked], AT_SEND}
      never: {from: done, to: sent, by: [office], records: [plan_on]}
    tracks:
      progress:
        initial: draft
        states: {draft: , sent: , done: }
"""


def flow(
    rule: str = "plan_on < today",
    more: str = "label: Plan",
    send: str = "reason: true",
    anchor: str = "opened",
) -> str:
    text = FLOW.replace("RULE", rule).replace("MORE", more).replace("ANCHOR", anchor)
    return text.replace("AT_SEND", send)


@pytest.mark.parametrize(
    ("item", "readers"),
    [
        (flow(), ("asked",)),
        (flow("posts > 3 or plan_on is None"), ("asked",)),
        (flow("posts > 3", send="set: {posts: 3, plan_on: plan_on}"), None),
        (flow("posts > 3", anchor="plan_on"), ("soon",)),
        (flow(more="by: [office], during: 'posts != posts'"), ("asked",)),
        (flow("posts > 3", send="due: {days: 3, after: plan_on}"), ("send.due",)),
        (flow("posts > 3"), None),
        (flow(more="by: [office]"), None),
        (flow(more="by: [office], during: 'posts > 3'"), None),
        (flow(more="initial: 2021-03-01"), None),
        (flow(send="records: [plan_on]"), None),
        (flow(send="may_record: [plan_on]"), None),
        (flow(send="set: {plan_on: today}"), None),
    ],
)
def test_a_fact_without_anybody_who_records_it(item: str, readers: tuple[str, ...] | None) -> None:
    expected = {} if readers is None else {("fact_never_recorded", "item.facts.plan_on"): readers}
    assert parts(facts_never_recorded, item=item) == expected


def test_kin_ask_about_facts_too() -> None:
    parent = """
        children: {matters: matter}
        facts: {budget: {type: int}}
        rules: {live: {requires: all(m.live for m in matters)}}
        transitions:
          send: {from: draft, to: sent, by: [office], needs: [live]}
    """
    child = """
        facts: {live: {type: bool}}
        rules: {paid: {requires: parent.budget > 0}}
        transitions:
          send: {from: draft, to: sent, by: [office], needs: [paid]}
    """
    assert parts(facts_never_recorded, item=parent, matter=child) == {
        ("fact_never_recorded", "item.facts.budget"): ("paid",),
        ("fact_never_recorded", "matter.facts.live"): ("live",),
    }
