"""`reformflow diff`: what changes in meaning between two versions of a reform."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting


@click.command("diff")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@options.renames
@options.speaking
@reporting
def command(
    *, old: str, new: str, renames: tuple[tuple[str, str], ...], lang: str, as_json: bool
) -> int:
    """Say what the reform NEW allows, refuses and dates otherwise than OLD, each with a case.

    Both are folders or files; words, labels and order make no difference. Ends with 1 if there
    are differences.
    """
    from reformflow.checks import differences
    from reformflow.cli.documents import emit
    from reformflow.cli.findings import finding_document, finding_lines
    from reformflow.cli.texts import tell
    from reformflow.formats import fingerprint, load, places

    before, after = load(old), load(new)
    found = differences(
        before, after, renames=dict(renames), place=places(new), place_before=places(old)
    )
    digests = {"old": fingerprint(before), "new": fingerprint(after)}
    if as_json:
        documents = [finding_document(finding, lang) for finding in found]
        emit("diff", {"reform": after.id, "digests": digests, "differences": documents})
    else:
        click.echo(tell("diff", lang, id=after.id, **digests))
        for finding in found:
            for line in finding_lines(finding, lang):
                click.echo(line)
        if not found:
            click.echo(tell("diff_none", lang))
    return FINDINGS if found else FINE
