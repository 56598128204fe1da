"""What checks find in small definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import dedent, indent

import attrs

from reformflow.binding import bind
from reformflow.checks import Subject
from reformflow.model import Actor, Finding, Reform
from support.building import actor, reform_of

THREE_STEPS = """
opening: {by: office, records: [told_on]}
facts:
  told_on: {type: date, by: office}
  kind: {type: choice, choices: [large, small], by: office}
  urgent: {type: bool, by: office}
tracks: {progress: {initial: a, states: {a: , b: , c: , d: , gone: {final: true}}}}
"""


def subject_of(head: str = "", **workflows: str) -> Subject:
    """Return what checks look at: the reform of some workflows, given as in `reform_of`."""
    return Subject.of(bind(reform_of(head, **workflows)))


def three_steps(transitions: str, *, rules: str = "") -> str:
    """Return a workflow from a to b, c and d with the given transitions and rules."""
    text = THREE_STEPS + "transitions:\n" + indent(dedent(transitions).strip("\n"), "  ")
    return text + ("\nrules:\n" + indent(dedent(rules).strip("\n"), "  ") if rules else "")


def found(
    check: Callable[[Subject], Iterable[Finding]],
    head: str = "",
    *,
    staff: Iterable[str | Actor] = (),
    **workflows: str,
) -> list[Finding]:
    """Return what one check finds in a small definition; staff may be written as for `actor`."""
    people = (actor(one) if isinstance(one, str) else one for one in staff)
    findings = list(check(attrs.evolve(subject_of(head, **workflows), staff=tuple(people))))
    assert all(finding.says.en and finding.says.zh for finding in findings)
    return findings


def found_in(check: Callable[[Subject], Iterable[Finding]], reform: Reform) -> list[Finding]:
    """Return what one check finds in a reform."""
    return list(check(Subject.of(bind(reform))))


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """Return severity, code and path of each finding."""
    return [(finding.severity.value, finding.code, finding.path) for finding in findings]


def parts(
    check: Callable[[Subject], Iterable[Finding]], head: str = "", **workflows: str
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return code and path of what a check finds, with the parts that its witness names."""
    return {
        (finding.code, finding.path): finding.witness.parts
        for finding in found(check, head, **workflows)
    }
