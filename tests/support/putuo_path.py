"""The legal way of one department through the Putuo reform, act by act.

`p` is the programme, `d` the department, `m1` to `m3` its matters (`m3` belongs to the
municipality, so it is out of scope), `s1` and `s2` the people it seconds (`s2` in rotation). Every
act follows the one before it; a branch names the act it follows instead. All of it is granted
under the default policies, and is written down here apart from the definitions.
"""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.model import Value

SECTION = "行政审批服务科"
CENTRE = "administrative_service_centre"


def day(text: str | date) -> date:
    """Return the day written `2023-03-08`, or `03-08` for one of the year 2021."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text if len(text) > len("03-08") else f"2021-{text}")


@attrs.frozen(cache_hash=True)
class Step:
    """One act: on which case, of which kind, by which role, on which day, with which facts."""

    id: str
    case: str
    kind: str
    name: str
    by: str
    on: date
    facts: tuple[tuple[str, Value], ...] = ()
    reason: str | None = None
    after: str = ""


def act(what: str, by: str, on: str, *, reason: str | None = None, **facts: Value) -> Step:
    """Return an act written `case kind name`; `record` needs no name.

    `clear` is a `record` that also takes back facts: those that are None.
    """
    case, kind, *name = what.split()
    return Step(what, case, kind, "".join(name), by, day(on), tuple(facts.items()), reason)


def _matter(case: str, *, level: str, mode: str, power: str) -> Step:
    return act(
        f"{case} open matter", "department", "01-30",
        title=case, level=level, on_application=True, applicants="both", power_type="licensing",
        internal=False, current_unit="old unit", under_section=True, decision_mode=mode,
        covered_by=power, handling="window",
    )  # fmt: skip


def _ready(case: str) -> Step:
    return act(
        f"{case} fire make_ready", "approval_section", "03-08",
        guide_online_version=2, guide_offline_version=2, steps_owner="section", seal="special",
        legal_seal_exception=False, guidance_given=True,
    )  # fmt: skip


def _live(case: str) -> Step:
    return act(
        f"{case} fire go_live", "approval_section", "03-10",
        acceptance_points=1, accept_at=CENTRE, process_at=CENTRE, conclude_at=CENTRE,
        offsite_step="none",
    )  # fmt: skip


_MAIN: tuple[tuple[str, Step], ...] = (
    ("adopt", act("p open programme", "district_government", "01-28", adopted_on=day("01-28"))),
    ("list_d", act(
        "d open department", "gov_office", "01-29", kind="department", management="district",
        on_enrolment_list=True, internal_approvals=False)),
    ("list_m1", _matter("m1", level="district", mode="paper_review", power="approval")),
    ("list_m2", _matter("m2", level="district", mode="joint", power="prereview")),
    ("list_m3", _matter("m3", level="municipal", mode="joint", power="prereview")),
    ("enrol", act("d fire enrol", "department", "02-01", first_responsible="principal_leader")),
    ("mobilise", act("d record", "dept_head", "02-01", mobilised=True)),
    ("scope_in_m1", act("m1 fire scope_in", "department", "02-02", applicants_decision="within")),
    ("scope_in_m2", act("m2 fire scope_in", "department", "02-02", applicants_decision="within")),
    ("scope_out_m3", act("m3 fire scope_out", "department", "02-02", applicants_decision="within")),
    ("finish_mapping", act("d fire finish_mapping", "department", "02-03")),
    ("submit_setup", act(
        "d fire submit_setup", "department", "02-04", model="abolish_establish",
        model_reason="3 matters", setup_plan="plan", three_determinations="file 1",
        duty_changes="duties move", function_changes="functions move", other_duties="research",
        posts_before=60, posts_after=60, institutions_before=8, institutions_after=8,
        leader_posts_before=12, leader_posts_after=12, host_institutions=1, section_name=SECTION,
        section_set_up=True, abolished=1, established=1, functions_left_over=0, source_units=2,
        designated_institution="unit 1", plate_hung=True, section_takes_steps=True)),
    ("approve_setup", act("d fire approve_setup", "staffing_office", "02-09")),
    ("issue", act("p fire issue", "district_government", "02-20")),
    ("nominate_s1", act(
        "s1 open secondment", "department", "02-21", establishment="administrative",
        duties="window 1", all_post_competent=True)),
    ("nominate_s2", act(
        "s2 open secondment", "department", "02-21", establishment="public_institution",
        duties="window 2", all_post_competent=False)),
    ("finish_staffing", act(
        "d fire finish_staffing", "department", "02-22", window_head="Head", approval_staff=2,
        window_head_post="section_chief", window_head_duties="the window", host_staff=2)),
    ("issue_letter", act(
        "d fire issue_letter", "dept_head", "02-23", letter="letter 1", letter_kind="delegation",
        power_of_approval=True, power_of_prereview=True, power_of_seal=True)),
    ("file_gov", act("d record", "gov_office", "02-24", gov_received_on=day("02-24"))),
    ("file_centre", act("d record", "service_centre", "02-25", centre_received_on=day("02-25"))),
    ("submit_plan", act(
        "d fire submit_plan", "department", "02-26", reform_plan="plan", plan_status="table",
        plan_institution=SECTION, plan_coordination="weekly", plan_mode="whole_unit",
        plan_staff=2)),
    ("approve_plan", act(
        "d fire approve_plan", "gov_office", "03-03", plan_changes_letter=False,
        plan_changes_institution=False)),
    ("submit_stationing_plan", act(
        "d fire submit_stationing_plan", "department", "03-04", stationing_plan="plan",
        stationing_mode="whole_unit", business_complex=True, workload="ordinary")),
    ("train_s1", act("s1 record", "department", "03-05", trained_by_department_on=day("03-05"))),
    ("window_s1", act("s1 record", "service_centre", "03-05", trained_by_centre_on=day("03-05"))),
    ("train_s2", act("s2 record", "department", "03-05", trained_by_department_on=day("03-05"))),
    ("window_s2", act("s2 record", "service_centre", "03-05", trained_by_centre_on=day("03-05"))),
    ("sign_s1", act("s1 sign assign_fixed", "service_centre", "03-08")),
    ("assign_s1", act("s1 fire assign_fixed", "department", "03-08", seated_on=day("03-08"))),
    ("sign_s2", act("s2 sign assign_rotating", "service_centre", "03-08")),
    ("assign_s2", act(
        "s2 fire assign_rotating", "department", "03-08", seated_on=day("03-08"),
        rotation_months=3)),
    ("ready_m1", _ready("m1")),
    ("ready_m2", _ready("m2")),
    ("premises_centre", act(
        "d record", "service_centre", "03-08", premises_centre_on=day("03-08"))),
    ("premises_admin", act("d record", "offices_admin", "03-08", premises_admin_on=day("03-08"))),
    ("station", act("d fire station", "department", "03-09", location=CENTRE)),
    ("live_m1", _live("m1")),
    ("live_m2", _live("m2")),
    ("open_inspection", act("p fire open_inspection", "gov_office", "03-22")),
    ("sign_staffing", act("d sign inspect", "staffing_office", "03-24")),
    ("sign_centre", act("d sign inspect", "service_centre", "03-24")),
    ("inspect", act("d fire inspect", "gov_office", "03-24", inspection_line="in order")),
    ("accept", act("d fire accept", "gov_office", "03-29")),
    ("report", act(
        "p fire report", "gov_office", "04-06", report_reference="report",
        report_addressee="district_leaders")),
)  # fmt: skip

_BRANCHES: tuple[tuple[str, str, Step], ...] = (
    # (the act it follows, its own id, the act)
    ("list_m3", "exclude", act("d fire exclude", "gov_office", "02-01", scope_decision="out")),
    ("issue", "supervise", act("p fire supervise", "gov_office", "03-15", supervision_note="met")),
    ("submit_setup", "return_setup", act(
        "d fire return_setup", "staffing_office", "02-06", reason="duties unclear")),
    ("finish_mapping", "had_section", act(
        "d record", "department", "02-04", section_exists=True, host_institutions=1,
        section_takes_steps=True, model="merge_rename")),
    ("had_section", "confirm_section", act("d fire confirm_section", "staffing_office", "02-09")),
    ("submit_plan", "return_plan", act(
        "d fire return_plan", "gov_office", "03-02", reason="people missing")),
    ("submit_plan", "change_letter", act(
        "d fire approve_plan", "gov_office", "03-03", plan_changes_letter=True,
        plan_changes_institution=False)),
    ("change_letter", "reissue_letter", act(
        "d fire reissue_letter", "dept_head", "03-04", letter="letter 2")),
    ("reissue_letter", "refile_gov", act(
        "d record", "gov_office", "03-05", gov_received_on=day("03-05"))),
    ("refile_gov", "refile_centre", act(
        "d record", "service_centre", "03-06", centre_received_on=day("03-06"))),
    ("approve_plan", "letter_s", act(
        "d record", "dept_head", "03-10", successor_letter_on=day("03-10"))),
    ("letter_s", "gov_s", act(
        "d record", "gov_office", "03-11", successor_gov_received_on=day("03-11"))),
    ("gov_s", "centre_s", act(
        "d record", "service_centre", "03-12", successor_centre_received_on=day("03-12"))),
    ("centre_s", "change_head", act("d fire change_head", "dept_head", "03-12", successor="Next")),
    ("station", "visit", act("d fire visit_on_site", "dept_deputy", "04-09", visit_note="a day")),
    ("inspect", "urge", act(
        "d fire urge", "gov_office", "03-29", urging_note="hurry", pushes_too_little=True)),
    ("urge", "interview", act(
        "d fire interview", "deputy_head_in_charge", "04-02", interview_record="held")),
    ("live_m2", "find", act(
        "m1 fire find", "service_centre", "03-15", finding="accept_only",
        process_at="department_office", acceptance_points=1, offsite_step="none")),
    ("find", "mend", act("m1 record", "approval_section", "03-16", process_at=CENTRE)),
    ("mend", "close", act("m1 fire close_finding", "service_centre", "03-17")),
    ("station", "rotate_out", act("s2 fire rotate_out", "department", "06-08")),
    ("station", "train_all", act(
        "s2 record", "department", "06-01", all_post_competent=True,
        all_post_trained_on=day("06-01"))),
    ("train_all", "fix", act("s2 fire fix", "department", "06-08")),
    ("station", "recall", act("s1 fire recall", "department", "2023-03-08")),
    ("station", "excuse", act(
        "s1 record", "department", "06-01", exception_approver="the head", replacement="s3")),
    ("excuse", "tell_centre", act(
        "s1 record", "service_centre", "06-02", centre_told_on=day("06-02"))),
    ("tell_centre", "recall_early", act(
        "s1 fire recall", "department", "06-03", reason="illness")),
    ("urge", "order", act(
        "d fire order_rectification", "gov_office", "04-02", rectify_by=day("04-20"))),
    ("order", "resign_staffing", act("d sign inspect_rectified", "staffing_office", "04-19")),
    ("resign_staffing", "resign_centre", act(
        "d sign inspect_rectified", "service_centre", "04-19")),
    ("resign_centre", "inspect_rectified", act(
        "d fire inspect_rectified", "gov_office", "04-20", inspection_line="put right")),
    ("urge", "again_staffing", act("d sign inspect_again", "staffing_office", "04-19")),
    ("again_staffing", "again_centre", act("d sign inspect_again", "service_centre", "04-19")),
    ("again_centre", "inspect_again", act(
        "d fire inspect_again", "gov_office", "04-20", inspection_line="better")),
    ("station", "nominate_s3", act(
        "s3 open secondment", "department", "04-01", establishment="administrative",
        duties="window 3", all_post_competent=True)),
    ("nominate_s3", "train_s3", act(
        "s3 record", "department", "04-01", trained_by_department_on=day("04-06"))),
    ("train_s3", "window_s3", act(
        "s3 record", "service_centre", "04-01", trained_by_centre_on=day("04-06"))),
    ("window_s3", "sign_s3", act("s3 sign assign_fixed", "service_centre", "04-06")),
    ("sign_s3", "join_s3", act(
        "s3 fire assign_fixed", "department", "04-06", seated_on=day("04-06"))),
    ("window_s3", "sign_s3_in_turn", act("s3 sign assign_rotating", "service_centre", "04-06")),
    ("sign_s3_in_turn", "join_s3_in_turn", act(
        "s3 fire assign_rotating", "department", "04-06", seated_on=day("04-06"),
        rotation_months=1)),
    ("submit_setup", "draft_plan", act("d record", "department", "02-05", reform_plan="draft")),
    ("issue_letter", "file_by_hand", act("d fire complete_filing", "department", "03-02")),
    ("file_centre", "begin_plan", act("d record", "department", "02-26", reform_plan="draft")),
    ("submit_plan", "draft_move", act("d record", "department", "02-27", stationing_plan="draft")),
    ("approve_plan", "begin_move", act("d record", "department", "03-03", stationing_plan="draft")),
    ("submit_plan", "cover_m1", act("m1 record", "department", "02-27", covered_by="prereview")),
    ("change_letter", "cover_again_m1", act(
        "m1 record", "department", "03-03", covered_by="prereview")),
    ("station", "assess", act("s1 fire assess", "service_centre", "04-08", assessment="good")),
    ("live_m2", "list_late", act(
        "m9 open matter", "department", "05-06", title="m9", level="district",
        on_application=True, applicants="both", power_type="payment", internal=False,
        current_unit="old unit", under_section=True, decision_mode="site_survey",
        covered_by="approval", handling="window", added_on=day("05-06"))),
    ("list_late", "scope_late", act(
        "m9 fire scope_in", "department", "05-10", applicants_decision="within")),
    ("scope_late", "letter_late", act(
        "m9 record", "dept_head", "05-11", amended_letter_on=day("05-11"))),
    ("letter_late", "gov_late", act(
        "m9 record", "gov_office", "05-12", amended_gov_received_on=day("05-12"))),
    ("gov_late", "centre_late", act(
        "m9 record", "service_centre", "05-13", amended_centre_received_on=day("05-13"))),
    ("centre_late", "plan_late", act(
        "m9 record", "department", "05-14", supplement_notified_on=day("05-14"))),
)  # fmt: skip


def _steps() -> dict[str, Step]:
    steps: dict[str, Step] = {}
    before = ""
    for id, step in _MAIN:  # noqa: A001
        steps[id] = attrs.evolve(step, id=id, after=before)
        before = id
    for after, id, step in _BRANCHES:  # noqa: A001
        steps[id] = attrs.evolve(step, id=id, after=after)
    return steps


STEPS = _steps()
"""Every act of the way, by its id."""


def way_to(step: str) -> tuple[Step, ...]:
    """Return the acts that come before one, the first of them first."""
    way: list[Step] = []
    before = STEPS[step].after
    while before:
        way.insert(0, STEPS[before])
        before = STEPS[before].after
    return tuple(way)
