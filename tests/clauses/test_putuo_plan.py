"""The reform plan and its approval in the Putuo reform (R4.3)."""

from __future__ import annotations

from reformflow.model import Value
from support.putuo import DAY_OFF, IMPOSSIBLE, Clauses, granted, refused
from support.putuo_path import Step, act, day

LATE_PLAN = "reason_missing:submit_plan R4.3.1"
LATE_APPROVAL = "reason_missing:approve_plan R4.3.1"
CONTENTS = "plan_whole R4.3.2 R4.3.3 R4.3.4 R4.3.5 R4.3.6 R4.3.7"
PARTS = (
    "reform_plan", "plan_status", "plan_institution", "plan_coordination", "plan_mode",
    "plan_staff",
)  # fmt: skip
PLAN = "?submit_plan R4.3.2 R4.3.3 R4.3.4 R4.3.5 R4.3.6"
SUPPLEMENT = {
    "approve_plan": (act("d record", "dept_head", "02-26", letter_supplement_on=day("02-26")),)
}


def meanwhile(case: str, **facts: Value) -> dict[str, tuple[Step, ...]]:
    """Return what the department records, or takes back, while its plan is under review."""
    return {"approve_plan": (act(f"{case} clear", "department", "02-27", **facts),)}


class TestContentsOfThePlan(Clauses):
    """R4.3.2-R4.3.6: the plan gives present state, institution, coordination, matters, staff."""

    checks = (
        granted("submit_plan", then={"d.progress.state": "plan_submitted"}),
        *(
            refused("submit_plan", {f"d.{fact}": None}, PLAN)
            for fact in PARTS
        ),
        *(
            refused("approve_plan", {}, CONTENTS, also=meanwhile("d", **{fact: None}))
            for fact in PARTS
        ),
        granted("approve_plan", also=meanwhile("d", plan_staff=1)),
        refused("approve_plan", {}, "plan_lists_matters R4.3.6",
                also=meanwhile("m1", handling=None)),
        granted("approve_plan", {"m3.handling": None}),
        refused("submit_plan", {"m1.handling": None}, "plan_lists_matters R4.3.6"),
        granted("submit_plan", {"m3.handling": None}),
        granted("submit_plan", then={"m1.progress.state": "authorised"}),
        granted("approve_plan", then={"m1.progress.state": "planned"}),
    )  # fmt: skip


class TestFilingsBeforeThePlan(Clauses):
    """R4.2.7, R4.3.7: the plan is handed in once the letter is filed in both places."""

    checks = (
        refused("submit_plan", {}, "filings_before_plan R4.2.7 R4.3.7", skip=("file_centre",)),
        refused("submit_plan", {}, "filings_before_plan R4.2.7 R4.3.7", skip=("file_gov",),
                stages_order="strict"),
        granted("submit_plan", skip=("file_centre",), stages_order="free"),
        granted("approve_plan", skip=("file_centre",), then={"d.progress.state": "planning"},
                stages_order="free"),
        granted("submit_plan", stages_order="strict"),
    )  # fmt: skip


class TestGeneralOfficeDecides(Clauses):
    """R4.3.7: the plan goes to the General Office, which reviews it and decides."""

    checks = (
        granted("approve_plan", then={"d.progress.state": "planning"}),
        refused("approve_plan", {"submit_plan@by": "department:ann",
                                 "approve_plan@by": "gov_office:ann"},
                "same_person:submit_plan R4.3.7"),
        refused("approve_plan", {"d.plan_changes_institution": None},
                "?approve_plan R4.3.7 R4.3.4", "?approve_plan R4.3.7"),
        refused("approve_plan", {"d.plan_changes_letter": None},
                "?approve_plan R4.3.7 R4.2.5", "?approve_plan R4.3.7"),
        granted("return_plan", then={"d.progress.state": "drafting_plan", "d.plan_round": 2}),
        refused("return_plan", {"return_plan@reason": None}, "reason_missing:return_plan R4.3.7"),
        refused("return_plan", {}, *IMPOSSIBLE, approval="approve_only"),
    )  # fmt: skip


class TestWhatTheApprovalChanges(Clauses):
    """R4.2.5, R4.3.4: a plan that changes letter or institution sends the department back."""

    checks = (
        granted("change_letter", then={"d.progress.state": "amending_authorisation"}),
        granted("approve_plan", {"d.plan_changes_institution": True},
                then={"d.progress.state": "drafting_setup"}),
        granted("change_letter", {"d.plan_changes_institution": True},
                then={"d.progress.state": "drafting_setup"}),
        *(
            granted("change_letter", given, then={"d.progress.state": "planning"},
                    on_plan_change=option)
            for option in ("supplement", "ignore")
            for given in ({}, {"d.plan_changes_institution": True})
        ),
        granted("submit_stationing_plan", {"d.plan_changes_letter": True}, on_plan_change="ignore"),
        refused("submit_stationing_plan", {"d.plan_changes_letter": True},
                "letter_matches_plan R4.2.5 R4.4.2", on_plan_change="supplement"),
        granted("submit_stationing_plan", {"d.plan_changes_letter": True}, also=SUPPLEMENT,
                on_plan_change="supplement"),
        granted("submit_stationing_plan", on_plan_change="supplement"),
        granted("submit_stationing_plan", on_plan_change="reissue_and_refile"),
    )  # fmt: skip


class TestFifthOfMarch(Clauses):
    """R4.3.1: review and approval of the plan end by 5 March 2021."""

    checks = (
        granted("approve_plan", {"approve_plan@on": "03-05"}),
        refused("approve_plan", {"approve_plan@on": "03-06"}, LATE_APPROVAL),
        granted("approve_plan", {"approve_plan@on": "03-06", "approve_plan@reason": "no room"},
                late=("approve_plan +1 gov_office",)),
        granted("approve_plan", {"submit_plan@on": "03-05", "approve_plan@on": "03-06",
                                 "approve_plan@reason": "no room"},
                late=("approve_plan +1 gov_office",)),
        granted("approve_plan", {"submit_plan@on": "03-06", "approve_plan@on": "03-07",
                                 "approve_plan@reason": "came late"},
                late=("approve_plan +2 department",)),
        granted("approve_plan", {"approve_plan@on": "03-06"},
                late=("approve_plan +1 gov_office",), deadlines_late="allow_flag"),
        refused("approve_plan", {"approve_plan@on": "03-06", "approve_plan@reason": "no room"},
                "late:approve_plan R4.3.1", deadlines_late="block"),
        granted("approve_plan", {"approve_plan@on": "03-04"}, deadlines_boundary="exclusive"),
        refused("approve_plan", {"approve_plan@on": "03-05"}, LATE_APPROVAL,
                deadlines_boundary="exclusive"),
        granted("approve_plan", {"approve_plan@on": "03-08"}, deadlines_roll="next_working_day",
                **{DAY_OFF: "03-05"}),
        refused("approve_plan", {"approve_plan@on": "03-05"}, LATE_APPROVAL,
                deadlines_roll="previous_working_day", **{DAY_OFF: "03-05"}),
        granted("approve_plan", {"approve_plan@on": "03-05"}, **{DAY_OFF: "03-05"}),
        granted("approve_plan", {"approve_plan@on": "03-06", "approve_plan@reason": "ill"},
                late=("approve_plan +1 gov_office",), **{DAY_OFF: "03-05"}),
        granted("submit_plan", {"submit_plan@on": "03-05"}, deadlines_applies_to="submission",
                **{DAY_OFF: "03-05"}),
        granted("submit_plan", {"submit_plan@on": "03-06", "submit_plan@reason": "ill"},
                late=("submit_plan +1 department",), deadlines_applies_to="submission",
                **{DAY_OFF: "03-05"}),
        granted("submit_plan", {"submit_plan@on": "03-06"}),
        granted("approve_plan", {"submit_plan@on": "03-05", "approve_plan@on": "03-08"},
                deadlines_applies_to="submission"),
        granted("submit_plan", {"submit_plan@on": "03-05"}, deadlines_applies_to="submission"),
        refused("submit_plan", {"submit_plan@on": "03-06"}, LATE_PLAN,
                deadlines_applies_to="submission"),
        granted("submit_plan", {"submit_plan@on": "03-06", "submit_plan@reason": "slow"},
                late=("submit_plan +1 department",), deadlines_applies_to="submission"),
        refused("submit_plan", {"submit_plan@on": "03-06", "submit_plan@reason": "slow"},
                "late:submit_plan R4.3.1", deadlines_applies_to="submission",
                deadlines_late="block"),
        refused("submit_plan", {"submit_plan@on": "03-05"}, LATE_PLAN,
                deadlines_applies_to="submission", deadlines_boundary="exclusive"),
        granted("submit_plan", {"submit_plan@on": "03-08"}, deadlines_applies_to="submission",
                deadlines_roll="next_working_day", **{DAY_OFF: "03-05"}),
    )  # fmt: skip


class TestWorkMayOverlap(Clauses):
    """R4.4.2, R4.3.7: stages overlap in work, not in completion; strictly one after the other."""

    checks = (
        granted("draft_plan"),
        granted("draft_plan", stages_order="free"),
        refused("draft_plan", {}, "not_now:reform_plan R4.3.2", stages_order="strict"),
        granted("begin_plan", stages_order="strict"),
        granted("draft_move"),
        granted("draft_move", stages_order="free"),
        refused("draft_move", {}, "not_now:stationing_plan R4.4.3", stages_order="strict"),
        granted("begin_move", stages_order="strict"),
    )


class TestCoverStaysAsLettered(Clauses):
    """R4.2.5: what covers a matter stays as the letter has it, until it is issued again."""

    checks = (
        refused("cover_m1", {}, "not_now:covered_by R4.2.5"),
        granted("cover_again_m1"),
    )
