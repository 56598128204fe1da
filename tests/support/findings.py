"""What checks find in small definitions written as YAML."""

from __future__ import annotations

from collections.abc import Iterable

from reformflow.checks import Check, check
from reformflow.model import Actor, Finding
from support.building import actor, reform_of


def findings(
    one: Check | Iterable[Check],
    head: str = "",
    *,
    staff: Iterable[str | Actor] = (),
    **workflows: str,
) -> list[Finding]:
    """Return what one or several checks find in a reform of some workflows.

    `staff` may be written as `actor` reads them.
    """
    checks = [one] if callable(one) else list(one)
    people = [actor(one) if isinstance(one, str) else one for one in staff]
    return list(check(reform_of(head, **workflows), checks=checks, staff=people))


def told(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return code and path of each finding; each says something in both languages."""
    listed = list(found)
    assert all(finding.says.en and finding.says.zh for finding in listed)
    return [(finding.code, finding.path) for finding in listed]
