"""Staffing and authorisation in the Putuo reform (R0.12, R3.3.1-R3.3.6, R4.2)."""

from __future__ import annotations

from reformflow.model import Value
from support.putuo import Check, Clauses, granted, refused
from support.putuo_path import STEPS, Step, act, day

OTHER_POST = {"d.window_head_post": "other_post"}
REASON = {"finish_staffing:window_head_reason": "no chief yet"}
COVERED = "matters_covered R0.12 R4.2.5"
LATE_LETTER = "reason_missing:issue_letter R4.2.1"
ON_1_MARCH = {"issue_letter@on": "03-01"}
SENT = {"file_centre": (act("d record", "department", "02-24", letter_sent_on=day("02-24")),)}


def receipt(office: str, role: str, on: str) -> dict:
    """Return a receipt that is older than the letter to come."""
    return {"issue_letter": (act("d record", role, on, **{f"{office}_received_on": day(on)}),)}


def added(**changed: Value) -> dict[str, tuple[Step, ...]]:
    """Return the acts that add a matter, and take it into scope, before the letter is new."""
    facts = {**dict(STEPS["list_late"].facts), "added_on": day("03-04"), **changed}
    return {"reissue_letter": (
        act("m9 open matter", "department", "03-04", **facts),
        act("m9 fire scope_in", "department", "03-04", applicants_decision="within"))}  # fmt: skip


class TestStaff(Clauses):
    """R4.2.2, R3.3.1: the section has its staff and a person in charge at the centre."""

    checks = (
        granted("finish_staffing", {"d.approval_staff": 1},
                then={"d.progress.state": "authorising"}),
        refused("finish_staffing", {"d.approval_staff": 0}, "section_staffed R4.2.2"),
        refused("finish_staffing", {"d.approval_staff": None},
                "?finish_staffing R3.3.1 R4.2.2 R4.2.3 R3.2.1", "?section_staffed R4.2.2"),
        granted("finish_staffing", {"d.approval_staff": 2}, section_min_staff="two"),
        refused("finish_staffing", {"d.approval_staff": 1}, "section_staffed R4.2.2",
                section_min_staff="two"),
        granted("finish_staffing", {"d.approval_staff": 3}, section_min_staff="three"),
        refused("finish_staffing", {"d.approval_staff": 2}, "section_staffed R4.2.2",
                section_min_staff="three"),
        refused("finish_staffing", {"d.host_staff": None},
                "?finish_staffing R3.3.1 R4.2.2 R4.2.3 R3.2.1"),
        refused("finish_staffing", {"d.window_head": None},
                "?finish_staffing R3.3.1 R4.2.2 R4.2.3"),
    )  # fmt: skip


class TestDuties(Clauses):
    """R4.2.3: the duties of the person in charge and of every seconded person are laid down."""

    checks = (
        refused("finish_staffing", {"d.window_head_duties": None},
                "?finish_staffing R3.3.1 R4.2.2 R4.2.3", "duties_fixed R4.2.3"),
        refused("finish_staffing", {"s2.duties": None}, "duties_fixed R4.2.3"),
        granted("finish_staffing", skip=("nominate_s1", "nominate_s2")),
    )  # fmt: skip


class TestPersonInCharge(Clauses):
    """R3.3.2: the section's chief or a key officer is in charge; others with a reason."""

    checks = (
        granted("finish_staffing", {"d.window_head_post": "section_chief"}),
        granted("finish_staffing", {"d.window_head_post": "key_officer"}),
        refused("finish_staffing", OTHER_POST, "fitting_head R3.3.2"),
        granted("finish_staffing", OTHER_POST | REASON),
        refused("finish_staffing", OTHER_POST | REASON, "fitting_head R3.3.2",
                authorisation="chief_or_key_officer_only"),
        granted("finish_staffing", {}, authorisation="chief_or_key_officer_only"),
        refused("finish_staffing", {"d.window_head_post": None},
                "?finish_staffing R3.3.1 R4.2.2 R4.2.3 R3.3.2", "?fitting_head R3.3.2"),
    )  # fmt: skip


class TestPowersOfTheLetter(Clauses):
    """R3.3.3-R3.3.6, R4.2.6: a written letter grants approval, prereview and the seal."""

    checks = (
        granted("issue_letter", then={"d.progress.state": "filing",
                                      "d.letter_issued_on": day("02-23")}),
        *(
            check
            for fact, rule, clause in (
                ("power_of_approval", "approval_granted", "R3.3.4"),
                ("power_of_prereview", "prereview_granted", "R3.3.5"),
                ("power_of_seal", "seal_granted", "R3.3.6"),
            )
            for check in (
                refused("issue_letter", {f"d.{fact}": False}, f"{rule} {clause}"),
                refused("issue_letter", {f"d.{fact}": None},
                        f"?issue_letter R3.3.3 R4.2.4 R4.2.6 {clause}", f"?{rule} {clause}"),
            )
        ),
        refused("issue_letter", {"d.letter": None}, "?issue_letter R3.3.3 R4.2.4 R4.2.6"),
    )  # fmt: skip


class TestKindOfLetter(Clauses):
    """R4.2.4: authority is entrusted to the person who heads the body at the centre."""

    checks = (
        refused("issue_letter", {"d.letter_kind": "authorisation"},
                "right_kind_of_letter R4.2.4"),
        refused("issue_letter", {"d.letter_kind": None},
                "?issue_letter R3.3.3 R4.2.4 R4.2.6", "?right_kind_of_letter R4.2.4"),
        granted("issue_letter", {"d.letter_kind": "authorisation"},
                authorisation_kind="authorisation"),
        refused("issue_letter", {}, "right_kind_of_letter R4.2.4",
                authorisation_kind="authorisation"),
        granted("change_head", then={"d.window_head": "Next"}),
        granted("change_head", {"d.successor_gov_received_on": day("03-10"),
                                "d.successor_centre_received_on": day("03-10")}),
        refused("change_head", {"d.successor": None}, "?change_head R3.3.1 R4.2.4"),
        refused("change_head", {"d.successor_gov_received_on": day("03-09")},
                "successor_letter_filed R4.2.4 R4.2.7"),
        refused("change_head", {"d.successor_centre_received_on": day("03-09")},
                "successor_letter_filed R4.2.4 R4.2.7"),
        *(
            refused("change_head", {}, "?successor_letter_filed R4.2.4 R4.2.7", skip=(step,))
            for step in ("gov_s", "centre_s", "letter_s")
        ),
    )  # fmt: skip


class TestEveryMatterCovered(Clauses):
    """R0.12, R4.2.5: the power to decide each matter is handed to the window."""

    checks = (
        refused("issue_letter", {"m1.decision_mode": None}, COVERED),
        refused("issue_letter", {"m1.covered_by": None}, COVERED),
        granted("issue_letter", {"m3.decision_mode": None, "m3.covered_by": None}),
        granted("issue_letter", {"m1.decision_mode": None, "m1.covered_by": None},
                authorisation_coverage="named_powers_only"),
        granted("reissue_letter", also=added()),
        refused("reissue_letter", {}, COVERED, also=added(covered_by=None)),
        granted("file_gov", then={"m1.progress.state": "transferred"}),
        granted("file_centre", then={"m1.progress.state": "authorised",
                                     "m2.progress.state": "authorised"}),
        granted("file_centre", {"m1.covered_by": None}, then={"m1.progress.state": "authorised"},
                authorisation_coverage="named_powers_only"),
        granted("centre_late", {"m9.covered_by": None}, then={"m9.progress.state": "transferred"}),
        granted("submit_stationing_plan", {"m1.covered_by": "prereview"},
                then={"m1.progress.state": "planned"}, also={"submit_stationing_plan": (
                    act("m1 record", "department", "03-04", covered_by="approval"),)}),
    )  # fmt: skip


class TestPowerFitsTheMatter(Clauses):
    """R3.3.4, R3.3.5: approval for what the papers decide, prereview for joint and forwarded."""

    checks = tuple(
        check
        for mode, power, fits in (
            ("paper_review", "approval", True),
            ("paper_review", "prereview", False),
            ("joint", "prereview", True),
            ("joint", "approval", False),
            ("forwarded", "prereview", True),
            ("forwarded", "approval", False),
            ("site_survey", "approval", True),
            ("site_survey", "prereview", True),
            ("expert_argument", "approval", True),
            ("collective_study", "prereview", True),
        )
        for check in (
            granted("centre_late", {"m9.decision_mode": mode, "m9.covered_by": power},
                    then={"m9.progress.state": "authorised" if fits else "transferred"}),
            granted("centre_late", {"m9.decision_mode": mode, "m9.covered_by": power},
                    then={"m9.progress.state": "authorised"},
                    authorisation_coverage="named_powers_only"),
        )
    )  # fmt: skip


class TestTwoFilings(Clauses):
    """R4.2.7: the letter is filed with the General Office and with the service centre."""

    checks = (
        granted("file_centre", then={"d.progress.state": "drafting_plan"}),
        granted("file_centre", skip=("file_gov",), then={"d.progress.state": "filing"}),
        granted("file_gov", then={"d.progress.state": "filing"}),
        granted("file_centre", {"d.gov_received_on": day("02-23"),
                                "d.centre_received_on": day("02-23")},
                then={"d.progress.state": "drafting_plan"}),
        granted("file_centre", {"d.gov_received_on": day("02-22")},
                then={"d.progress.state": "filing"}),
        granted("file_centre", {"d.centre_received_on": day("02-22")},
                then={"d.progress.state": "filing"}),
        granted("file_centre", {"d.gov_received_on": day("02-22")}, also=SENT,
                then={"d.progress.state": "filing"}),
        granted("file_centre", {"d.centre_received_on": day("02-22")}, also=SENT,
                then={"d.progress.state": "filing"}),
        granted("file_centre", {"d.gov_received_on": day("02-22"),
                                "d.centre_received_on": day("02-22")}, also=SENT,
                then={"d.progress.state": "drafting_plan"}, filing_counts="sent"),
        granted("file_centre", {"d.centre_received_on": day("02-22")},
                then={"d.progress.state": "filing"}, filing_counts="sent", also={
            "file_centre": (act("d record", "department", "02-24", letter_sent_on=day("02-22")),)}),
        granted("file_centre", {"d.gov_received_on": day("02-22"),
                                "d.centre_received_on": day("02-22")},
                then={"d.progress.state": "drafting_plan"}, filing_counts="sent", also={
            "file_centre": (act("d record", "department", "02-24", letter_sent_on=day("02-23")),)}),
        granted("file_centre", {"d.gov_received_on": day("02-22")},
                then={"d.progress.state": "filing"}, filing_counts="sent", also={
            "file_centre": (act("d record", "department", "02-24", letter_sent_on=day("02-22")),)}),
        *(
            check
            for office, role in (("gov", "gov_office"), ("centre", "service_centre"))
            for check in (
                granted("issue_letter", also=receipt(office, role, "02-22")),
                refused("issue_letter", {}, "newer_than_receipts R4.2.7",
                        also=receipt(office, role, "02-23")),
            )
        ),
        *(
            check
            for fact in ("d.gov_received_on", "d.centre_received_on")
            for check in (
                refused("reissue_letter", {fact: day("03-04")}, "newer_than_receipts R4.2.7"),
                granted("reissue_letter", {fact: day("03-03")}),
            )
        ),
        granted("reissue_letter", then={"d.progress.state": "refiling",
                                        "d.letter_issued_on": day("03-04")}),
        granted("refile_gov", then={"d.progress.state": "refiling"}),
        granted("refile_centre", then={"d.progress.state": "planning"}),
        granted("refile_centre", skip=("refile_gov",), then={"d.progress.state": "refiling"}),
        granted("reissue_letter", {"d.letter": "letter 3"}),
        *(
            refused("reissue_letter", {}, refusal, also={"reissue_letter": (
                act("d clear", "dept_head", "03-04", **{fact: value}),)})
            for fact, value, refusal in (
                ("power_of_approval", False, "approval_granted R3.3.4"),
                ("power_of_prereview", None, "?prereview_granted R3.3.5"),
                ("power_of_seal", False, "seal_granted R3.3.6"),
                ("letter_kind", "authorisation", "right_kind_of_letter R4.2.4"),
            )
        ),
    )  # fmt: skip


def late_filing(answerable: str, given: dict, days: str = "+1", **more: str) -> Check:
    """Return the check that filing ends late, and who answers for it."""
    state = {"d.progress.state": "drafting_plan"}
    return granted("file_centre", given, late=(f"complete_filing {days} {answerable}",),
                   then=state, **more)  # fmt: skip


class TestTwentyEighthOfFebruary(Clauses):
    """R4.2.1: staffing and authorisation end by 28 February 2021."""

    checks = (
        granted("issue_letter", {"issue_letter@on": "02-28"}),
        refused("issue_letter", ON_1_MARCH, LATE_LETTER),
        granted("issue_letter", ON_1_MARCH | {"issue_letter@reason": "redrafted"},
                late=("issue_letter +1 department",)),
        granted("issue_letter", ON_1_MARCH, late=("issue_letter +1 department",),
                deadlines_late="allow_flag"),
        refused("issue_letter", ON_1_MARCH | {"issue_letter@reason": "redrafted"},
                "late:issue_letter R4.2.1", deadlines_late="block"),
        granted("issue_letter", ON_1_MARCH, deadlines_roll="next_working_day"),
        refused("issue_letter", {"issue_letter@on": "03-02"}, LATE_LETTER,
                deadlines_roll="next_working_day"),
        granted("issue_letter", {"issue_letter@on": "02-26"},
                deadlines_roll="previous_working_day"),
        refused("issue_letter", {"issue_letter@on": "02-27"}, LATE_LETTER,
                deadlines_roll="previous_working_day"),
        granted("issue_letter", {"issue_letter@on": "02-27"}, deadlines_boundary="exclusive"),
        refused("issue_letter", {"issue_letter@on": "02-28"}, LATE_LETTER,
                deadlines_boundary="exclusive"),
        granted("file_centre", {"file_centre@on": "02-28", "d.centre_received_on": day("02-28")}),
        late_filing("service_centre", {"file_centre@on": "03-01",
                                       "d.centre_received_on": day("03-01")}),
        late_filing("service_centre", {"file_gov@on": "02-28", "file_centre@on": "03-01",
                                       "d.gov_received_on": day("02-28")}),
        late_filing("gov_office", {"file_centre@on": "03-01", "d.gov_received_on": day("03-01")}),
        late_filing("department", {**ON_1_MARCH, "issue_letter@reason": "redrafted",
                                   "file_gov@on": "03-01", "d.gov_received_on": day("03-01"),
                                   "file_centre@on": "03-02",
                                   "d.centre_received_on": day("03-02")}, "+2"),
        late_filing("gov_office", {"issue_letter@on": "02-28", "file_gov@on": "03-01",
                                   "d.gov_received_on": day("03-01"), "file_centre@on": "03-02",
                                   "d.centre_received_on": day("03-02")}, "+2"),
        granted("file_centre", {"file_centre@on": "03-01", "d.centre_received_on": day("03-01")},
                deadlines_roll="next_working_day"),
        late_filing("service_centre", {"file_centre@on": "02-28"}, deadlines_boundary="exclusive"),
        refused("file_by_hand", {}, "not_by_hand:complete_filing R0.12 R4.2.7",
                "?filed_with_general_office R4.2.7", "?filed_with_centre R4.2.7"),
    )  # fmt: skip
