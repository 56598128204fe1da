"""How findings are shown: as lines of text, and in JSON."""

from __future__ import annotations

from collections.abc import Iterator

from reformflow.cli.documents import Document
from reformflow.cli.texts import tell
from reformflow.model import Finding, Witness


def finding_lines(finding: Finding, lang: str) -> Iterator[str]:
    """Yield the lines of one finding: where and what, then what shows it."""
    where = f"{finding.place}: " if finding.place.file else f"{finding.path}: "
    cited = f" ({', '.join(finding.clauses)})" if finding.clauses else ""
    severity = tell(finding.severity.value, lang)
    yield f"{where}{severity}: [{finding.code}] {finding.says.read(lang)}{cited}"
    if finding.policies:
        options = ", ".join(f"{policy}={option}" for policy, option in finding.policies)
        yield f"    {tell('under_policies', lang, options=options)}"
    for line in _witness_lines(finding.witness, lang):
        yield f"    {line}"


def finding_document(finding: Finding, lang: str) -> Document:
    """Return a finding as it stands in JSON."""
    witness = finding.witness
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "file": finding.place.file,
        "line": finding.place.line,
        "clauses": list(finding.clauses),
        "message": finding.says.read(lang),
        "policies": dict(finding.policies),
        "witness": {
            "values": dict(witness.values),
            "on": witness.on,
            "schedule": [{"step": step, "on": on} for step, on in witness.schedule],
            "parts": list(witness.parts),
            "steps": list(witness.steps),
        },
    }


# ---------------------------------------------------------------------------------------------


def _witness_lines(witness: Witness, lang: str) -> Iterator[str]:
    if witness.values or witness.on is not None:
        shown = [f"{name} = {'—' if value is None else value}" for name, value in witness.values]
        if witness.on is not None:
            shown.append(tell("on_day", lang, on=witness.on))
        yield tell("witness_case", lang, values=", ".join(shown))
    if witness.schedule:
        steps = " → ".join(f"{step} {on}" for step, on in witness.schedule)
        yield tell("witness_schedule", lang, steps=steps)
    if witness.steps:
        yield tell("witness_steps", lang, steps=" → ".join(witness.steps))
    if witness.parts:
        yield tell("witness_parts", lang, parts=", ".join(witness.parts))
