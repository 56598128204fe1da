"""How an audit is shown: on the screen, in a workbook, in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs
import click

from reformflow.binding import BoundReform
from reformflow.casework.audit import Audit, Judged, Overdue, Unmet
from reformflow.cli.applying import Answer
from reformflow.cli.display import table
from reformflow.cli.documents import Document
from reformflow.cli.refusals import heading, refusal_document, refusal_lines
from reformflow.cli.texts import tell
from reformflow.model import Fire, Lateness, Request, Value
from reformflow.words.labels import Labels, plain
from reformflow.words.reasons import reason_label
from reformflow.words.refusals import lateness_sentence, refusal_sentence

_SHOWN: Final = 20


def print_audit(audit: Audit, bound: BoundReform, lang: str, *, show_all: bool) -> None:
    """Print what the rules did not allow, then acts and dates, reasons and totals."""
    wrong = [judged for judged in audit.lines if not judged.allowed or judged.unmet]
    shown = wrong if show_all else wrong[:_SHOWN]
    click.echo(tell("audit_refused", lang, count=len(wrong)) if wrong else tell("audit_none", lang))
    for judged in shown:
        click.echo()
        for line in _lines(judged, bound, lang):
            click.echo(line)
    if len(wrong) > len(shown):
        click.echo()
        click.echo(tell("audit_more", lang, count=len(wrong) - len(shown)))
    click.echo()
    _print_acts(audit, bound, lang)
    _print_overdue(audit, bound, lang)
    _print_reasons(audit, bound, lang)
    for name, places in _totals(audit, lang).items():
        click.echo(tell(name, lang, **places))


def audit_rows(audit: Audit, bound: BoundReform, lang: str) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a workbook: a header, then one for each line."""
    names = ("line", "case", "act", "on", "actor", "allowed", "days_late", "answerable")
    yield (*names, "reasons", "missing", "claimed", "reached")
    for judged in audit.lines:
        step = judged.line.step
        flow = bound.workflows.get(judged.line.workflow)
        reasons = [refusal_sentence(flow, bound, one, lang) for one in judged.refusals if flow]
        roles = [mark.answerable for mark in judged.late if mark.answerable]
        yield (
            judged.line.place.line,
            step.case or "",
            _act(judged),
            step.on,
            step.actor.id if isinstance(step, Request) else "",
            judged.allowed,
            judged.days_late,
            ", ".join(roles),
            "\n".join([*reasons, *([judged.error] if judged.error else [])]),
            ", ".join(judged.skipped),
            ", ".join(unmet.claim.state for unmet in judged.unmet),
            ", ".join(unmet.reached for unmet in judged.unmet),
        )


def audit_document(audit: Audit, bound: BoundReform, lang: str) -> Document:
    """Return an audit as it stands in JSON: totals, and the lines that are not in order."""
    wrong = [j for j in audit.lines if not j.allowed or j.late or j.skipped or j.unmet]
    return {
        "reform": bound.reform.id,
        "on": audit.on,
        "totals": {
            "lines": len(audit.lines),
            "allowed": audit.allowed,
            "invalid": audit.invalid,
            "late": len(audit.late),
            "cases": audit.cases,
            "late_cases": len(audit.late_cases),
            "overdue_cases": len(audit.overdue_cases),
        },
        "reasons": [
            {"code": code, "subject": subject, "lines": count}
            for (code, subject), count in audit.reasons().items()
        ],
        "lines": [_document(judged, bound, lang) for judged in wrong],
        "overdue": [
            {"case": item.case, "workflow": item.workflow, **attrs.asdict(item.mark)}
            for item in audit.overdue
        ],
    }


# ---------------------------------------------------------------------------------------------


def _lines(judged: Judged, bound: BoundReform, lang: str) -> Iterator[str]:
    line = judged.line
    yield heading(Answer(line.place, line.workflow, line.key, line.step), bound, lang)
    flow = bound.workflows.get(line.workflow)
    if judged.error:
        yield f"    ✗ {judged.error}"
    for refusal in judged.refusals:
        for text in refusal_lines(refusal, line.workflow, bound, lang):
            yield f"    {text}"
    if flow is not None:
        for mark in judged.late:
            yield f"    {lateness_sentence(flow, bound, mark, lang)}"
    if judged.skipped:
        labels = Labels(bound, bound.workflows[line.workflow], lang)
        yield f"    {tell('audit_skipped', lang, steps=_way(judged.skipped, labels))}"
    for unmet in judged.unmet:
        yield f"    {_unmet(unmet, Labels(bound, bound.workflows[line.workflow], lang), lang)}"


def _way(steps: Iterable[str], labels: Labels) -> str:
    return " → ".join(map(labels.transition, steps))


def _unmet(unmet: Unmet, labels: Labels, lang: str) -> str:
    steps = tell("audit_no_way", lang) if unmet.way is None else _way(unmet.way, labels)
    track = unmet.claim.track
    return tell(
        "audit_unmet",
        lang,
        claimed=labels.state(track, unmet.claim.state),
        reached=labels.state(track, unmet.reached),
        steps=steps,
    )


def _print_acts(audit: Audit, bound: BoundReform, lang: str) -> None:
    by_act: dict[tuple[str, str], list[Judged]] = {}
    for judged in audit.lines:
        step = judged.line.step
        if isinstance(step, Request) and isinstance(step.act, Fire):
            by_act.setdefault((judged.line.workflow, step.act.transition), []).append(judged)
    rows = []
    for (workflow, transition), lines in by_act.items():
        labels = Labels(bound, bound.workflows[workflow], lang)
        days = [judged.days_late for judged in lines if judged.days_late]
        refused = sum(not judged.allowed for judged in lines)
        counts = (len(lines), refused, len(days), max(days, default=0), sum(days))
        roles = _answerable(mark for judged in lines for mark in judged.late)
        named = labels.roles(roles) if roles else ""
        rows.append((labels.transition(transition), *map(str, counts), named))
    names = ("act", "lines", "not_allowed", "late_lines", "most_days", "all_days", "answerable")
    table(tell("audit_acts", lang), [tell(n, lang) for n in names], rows, right=range(1, 6))


def _print_overdue(audit: Audit, bound: BoundReform, lang: str) -> None:
    by_act: dict[tuple[str, str], list[Overdue]] = {}
    for item in audit.overdue:
        by_act.setdefault((item.workflow, item.mark.transition), []).append(item)
    rows = []
    for (workflow, transition), items in by_act.items():
        labels = Labels(bound, bound.workflows[workflow], lang)
        days = [item.mark.days for item in items]
        roles = _answerable(item.mark for item in items)
        named = labels.roles(roles) if roles else ""
        counts = (len(items), max(days), sum(days))
        rows.append((labels.transition(transition), *map(str, counts), named))
    if rows:
        names = ("act", "cases", "most_days", "all_days", "answerable")
        title = tell("audit_overdue", lang, on=plain(audit.on, lang))
        table(title, [tell(n, lang) for n in names], rows, right=range(1, 4))


def _print_reasons(audit: Audit, bound: BoundReform, lang: str) -> None:
    counted = Counter(
        reason_label(bound.workflows[judged.line.workflow], bound, one.code, one.subject, lang)
        for judged in audit.lines
        for one in judged.refusals
    )
    if counted:
        rows = [(str(count), why) for why, count in counted.most_common()]
        header = [tell(name, lang) for name in ("lines", "why")]
        table(tell("audit_reasons", lang), header, rows, right=[0])


def _answerable(marks: Iterable[Lateness]) -> list[str]:
    return list(dict.fromkeys(mark.answerable for mark in marks if mark.answerable))


def _totals(audit: Audit, lang: str) -> Mapping[str, Mapping[str, object]]:
    lines, allowed, invalid = len(audit.lines), audit.allowed, audit.invalid
    refused = lines - allowed - invalid
    unmet = sum(bool(judged.unmet) for judged in audit.lines)
    texts: dict[str, Mapping[str, object]] = {
        "audit_total": {
            "lines": lines,
            "allowed": allowed,
            "refused": refused,
            "invalid": invalid,
        },
        "audit_cases": {
            "cases": audit.cases,
            "late": len(audit.late_cases),
            "acts": len(audit.late),
            "on": plain(audit.on, lang),
            "overdue": len(audit.overdue_cases),
        },
    }
    return texts | ({"audit_unmet_total": {"count": unmet}} if unmet else {})


def _act(judged: Judged) -> str:
    step = judged.line.step
    if isinstance(step, Request):
        return str(getattr(step.act, "transition", type(step.act).__name__.lower()))
    return "tick"


def _document(judged: Judged, bound: BoundReform, lang: str) -> Document:
    line, step = judged.line, judged.line.step
    return {
        "file": line.place.file,
        "line": line.place.line,
        "case": step.case,
        "workflow": line.workflow,
        "act": _act(judged),
        "actor": step.actor.id if isinstance(step, Request) else "",
        "on": step.on,
        "allowed": judged.allowed,
        "error": judged.error,
        "late": [attrs.asdict(mark) for mark in judged.late],
        "missing": list(judged.skipped),
        "claims": [
            {
                "track": unmet.claim.track,
                "claimed": unmet.claim.state,
                "reached": unmet.reached,
                "missing": None if unmet.way is None else list(unmet.way),
            }
            for unmet in judged.unmet
        ],
        "refusals": [refusal_document(one, line.workflow, bound, lang) for one in judged.refusals],
    }
