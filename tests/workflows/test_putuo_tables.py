"""Who may do what in which state of the Putuo reform, and who may record what and until when.

The two tables stand beside the clause tests, apart from the definitions; every role is tried in
every state.
"""

from __future__ import annotations

import pytest

from support.putuo import EVERYWHERE, OWN_UNIT, ROLES, shipped_town
from support.putuo_tables import ActLine, FactLine, act_lines, fact_lines


@pytest.mark.parametrize("line", act_lines(), ids=lambda line: line.name)
def test_an_act_is_for_its_roles_its_states_and_with_its_records(line: ActLine) -> None:
    line.run(shipped_town(), whole=True)


@pytest.mark.parametrize("line", fact_lines(), ids=lambda line: line.name)
def test_a_fact_is_for_its_roles_its_states_and_its_values(line: FactLine) -> None:
    line.run(shipped_town())


def test_the_tables_are_complete() -> None:
    flows = shipped_town().reform.workflows
    acts = {(line.workflow, line.act) for line in act_lines()}
    assert acts == {
        (flow.id, act)
        for flow in flows
        for act in ("open", "correct", *(transition.id for transition in flow.transitions))
    }
    facts = {(line.workflow, line.fact) for line in fact_lines()}
    assert facts == {(flow.id, fact.id) for flow in flows for fact in flow.facts}
    assert {role.id for role in shipped_town().reform.roles} == ROLES


def test_departments_have_roles_of_their_own_and_offices_act_for_all() -> None:
    scopes = {role.id: role.scope for role in shipped_town().reform.roles}
    assert {role for role, scope in scopes.items() if scope == "unit"} == OWN_UNIT
    assert {role for role, scope in scopes.items() if scope == "all"} == EVERYWHERE
