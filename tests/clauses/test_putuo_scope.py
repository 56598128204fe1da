"""Whom and what the Putuo reform is for: notice, enrolment, scope (R0, R2, R5.1)."""

from __future__ import annotations

from datetime import UTC, datetime

from support.putuo import Clauses, granted, refused
from support.putuo_path import STEPS, act, day

MATTERS = ("list_m1", "list_m2", "list_m3")
SCOPED = ("scope_in_m1", "scope_in_m2", "scope_out_m3")
ENROLLED = ("enrol", "mobilise")
LEFT_OUT = "may_be_left_out R2.4 R2.5"
DUAL = {"d.management": "dual"}
REASON = {"list_d:dual_decision_reason": "the leaders decided"}
WITHIN, OUTSIDE = {"list_d:dual_decision": "within"}, {"list_d:dual_decision": "outside"}
INTERNAL = {f"m{number}.internal": True for number in (1, 2, 3)}


def second(*more: str) -> tuple:
    """Return the listing of a second department, and acts on it."""
    listed = act(
        "d2 open department", "gov_office", "03-01", kind="town", management="district",
        on_enrolment_list=True,
    )  # fmt: skip
    acts = {
        "enrol": act("d2 fire enrol", "department", "03-01", first_responsible="principal_leader"),
        "record": act("d2 record", "gov_office", "03-01", management="municipal_vertical"),
        "exclude": act("d2 fire exclude", "gov_office", "03-01", scope_decision="out"),
    }
    return (listed, *(acts[name] for name in more))


class TestAdoptedAndIssued(Clauses):
    """R0.4-R0.6: adopted on 28 January 2021, issued with the notice on 20 February 2021."""

    checks = (
        granted("adopt", then={"p.progress.state": "adopted"}),
        refused("adopt", {"p.adopted_on": day("01-27")}, "adopted_as_minuted R0.4"),
        refused("adopt", {"p.adopted_on": day("01-29")}, "adopted_as_minuted R0.4"),
        refused("adopt", {"p.adopted_on": None}, "?p R0.4", "?adopted_as_minuted R0.4"),
        granted("issue", then={"p.progress.state": "in_force"}),
        refused("issue", {"issue@on": "02-19"}, "issued_as_dated R0.5 R0.6"),
        refused("issue", {"issue@on": "02-21"}, "issued_as_dated R0.5 R0.6"),
    )


class TestDaysAreDaysInShanghai(Clauses):
    """R0.6: an act of 20 February can be entered once that day has begun in Shanghai."""

    checks = (
        granted("issue", at=datetime(2021, 2, 19, 16, 0, tzinfo=UTC)),
        refused("issue", {}, "in_the_future:on", at=datetime(2021, 2, 19, 15, 59, tzinfo=UTC)),
    )


class TestAddressees(Clauses):
    """R0.3: the notice goes to commissions, offices, bureaus, sub-districts and towns."""

    checks = (
        granted("list_d", then={"d.progress.state": "notified"}),
        refused("list_d", {"d.kind": None}, "?d R0.3"),
        refused("list_d", {"d.management": None}, "?d R0.3 R2.4"),
        granted("enrol", {"d.kind": "department"}, then={"d.progress.state": "mapping"}),
        granted("enrol", {"d.kind": "subdistrict"}),
        granted("enrol", {"d.kind": "town"}),
        refused("enrol", {"d.kind": "other"}, "addressed R0.3"),
    )


class TestDistrictWide(Clauses):
    """R0.8: the reform is carried out in full, by the units that are enrolled for it."""

    checks = (
        refused("enrol", {"d.on_enrolment_list": False}, "carries_the_duties R0.8"),
        refused("enrol", {"d.on_enrolment_list": None}, "?carries_the_duties R0.8"),
        granted("enrol", {"d.on_enrolment_list": None}, scope_units="all_addressees"),
        granted("enrol", {"d.on_enrolment_list": None}, scope_units="departments_only"),
        refused("enrol", {"d.kind": "town"}, "carries_the_duties R0.8",
                scope_units="departments_only"),
        refused("scope_in_m1", {}, "unit_takes_part R0.8 R2.4", skip=ENROLLED),
        refused("scope_in_m1", {"d.management": "central_vertical"}, "unit_takes_part R0.8 R2.4",
                skip=ENROLLED, also={"scope_in_m1": (STEPS["exclude"],)}),
    )  # fmt: skip


class TestNoVerticalUnits(Clauses):
    """R2.4: units run by line management from the central or municipal level stay outside."""

    checks = (
        *(
            check
            for management in ("central_vertical", "municipal_vertical")
            for check in (
                refused("enrol", {"d.management": management}, "managed_by_district R2.4"),
                granted("exclude", {"d.management": management},
                        then={"d.progress.state": "excluded"}),
            )
        ),
        refused("exclude", {}, LEFT_OUT),
        refused("exclude", {"d.management": "central_vertical", "d.scope_decision": None},
                "?exclude R2.4 R2.5"),
        granted("enrol", DUAL | WITHIN | REASON),
        refused("enrol", DUAL | WITHIN, "managed_by_district R2.4"),
        refused("enrol", {"d.management": "municipal_vertical"} | WITHIN | REASON,
                "managed_by_district R2.4"),
        refused("enrol", DUAL | OUTSIDE | REASON, "managed_by_district R2.4"),
        refused("enrol", DUAL | REASON, "?managed_by_district R2.4"),
        refused("enrol", DUAL | WITHIN | REASON, "managed_by_district R2.4",
                scope_management="exclude_vertical_and_dual"),
        granted("enrol", {}, scope_management="exclude_vertical_and_dual"),
        granted("exclude", DUAL | OUTSIDE | REASON),
        granted("exclude", DUAL | {"exclude:dual_decision": "outside",
                                   "exclude:dual_decision_reason": "the leaders decided"}),
        refused("exclude", DUAL | OUTSIDE, LEFT_OUT),
        refused("exclude", OUTSIDE | REASON, LEFT_OUT),
        refused("exclude", DUAL | WITHIN | REASON, LEFT_OUT),
        refused("exclude", DUAL | REASON, f"?{LEFT_OUT}"),
        granted("exclude", DUAL, scope_management="exclude_vertical_and_dual"),
        refused("exclude", {}, LEFT_OUT, scope_management="exclude_vertical_and_dual"),
    )  # fmt: skip


class TestNoInternalApproval(Clauses):
    """R2.5: units whose approvals take place only inside the administration stay outside."""

    checks = (
        refused("enrol", INTERNAL, "not_an_internal_unit R2.5"),
        granted("enrol", INTERNAL | {"m2.internal": False}),
        granted("enrol", {}, skip=MATTERS),
        granted("exclude", INTERNAL),
        granted("exclude", {"m1.internal": True}, skip=("list_m2", "list_m3")),
        refused("exclude", INTERNAL | {"m2.internal": False}, LEFT_OUT),
        refused("exclude", {}, LEFT_OUT, skip=MATTERS),
        refused("exclude", {"d.internal_approvals": True}, LEFT_OUT),
        granted("enrol", {"d.internal_approvals": True}),
        granted("enrol", INTERNAL, scope_internal="unit_level"),
        refused("enrol", {"d.internal_approvals": True}, "not_an_internal_unit R2.5",
                scope_internal="unit_level"),
        refused("enrol", {"d.internal_approvals": None}, "?not_an_internal_unit R2.5",
                scope_internal="unit_level"),
        granted("exclude", {"d.internal_approvals": True}, scope_internal="unit_level"),
        refused("exclude", INTERNAL, LEFT_OUT, scope_internal="unit_level"),
        refused("exclude", {"d.internal_approvals": None}, f"?{LEFT_OUT}",
                scope_internal="unit_level"),
        refused("scope_in_m1", {"m1.internal": True}, "not_internal R2.5"),
        granted("scope_out_m3", {"m3.level": "district", "m3.internal": True}),
    )  # fmt: skip


class TestPrincipalLeader(Clauses):
    """R5.1.2, R5.1.3: the principal leader is first responsible, and rallies the staff."""

    checks = (
        refused("enrol", {"d.first_responsible": "somebody_else"},
                "leader_is_first_responsible R5.1.2"),
        refused("enrol", {"d.first_responsible": None},
                "?enrol R0.8 R5.1.2", "?leader_is_first_responsible R5.1.2"),
        granted("finish_mapping", then={"d.progress.state": "drafting_setup"}),
        refused("finish_mapping", {"d.mobilised": False}, "leader_mobilised R5.1.3"),
        refused("finish_mapping", {}, "?leader_mobilised R5.1.3", skip=("mobilise",)),
        granted("finish_mapping", {}, skip=("mobilise",), mobilisation="ignore"),
        refused("finish_mapping", {}, "leader_mobilised R5.1.3", mobilisation="document_required"),
        granted("finish_mapping", {"mobilise:mobilisation_document": "minutes"},
                mobilisation="document_required"),
        refused("finish_mapping", {"mobilise:mobilisation_document": "x", "d.mobilised": False},
                "leader_mobilised R5.1.3", mobilisation="document_required"),
    )  # fmt: skip


class TestDistrictMattersOnApplication(Clauses):
    """R2.1: district matters that businesses and citizens set in motion by applying."""

    checks = (
        granted("scope_in_m1", then={"m1.progress.state": "in_scope", "m1.in_scope": True}),
        refused("scope_in_m1", {"m1.level": "municipal"}, "district_on_application R2.1"),
        refused("scope_in_m1", {"m1.level": "community"}, "district_on_application R2.1"),
        refused("scope_in_m1", {"m1.on_application": False}, "district_on_application R2.1"),
        refused("list_m1", {"m1.level": None}, "?m1 R4.1.2 R2.3 R2.1"),
        refused("scope_in_m1", {"m1.applicants_decision": "outside"}, "serves_applicants R2.1"),
        refused("scope_in_m1", {"m1.applicants_decision": None}, "?serves_applicants R2.1"),
        *(
            granted("scope_in_m1", {"m1.applicants_decision": None, "m1.applicants": who},
                    scope_applicants="enterprise_or_citizen")
            for who in ("enterprises", "citizens", "both")
        ),
        *(
            refused("scope_in_m1", {"m1.applicants": who}, "serves_applicants R2.1",
                    scope_applicants="enterprise_or_citizen")
            for who in ("other_external", "nobody_outside")
        ),
        granted("scope_in_m1", {"m1.applicants_decision": None, "m1.applicants": "other_external"},
                scope_applicants="any_external_applicant"),
        refused("scope_in_m1", {"m1.applicants": "nobody_outside"}, "serves_applicants R2.1",
                scope_applicants="any_external_applicant"),
        granted("scope_out_m3", then={"m3.progress.state": "out_of_scope", "m3.in_scope": False}),
        refused("scope_out_m3", {"m3.level": "district"}, "outside_scope R2.1 R2.2 R2.5"),
        refused("scope_out_m3", {"m3.level": "district", "m3.applicants_decision": None},
                "?outside_scope R2.1 R2.2 R2.5"),
        granted("scope_out_m3", {"m3.level": "district", "m3.on_application": False}),
        granted("scope_out_m3", {"m3.level": "district", "m3.applicants_decision": "outside"}),
        granted("scope_out_m3", {"m3.level": "district", "m3.power_type": "other"}),
    )  # fmt: skip


class TestFourKindsOfPower(Clauses):
    """R2.2: licensing, payment, confirmation and reward."""

    checks = (
        *(
            granted("scope_in_m1", {"m1.power_type": power})
            for power in ("licensing", "payment", "confirmation", "reward")
        ),
        *(
            refused("scope_in_m1", {"m1.power_type": power, "scope_in_m1:power_decision": "within"},
                    "listed_power R2.2")
            for power in ("adjudication", "other")
        ),
        granted("scope_in_m1", {"m1.power_type": "other", "scope_in_m1:power_decision": "within"},
                scope_power_types="open_with_decision"),
        refused("scope_in_m1", {"m1.power_type": "other", "scope_in_m1:power_decision": "outside"},
                "listed_power R2.2", scope_power_types="open_with_decision"),
        refused("scope_in_m1", {"m1.power_type": "other"}, "?listed_power R2.2",
                scope_power_types="open_with_decision"),
        refused("scope_out_m3", {"m3.power_type": "other", "scope_out_m3:power_decision": "within",
                                 "m3.level": "district"},
                "outside_scope R2.1 R2.2 R2.5", scope_power_types="open_with_decision"),
    )  # fmt: skip


class TestFullInventory(Clauses):
    """R4.1.2: each department makes a full inventory of where its matters sit now."""

    checks = (
        refused("finish_mapping", {"m3.current_unit": None}, "inventory_complete R4.1.2"),
        granted("finish_mapping",
                {"m2.current_unit": None, "scope_in_m2:current_unit": "old unit"}),
        refused("finish_mapping", {}, "inventory_complete R4.1.2", skip=(*MATTERS, *SCOPED)),
        granted("finish_mapping", skip=("list_m2", "list_m3", "scope_in_m2", "scope_out_m3")),
        refused("finish_mapping", {}, "every_matter_decided R2.1 R2.2 R4.1.2",
                skip=("scope_out_m3",)),
        granted("scope_out_m3", also={"scope_out_m3": (
            act("m4 open matter", "department", "02-02", title="m4", level="district",
                on_application=True, applicants="both", power_type="reward", internal=False),)}),
        *(
            refused("list_m1", {f"m1.{fact}": None}, f"?m1 R4.1.2 R2.3{clause}")
            for fact, clause in (
                ("title", ""), ("on_application", " R2.1"), ("applicants", " R2.1"),
                ("power_type", " R2.2"), ("internal", " R2.5"),
            )
        ),
    )  # fmt: skip


class TestMattersAddedLater(Clauses):
    """R2.3: matters that a department gains later are handled under the same opinions."""

    checks = (
        granted("list_late"),
        refused("list_late", {"m9.added_on": None}, "listed_in_time R2.3 R4.1.2"),
        granted("scope_late", {"scope_late@on": "2021-12-31"}),
        granted("scope_late", {"scope_late@on": "06-17"}, new_matter="within_30_working_days"),
        refused("scope_late", {"scope_late@on": "06-18"}, "reason_missing:scope_in R2.3",
                new_matter="within_30_working_days"),
        granted("scope_late", {"scope_late@on": "06-18", "scope_late@reason": "busy"},
                late=("scope_in +1 department",), new_matter="within_30_working_days"),
        refused("scope_late", {"scope_late@on": "06-18", "scope_late@reason": "busy"},
                "late:scope_in R2.3", new_matter="within_30_working_days",
                deadlines_late="block"),
        granted("scope_late", {"scope_late@on": "06-30"}, new_matter="next_batch"),
        refused("scope_late", {"scope_late@on": "07-01"}, "reason_missing:scope_in R2.3",
                new_matter="next_batch"),
        granted("scope_late", {"m9.added_on": day("07-01"), "scope_late@on": "12-31"},
                new_matter="next_batch"),
        refused("scope_late", {"m9.added_on": day("07-01"), "scope_late@on": "2022-01-01"},
                "reason_missing:scope_in R2.3", new_matter="next_batch"),
        granted("scope_in_m1", new_matter="next_batch"),
        granted("gov_late", then={"m9.progress.state": "transferred"}),
        granted("centre_late", then={"m9.progress.state": "authorised"}),
        granted("plan_late", then={"m9.progress.state": "planned"}),
        *(
            granted("plan_late", given, then={"m9.progress.state": "transferred"})
            for given in (
                {"m9.amended_letter_on": day("05-14")},
                {"m9.amended_gov_received_on": day("05-10")},
                {"m9.amended_centre_received_on": day("05-10")},
                {"m9.covered_by": None},
            )
        ),
        granted("plan_late", skip=("gov_late",), then={"m9.progress.state": "transferred"}),
        granted("plan_late", {"m9.amended_gov_received_on": day("05-11"),
                              "m9.amended_centre_received_on": day("05-11")},
                then={"m9.progress.state": "planned"}),
        granted("file_gov", then={"m1.progress.state": "transferred"}, also={"file_gov": (
            act("m1 record", "dept_head", "02-24", amended_letter_on=day("02-24")),
            act("m1 record", "gov_office", "02-24", amended_gov_received_on=day("02-24")),
            act("m1 record", "service_centre", "02-24", amended_centre_received_on=day("02-24")))}),
        granted("submit_plan", then={"m1.progress.state": "authorised"}, also={"submit_plan": (
            act("m1 record", "department", "02-26", supplement_notified_on=day("02-26")),)}),
        granted("plan_late", {"m9.handling": None}, then={"m9.progress.state": "authorised"}),
    )  # fmt: skip


class TestReportLine(Clauses):
    """R5.3.2: the inspection report goes to the leaders, with a line for each department."""

    checks = (
        granted("report", then={"p.progress.state": "reported"}),
        refused("report", {}, "every_department_inspected R5.3.1 R5.3.2",
                skip=("sign_staffing", "sign_centre", "inspect", "accept")),
        granted("report", also={"report": second()}),
        granted("report", also={"report": second("record", "exclude")}),
        refused("report", {}, "every_department_inspected R5.3.1 R5.3.2",
                also={"report": second("enrol")}),
        refused("report", {"p.report_addressee": "other"}, "report_to_leaders R5.3.2"),
        refused("report", {"p.report_addressee": None},
                "?report R5.3.2", "?report_to_leaders R5.3.2"),
        refused("report", {"p.report_reference": None}, "?report R5.3.2"),
    )  # fmt: skip
