# ruff: noqa: INP001 - scripts, not a package
"""The lines of the example ledger, and those that stories and ordinary departments share."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import make_roster as roster
from make_roster import person, unit

COLUMNS = ("key", "on", "case", "action", "name", "actor", "facts", "reason", "note")
SECTION = "行政审批服务科"
CENTRE = "administrative_service_centre"
Value = str | int | bool


class Ledger:
    """Collects lines, then puts them in order of their days."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: list[dict[str, str]] = []

    def add(  # noqa: PLR0913, PLR0917 - one argument for each column
        self, on: str, case: str, action: str, name: str, actor: str,
        facts: Mapping[str, Value] | None = None, reason: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Add a line; `on` is a month and a day of 2021."""
        texts = {key: _text(value) for key, value in (facts or {}).items()}
        line = (
            "", f"2021-{on}", case, action, name, actor,
            "; ".join(f"{key}={text}" for key, text in texts.items()), reason, note,
        )  # fmt: skip
        self.lines.append(dict(zip(COLUMNS, line, strict=True)))

    def fire(
        self, on: str, case: str, name: str, actor: str, *,
        reason: str = "", note: str = "", **facts: Value,
    ) -> None:  # fmt: skip
        """Add the firing of a transition."""
        self.add(on, case, "fire", name, actor, facts, reason, note)

    def record(self, on: str, case: str, actor: str, *, note: str = "", **facts: Value) -> None:
        """Add the recording of facts."""
        self.add(on, case, "record", "", actor, facts, "", note)

    def has(self, case: str, action: str) -> bool:
        """Say whether a case has a line of this kind already."""
        return any((line["case"], line["action"]) == (case, action) for line in self.lines)

    def sign(self, on: str, case: str, name: str, actor: str) -> None:
        """Add a signature."""
        self.add(on, case, "sign", name, actor)

    def write(self) -> None:
        """Number the lines in order and write them; a line marked twice is written twice."""
        rows: list[dict[str, str]] = []
        for number, line in enumerate(sorted(self.lines, key=lambda line: line["on"]), 1):
            row = {**line, "key": f"e{number:04}"}
            rows.append(row)
            if line["note"].startswith("twice"):
                rows.append({**row, "note": "the same line again; expect: repeated"})
        with (roster.HERE / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def plan(number: int) -> dict[str, Value]:
    """Return the facts of a department's reform plan."""
    return {
        "reform_plan": f"改革方案{number:02}", "plan_status": "事项现状已列表",
        "plan_institution": SECTION, "plan_coordination": "科室之间每周会商",
        "plan_mode": roster.mode(number), "plan_staff": roster.STAFF[number - 1],
    }  # fmt: skip


def go_live(number: int, place: int) -> dict[str, Value]:
    """Return where a matter is taken in, processed and concluded."""
    survey = roster.matter_facts(number, place)["decision_mode"] == "site_survey"
    named = CENTRE if number % 2 else "government_service_centre"
    return {
        "acceptance_points": 1, "accept_at": named, "conclude_at": named,
        "process_at": "department_office" if survey else named,
        "offsite_step": "site_survey" if survey else "none",
    }  # fmt: skip


def seat(book: Ledger, number: int, place: int, train: str, on: str) -> None:
    """Write the training and the assignment of one person."""
    who, rotating = person(number, place), place in roster.ROTATING.get(number, ())
    facts: dict[str, Value] = {
        "seated_on": f"2021-{on}", "trained_by_department_on": f"2021-{train}",
    }  # fmt: skip
    if rotating:
        facts["rotation_months"] = 3
    name = "assign_rotating" if rotating else "assign_fixed"
    book.record(train, who, "centre-1", trained_by_centre_on=f"2021-{train}")
    if not book.has(who, "sign"):
        book.sign(on, who, name, "centre-1")
    book.fire(on, who, name, f"{unit(number)}-desk", **facts)


def ready(book: Ledger, case: str, section: str, on: str, *, legal: bool) -> None:
    """Write the preparation of one matter."""
    book.fire(
        on, case, "make_ready", section, guide_online_version=2, guide_offline_version=2,
        steps_owner="section", seal="department" if legal else "special",
        legal_seal_exception=legal, guidance_given=True,
    )  # fmt: skip
