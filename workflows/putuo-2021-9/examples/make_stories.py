# ruff: noqa: INP001 - scripts, not a package
"""The stories of the example ledger: what happens besides the ordinary lines.

A story is written just before the ordinary line it is filed under: (department, step). Every note
names its story; a line that must be refused says `expect: refused`, the rule or the code of the
refusal, and the clauses that it cites.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from example_lines import Ledger, go_live, plan, ready
from make_roster import matter, person

Day = Mapping[str, str]
Story = Callable[[Ledger, Day], None]


def refused(story: str, why: str) -> str:
    """Return the note of a line that must be refused: the rule or code, and its clauses."""
    return f"{story}; expect: refused {why}"


def programme(book: Ledger) -> None:
    """Write the lines of the programme itself."""
    book.fire("02-20", "putuo", "issue", "district-1")
    book.fire("03-15", "putuo", "supervise", "gov-1", supervision_note="各部门进度汇总")
    book.fire("03-22", "putuo", "open_inspection", "gov-1")
    why = "every_department_inspected R5.3.1 R5.3.2"
    early = refused("the report before every department is inspected", why)
    report = {"report_reference": "检查验收报告", "report_addressee": "district_leaders"}
    book.fire("03-26", "putuo", "report", "gov-1", note=early, **report)
    book.fire("04-06", "putuo", "report", "gov-1", **report)


def overlap(book: Ledger, _: Day) -> None:
    """Tell of d01, which began its reform plan while its set-up was under review."""
    note = "work on a later stage may begin early"
    book.record("02-08", "d01", "d01-desk", note=note, reform_plan="改革方案01（初稿）")


def too_long(book: Ledger, day: Day) -> None:
    """Tell of d15, which first meant to rotate a person for four months."""
    note = refused("four months of rotation", "three_months_at_most R3.2.11")
    who, on = person(15, 1), day["seat"]
    book.sign(on, who, "assign_rotating", "centre-1")
    book.fire(
        on, who, "assign_rotating", "d15-desk", note=note, seated_on=f"2021-{on}", rotation_months=4
    )


def on_time(book: Ledger, _: Day) -> None:
    """Tell of d01, which is on time; afterwards come visits, assessment and measures."""
    me = "d01"
    book.fire(
        "04-15", me, "visit_on_site", f"{me}-deputy", note="on time", visit_note="现场办公半天"
    )
    book.fire("05-06", person(1, 1), "assess", "centre-1", assessment="窗口服务良好")
    book.record("05-06", person(1, 1), "centre-1", attendance_note="四月全勤")
    book.record("06-10", me, f"{me}-desk", online_share_before=41, online_share=63)
    book.record("06-10", me, f"{me}-desk", papers_before=380, papers=291)


def not_signed(book: Ledger, day: Day) -> None:
    """Tell of d02, whose inspection lacked the centre's signature at first."""
    note = refused("inspection without the centre", "not_signed R5.3.1")
    book.fire(day["inspect"], "d02", "inspect", "gov-1", note=note, inspection_line="检查情况02")


def late_without_reason(book: Ledger, day: Day) -> None:
    """Tell of d03, which moved in late and gave no reason at first."""
    note = refused("late without a reason", "reason_missing R4.4.1")
    book.fire(
        day["station"],
        "d03",
        "station",
        "d03-desk",
        note=note,
        location="administrative_service_centre",
    )


def returned(book: Ledger, _: Day) -> None:
    """Tell of d04, whose set-up plan was returned."""
    book.fire(
        "02-05",
        "d04",
        "return_setup",
        "staffing-1",
        reason="未写明承接科室",
        note="set-up returned",
    )
    book.fire(
        "02-08", "d04", "submit_setup", "d04-desk", note="set-up handed in again",
        setup_plan="设置方案04（修改）", function_changes="监管职能由示例科2承接",
    )  # fmt: skip


def posts_grown(book: Ledger, day: Day) -> None:
    """Tell of d05, whose set-up plan had more posts than before."""
    on = day["approve_setup"]
    note = refused("posts grown", "no_more_posts R3.1.2")
    book.fire(on, "d05", "approve_setup", "staffing-1", note=note)
    book.record(on, "d05", "d05-desk", posts_after=51, note="posts brought back to the old number")


def excluded(book: Ledger, day: Day) -> None:
    """Tell of d06, which the municipality manages."""
    note = refused("vertically managed unit", "managed_by_district R2.4")
    book.fire(
        day["enrol"], "d06", "enrol", "d06-desk", note=note, first_responsible="principal_leader"
    )
    book.fire(
        day["enrol"], "d06", "exclude", "gov-1", note="vertically managed unit left out",
        scope_decision="市垂直管理，不纳入",
    )  # fmt: skip


def one_filing(book: Ledger, _: Day) -> None:
    """Tell of d07, whose letter had reached only one of the two offices."""
    note = refused("only one of two filings received", "filings_before_plan R4.2.7 R4.3.7")
    book.fire("02-26", "d07", "submit_plan", "d07-desk", note=note, **plan(7))


def letter_again(book: Ledger, _: Day) -> None:
    """Tell of d08, whose approved plan changed what the letter had authorised."""
    note = "plan changes the authorised matters: letter issued and filed again"
    book.fire("03-04", "d08", "reissue_letter", "d08-head", note=note, letter="授权书08（重签）")
    book.record("03-04", "d08", "gov-1", gov_received_on="2021-03-04")
    book.record("03-05", "d08", "centre-1", centre_received_on="2021-03-05")


def remote(book: Ledger, day: Day) -> None:
    """Tell of d09, which asked for a mode that its plan does not have."""
    on = day["submit_stationing_plan"]
    note = refused("the mode changed after the plan was approved", "plan_mode R4.3.6")
    book.record(on, "d09", "d09-desk", note=note, plan_mode="remote")
    why = "mode_permitted R3.2.1 R3.2.3 R3.2.4"
    note = refused("remote mode is not in the approved plan", why)
    book.fire(
        on, "d09", "submit_stationing_plan", "d09-desk", note=note,
        stationing_plan="入驻方案09（线上）", stationing_mode="remote", workload="very_small",
    )  # fmt: skip


def representative(book: Ledger, day: Day) -> None:
    """Tell of d10, which sends representatives because few cases come in."""
    note = refused("representative mode while workload is ordinary", "representatives_fit R3.2.3")
    book.fire(
        day["submit_stationing_plan"], "d10", "submit_stationing_plan", "d10-desk", note=note,
        stationing_plan="入驻方案10", stationing_mode="representative",
        business_complex=True, workload="ordinary",
    )  # fmt: skip


def accept_only(book: Ledger, day: Day) -> None:
    """Tell of d11, where the inspection found a matter that the centre only took in."""
    where, on = matter(11, 1), day["inspect"]
    note = "accept-only finding at the inspection"
    book.fire(on, where, "find", "centre-1", note=note, finding="accept_only",
              process_at="department_office", offsite_step="none")  # fmt: skip
    note = refused("acceptance with an open finding", "no_open_finding R3.2.6 R3.2.7 R5.3.2")
    book.fire("03-29", "d11", "accept", "gov-1", note=note)
    book.fire("03-29", "d11", "urge", "gov-1", urging_note="事项11-01须在中心办理")
    note = refused("finding not mended", "finding_mended R3.2.6 R3.2.7")
    book.fire("04-02", where, "close_finding", "centre-1", note=note)
    book.record("04-06", where, "d11-section", process_at="administrative_service_centre")
    book.fire("04-07", where, "close_finding", "centre-1", note="finding mended")


def not_in_place(book: Ledger, _: Day) -> None:
    """Tell of d12, whose matters were not ready on the day of the move."""
    note = refused("matters not ready", "matters_in_place R0.11")
    book.fire(
        "03-10", "d12", "station", "d12-desk", note=note, location="administrative_service_centre"
    )


def not_stationed(book: Ledger, day: Day) -> None:
    """Tell of d12, inspected before it had moved in."""
    note = refused("accepted before it moved in", "stationed_by_now R5.3.2")
    book.fire(day["inspect"], "d12", "accept", "gov-1", note=note)
    note = "not yet stationed: urged"
    book.fire(
        "03-25",
        "d12",
        "urge",
        "gov-1",
        note=note,
        urging_note="尽快完成进驻",
        pushes_too_little=True,
    )
    note = "not yet stationed: interviewed"
    book.fire("03-30", "d12", "interview", "leader-1", note=note, interview_record="约谈主要负责人")


def new_matter(book: Ledger, _: Day) -> None:
    """Tell of d13, which got a new matter in May and exchanged a person."""
    where, desk = matter(13, 21), "d13-desk"
    facts: dict[str, str | int | bool] = {
        "parent": "d13", "subject": "示例事项13-21", "title": "示例事项13-21", "level": "district",
        "on_application": True,
        "applicants": "citizens", "power_type": "licensing", "internal": False,
        "current_unit": "示例科1", "under_section": True, "decision_mode": "paper_review",
        "covered_by": "approval", "handling": "window",
    }  # fmt: skip
    note = refused("a new matter listed as if it were old", "listed_in_time R2.3 R4.1.2")
    book.add("05-10", where, "open", "matter", desk, facts, note=note)
    note = "a new matter after the reform"
    book.add("05-10", where, "open", "matter", desk, facts | {"added_on": "2021-05-10"}, note=note)
    book.fire("05-11", where, "scope_in", desk, applicants_decision="within")
    why = "not_from_here R3.2.15 R3.3.8 R3.5.6"
    note = refused("a new matter without its amended letter", why)
    book.fire(
        "05-12", where, "make_ready", "d13-section", note=note, guide_online_version=1,
        guide_offline_version=1, steps_owner="section", seal="electronic",
        legal_seal_exception=False,
    )  # fmt: skip
    book.record("05-13", where, "d13-head", amended_letter_on="2021-05-13")
    book.record("05-17", where, "gov-1", amended_gov_received_on="2021-05-17")
    book.record("05-18", where, "centre-1", amended_centre_received_on="2021-05-18")
    book.record("05-19", where, desk, supplement_notified_on="2021-05-19")
    ready(book, where, "d13-section", "05-25", legal=False)
    book.fire("05-28", where, "go_live", "d13-section", **go_live(13, 21))
    exchange(book)


def exchange(book: Ledger) -> None:
    """Tell of d13's rotating person, who leaves in time and is followed by another."""
    newcomer = person(13, 15)
    facts: dict[str, str | int | bool] = {
        "parent": "d13", "subject": "示例人员13-15", "establishment": "administrative",
        "duties": "窗口3受理和办理", "all_post_competent": True,
    }  # fmt: skip
    book.add("04-19", newcomer, "open", "secondment", "d13-desk", facts)
    book.sign("04-30", newcomer, "assign_fixed", "centre-1")
    note = refused("a later joiner without the centre's training", "joiner_trained R3.4.6 R4.4.4")
    seated: dict[str, str | int | bool] = {
        "seated_on": "2021-04-30", "trained_by_department_on": "2021-04-28",
    }  # fmt: skip
    book.fire("04-30", newcomer, "assign_fixed", "d13-desk", note=note, **seated)
    book.record("04-30", newcomer, "centre-1", trained_by_centre_on="2021-04-30")
    book.fire("04-30", newcomer, "assign_fixed", "d13-desk", **seated)
    book.fire("04-30", person(13, 3), "rotate_out", "d13-desk", note="rotated out in time")


def recalled(book: Ledger, _: Day) -> None:
    """Tell of d14, which recalled a person before two years."""
    who, why = person(14, 3), "本人调任"
    note = refused("recalled before two years, no exception", "exception_documented R3.2.10")
    book.fire("05-17", who, "recall", "d14-desk", reason=why, note=note)
    book.record("05-20", who, "centre-1", centre_told_on="2021-05-20")
    book.fire(
        "05-24", who, "recall", "d14-desk", reason=why, note="recalled early, with an exception",
        exception_approver="示例分管领导14", replacement="示例人员14-12",
    )  # fmt: skip


def past_three_months(book: Ledger, _: Day) -> None:
    """Tell of d15, where a person still rotated after three months."""
    first, second = person(15, 1), person(15, 2)
    trained: dict[str, str | int | bool] = {
        "all_post_competent": True, "all_post_trained_on": "2021-06-04",
    }  # fmt: skip
    book.fire("06-07", first, "fix", "d15-desk", note="fixed in time", **trained)
    note = refused("rotating past three months", "inside_rotation R3.2.9 R3.2.11 R3.2.13")
    book.fire("06-15", second, "rotate_out", "d15-desk", note=note)
    note = refused("rotating past three months, no reason", "reason_missing R3.2.9 R3.2.11")
    book.fire("06-16", second, "fix", "d15-desk", note=note, **trained)
    note = "rotating past three months, fixed late with a reason"
    book.fire("06-16", second, "fix", "d15-desk", note=note, reason="培训考核补考", **trained)


def wrong_unit(book: Ledger, day: Day) -> None:
    """Tell of d16, for which another department tried to act."""
    why = "not_authorised R4.3.2 R4.3.3 R4.3.4 R4.3.5 R4.3.6"
    note = refused("another department's actor", why)
    book.fire(day["submit_plan"], "d16", "submit_plan", "d17-desk", note=note, **plan(16))


def wrong_office(book: Ledger, day: Day) -> None:
    """Tell of d16, whose plan the centre tried to approve."""
    note = refused("an act by the wrong office", "not_authorised R4.3.7")
    facts = {"plan_changes_letter": False, "plan_changes_institution": False}
    book.fire(day["approve_plan"], "d16", "approve_plan", "centre-1", note=note, **facts)


def new_head(book: Ledger, _: Day) -> None:
    """Tell of d17, where somebody else became the person in charge."""
    book.record("05-10", "d17", "d17-head", successor_letter_on="2021-05-10")
    book.record("05-11", "d17", "gov-1", successor_gov_received_on="2021-05-11")
    note = refused("a new head before both filings", "successor_letter_filed R4.2.4 R4.2.7")
    book.fire("05-12", "d17", "change_head", "d17-head", note=note, successor="示例负责人17乙")
    book.record("05-13", "d17", "centre-1", successor_centre_received_on="2021-05-13")
    book.fire(
        "05-14", "d17", "change_head", "d17-head", successor="示例负责人17乙", note="a new head"
    )


def before_issue(book: Ledger, _: Day) -> None:
    """Tell of d20, whose set-up was approved after its date, but before the notice was issued."""
    note = "late for a date before the issue: marked, no reason asked; returned once"
    book.fire("02-10", "d20", "return_setup", "staffing-1", note=note, reason="职能调整未列明")
    book.fire("02-18", "d20", "submit_setup", "d20-desk", setup_plan="设置方案20（修改）")


def same_person(book: Ledger, day: Day) -> None:
    """Tell of d20, whose plan was drafted by somebody who also serves in the General Office."""
    note = refused("approved by who handed it in", "same_person R4.3.7")
    facts = {"plan_changes_letter": False, "plan_changes_institution": False}
    book.fire(day["approve_plan"], "d20", "approve_plan", "gov-2", note=note, **facts)


def still_preparing(book: Ledger, _: Day) -> None:
    """Tell of d21, urged while it prepares the move."""
    book.fire(
        "03-29",
        "d21",
        "urge",
        "gov-1",
        urging_note="四月底前完成进驻",
        note="inspected while preparing",
    )
    note = refused("interview without a finding", "found_to_push_too_little R5.3.3")
    book.fire("04-02", "d21", "interview", "leader-1", note=note, interview_record="约谈")


def still_planning(book: Ledger, _: Day) -> None:
    """Tell of d22, whose plan was returned and is still not approved."""
    book.fire("03-19", "d22", "return_plan", "gov-1", reason="人员未落实", note="plan returned")


def interviewed(book: Ledger, _: Day) -> None:
    """Tell of d22, urged and interviewed."""
    book.fire("03-31", "d22", "urge", "gov-1", urging_note="重报改革方案", pushes_too_little=True)
    note = refused("an interview by the wrong office", "not_authorised R5.3.3")
    book.fire("04-02", "d22", "interview", "gov-1", note=note, interview_record="约谈")
    book.fire(
        "04-02",
        "d22",
        "interview",
        "leader-1",
        interview_record="约谈主要负责人",
        note="interviewed",
    )


STORIES: dict[tuple[int, str], Story] = {
    (1, "approve_setup"): overlap,
    (1, "afterwards"): on_time,
    (2, "inspect"): not_signed,
    (3, "station"): late_without_reason,
    (4, "approve_setup"): returned,
    (5, "approve_setup"): posts_grown,
    (6, "enrol"): excluded,
    (7, "centre_receipt"): one_filing,
    (8, "submit_stationing_plan"): letter_again,
    (9, "submit_stationing_plan"): remote,
    (10, "submit_stationing_plan"): representative,
    (11, "accept"): accept_only,
    (12, "ready"): not_in_place,
    (12, "accept"): not_stationed,
    (13, "afterwards"): new_matter,
    (14, "afterwards"): recalled,
    (15, "seat"): too_long,
    (15, "afterwards"): past_three_months,
    (16, "submit_plan"): wrong_unit,
    (16, "approve_plan"): wrong_office,
    (17, "afterwards"): new_head,
    (20, "approve_setup"): before_issue,
    (20, "approve_plan"): same_person,
    (21, "accept"): still_preparing,
    (22, "approve_plan"): still_planning,
    (22, "accept"): interviewed,
}
"""The stories by department and step."""
