"""`reformflow check`: whether a reform holds up."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting


@click.command("check")
@options.reform_path
@options.speaking
@reporting
def command(*, path: str, lang: str, as_json: bool) -> int:
    """Load a reform and report every problem of its files; then clauses that nothing enforces."""
    from reformflow.binding import bind
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.formats import fingerprint, load
    from reformflow.words.citations import uncovered_wrongly

    reform = load(path)
    findings = [
        {
            "code": "clause_not_enforced",
            "severity": "warning",
            "clause": clause.id,
            "message": tell(
                "not_enforced", lang, id=clause.id, standing=tell(clause.standing.value, lang)
            ),
        }
        for clause in uncovered_wrongly(bind(reform))
    ]
    flows = reform.workflows
    counts = {
        "clauses": len(reform.clauses),
        "roles": len(reform.roles),
        "policies": len(reform.policies),
        "workflows": len(flows),
        "transitions": sum(len(flow.transitions) for flow in flows),
        "rules": sum(len(flow.rules) for flow in flows),
    }
    digest = fingerprint(reform)
    if as_json:
        title = reform.document.title.read(lang)
        body = {"reform": reform.id, "title": title, "digest": digest, "counts": counts}
        emit("check", {**body, "findings": findings})
    else:
        click.echo(tell("loads", lang, id=reform.id, title=reform.document.title.read(lang)))
        click.echo(tell("holds", lang, **counts))
        click.echo(tell("digest", lang, digest=digest))
        for finding in findings:
            click.echo(f"{finding['severity']}: [{finding['code']}] {finding['message']}")
    return FINDINGS if findings else FINE
