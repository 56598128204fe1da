"""Who may do what in which state, and what has to be recorded, in the two smaller reforms.

The tables are written down by hand, apart from the definitions: role by role and state by state
the engine has to agree with them, so that a role, a from-state, a record or a reason which is lost
from a definition is noticed. A line reads: workflow, act | roles | from-states | records.
"""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Case, Code, Decision, Fire, Open, Refusal, Request
from support.stories import engine_of

TABLES = {
    "uk-service-standard": """
digital_service open | service_team | | change owner_kind released_on
digital_service correct | service_team central_service | |
digital_service start_discovery | service_team | proposed |
digital_service start_alpha | service_team | discovery |
digital_service start_private_work | service_team | alpha |
digital_service start_beta | service_team | private_work |
digital_service launch_public | service_team | beta |
digital_service go_live | service_team | public_beta |
digital_service hand_to_maintenance | service_team | live |
digital_service retire | service_team | maintained |
digital_service call_in_again | central_service | live | performance_drop reason
assessment open | service_team | | point
assessment correct | central_service digital_leader | |
assessment register | itself | received |
assessment agree_day | central_service | requested | planned_on
assessment appoint_assessor | digital_leader | requested | \
planned_on lead_assessor_name assessor_trained
assessment withdraw | service_team | requested scheduled | reason
assessment hold_by_panel | central_service | scheduled |
assessment hold_by_assessor | lead_assessor | scheduled |
assessment panel_result | central_service | held |
assessment assessor_result | lead_assessor | held |
assessment certify | digital_leader | to_certify | certificate_reference
assessment file_certificate | digital_leader | certified | filing_reference
assessment ask_again | service_team central_service lead_assessor | not_passed | reassessment
assessment begin_fact_check | itself | no_report published |
assessment confirm_facts | service_team | fact_check |
assessment publish_panel_report | central_service | checked | report_reference
assessment publish_department_report | digital_leader | checked | report_reference
assessment escalate | itself | none_needed |
assessment write_to_minister | cabinet_office | letter_due | letter_reference
criterion open | central_service lead_assessor | | number
criterion correct | central_service digital_leader | |
criterion panel_finds_met | central_service | not_judged |
criterion panel_finds_not_met | central_service | not_judged |
criterion assessor_finds_met | lead_assessor | not_judged |
criterion assessor_finds_not_met | lead_assessor | not_judged |
criterion reopen_failed | itself | not_met |
criterion reopen_met | itself | met |
spending open | service_team | | phase
spending correct | spending_control | |
spending approve_early | spending_control | requested |
spending approve_advanced | spending_control | requested | recommendations
spending decline | spending_control | requested | reason
""",
    "cisa-directives": """
agency open | cisa | | federal
agency correct | cisa | |
agency leave | cisa | covered | reason
web_email open | cisa agency | |
web_email correct | cisa | |
web_email deliver_plan | agency | owed | plan_reference
web_email read_plan | cisa | delivered |
web_email raise_concerns | cisa | delivered read | concern
web_email set_monitoring_policy | agency | unprotected |
web_email set_rejecting_policy | agency | unprotected monitoring |
web_email remove_ciphers | agency | weak |
web_email set_up_address | cisa | not_set_up |
web_email add_address | agency | set_up |
web_email protect_web | agency | unprotected |
web_email finish | itself | running |
status_report open | cisa | | owed_on period
status_report correct | cisa | |
status_report submit | agency | owed | reference
status_report let_go | itself | owed |
vulnerability open | cisa | | severity detected_on
vulnerability correct | cisa | |
vulnerability fix_it | agency | open overdue plan_sent plan_received plan_returned |
vulnerability fall_overdue | itself | open |
vulnerability send_plan | cisa | overdue |
vulnerability receive_plan | agency | plan_sent |
vulnerability return_plan | agency | plan_received | constraints interim_mitigation estimated_on
vulnerability escalate_to_ciso | cisa | with_staff |
vulnerability escalate_to_cio | cisa | with_ciso |
vulnerability escalate_to_official | cisa | with_cio |
network_change open | agency cisa | | changed_on
network_change correct | cisa | |
network_change notify | agency | owed |
disclosure open | cisa agency | |
disclosure correct | cisa | |
disclosure give_contacts | agency | missing | contact
disclosure change_contacts | agency | given | contact
disclosure publish | agency | drafting | procedures_ready has_required has_forbidden
disclosure state_scope | agency | published |
disclosure complete_scope | agency | growing |
agency_system open | agency | | launched_on starts_in_scope
agency_system correct | agency cisa | |
agency_system start_in_scope | itself | outside |
agency_system bring_in | agency | outside |
scope_period open | cisa | | owed_on period scope_before
scope_period correct | cisa | |
scope_period confirm_growth | agency | open |
metrics_report open | cisa | | owed_on period
metrics_report correct | cisa | |
metrics_report submit | agency | owed | reports_received
directive_reviewer open | cisa | |
directive_reviewer correct | cisa | |
directive_reviewer scan_agencies | cisa | owed |
directive_reviewer update_directive | cisa | owed |
""",
}
DUES = {
    "uk-service-standard": """
assessment agree_day | central_service digital_leader | U4.2
assessment appoint_assessor | central_service digital_leader | U4.2
assessment panel_result | central_service | U4.3
assessment assessor_result | lead_assessor | U4.3
assessment confirm_facts | central_service digital_leader | U4.5
""",
    "cisa-directives": """
web_email deliver_plan | agency | D18.2
web_email set_monitoring_policy | agency | D18.7
web_email set_rejecting_policy | agency | D18.10
web_email remove_ciphers | agency | D18.8
web_email add_address | agency | D18.9
web_email protect_web | agency | D18.11
status_report submit | agency | D18.4 D18.5
vulnerability fix_it | accountable_official cio ciso agency | D19.2 D19.3
vulnerability return_plan | accountable_official cio ciso agency | D19.5
network_change notify | agency | D19.7
disclosure give_contacts | agency | D20.1
disclosure publish | agency | D20.2
disclosure complete_scope | agency | D20.7
scope_period confirm_growth | agency | D20.6
metrics_report submit | agency | D20.9
directive_reviewer scan_agencies | cisa | D20.10
directive_reviewer update_directive | cisa | D20.11
""",
}
"""Every due date: workflow, transition | who answers for a delay | clauses."""

ON = date(2022, 3, 1)
EXTENSIONS = {
    "uk-service-standard": {"call_back_to_alpha", "escalate_again"},
    "cisa-directives": set(),
}
"""Transitions that exist only under another policy option."""


@attrs.frozen
class Line:
    """One line of a table."""

    reform: str
    workflow: str
    act: str
    roles: frozenset[str]
    states: frozenset[str]
    records: frozenset[str]

    @classmethod
    def read(cls, reform: str, text: str) -> Line:
        """Read a line of four parts."""
        head, *parts = (part.split() for part in text.split("|"))
        return cls(reform, *head, *map(frozenset, parts))

    @property
    def engine(self) -> Engine:
        """The engine of its reform."""
        return engine_of(self.reform, ())


LINES = [
    Line.read(reform, text)
    for reform, table in TABLES.items()
    for text in table.split("\n")
    if text
]
OPENINGS = [line for line in LINES if line.act == "open"]
CORRECTIONS = [line for line in LINES if line.act == "correct"]
TRANSITIONS = [line for line in LINES if line.act not in {"open", "correct"}]


def name(line: Line) -> str:
    return f"{line.workflow}.{line.act}"


def missing(refusals: tuple[Refusal, ...], subject: str) -> set[str]:
    """Return the facts that a refusal about `subject` misses."""
    return {fact for refusal in refusals if refusal.subject == subject for fact in refusal.missing}


def answer(line: Line, role: str, state: str) -> Decision:
    """Ask for the act in one role on a case of which nothing is known but its state."""
    flow = line.engine.program.bound.workflows[line.workflow]
    track = flow.transitions[line.act].track
    docket = Docket()
    values = {**flow.initial, f"{track}.state": state}
    parent = None
    if flow.parent is not None:
        above = line.engine.program.bound.workflows[flow.parent]
        parent = "P"
        docket.take(Decision("P", opened=(Case("P", flow.parent, dict(above.initial), "home"),)))
    docket.take(Decision("C", opened=(Case("C", line.workflow, values, "home", "", parent),)))
    request = Request("C", Fire(line.act), Actor.holding("somebody", role, unit="home"), ON)
    return line.engine.decide(docket, request)


@pytest.mark.parametrize("line", TRANSITIONS, ids=name)
def test_a_transition_is_for_its_roles_its_states_and_with_its_records(line: Line) -> None:
    bound = line.engine.program.bound
    flow = bound.workflows[line.workflow]
    states = [state.id for state in flow.tracks[flow.transitions[line.act].track].states]
    assert line.states <= set(states)
    for role in bound.roles:
        for state in states:
            refusals = answer(line, role, state).refusals
            codes = {refusal.code for refusal in refusals}
            assert (Code.NOT_FROM_HERE not in codes) == (state in line.states)
            if line.roles == {"itself"}:
                assert Code.NOT_BY_HAND in codes
                continue
            assert (Code.NOT_AUTHORISED not in codes) == (role in line.roles)
            assert (Code.REASON_MISSING in codes) == ("reason" in line.records)
            assert line.records - {"reason"} <= missing(refusals, line.act)


@pytest.mark.parametrize("line", OPENINGS, ids=name)
def test_a_case_is_opened_by_its_roles_and_with_its_records(line: Line) -> None:
    for role in line.engine.program.bound.roles:
        request = Request(
            "C", Open(line.workflow, "home"), Actor.holding("somebody", role, unit="home"), ON
        )
        refusals = line.engine.decide(Docket(), request).refusals
        codes = {refusal.code for refusal in refusals}
        assert (Code.NOT_AUTHORISED not in codes) == (role in line.roles)
        assert missing(refusals, "C") == line.records


@pytest.mark.parametrize("line", CORRECTIONS, ids=name)
def test_entries_are_corrected_by_the_roles_written_down(line: Line) -> None:
    workflow = line.engine.program.bound.workflows[line.workflow].workflow
    assert set(workflow.corrected_by) == line.roles


@pytest.mark.parametrize("reform", TABLES)
def test_the_tables_are_complete(reform: str) -> None:
    written = {(line.workflow, line.act) for line in LINES if line.reform == reform}
    flows = engine_of(reform, ()).program.bound.workflows
    assert written == {
        (flow_id, act)
        for flow_id, flow in flows.items()
        for act in ("open", "correct", *flow.transitions)
    }
    defined = {t.id for flow in flows.values() for t in flow.workflow.transitions}
    enabled = {act for _, act in written}
    assert defined - enabled == EXTENSIONS[reform]


@pytest.mark.parametrize("reform", TABLES)
def test_roles_hold_for_one_unit_unless_they_act_for_all(reform: str) -> None:
    everywhere = {"uk-service-standard": 3, "cisa-directives": 1}
    roles = engine_of(reform, ()).program.bound.roles.values()
    assert sum(role.scope == "all" for role in roles) == everywhere[reform]


@pytest.mark.parametrize("reform", DUES)
def test_every_due_date_has_its_clause_and_somebody_who_answers(reform: str) -> None:
    defined = {
        f"{flow.id} {due.transition} | {' '.join(role for role, _ in due.answerable)} "
        f"| {' '.join(due.clauses)}"
        for flow in engine_of(reform, ()).program.bound.workflows.values()
        for due in flow.deadlines.values()
    }
    assert defined == set(DUES[reform].split("\n")) - {""}
