# ruff: noqa: INP001 - scripts, not a package
"""Write the synthetic roster: the programme, 22 departments, 279 matters, 207 people, actors.

Run it without arguments; it rewrites `roster/*.csv` beside itself, always with the same content.
Every name, number and event is invented. Dates are ISO days. `make_ledger.py` writes the events.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMME = "putuo"

MATTERS = (16, 14, 12, 18, 15, 0, 13, 17, 6, 5, 14, 12, 20, 15, 13, 11, 16, 7, 14, 13, 15, 13)
STAFF = (12, 10, 9, 13, 11, 0, 10, 12, 2, 2, 11, 9, 14, 11, 10, 9, 12, 5, 11, 12, 12, 10)
VERTICAL, APPOINTMENT, REPRESENTATIVE, DUAL, EXISTING = 6, 9, 10, 18, 19
ROTATING = {15: (1, 2), 13: (3,)}
MODELS = ("abolish_establish", "merge_rename", "plate")
POWERS = ("licensing", "licensing", "confirmation", "payment", "licensing", "reward")
DECISIONS = (
    ("paper_review", "approval"),
    ("paper_review", "approval"),
    ("site_survey", "approval"),
    ("joint", "prereview"),
    ("forwarded", "prereview"),
    ("expert_argument", "approval"),
    ("collective_study", "approval"),
)
FEW = 7
OUTSIDE = 9
"""Every so many matters one falls outside the scope."""

Row = dict[str, str]


def unit(number: int) -> str:
    """Return the id of a department, from 1."""
    return f"d{number:02}"


def matter(number: int, place: int) -> str:
    """Return the id of a matter of a department."""
    return f"{unit(number)}-m{place:02}"


def person(number: int, place: int) -> str:
    """Return the id of a secondment of a department."""
    return f"{unit(number)}-s{place:02}"


def matters(number: int) -> range:
    """Return the places of a department's matters in the roster."""
    return range(1, MATTERS[number - 1] + 1)


def people(number: int) -> range:
    """Return the places of a department's people in the roster."""
    return range(1, STAFF[number - 1] + 1)


def outside_scope(place: int) -> bool:
    """Say whether the matter at this place is one of those that stay outside."""
    return place % OUTSIDE == 0


def model(number: int) -> str:
    """Return a department's model of consolidation."""
    return MODELS[2] if MATTERS[number - 1] <= FEW else MODELS[number % 2]


def mode(number: int) -> str:
    """Return a department's mode of moving in."""
    return {APPOINTMENT: "appointment", REPRESENTATIVE: "representative"}.get(number, "whole_unit")


def case(key: str, parent: str, subject: str, on: str, actor: str, **facts: str) -> Row:
    """Return one row of a roster."""
    fixed = {"id": key, "unit": key.split("-", maxsplit=1)[0] if parent else "", "parent": parent}
    return {**fixed, "subject": subject, "on": on, "actor": actor, **facts}


def departments() -> Iterable[Row]:
    """Yield the departments."""
    special = {VERTICAL: "municipal_vertical", DUAL: "dual"}
    for number in range(1, len(MATTERS) + 1):
        dual = number == DUAL
        yield case(
            unit(number),
            PROGRAMME,
            f"示例部门{number:02}",
            "2021-01-29",
            "gov-1",
            kind="department",
            management=special.get(number, "district"),
            on_enrolment_list="true",
            internal_approvals="false",
            dual_decision="within" if dual else "",
            dual_decision_reason="人员和经费由区管理，区政府办决定纳入" if dual else "",
        )


def matter_facts(number: int, place: int) -> Row:
    """Return what a department records when it lists a matter."""
    decision, power = DECISIONS[(number + place) % len(DECISIONS)]
    out = outside_scope(place)
    handling = mode(number)
    return {
        "title": f"示例事项{number:02}-{place:02}",
        "level": "district",
        "on_application": "false" if out and number % 2 else "true",
        "applicants": ("enterprises", "citizens", "both")[place % 3],
        "power_type": POWERS[(number + place) % len(POWERS)],
        "internal": "true" if out and not number % 2 else "false",
        "current_unit": f"示例科{1 + place % 3}",
        "under_section": "false" if out else "true",
        "decision_mode": "" if out else decision,
        "covered_by": "" if out else power,
        "handling": "" if out else ("window" if handling == "whole_unit" else handling),
    }


def matter_cases() -> Iterable[Row]:
    """Yield the matters of all departments."""
    for number in range(1, len(MATTERS) + 1):
        for place in matters(number):
            facts = matter_facts(number, place)
            desk = f"{unit(number)}-desk"
            key = matter(number, place)
            yield case(key, unit(number), facts["title"], "2021-01-30", desk, **facts)


def person_cases() -> Iterable[Row]:
    """Yield the people of all departments."""
    for number in range(1, len(STAFF) + 1):
        for place in people(number):
            yield case(
                person(number, place),
                unit(number),
                f"示例人员{number:02}-{place:02}",
                "2021-02-08",
                f"{unit(number)}-desk",
                duties=f"窗口{place}受理和办理",
                establishment="public_institution" if place % 4 == 0 else "administrative",
                all_post_competent="false" if place in ROTATING.get(number, ()) else "true",
            )


def actors() -> Iterable[Row]:
    """Yield who holds which role, for which unit; without a unit it is held for all."""
    offices = (
        ("district-1", "district_government"),
        ("gov-1", "gov_office"),
        ("gov-2", "gov_office"),
        ("staffing-1", "staffing_office"),
        ("centre-1", "service_centre"),
        ("admin-1", "offices_admin"),
        ("leader-1", "deputy_head_in_charge"),
    )
    yield from ({"actor": actor, "role": role, "unit": ""} for actor, role in offices)
    yield {"actor": "gov-2", "role": "department", "unit": unit(20)}
    posts = ("desk", "department"), ("head", "dept_head"), ("deputy", "dept_deputy")
    for number in range(1, len(MATTERS) + 1):
        for post, role in (*posts, ("section", "approval_section")):
            yield {"actor": f"{unit(number)}-{post}", "role": role, "unit": unit(number)}


def write(name: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows, all with the columns of the first, as CSV."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write every roster."""
    (HERE / "roster").mkdir(exist_ok=True)
    start = case(PROGRAMME, "", "两集中两到位", "2021-01-28", "district-1", adopted_on="2021-01-28")
    write("roster/programme.csv", [start])
    write("roster/department.csv", list(departments()))
    write("roster/matter.csv", list(matter_cases()))
    write("roster/secondment.csv", list(person_cases()))
    write("roster/actors.csv", list(actors()))


if __name__ == "__main__":
    main()
