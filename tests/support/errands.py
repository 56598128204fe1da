"""The people and days of the small reform of errands that store tests tell stories with."""

from __future__ import annotations

from datetime import date
from typing import Any

from reformflow.casework.acts import Acts
from reformflow.model import Actor, Decision

CHIEF = Actor.holding("主管", "chief")
CLERK = Actor.holding("经办", "clerk")
MONDAY = date(2021, 3, 1)


def day(of_march: int) -> date:
    """Return a day of March 2021."""
    return date(2021, 3, of_march)


def errand(acts: Acts, case: str = "e1", **more: Any) -> Decision:
    """Open an errand on Monday; it may be sent by the clerk of its unit until Saturday."""
    facts = more.pop("facts", {"posts": 3})
    options = {"actor": CHIEF, "on": MONDAY, "unit": "东", "subject": "买纸", **more}
    return granted(acts.open(case, "errand", facts=facts, **options))


def sent(acts: Acts, case: str = "e1", **more: Any) -> Decision:
    """Send an errand on Tuesday."""
    return granted(acts.fire(case, "send", **{"actor": CLERK, "on": day(2), **more}))


def granted(decision: Decision) -> Decision:
    """Demand that a request was granted."""
    assert decision.granted, decision.refusals
    return decision
