"""How matters are handled at the centre in the Putuo reform (R1.5, R3.2.2-R3.2.7, R3.3.7, R3.5)."""

from __future__ import annotations

from support.putuo import Clauses, granted, refused
from support.putuo_path import STEPS, act

READY = "?make_ready R3.5.6 R3.2.15 R3.3.8"
LIVE = "?go_live R1.5 R3.2.2 R3.2.5"
EQUAL = "seal_of_equal_effect R3.3.8"
AT_THE_CENTRE = {
    "accept_at": "taken_in_at_centre R1.5 R3.2.5",
    "process_at": "processed_at_centre R1.5 R3.2.5 R3.2.7",
    "conclude_at": "concluded_at_centre R1.5 R3.2.5",
}
MENDED = "finding_mended R3.2.6 R3.2.7"
AWAY = {"m1.process_at": "department_office"}
STEPS_OUTSIDE = ("site_survey", "expert_argument", "collective_study", "superior_decision")


class TestSameGuides(Clauses):
    """R3.5.6: the online guide says the same as the standard at the counter."""

    checks = (
        granted("ready_m1", then={"m1.progress.state": "ready"}),
        refused("ready_m1", {"m1.guide_online_version": 3}, "same_guides R3.5.6"),
        refused("ready_m1", {"m1.guide_online_version": 1}, "same_guides R3.5.6"),
        refused("ready_m1", {"m1.guide_online_version": None}, READY, "?same_guides R3.5.6"),
        refused("ready_m1", {"m1.guide_offline_version": None}, READY, "?same_guides R3.5.6"),
    )


class TestSectionCarriesTheSteps(Clauses):
    """R3.2.15: the section also does the survey, appraisal and deliberation of a matter."""

    checks = (
        refused("ready_m1", {"m1.steps_owner": "other"}, "section_does_the_steps R3.2.15"),
        refused("ready_m1", {"m1.steps_owner": None}, READY, "?section_does_the_steps R3.2.15"),
    )


class TestSeal(Clauses):
    """R3.3.7, R3.3.8: the special seal or an electronic one counts, unless a law says otherwise."""

    checks = (
        *(
            granted("ready_m1", {"m1.seal": seal})
            for seal in ("special", "electronic", "department", "administrative_special")
        ),
        *(
            granted("ready_m1", {"m1.seal": seal}, seal="two_seals")
            for seal in ("special", "electronic", "department")
        ),
        refused("ready_m1", {"m1.seal": "administrative_special"}, EQUAL, seal="two_seals"),
        refused("ready_m1", {"m1.seal": "none"}, EQUAL),
        refused("ready_m1", {"m1.seal": None}, READY, f"?{EQUAL}"),
        refused("ready_m1", {"m1.seal": "none", "m1.legal_seal_exception": True},
                EQUAL, "seal_the_law_allows R3.3.7"),
        refused("ready_m1", {"m1.legal_seal_exception": True}, "seal_the_law_allows R3.3.7"),
        granted("ready_m1", {"m1.legal_seal_exception": True, "m1.seal": "department"}),
        refused("ready_m1", {"m1.legal_seal_exception": None}, f"{READY} R3.3.7",
                "?seal_the_law_allows R3.3.7"),
    )  # fmt: skip


class TestAllAtTheCentre(Clauses):
    """R1.5, R3.2.5, R3.2.7: a matter is taken in, worked on and finished inside the centre."""

    checks = (
        granted("live_m1", then={"m1.progress.state": "live"}),
        *(
            check
            for fact, rule in AT_THE_CENTRE.items()
            for name in (f"m1.{fact}",)
            for check in (
                granted("live_m1", {name: "government_service_centre"}),
                refused("live_m1", {name: "government_service_centre"}, rule,
                        roles_aliases="distinct"),
                granted("live_m1", {}, roles_aliases="distinct"),
                refused("live_m1", {name: "department_office"}, rule),
            )
        ),
        refused("live_m1", {"m1.accept_at": None}, LIVE, "?taken_in_at_centre R1.5 R3.2.5"),
        refused("live_m1", {"m1.conclude_at": None}, LIVE, "?concluded_at_centre R1.5 R3.2.5"),
        refused("live_m1", {"m1.process_at": None}, f"{LIVE} R3.2.7",
                "?processed_at_centre R1.5 R3.2.5 R3.2.7"),
        refused("live_m1", {"m1.offsite_step": None}, f"{LIVE} R3.2.7"),
        *(
            check
            for step in STEPS_OUTSIDE
            for check in (
                granted("live_m1", AWAY | {"m1.offsite_step": step}),
                refused("live_m1", AWAY | {"m1.offsite_step": step}, AT_THE_CENTRE["process_at"],
                        matter_offsite_steps="none_outside"),
            )
        ),
        granted("live_m1", matter_offsite_steps="none_outside"),
    )  # fmt: skip


class TestOneAcceptancePoint(Clauses):
    """R3.2.2, R3.2.6: the section alone takes applications in, never at two places."""

    checks = (
        refused("live_m1", {"m1.acceptance_points": 2}, "one_acceptance_point R3.2.2 R3.2.6"),
        refused("live_m1", {"m1.acceptance_points": 0}, "one_acceptance_point R3.2.2 R3.2.6"),
        refused("live_m1", {"m1.acceptance_points": None}, f"{LIVE} R3.2.6",
                "?one_acceptance_point R3.2.2 R3.2.6"),
    )  # fmt: skip


class TestFindings(Clauses):
    """R3.2.6, R3.2.7: no two ends, no taking in without processing; what is found is mended."""

    checks = (
        granted("find", then={"m1.finding_open": True, "m1.progress.state": "live"}),
        refused("find", {}, "no_finding_open R3.2.6 R3.2.7", also={"find": (STEPS["find"],)}),
        refused("find", {"m1.finding": None}, "?find R3.2.6 R3.2.7"),
        granted("close", then={"m1.finding_open": False}),
        granted("find", also={"find": (
            act("m1 fire find", "gov_office", "03-11", finding="two_ends"),
            act("m1 fire close_finding", "gov_office", "03-11"))}),
        refused("close", {}, MENDED, skip=("find", "mend")),
        refused("close", {}, MENDED, skip=("mend",)),
        refused("close", {"find:acceptance_points": 2}, MENDED),
        refused("close", {"find:acceptance_points": 0}, MENDED),
        granted("close", {"find:offsite_step": "site_survey"}, skip=("mend",)),
    )  # fmt: skip
