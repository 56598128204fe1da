"""The people whom departments second to the centre (R3.2.8-R3.2.14, R3.4)."""

from __future__ import annotations

from support.putuo import Clauses, granted, refused
from support.putuo_path import act, day

JOINER = "joiner_trained R3.4.6 R4.4.4"
RECALL = "exception_documented R3.2.10"
BEFORE_TWO_YEARS = {"recall@on": "2023-03-07"}
WHY = {"recall@reason": "illness"}
DOCUMENT_START = {"transition_start": "document_issued"}
DUE_START = {"transition_start": "stationing_due"}


class TestEstablishedAndCompetent(Clauses):
    """R3.2.8: staff hold an established post and can serve at every window post."""

    checks = (
        granted("nominate_s1", then={"s1.progress.state": "nominated"}),
        refused("nominate_s1", {"s1.establishment": None}, "?s1 R4.2.2 R4.2.3 R3.2.8"),
        granted("assign_s1", then={"s1.progress.state": "assigned_fixed",
                                   "s1.rotation_ends": None}),
        granted("assign_s1", {"s1.establishment": "public_institution"}),
        refused("assign_s1", {"s1.establishment": "none"}, "on_establishment R3.2.8"),
        refused("assign_s2", {"s2.establishment": "none"}, "on_establishment R3.2.8"),
        refused("assign_s1", {"s1.establishment": "public_institution"}, "on_establishment R3.2.8",
                person_establishment_kinds="administrative_only"),
        granted("assign_s1", person_establishment_kinds="administrative_only"),
        refused("assign_s1", {"s1.all_post_competent": False}, "every_post R3.2.8"),
        refused("assign_s1", {"s1.all_post_competent": None}, "?every_post R3.2.8"),
        granted("assign_s1", {"s1.all_post_competent": None, "assign_s1:all_post_competent": True}),
        refused("assign_s1", {"s1.seated_on": None}, "?assign_fixed R3.2.8 R3.2.9 R3.4.1 R3.2.10"),
        granted("assign_s1", {"assign_s1:trained_by_department_on": day("03-05")}),
    )  # fmt: skip


class TestTransition(Clauses):
    """R3.2.11-R3.2.13: during three months at most, staff may take turns and be trained."""

    checks = (
        granted("assign_s2", then={"s2.progress.state": "assigned_rotating"}),
        refused("assign_s2", {}, "every_post_unless_relaxed R3.2.8 R3.2.13",
                transition_relaxes="fixedness_only"),
        refused("assign_s2", {"s2.all_post_competent": None},
                "?every_post_unless_relaxed R3.2.8 R3.2.13", transition_relaxes="fixedness_only"),
        granted("assign_s2", {"s2.all_post_competent": True}, transition_relaxes="fixedness_only"),
        granted("assign_s2", {"s2.all_post_competent": None,
                              "assign_s2:all_post_competent": False,
                              "assign_s2:trained_by_department_on": day("03-05")}),
        refused("assign_s2", {"s2.rotation_months": 4}, "three_months_at_most R3.2.11"),
        refused("assign_s2", {"s2.rotation_months": None},
                "?assign_rotating R3.2.13 R3.4.1 R3.2.11", "?three_months_at_most R3.2.11"),
        *(
            granted("assign_s2", {"s2.rotation_months": months},
                    then={"s2.rotation_ends": day(f"{2 + months + 1:02}-08")})
            for months in (1, 2, 3)
        ),
        *(
            granted("assign_s2", {"s2.rotation_months": months}, then={"s2.rotation_ends": ends},
                    **start)
            for months in (1, 2, 3)
            for ends, start in ((day("05-20"), DOCUMENT_START), (day("06-10"), DUE_START))
        ),
        granted("station", then={"d.transition_ends": day("06-09")}),
        granted("station", then={"d.transition_ends": day("05-20")}, **DOCUMENT_START),
        granted("station", then={"d.transition_ends": day("06-10")}, **DUE_START),
        granted("join_s3_in_turn", {"s3.seated_on": day("06-09")}),
        refused("join_s3_in_turn", {"s3.seated_on": day("06-10")},
                "transition_runs R3.2.9 R3.2.13"),
        refused("join_s3_in_turn", {"s3.seated_on": None},
                "?assign_rotating R3.2.13 R3.4.1 R3.2.10", f"?{JOINER}",
                "?transition_runs R3.2.9 R3.2.13"),
        refused("fix", {"s2.all_post_trained_on": None}, "trained_in_transition R3.2.12"),
    )  # fmt: skip


class TestSettledTeam(Clauses):
    """R3.2.9, R3.2.11: whoever is still in rotation when the transition ends is fixed."""

    checks = (
        granted("fix", then={"s2.progress.state": "assigned_fixed"}),
        refused("fix", {"fix@on": "06-09"}, "reason_missing:fix R3.2.9 R3.2.11"),
        granted("fix", {"fix@on": "06-09", "fix@reason": "training took long"},
                late=("fix +1 department",)),
        granted("fix", {"fix@on": "06-09"}, late=("fix +1 department",),
                deadlines_late="allow_flag"),
        refused("fix", {"fix@on": "06-09", "fix@reason": "training took long"},
                "late:fix R3.2.9 R3.2.11", deadlines_late="block"),
        refused("fix", {"s2.rotation_months": 2, "fix@on": "06-08"},
                "reason_missing:fix R3.2.9 R3.2.11"),
        granted("fix", {"fix@on": "06-10"}, **DUE_START),
        refused("fix", {"fix@on": "06-11"}, "reason_missing:fix R3.2.9 R3.2.11", **DUE_START),
        refused("fix", {"fix@on": "06-01"}, "reason_missing:fix R3.2.9 R3.2.11", **DOCUMENT_START),
        refused("fix", {"train_all:all_post_competent": False}, "every_post R3.2.8"),
        granted("fix", {"s2.all_post_competent": None, "s2.all_post_trained_on": None,
                        "fix:all_post_competent": True, "fix:all_post_trained_on": day("06-08")},
                skip=("train_all",)),
        granted("rotate_out", then={"s2.progress.state": "released"}),
        refused("rotate_out", {"rotate_out@on": "06-09"}, "inside_rotation R3.2.9 R3.2.11 R3.2.13"),
    )  # fmt: skip


class TestTwoYears(Clauses):
    """R3.2.10: a secondment lasts in principle two years or longer."""

    checks = (
        granted("recall", then={"s1.progress.state": "released",
                                "s1.minimum_until": day("2023-03-08")}),
        granted("recall", {"recall@on": "2023-06-01"}),
        refused("recall", BEFORE_TWO_YEARS, "reason_missing:recall R3.2.10", RECALL),
        refused("recall", BEFORE_TWO_YEARS | WHY, RECALL),
        granted("recall_early", late=("recall -643",)),
        refused("recall_early", {"recall_early@reason": None}, "reason_missing:recall R3.2.10"),
        refused("recall_early", {"s1.exception_approver": None}, RECALL),
        refused("recall_early", {"s1.replacement": None}, RECALL),
        refused("recall_early", {}, RECALL, skip=("tell_centre",)),
        granted("recall_early", {"s1.exception_approver": None, "s1.replacement": None,
                                 "recall_early:exception_approver": "the head",
                                 "recall_early:replacement": "s3"},
                skip=("excuse",), late=("recall -643",)),
        refused("recall", BEFORE_TWO_YEARS | WHY, "too_early:recall R3.2.10",
                secondment_minimum="hard_block"),
        granted("recall", BEFORE_TWO_YEARS, late=("recall -1",), secondment_minimum="warn"),
    )  # fmt: skip


class TestJoinersAreTrainedFirst(Clauses):
    """R3.4.6, R4.4.4: who joins a department at the centre is trained before the first day."""

    checks = (
        granted("join_s3", then={"s3.progress.state": "assigned_fixed"}),
        granted("join_s3_in_turn", then={"s3.progress.state": "assigned_rotating"}),
        refused("join_s3", {"s3.seated_on": day("04-05")}, JOINER),
        *(
            check
            for step in ("join_s3", "join_s3_in_turn")
            for check in (
                refused(step, {"s3.trained_by_department_on": day("04-07")}, JOINER),
                refused(step, {"s3.trained_by_centre_on": day("04-07")}, JOINER),
                refused(step, {}, f"?{JOINER}", skip=("train_s3",)),
                refused(step, {}, f"?{JOINER}", skip=("window_s3",)),
                granted(step, {"s3.trained_by_department_on": day("04-07")},
                        training="centre_before"),
                refused(step, {"s3.trained_by_centre_on": day("04-07")}, JOINER,
                        training="centre_before"),
                granted(step, skip=("train_s3", "window_s3"), training="both_afterwards"),
            )
        ),
        granted("assign_s1", skip=("train_s1", "window_s1")),
        granted("assign_s2", skip=("train_s2", "window_s2")),
    )  # fmt: skip


class TestTwoManagers(Clauses):
    """R3.4.1: seconded staff answer to the centre and to their department: both sign."""

    checks = (
        refused("assign_s1", {}, "not_signed:assign_fixed R3.2.8 R3.2.9 R3.4.1",
                skip=("sign_s1",)),
        refused("assign_s2", {}, "not_signed:assign_rotating R3.2.13 R3.4.1", skip=("sign_s2",)),
        refused("sign_s1", {}, "already_signed:assign_fixed R3.2.8 R3.2.9 R3.4.1", also={
            "sign_s1": (act("s1 sign assign_fixed", "service_centre", "03-08"),)}),
    )  # fmt: skip


class TestVisitsAndAssessments(Clauses):
    """R3.2.14, R3.4.3, R5.2.2: visits and assessments, at an interval only if one is set."""

    checks = (
        granted("visit", {"visit@on": "2022-01-10"}),
        granted("visit", {"visit@on": "04-09"}, monitor_periods="monthly"),
        granted("visit", {"visit@on": "04-10"}, late=("visit_on_site +1 dept_deputy",),
                monitor_periods="monthly"),
        granted("visit", {"visit@on": "06-09"}, monitor_periods="quarterly"),
        granted("visit", {"visit@on": "06-10"}, late=("visit_on_site +1 dept_deputy",),
                monitor_periods="quarterly"),
        *(
            granted("visit", {"visit@on": on}, late=late, monitor_periods="monthly", also={
                "visit": (act("d fire visit_on_site", "dept_deputy", "04-01", visit_note="x"),)})
            for on, late in (("05-01", ()), ("05-02", ("visit_on_site +1 dept_deputy",)))
        ),
        granted("visit", {"visit@on": "12-01"}, also={
            "visit": (act("d fire visit_on_site", "dept_deputy", "04-01", visit_note="x"),)}),
        refused("visit", {"d.visit_note": None}, "?visit_on_site R3.2.14"),
        granted("assess", {"assess@on": "2022-01-10"}),
        granted("assess", {"assess@on": "04-08"}, monitor_periods="monthly"),
        granted("assess", {"assess@on": "04-09"}, late=("assess +1 service_centre",),
                monitor_periods="monthly"),
        granted("assess", {"assess@on": "06-09"}, late=("assess +1 service_centre",),
                monitor_periods="quarterly"),
        *(
            granted("assess", {"assess@on": on}, late=late, monitor_periods="monthly", also={
                "assess": (act("s1 fire assess", "service_centre", "04-01", assessment="x"),)})
            for on, late in (("05-01", ()), ("05-02", ("assess +1 service_centre",)))
        ),
        granted("assess", {"assess@on": "12-01"}, also={
            "assess": (act("s1 fire assess", "service_centre", "04-01", assessment="x"),)}),
        refused("assess", {"s1.assessment": None}, "?assess R3.4.3 R5.2.2"),
    )  # fmt: skip
