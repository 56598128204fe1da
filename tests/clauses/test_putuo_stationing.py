"""Moving into the centre in the Putuo reform (R0.10, R0.11, R3.2.1-R3.2.4, R4.4)."""

from __future__ import annotations

from support.putuo import DAY_OFF, Clauses, granted, refused
from support.putuo_path import STEPS, Step, act, day

MODES = "mode_permitted R3.2.1 R3.2.3 R3.2.4"
REPRESENTATIVES = {"d.plan_mode": "representative", "d.stationing_mode": "representative",
                   "d.workload": "small"}  # fmt: skip
ON_11_MARCH = {"station@on": "03-11"}
REASON = {"station@reason": "the move was put off"}
LATE_MOVE = "reason_missing:station R4.4.1"
IN_PLACE = "matters_in_place R0.11"
PLATE = {"d.model": "plate"}


def consent(answer: object) -> dict:
    """Return the act by which the centre answers about a mode."""
    return {"submit_stationing_plan": (
        act("d record", "service_centre", "03-03", centre_consents=answer),)}  # fmt: skip


def matters(ready: int, *, of: int = 10) -> dict[str, tuple[Step, ...]]:
    """Return the acts that bring so many matters into scope, some of them ready."""
    listed: list[Step] = []
    for case in (f"n{index}" for index in range(3, of + 1)):
        listed += (
            act(
                f"{case} open matter", "department", "02-02", title=case, level="district",
                on_application=True, applicants="both", power_type="reward", internal=False,
                current_unit="old unit", under_section=True, decision_mode="site_survey",
                covered_by="approval", handling="window",
            ),
            act(f"{case} fire scope_in", "department", "02-02", applicants_decision="within"),
        )  # fmt: skip
    done = tuple(
        act(f"n{index} fire make_ready", "approval_section", "03-08",
            **dict(STEPS["ready_m1"].facts))
        for index in range(3, ready + 1)
    )  # fmt: skip
    return {"finish_mapping": tuple(listed), "premises_centre": done}


class TestOrderOfTheStages(Clauses):
    """R4.4.2: stationing builds on institution, staff and authorisation already in place."""

    checks = (
        granted("submit_stationing_plan", then={"d.progress.state": "preparing"}),
        refused("submit_stationing_plan", {}, "plan_before_move R4.4.2", skip=("approve_plan",)),
        refused("submit_stationing_plan", {}, "plan_before_move R4.4.2",
                skip=("submit_plan", "approve_plan")),
        granted("submit_stationing_plan", skip=("approve_plan",), stages_order="free"),
        refused("submit_stationing_plan", {}, "plan_before_move R4.4.2", skip=("approve_plan",),
                stages_order="strict"),
    )  # fmt: skip


class TestModeOfMovingIn(Clauses):
    """R3.2.1, R3.2.3, R3.2.4: the section moves whole; other modes are for few units."""

    checks = (
        granted("submit_stationing_plan", {"d.plan_mode": "representative"}),
        granted("submit_stationing_plan", REPRESENTATIVES),
        granted("submit_stationing_plan", REPRESENTATIVES | {"d.workload": "very_small"}),
        refused("submit_stationing_plan", REPRESENTATIVES | {"d.workload": "ordinary"},
                "representatives_fit R3.2.3"),
        refused("submit_stationing_plan", REPRESENTATIVES | {"d.business_complex": False},
                "representatives_fit R3.2.3"),
        refused("submit_stationing_plan", REPRESENTATIVES | {"d.business_complex": None},
                "?representatives_fit R3.2.3"),
        refused("submit_stationing_plan", REPRESENTATIVES | {"d.plan_mode": "whole_unit"}, MODES),
        refused("submit_stationing_plan", REPRESENTATIVES | {"d.plan_mode": "whole_unit"}, MODES,
                also=consent(True)),
        granted("submit_stationing_plan", REPRESENTATIVES | {"d.plan_mode": "whole_unit"},
                stationing_mode_approval="self_declared"),
        granted("submit_stationing_plan", REPRESENTATIVES | {"d.plan_mode": "whole_unit"},
                also=consent(True), stationing_mode_approval="centre_consents"),
        refused("submit_stationing_plan", REPRESENTATIVES, MODES, also=consent(False),
                stationing_mode_approval="centre_consents"),
        refused("submit_stationing_plan", REPRESENTATIVES, f"?{MODES}",
                stationing_mode_approval="centre_consents"),
        granted("submit_stationing_plan", stationing_mode_approval="centre_consents"),
        *(
            check
            for mode in ("appointment", "remote", "other")
            for both in ({"d.plan_mode": mode, "d.stationing_mode": mode},)
            for check in (
                granted("submit_stationing_plan", both | {"d.workload": "very_small"}),
                refused("submit_stationing_plan", both | {"d.workload": "small"},
                        "remote_fits R3.2.4"),
                refused("submit_stationing_plan", both | {"d.workload": None},
                        "?remote_fits R3.2.4"),
            )
        ),
    )  # fmt: skip


class TestStationingPlanAhead(Clauses):
    """R4.4.3: a concrete stationing plan is handed in ahead of the move."""

    checks = (
        refused("submit_stationing_plan", {"d.stationing_plan": None},
                "?submit_stationing_plan R4.4.2 R4.4.3"),
        refused("submit_stationing_plan", {"d.stationing_mode": None},
                "?submit_stationing_plan R4.4.2 R4.4.3 R3.2.1 R3.2.3 R3.2.4", f"?{MODES}",
                "?representatives_fit R3.2.3", "?remote_fits R3.2.4"),
        refused("station", {"submit_stationing_plan@on": "03-09"}, "too_early:station R4.4.3"),
        granted("station", {"submit_stationing_plan@on": "03-08"}),
        granted("station", {"submit_stationing_plan@on": "03-06"},
                stationing_min_advance_days="three"),
        refused("station", {"submit_stationing_plan@on": "03-07"}, "too_early:station R4.4.3",
                stationing_min_advance_days="three"),
        granted("station", stationing_min_advance_days="five"),
        refused("station", {"submit_stationing_plan@on": "03-05"}, "too_early:station R4.4.3",
                stationing_min_advance_days="five"),
    )  # fmt: skip


class TestAtTheCentre(Clauses):
    """R0.10, R4.4.1: the institution moves its work to the district service centre."""

    checks = (
        granted("station", then={"d.progress.state": "stationed"}),
        granted("station", {"d.location": "government_service_centre"}),
        refused("station", {"d.location": "government_service_centre"}, "at_the_centre R0.10",
                roles_aliases="distinct"),
        granted("station", roles_aliases="distinct"),
        refused("station", {"d.location": "own_office"}, "at_the_centre R0.10"),
        refused("station", {"d.location": None}, "?station R0.10 R0.11 R4.4.1",
                "?at_the_centre R0.10"),
        granted("station", REPRESENTATIVES),
        refused("station", REPRESENTATIVES, "institution_moves R4.4.1",
                terms_aliases="institution_only"),
        granted("station", terms_aliases="institution_only"),
    )  # fmt: skip


class TestMattersInPlace(Clauses):
    """R0.11: the matters themselves are brought into the centre, unless a law keeps one away."""

    checks = (
        refused("station", {}, IN_PLACE, skip=("ready_m2",)),
        granted("station", skip=("ready_m2",), also={
            "station": (act("m2 record", "department", "03-08", legal_exception="a law"),)}),
        granted("station", skip=("ready_m1", "ready_m2"), also={"station": tuple(
            act(f"{case} record", "department", "03-08", legal_exception="a law")
            for case in ("m1", "m2"))}),
        refused("station", {}, IN_PLACE, skip=("ready_m1",), also={
            "station": (act("m2 record", "department", "03-08", legal_exception="a law"),)}),
        granted("station", also={"station": (
            act("m9 open matter", "department", "03-08", **{
                **dict(STEPS["list_late"].facts), "added_on": day("03-08")}),
            act("m9 fire scope_in", "department", "03-08", applicants_decision="within"))}),
        refused("station", {}, IN_PLACE, skip=("ready_m2",), also={"station": (
            act("m9 open matter", "department", "03-05", **{
                **dict(STEPS["list_late"].facts), "added_on": day("03-05")}),
            act("m9 fire scope_in", "department", "03-05", applicants_decision="within"),
            act("m9 record", "dept_head", "03-05", amended_letter_on=day("03-05")),
            act("m9 record", "gov_office", "03-05", amended_gov_received_on=day("03-05")),
            act("m9 record", "service_centre", "03-05", amended_centre_received_on=day("03-05")),
            act("m9 record", "department", "03-05", supplement_notified_on=day("03-05")),
            act("m9 fire make_ready", "approval_section", "03-08",
                **dict(STEPS["ready_m1"].facts)))}),
        granted("station", also=matters(10)),
        refused("station", {}, IN_PLACE, also=matters(9)),
        granted("station", also=matters(9), stationing_matter_ratio="nine_in_ten"),
        refused("station", {}, IN_PLACE, also=matters(8),
                stationing_matter_ratio="nine_in_ten"),
        granted("station", also=matters(8), stationing_matter_ratio="four_in_five"),
        granted("station", also=matters(9), stationing_matter_ratio="four_in_five"),
        refused("station", {}, IN_PLACE, also=matters(7),
                stationing_matter_ratio="four_in_five"),
        refused("station", {}, IN_PLACE, also=matters(23, of=29),
                stationing_matter_ratio="four_in_five"),
        refused("live_m1", {}, "department_present R0.11", skip=("station",)),
    )  # fmt: skip


class TestPeopleInPlace(Clauses):
    """R3.2.1, R4.3.6, R4.4.2: all staff of the section move, as many as the plan names."""

    checks = (
        refused("station", {"d.host_staff": 3}, "moves_whole R3.2.1"),
        granted("station", {"d.host_staff": 1}),
        granted("station", {"d.approval_staff": 3}),
        granted("station", PLATE | {"d.host_staff": 3}),
        granted("station", PLATE | {"d.approval_staff": 1}),
        refused("station", PLATE | {"d.approval_staff": 3}, "moves_whole R3.2.1"),
        granted("station", {"d.host_staff": 3}, stationing_whole_unit_of="approval_staff"),
        refused("station", {"d.approval_staff": 3}, "moves_whole R3.2.1",
                stationing_whole_unit_of="approval_staff"),
        refused("station", PLATE | {"d.host_staff": 3}, "moves_whole R3.2.1",
                stationing_whole_unit_of="host_institution"),
        granted("station", PLATE | {"d.approval_staff": 3},
                stationing_whole_unit_of="host_institution"),
        granted("station", REPRESENTATIVES | {"d.host_staff": 3}),
        refused("station", {"d.plan_staff": 3}, "planned_people_assigned R4.3.6 R4.4.2"),
        granted("station", {"d.plan_staff": 1}),
        refused("station", {}, "moves_whole R3.2.1", "planned_people_assigned R4.3.6 R4.4.2",
                skip=("assign_s2",)),
        refused("station", {}, "moves_whole R3.2.1", "planned_people_assigned R4.3.6 R4.4.2",
                skip=("assign_s1",)),
        refused("station", PLATE, "moves_whole R3.2.1", "planned_people_assigned R4.3.6 R4.4.2",
                skip=("assign_s1",)),
        refused("station", PLATE, "moves_whole R3.2.1", "planned_people_assigned R4.3.6 R4.4.2",
                skip=("assign_s2",)),
    )  # fmt: skip


class TestTraining(Clauses):
    """R3.4.6, R4.4.4: department and centre train the people who move in."""

    checks = (
        *(
            refused("station", {}, "people_trained R3.4.6 R4.4.4", skip=(step,))
            for step in ("train_s1", "window_s1", "train_s2", "window_s2")
        ),
        granted("station", skip=("train_s1", "train_s2"), training="centre_before"),
        refused("station", {}, "people_trained R3.4.6 R4.4.4", skip=("window_s1",),
                training="centre_before"),
        granted("station", skip=("train_s1", "window_s1"), training="both_afterwards"),
        granted("station", {"d.host_staff": 1, "d.plan_staff": 1},
                skip=("train_s2", "window_s2", "assign_s2")),
    )  # fmt: skip


class TestPremises(Clauses):
    """R4.4.5: centre and offices administration provide space, equipment and support."""

    checks = (
        *(
            check
            for step in ("premises_centre", "premises_admin")
            for check in (
                refused("station", {}, "premises_ready R4.4.5", skip=(step,)),
                granted("station", skip=(step,), premises="either_confirms"),
            )
        ),
        refused("station", {}, "premises_ready R4.4.5", skip=("premises_centre", "premises_admin"),
                premises="either_confirms"),
    )  # fmt: skip


class TestTenthOfMarch(Clauses):
    """R4.4.1: institutions and staff have moved in by 10 March 2021."""

    checks = (
        granted("station", {"station@on": "03-10"}),
        refused("station", ON_11_MARCH, LATE_MOVE),
        granted("station", ON_11_MARCH | REASON, late=("station +1 department",)),
        granted("station", ON_11_MARCH | REASON | {"d.premises_centre_on": day("03-10"),
                                                   "d.premises_admin_on": day("03-10")},
                late=("station +1 department",)),
        granted("station", ON_11_MARCH | REASON | {"d.premises_centre_on": day("03-11")},
                late=("station +1 service_centre",)),
        granted("station", ON_11_MARCH | REASON | {"d.premises_admin_on": day("03-11")},
                late=("station +1 offices_admin",)),
        granted("station", ON_11_MARCH, late=("station +1 department",),
                deadlines_late="allow_flag"),
        refused("station", ON_11_MARCH | REASON, "late:station R4.4.1", deadlines_late="block"),
        granted("station", {"station@on": "03-09"}, deadlines_boundary="exclusive"),
        refused("station", {"station@on": "03-10"}, LATE_MOVE, deadlines_boundary="exclusive"),
        granted("station", {"station@on": "03-10"}, **{DAY_OFF: "03-10"}),
        granted("station", {"station@on": "03-11", "station@reason": "ill"},
                late=("station +1 department",), **{DAY_OFF: "03-10"}),
        granted("station", ON_11_MARCH, deadlines_roll="next_working_day", **{DAY_OFF: "03-10"}),
        refused("station", {"station@on": "03-10"}, LATE_MOVE,
                deadlines_roll="previous_working_day", **{DAY_OFF: "03-10"}),
    )  # fmt: skip
