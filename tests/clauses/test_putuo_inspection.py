"""The inspection at the end of March in the Putuo reform (R3.5.3, R3.5.5, R5.3)."""

from __future__ import annotations

from support.putuo import IMPOSSIBLE, Clauses, granted, refused
from support.putuo_path import STEPS, act, way_to

AFTER_LISTING = tuple(
    step.id
    for step in way_to("inspect")
    if step.case != "p" and step.id not in {"list_d", "sign_staffing", "sign_centre"}
)
NOT_STATIONED = ("station", "live_m1", "live_m2")
NOT_FINISHED = "stationed_by_now R5.3.2"
BASELINE = {"metrics_baseline": "against_baseline"}
RECTIFY = {"inspection_outcomes": "rectification"}
AGAIN = {"inspection_outcomes": "re_inspection"}
BETTER = "metrics_better R3.5.3 R3.5.5"


def measured(share_before: int, share: int, papers_before: int, papers: int) -> dict:
    """Return the act by which a department records its measures."""
    record = act(
        "d record", "department", "03-25", online_share_before=share_before, online_share=share,
        papers_before=papers_before, papers=papers,
    )  # fmt: skip
    return {"accept": (record,)}


class TestEndOfMarch(Clauses):
    """R5.3.1: the inspection is at the end of March 2021; outside it is only marked."""

    checks = (
        granted("open_inspection", {"open_inspection@on": "03-21"},
                then={"p.progress.state": "inspecting"}),
        granted("open_inspection", {"open_inspection@on": "03-20"}, late=("open_inspection -1",)),
        granted("open_inspection", {"open_inspection@on": "03-31"}),
        granted("open_inspection", {"open_inspection@on": "04-01"}, late=("open_inspection +1",)),
        granted("open_inspection", {"open_inspection@on": "03-25"},
                inspection_window="from_25_march"),
        granted("open_inspection", {"open_inspection@on": "03-24"}, late=("open_inspection -1",),
                inspection_window="from_25_march"),
        granted("open_inspection", {"open_inspection@on": "03-31"},
                inspection_window="last_day_only"),
        granted("open_inspection", {"open_inspection@on": "03-30"}, late=("open_inspection -1",),
                inspection_window="last_day_only"),
        granted("open_inspection", {"open_inspection@on": "02-20"}, inspection_window="no_start"),
        granted("inspect", {"inspect@on": "03-31"}, then={"d.oversight.state": "inspected"}),
        granted("inspect", {"inspect@on": "04-01"}, late=("inspect +1 gov_office",)),
    )  # fmt: skip


class TestThreeBodiesInspect(Clauses):
    """R5.3.1: the General Office inspects, joined by the staffing office and the centre."""

    checks = (
        refused("inspect", {}, "not_signed:inspect R5.3.1", skip=("sign_centre",)),
        refused("inspect", {}, "not_signed:inspect R5.3.1", skip=("sign_staffing",)),
        refused("inspect", {}, "not_signed:inspect R5.3.1", skip=("sign_staffing", "sign_centre")),
        refused("inspect", {"d.inspection_line": None}, "?inspect R5.3.1 R5.3.2"),
        refused("inspect", {}, "inspection_open R5.3.1", skip=("open_inspection",)),
        granted("inspect", skip=NOT_STATIONED),
        granted("inspect", skip=tuple(s for s in AFTER_LISTING if s != "enrol")),
        refused("inspect", {}, "enrolled R5.3.1", skip=AFTER_LISTING),
        refused("inspect", {"d.management": "central_vertical"}, "enrolled R5.3.1",
                skip=AFTER_LISTING, also={"sign_staffing": (STEPS["exclude"],)}),
    )  # fmt: skip


class TestAcceptance(Clauses):
    """R5.3.2, R3.2.6, R3.2.7: a department at the centre, without open findings, is accepted."""

    checks = (
        granted("accept", then={"d.oversight.state": "accepted"}),
        refused("accept", {}, NOT_FINISHED, skip=NOT_STATIONED),
        granted("accept", {"station@on": "03-29", "station@reason": "no premises"}),
        refused("accept", {"station@on": "03-30", "station@reason": "no premises"}, NOT_FINISHED),
        refused("accept", {}, "no_open_finding R3.2.6 R3.2.7 R5.3.2",
                also={"accept": (STEPS["find"],)}),
        granted("accept", also={"accept": (STEPS["find"], STEPS["mend"], STEPS["close"])}),
        refused("accept", {}, "?checklist_done R5.3.2", inspection="joint_with_checklist"),
        refused("accept", {"accept:checklist_complete": False}, "checklist_done R5.3.2",
                inspection="joint_with_checklist"),
        granted("accept", {"accept:checklist_complete": True}, inspection="joint_with_checklist"),
        granted("accept", {"accept:checklist_complete": False}),
    )  # fmt: skip


class TestMeasures(Clauses):
    """R3.5.3, R3.5.5: measured only; with a baseline, online share and papers must not worsen."""

    checks = (
        granted("accept", also=measured(60, 40, 10, 20)),
        refused("accept", {}, f"?{BETTER}", **BASELINE),
        granted("accept", also=measured(60, 60, 10, 10), **BASELINE),
        granted("accept", also=measured(60, 61, 10, 9), **BASELINE),
        refused("accept", {}, BETTER, also=measured(60, 59, 10, 10), **BASELINE),
        refused("accept", {}, BETTER, also=measured(60, 60, 10, 11), **BASELINE),
    )


class TestUrgingAndInterview(Clauses):
    """R5.3.1, R5.3.3: who pushes too little is urged, and interviewed by the leader in charge."""

    checks = (
        granted("urge", then={"d.oversight.state": "urged"}),
        refused("urge", {"d.urging_note": None}, "?urge R5.3.1"),
        granted("interview", then={"d.oversight.state": "interviewed"}),
        granted("interview", skip=("urge",), also={"interview": (
            act("d record", "gov_office", "03-29", pushes_too_little=True),)}),
        refused("interview", {"d.pushes_too_little": False}, "found_to_push_too_little R5.3.3"),
        refused("interview", {"d.pushes_too_little": None}, "?found_to_push_too_little R5.3.3"),
        refused("interview", {"d.interview_record": None}, "?interview R5.3.3"),
        granted("accept", also={"accept": (STEPS["urge"],)}),
        granted("accept", {"accept@on": "04-05"}, also={
            "accept": (STEPS["urge"], STEPS["interview"])}),
        refused("accept", {}, "inspected_again R5.3.2", also={"accept": (STEPS["urge"],)}, **AGAIN),
        refused("accept", {}, "inspected_again R5.3.2", also={"accept": (STEPS["urge"],)},
                **RECTIFY),
        granted("accept", **AGAIN),
    )  # fmt: skip


class TestWhatTheNoticeDoesNotSay(Clauses):
    """R5.3.1: rectification and a second inspection are extensions, off unless chosen."""

    checks = (
        refused("order", {}, *IMPOSSIBLE),
        refused("order", {}, *IMPOSSIBLE, **AGAIN),
        refused("again_staffing", {}, *IMPOSSIBLE),
        refused("again_staffing", {}, *IMPOSSIBLE, **RECTIFY),
        granted("order", then={"d.oversight.state": "rectifying"}, **RECTIFY),
        refused("order", {"d.rectify_by": None}, "?order_rectification R5.3.1", **RECTIFY),
        granted("inspect_rectified", then={"d.oversight.state": "inspected"}, **RECTIFY),
        granted("inspect_rectified", {"inspect_rectified@on": "04-21"},
                late=("inspect_rectified +1 department",), **RECTIFY),
        refused("inspect_rectified", {}, "not_signed:inspect_rectified R5.3.1",
                skip=("resign_staffing",), **RECTIFY),
        refused("inspect_rectified", {}, "not_signed:inspect_rectified R5.3.1",
                skip=("resign_centre",), **RECTIFY),
        granted("inspect_again", then={"d.oversight.state": "inspected"}, **AGAIN),
        refused("inspect_again", {}, "not_signed:inspect_again R5.3.1",
                skip=("again_staffing",), **AGAIN),
        refused("inspect_again", {}, "not_signed:inspect_again R5.3.1",
                skip=("again_centre",), **AGAIN),
    )  # fmt: skip
