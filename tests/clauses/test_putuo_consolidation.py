"""Function consolidation in the Putuo reform (R0.9, R3.1, R4.1)."""

from __future__ import annotations

from reformflow.model import Value
from support.putuo import DAY_OFF, IMPOSSIBLE, Check, Clauses, granted, refused
from support.putuo_path import Step, act, day

MERGE = {"d.model": "merge_rename"}
PLATE = {"d.model": "plate"}
CONTENTS = "setup_plan_whole R3.1.1 R3.1.5 R4.1.3 R4.1.5 R4.1.6 R4.1.7"
LATE_REVIEW = "reason_missing:approve_setup R4.1.1"
LATE_HANDING_IN = "reason_missing:submit_setup R4.1.1"


def matters(number: int) -> dict[str, tuple[Step, ...]]:
    """Return the acts that bring so many matters into scope, with m1 and m2."""
    acts: list[Step] = []
    for case in (f"n{index}" for index in range(3, number + 1)):
        acts += (
            act(
                f"{case} open matter", "department", "02-02", title=case, level="district",
                on_application=True, applicants="both", power_type="reward", internal=False,
                current_unit="old unit", under_section=True,
            ),
            act(f"{case} fire scope_in", "department", "02-02", applicants_decision="within"),
        )  # fmt: skip
    return {"finish_mapping": tuple(acts)}


def meanwhile(**facts: Value) -> dict[str, tuple[Step, ...]]:
    """Return what the department records, or takes back, while its set-up plan is reviewed."""
    return {"approve_setup": (act("d clear", "department", "02-05", **facts),)}


def growth(what: str, clause: str) -> tuple[Check, ...]:
    """Return the checks that a number may stay or fall but not grow."""
    before, after, rule = f"d.{what}_before", f"d.{what}_after", f"no_more_{what} {clause}"
    return (
        granted("approve_setup", {before: 9, after: 9}, then={"d.progress.state": "staffing"}),
        granted("approve_setup", {before: 9, after: 8}),
        refused("approve_setup", {before: 9, after: 10}, rule),
        refused("approve_setup", {after: None}, f"?{rule}"),
        refused("approve_setup", {before: None}, f"?{rule}"),
    )


class TestNoGrowth(Clauses):
    """R3.1.2-R3.1.4: posts, internal institutions and leadership posts must not grow."""

    checks = (
        *growth("posts", "R3.1.2"),
        *growth("institutions", "R3.1.3"),
        *growth("leader_posts", "R3.1.4"),
    )


class TestOneInstitution(Clauses):
    """R0.9: all approval-service functions are gathered in a single internal institution."""

    checks = (
        refused("approve_setup", {"d.host_institutions": 2}, "one_host R0.9"),
        refused("approve_setup", {"d.host_institutions": 0}, "one_host R0.9"),
        refused("approve_setup", {"d.host_institutions": None}, "?one_host R0.9"),
        refused("approve_setup", {"m1.under_section": False}, "matters_under_host R0.9"),
        refused("approve_setup", {"m1.under_section": None}, "?matters_under_host R0.9"),
        granted("approve_setup", {"m3.under_section": False}),
        granted("submit_setup", then={"m1.progress.state": "in_scope"}),
        granted("approve_setup", then={"m1.progress.state": "transferred"}),
        *(
            granted(step, then={"m8.progress.state": "transferred"}, also={step: (
                act("m8 open matter", "department", "02-25", title="m8", level="district",
                    on_application=True, applicants="both", power_type="reward", internal=False,
                    current_unit="old unit", under_section=True, decision_mode="site_survey",
                    covered_by="approval", handling="window", added_on=day("02-25")),
                act("m8 fire scope_in", "department", "02-25", applicants_decision="within"))})
            for step in ("file_centre", "submit_plan", "station")
        ),
        granted("scope_late", {"m9.under_section": False},
                then={"m9.progress.state": "in_scope"}),
        granted("scope_late", {"m9.under_section": None}, then={"m9.progress.state": "in_scope"}),
        granted("scope_late", then={"m9.progress.state": "transferred"}),
    )  # fmt: skip


class TestThreeModels(Clauses):
    """R3.1.1, R3.1.5, R4.1.3, R4.1.5, R4.1.6: a written plan under one of three models."""

    checks = (
        granted("submit_setup", then={"d.progress.state": "setup_submitted"}),
        refused("submit_setup", {"d.model": None}, "?submit_setup R3.1.5 R4.1.6"),
        refused("submit_setup", {"d.model": None, "d.model_reason": None},
                "?submit_setup R3.1.5 R4.1.6", "?many_matters R3.1.8", "?few_matters R3.1.11"),
        *(
            refused("submit_setup", {f"d.{fact}": None}, f"?submit_setup {clauses}")
            for fact, clauses in (
                ("setup_plan", "R3.1.5 R4.1.6"),
                ("three_determinations", "R3.1.5 R4.1.6 R3.1.1"),
                ("duty_changes", "R3.1.5 R4.1.6 R4.1.3"),
                ("function_changes", "R3.1.5 R4.1.6 R4.1.5"),
            )
        ),
        *(
            refused("approve_setup", {}, CONTENTS, also=meanwhile(**{fact: None}))
            for fact in ("setup_plan", "three_determinations", "duty_changes", "function_changes")
        ),
        refused("approve_setup", {}, CONTENTS, "?few_matters R3.1.11", "?many_matters R3.1.8",
                also=meanwhile(model=None, model_reason=None)),
        granted("approve_setup", also=meanwhile(setup_plan="a better plan")),
    )  # fmt: skip


class TestFirstModel(Clauses):
    """R3.1.6, R3.1.7: one institution closes, the section opens, other functions pass on."""

    checks = (
        *(
            refused("approve_setup", {f"d.{fact}": value}, "one_for_one R3.1.6")
            for fact, value in (
                ("abolished", 0), ("abolished", 2), ("established", 0), ("established", 2),
                ("section_name", "another name"),
            )
        ),
        *(
            refused("approve_setup", {f"d.{fact}": None}, "?one_for_one R3.1.6")
            for fact in ("abolished", "established", "section_name")
        ),
        granted("approve_setup", MERGE | {"d.abolished": 2}),
        refused("approve_setup", {"d.functions_left_over": 1}, "functions_handed_on R3.1.7"),
        refused("approve_setup", {"d.functions_left_over": None}, "?functions_handed_on R3.1.7"),
        granted("approve_setup", MERGE | {"d.functions_left_over": 1}),
    )  # fmt: skip


class TestSecondModel(Clauses):
    """R3.1.8-R3.1.10: with many matters, two or more are merged and take the section's name."""

    checks = (
        granted("submit_setup", MERGE),
        refused("submit_setup", MERGE | {"d.model_reason": None}, "many_matters R3.1.8"),
        granted("submit_setup", {"d.model_reason": None}),
        refused("approve_setup", MERGE, "many_matters R3.1.8", also=meanwhile(model_reason=None)),
        *(
            check
            for option, number in (("split_at_10", 10), ("split_at_20", 20))
            for check in (
                granted("submit_setup", MERGE | {"d.model_reason": None}, also=matters(number),
                        setup_model_thresholds=option),
                refused("submit_setup", MERGE, "many_matters R3.1.8", also=matters(number - 1),
                        setup_model_thresholds=option),
            )
        ),
        granted("approve_setup", MERGE | {"d.source_units": 2}),
        refused("approve_setup", MERGE | {"d.source_units": 1}, "merged_from_two R3.1.9"),
        refused("approve_setup", MERGE | {"d.source_units": None}, "?merged_from_two R3.1.9"),
        granted("approve_setup", {"d.source_units": 1}),
        refused("approve_setup", MERGE | {"d.section_name": "another name"}, "renamed R3.1.10"),
        refused("approve_setup", MERGE | {"d.section_name": None}, "?renamed R3.1.10"),
    )  # fmt: skip


class TestThirdModel(Clauses):
    """R3.1.11-R3.1.14, R4.1.4: with few matters, a named institution adds the section's plate."""

    checks = (
        granted("submit_setup", PLATE),
        refused("submit_setup", PLATE | {"d.model_reason": None}, "few_matters R3.1.11"),
        *(
            check
            for option, number in (("split_at_10", 10), ("split_at_20", 20))
            for check in (
                granted("submit_setup", PLATE | {"d.model_reason": None}, also=matters(number - 1),
                        setup_model_thresholds=option),
                refused("submit_setup", PLATE, "few_matters R3.1.11", also=matters(number),
                        setup_model_thresholds=option),
                granted("submit_setup", setup_model_thresholds=option),
            )
        ),
        granted("approve_setup", PLATE | {"d.section_set_up": False}),
        granted("approve_setup", PLATE | {"d.section_name": "another name"}),
        refused("approve_setup", {"d.section_set_up": False}, "separate_section R3.1.12 R4.1.4"),
        refused("approve_setup", MERGE | {"d.section_set_up": False},
                "separate_section R3.1.12 R4.1.4"),
        refused("approve_setup", {"d.section_set_up": None}, "?separate_section R3.1.12 R4.1.4"),
        refused("approve_setup", PLATE | {"d.designated_institution": None},
                "institution_designated R3.1.13"),
        granted("approve_setup", {"d.designated_institution": None}),
        refused("approve_setup", PLATE | {"d.plate_hung": False}, "plate_added R3.1.14"),
        refused("approve_setup", PLATE | {"d.plate_hung": None}, "?plate_added R3.1.14"),
        granted("approve_setup", {"d.plate_hung": False}),
    )  # fmt: skip


class TestSectionDoesTheSteps(Clauses):
    """R3.2.15: survey, appraisal and deliberation belong to the section."""

    checks = (
        refused("approve_setup", {"d.section_takes_steps": False}, "steps_go_to_section R3.2.15"),
        refused("approve_setup", {"d.section_takes_steps": None}, "?steps_go_to_section R3.2.15"),
    )


class TestStaffingOfficeDecides(Clauses):
    """R4.1.7: the set-up plan goes to the staffing office, which reviews it and decides."""

    checks = (
        refused("approve_setup", {"submit_setup@by": "department:ann",
                                  "approve_setup@by": "staffing_office:ann"},
                "same_person:submit_setup R4.1.7"),
        granted("return_setup", then={"d.progress.state": "drafting_setup", "d.setup_round": 2}),
        refused("return_setup", {"return_setup@reason": None},
                "reason_missing:return_setup R4.1.7"),
        refused("return_setup", {}, *IMPOSSIBLE, approval="approve_only"),
    )  # fmt: skip


class TestSectionThatExisted(Clauses):
    """R4.1.4: a department that has its section already needs the staffing office's word only."""

    checks = (
        granted("confirm_section", then={"d.progress.state": "staffing"}),
        refused("confirm_section", {}, *IMPOSSIBLE, setup_preexisting="not_allowed"),
        refused("confirm_section", {"d.section_exists": False}, "section_was_there R4.1.4"),
        refused("confirm_section", {"d.section_exists": None}, "?section_was_there R4.1.4"),
        refused("confirm_section", {"d.host_institutions": 2}, "one_host R0.9"),
        refused("confirm_section", {"m2.under_section": False}, "matters_under_host R0.9"),
        refused("confirm_section", {"d.section_takes_steps": False},
                "steps_go_to_section R3.2.15"),
        granted("confirm_section", {"confirm_section@on": "02-10"}),
        granted("confirm_section", {"confirm_section@on": "02-11"},
                late=("confirm_section +1 staffing_office",)),
        refused("confirm_section", {"confirm_section@on": "02-11"},
                "reason_missing:confirm_section R4.1.1", deadlines_before_issue="enforce"),
        refused("confirm_section", {"confirm_section@on": "02-11"}, "late:confirm_section R4.1.1",
                deadlines_before_issue="enforce", deadlines_late="block"),
        granted("confirm_section", {"confirm_section@on": "02-11"},
                deadlines_before_issue="waive"),
        granted("confirm_section", {"confirm_section@on": "02-10"},
                late=("confirm_section +1 staffing_office",), deadlines_boundary="exclusive"),
        granted("confirm_section", {"confirm_section@on": "02-10"}, **{DAY_OFF: "02-10"}),
        granted("confirm_section", {"confirm_section@on": "02-11", "confirm_section@reason": "ill"},
                late=("confirm_section +1 staffing_office",), **{DAY_OFF: "02-10"}),
        granted("confirm_section", {"confirm_section@on": "02-18"},
                deadlines_roll="next_working_day", **{DAY_OFF: "02-10"}),
    )  # fmt: skip


class TestTenthOfFebruary(Clauses):
    """R4.1.1: consolidation ends by 10 February 2021, before the notice was issued: advisory."""

    checks = (
        granted("approve_setup", {"approve_setup@on": "02-10"}),
        granted("approve_setup", {"approve_setup@on": "02-11"},
                late=("approve_setup +1 staffing_office",)),
        granted("approve_setup", {"submit_setup@on": "02-10", "approve_setup@on": "02-11"},
                late=("approve_setup +1 staffing_office",)),
        granted("approve_setup", {"submit_setup@on": "02-11", "approve_setup@on": "02-12"},
                late=("approve_setup +2 department",)),
        refused("approve_setup", {"approve_setup@on": "02-11"}, LATE_REVIEW,
                deadlines_before_issue="enforce"),
        granted("approve_setup", {"approve_setup@on": "02-11", "approve_setup@reason": "ill"},
                late=("approve_setup +1 staffing_office",), deadlines_before_issue="enforce"),
        granted("approve_setup", {"approve_setup@on": "02-11"}, deadlines_before_issue="waive"),
        refused("approve_setup", {"approve_setup@on": "02-11", "approve_setup@reason": "ill"},
                "late:approve_setup R4.1.1", deadlines_before_issue="enforce",
                deadlines_late="block"),
        granted("approve_setup", {"approve_setup@on": "02-11"},
                late=("approve_setup +1 staffing_office",), deadlines_before_issue="enforce",
                deadlines_late="allow_flag"),
        refused("approve_setup", {"approve_setup@on": "02-11"}, LATE_REVIEW,
                document_effective_from="adopted_on"),
        granted("approve_setup", {"approve_setup@on": "02-10"},
                late=("approve_setup +1 staffing_office",), deadlines_boundary="exclusive"),
        granted("approve_setup", {"approve_setup@on": "02-09"}, deadlines_boundary="exclusive"),
        granted("approve_setup", {"approve_setup@on": "02-18"}, deadlines_roll="next_working_day",
                **{DAY_OFF: "02-10"}),
        granted("approve_setup", {"approve_setup@on": "02-10"},
                late=("approve_setup +1 staffing_office",), deadlines_roll="previous_working_day",
                **{DAY_OFF: "02-10"}),
        granted("approve_setup", {"approve_setup@on": "02-10"}, **{DAY_OFF: "02-10"}),
        granted("approve_setup", {"approve_setup@on": "02-11", "approve_setup@reason": "ill"},
                late=("approve_setup +1 staffing_office",), **{DAY_OFF: "02-10"}),
        granted("submit_setup", {"submit_setup@on": "02-10"}, deadlines_applies_to="submission",
                **{DAY_OFF: "02-10"}),
        granted("submit_setup", {"submit_setup@on": "02-11", "submit_setup@reason": "ill"},
                late=("submit_setup +1 department",), deadlines_applies_to="submission",
                **{DAY_OFF: "02-10"}),
        granted("submit_setup", {"submit_setup@on": "02-11"}),
        granted("approve_setup", {"submit_setup@on": "02-10", "approve_setup@on": "02-16"},
                deadlines_applies_to="submission"),
        granted("submit_setup", {"submit_setup@on": "02-11"},
                late=("submit_setup +1 department",), deadlines_applies_to="submission"),
        granted("submit_setup", {"submit_setup@on": "02-10"}, deadlines_applies_to="submission"),
        refused("submit_setup", {"submit_setup@on": "02-11"}, LATE_HANDING_IN,
                deadlines_applies_to="submission", deadlines_before_issue="enforce"),
        refused("submit_setup", {"submit_setup@on": "02-11"}, "late:submit_setup R4.1.1",
                deadlines_applies_to="submission", deadlines_before_issue="enforce",
                deadlines_late="block"),
        granted("submit_setup", {"submit_setup@on": "02-11"}, deadlines_applies_to="submission",
                deadlines_before_issue="waive"),
        granted("submit_setup", {"submit_setup@on": "02-10"},
                late=("submit_setup +1 department",), deadlines_applies_to="submission",
                deadlines_boundary="exclusive"),
        granted("submit_setup", {"submit_setup@on": "02-18"}, deadlines_applies_to="submission",
                deadlines_roll="next_working_day", **{DAY_OFF: "02-10"}),
    )  # fmt: skip
