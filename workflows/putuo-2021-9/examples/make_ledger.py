# ruff: noqa: INP001 - scripts, not a package
"""Write the synthetic ledger: what happened to the cases of the roster, January to June 2021.

Run it without arguments; it rewrites `ledger.csv` beside itself, always with the same content.
`ordinary` writes the lines that most departments share; `STORIES` adds what is special, just
before the ordinary line that it names (make_stories.py). Everything is invented.
"""

from __future__ import annotations

from collections.abc import Mapping

import make_roster as roster
from example_lines import CENTRE, SECTION, Ledger, Value, go_live, plan, ready, seat
from make_roster import matter, unit
from make_stories import STORIES, programme

DAYS = {
    "enrol": "02-01", "mobilise": "02-01", "scope": "02-02", "finish_mapping": "02-03",
    "submit_setup": "02-04", "approve_setup": "02-09", "finish_staffing": "02-22",
    "issue_letter": "02-23", "gov_receipt": "02-24", "centre_receipt": "02-25",
    "submit_plan": "02-26", "approve_plan": "03-03", "submit_stationing_plan": "03-04",
    "train": "03-05", "seat": "03-08", "ready": "03-08", "premises_centre": "03-08",
    "premises_admin": "03-08", "station": "03-09", "go_live": "03-10",
    "inspect": "03-24", "accept": "03-29",
}  # fmt: skip
"""The day on which each ordinary line happens, unless a department has its own."""

LATER: dict[int, dict[str, str]] = {
    2: {"submit_plan": "03-04", "approve_plan": "03-08", "submit_stationing_plan": "03-09",
        "train": "03-10", "seat": "03-11", "ready": "03-11", "station": "03-12",
        "go_live": "03-15"},
    3: {"premises_admin": "03-12", "station": "03-15", "go_live": "03-16"},
    7: {"centre_receipt": "03-02", "submit_plan": "03-03", "approve_plan": "03-04"},
    8: {"submit_stationing_plan": "03-05", "train": "03-06"},
    11: {"accept": "04-08"},
    12: {"ready": "04-12", "station": "04-15", "go_live": "04-16", "accept": "04-20"},
    20: {"approve_setup": "02-18"},
    21: {"issue_letter": "03-02", "gov_receipt": "03-03", "centre_receipt": "03-04",
         "submit_plan": "03-08", "approve_plan": "03-10", "submit_stationing_plan": "03-16",
         "inspect": "03-26"},
    22: {"submit_plan": "03-12", "inspect": "03-30"},
}  # fmt: skip
"""The days of departments that differ."""

REASONS = {
    (2, "approve_plan"): "审定会议改期",
    (2, "station"): "方案审定较晚，搬迁顺延",
    (3, "station"): "场地设备三月十二日才交付",
    (12, "station"): "事项准备未完成，搬迁推迟",
    (21, "issue_letter"): "负责人调整，授权书重拟",
    (21, "approve_plan"): "部门报送较晚",
}
"""Why an act was late."""

ENDS = {6: "enrol", 21: "train", 22: "approve_plan"}
"""Departments whose own way stops before the line named; the inspection still reaches them."""


# ------------------------------------------------------------------ what most departments do


def setup(number: int) -> dict[str, Value]:
    """Return the facts of a department's set-up plan."""
    model = roster.model(number)
    size = roster.STAFF[number - 1]
    facts: dict[str, Value] = {
        "model": model, "model_reason": f"纳入事项{roster.MATTERS[number - 1]}项",
        "setup_plan": f"设置方案{number:02}", "three_determinations": f"示例三定{number:02}",
        "duty_changes": "审批职责移交审批服务科", "function_changes": "相关科室保留监管职能",
        "posts_before": 40 + size, "posts_after": 40 + size,
        "institutions_before": 8, "institutions_after": 8,
        "leader_posts_before": 12, "leader_posts_after": 12 - number % 2,
        "host_institutions": 1, "section_takes_steps": True,
    }  # fmt: skip
    own: dict[str, dict[str, Value]] = {
        "abolish_establish": {
            "section_name": SECTION, "section_set_up": True,
            "abolished": 1, "established": 1, "functions_left_over": 0,
        },
        "merge_rename": {"section_name": SECTION, "section_set_up": True, "source_units": 3},
        "plate": {"designated_institution": "示例科1", "plate_hung": True},
    }  # fmt: skip
    return facts | own[model]


def consolidate(book: Ledger, number: int, day: Mapping[str, str]) -> None:
    """Write a department's first stage."""
    me, desk = unit(number), f"{unit(number)}-desk"
    told(book, number, "enrol", day)
    if number == roster.VERTICAL:
        return
    book.fire(day["enrol"], me, "enrol", desk, first_responsible="principal_leader")
    book.record(day["mobilise"], me, f"{me}-head", mobilised=True)
    for place in roster.matters(number):
        name = "scope_out" if roster.outside_scope(place) else "scope_in"
        book.fire(
            day["scope"], matter(number, place), name, desk, applicants_decision="within"
        )  # fmt: skip
    book.fire(day["finish_mapping"], me, "finish_mapping", desk)
    told(book, number, "submit_setup", day)
    if number == roster.EXISTING:
        book.record(
            day["submit_setup"], me, desk,
            section_exists=True, host_institutions=1, section_takes_steps=True,
            model="merge_rename",
        )  # fmt: skip
        book.fire(day["approve_setup"], me, "confirm_section", "staffing-1")
        return
    book.fire(
        day["submit_setup"], me, "submit_setup", desk, **(setup(number) | SETUPS.get(number, {}))
    )
    told(book, number, "approve_setup", day)
    book.fire(day["approve_setup"], me, "approve_setup", "staffing-1")


def authorise(book: Ledger, number: int, day: Mapping[str, str]) -> None:
    """Write a department's second stage."""
    me, desk, size = unit(number), f"{unit(number)}-desk", roster.STAFF[number - 1]
    post = {roster.DUAL: "other_post"}.get(number, "section_chief" if number % 2 else "key_officer")
    facts: dict[str, Value] = {
        "window_head": f"示例负责人{number:02}", "window_head_post": post,
        "window_head_duties": "负责窗口受理、办理和用印", "approval_staff": size,
        "host_staff": size + 4 if roster.model(number) == "plate" else size,
    }  # fmt: skip
    if number == roster.DUAL:
        facts["window_head_reason"] = "科长空缺，暂由副职负责"
    book.fire(day["finish_staffing"], me, "finish_staffing", desk, **facts)
    book.fire(
        day["issue_letter"], me, "issue_letter", f"{me}-head",
        reason=REASONS.get((number, "issue_letter"), ""), letter=f"授权书{number:02}",
        letter_kind="delegation", power_of_approval=True, power_of_prereview=True,
        power_of_seal=True,
    )  # fmt: skip
    twice = "twice: the same line is sent twice" if number == TWICE else ""
    book.record(
        day["gov_receipt"], me, "gov-1", note=twice, gov_received_on=f"2021-{day['gov_receipt']}"
    )
    told(book, number, "centre_receipt", day)
    book.record(
        day["centre_receipt"], me, "centre-1", centre_received_on=f"2021-{day['centre_receipt']}"
    )


def approve(book: Ledger, number: int, day: Mapping[str, str]) -> None:
    """Write a department's third stage."""
    me = unit(number)
    told(book, number, "submit_plan", day)
    drafter = "gov-2" if number == SAME_PERSON else f"{me}-desk"
    book.fire(day["submit_plan"], me, "submit_plan", drafter, **plan(number))
    told(book, number, "approve_plan", day)
    if ENDS.get(number) == "approve_plan":
        return
    book.fire(
        day["approve_plan"], me, "approve_plan", "gov-1",
        reason=REASONS.get((number, "approve_plan"), ""),
        plan_changes_letter=number == CHANGED, plan_changes_institution=False,
    )  # fmt: skip


def move_in(book: Ledger, number: int, day: Mapping[str, str]) -> None:
    """Write a department's fourth stage."""
    me, desk, section = unit(number), f"{unit(number)}-desk", f"{unit(number)}-section"
    mode = roster.mode(number)
    workload: dict[str, Value] = {
        "appointment": {"workload": "very_small"},
        "representative": {"business_complex": True, "workload": "small"},
    }.get(mode, {})  # type: ignore[assignment]
    told(book, number, "submit_stationing_plan", day)
    book.fire(
        day["submit_stationing_plan"], me, "submit_stationing_plan", desk,
        stationing_plan=f"入驻方案{number:02}", stationing_mode=mode, **workload,
    )  # fmt: skip
    if ENDS.get(number) == "train":
        return
    told(book, number, "seat", day)
    for place in roster.people(number):
        seat(book, number, place, day["train"], day["seat"])
    for office in ("centre", "admin"):
        on = day[f"premises_{office}"]
        facts: dict[str, Value] = {f"premises_{office}_on": f"2021-{on}"}
        book.record(on, me, f"{office}-1", **facts)
    told(book, number, "ready", day)
    for place in roster.matters(number):
        if not roster.outside_scope(place):
            ready(book, matter(number, place), section, day["ready"], legal=place == LEGAL)
    told(book, number, "station", day)
    book.fire(
        day["station"], me, "station", desk, reason=REASONS.get((number, "station"), ""),
        location=CENTRE,
    )  # fmt: skip
    for place in roster.matters(number):
        if not roster.outside_scope(place):
            facts = go_live(number, place)
            book.fire(day["go_live"], matter(number, place), "go_live", section, **facts)


def inspect(book: Ledger, number: int, day: Mapping[str, str]) -> None:
    """Write the inspection of a department, and its acceptance if nothing else is told."""
    me = unit(number)
    book.sign(day["inspect"], me, "inspect", "staffing-1")
    told(book, number, "inspect", day)
    book.sign(day["inspect"], me, "inspect", "centre-1")
    book.fire(day["inspect"], me, "inspect", "gov-1", inspection_line=f"检查情况{number:02}")
    told(book, number, "accept", day)
    if number not in ENDS:
        book.fire(day["accept"], me, "accept", "gov-1")


def ordinary(book: Ledger, number: int) -> None:
    """Write the way of one department."""
    day = DAYS | LATER.get(number, {})
    consolidate(book, number, day)
    if number == roster.VERTICAL:
        return
    authorise(book, number, day)
    approve(book, number, day)
    if ENDS.get(number) != "approve_plan":
        move_in(book, number, day)
    inspect(book, number, day)
    told(book, number, "afterwards", day)


def told(book: Ledger, number: int, step: str, day: Mapping[str, str]) -> None:
    """Write the story that comes before a department's step, if there is one."""
    story = STORIES.get((number, step))
    if story:
        story(book, day)


CHANGED, TWICE, SAME_PERSON = 8, 17, 20
"""Departments whose plan changes the letter, whose line comes twice, whose drafter reviews."""

LEGAL = 13
"""The place of the matters for which a law prescribes the department's seal."""

SETUPS: dict[int, dict[str, Value]] = {5: {"posts_after": 57}, 16: {"other_duties": "事中事后监管"}}
"""What the set-up plans of some departments have that others have not."""


def main() -> None:
    """Write the ledger."""
    book = Ledger()
    programme(book)
    for number in range(1, len(roster.MATTERS) + 1):
        ordinary(book, number)
    book.add("06-30", "", "tick", "", "")
    book.write()


if __name__ == "__main__":
    main()
